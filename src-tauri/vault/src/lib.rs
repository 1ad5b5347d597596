//! One encrypted file for secrets, for whoever has no keychain or wants none.
//!
//! - `head`: what the file says of itself, readable by everybody: how a passphrase becomes its key, and whether it is whole
//! - `derive`: from a passphrase to a key
//! - `snapshot`: the encrypted rest, IOTA Stronghold's own format
//! - `file`: read, written, and the copy of what was there before
//! - `vault`: the store that the rest of the program sees
//! - `agent`: who answers others on this computer while it is open
//!
//! The engine is `iota_stronghold`, whose type `tauri-plugin-stronghold` hands out: the app gives [`Vault::new`] a snapshot of
//! the plugin's, the command line one of the engine's ([`engine`]). It is the same file.

pub mod agent;
mod derive;
mod file;
mod head;
mod snapshot;
mod vault;

pub use derive::Cost;
pub use iota_stronghold::Stronghold;
pub use snapshot::{OpenSnapshot, Snapshot, engine};
pub use vault::Vault;
