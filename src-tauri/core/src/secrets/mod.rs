//! Where plaintext secrets are kept.
//!
//! - `safe`: all stores behind one door, and which one is for what
//! - `port`: what is asked of a store
//! - `keychain`: the OS keychain
//! - `memory`: this process
//!
//! The vault's file and engine are a crate of their own, behind [`VaultStore`].

mod keychain;
mod memory;
mod port;
mod safe;

pub use keychain::Keychain;
pub use memory::MemoryStore;
pub use port::{NoVault, SecretStore, StoreState, VaultState, VaultStore};
pub(crate) use safe::Copied;
pub use safe::{AskChosen, Chosen, Guard, Keep, Kept, Safe};
