//! Who says to people what happened.

use crate::error::Error;

/// Says to people what happened.
pub trait Voice: Send + Sync + 'static {
    /// The reason in words, for the client to show. Never a secret.
    fn words(&self, error: &Error) -> String;

    /// A line for whoever reads the client's log.
    fn note(&self, words: &str);
}
