//! Where plaintext secrets are kept: the OS keychain, or memory.

mod keychain;
mod memory;
mod port;

pub use keychain::Keychain;
pub use memory::MemoryStore;
pub use port::{KeychainState, KeychainView, SecretId, SecretStore};
