//! Randomness, passed in.

/// Randomness, passed in.
pub trait Random: Send + Sync {
    fn next(&self) -> u128;
}

/// The operating system's.
pub struct SystemRandom;

impl Random for SystemRandom {
    fn next(&self) -> u128 {
        rand::random()
    }
}
