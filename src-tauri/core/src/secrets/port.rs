//! What the core asks of a secret store.

use crate::api_key::ApiKeyId;
use crate::error::{KeychainProblem, Result};
use crate::instance::InstanceId;
use crate::secret::Secret;
use serde::{Deserialize, Serialize};

/// The name of one secret: by random instance id and key uuid, never by what people call them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SecretId {
    ApiKey(InstanceId, ApiKeyId),
    RefreshToken(InstanceId),
    /// What fingerprints of keys are made with; see `fingerprint.rs`.
    FingerprintKey,
}

impl SecretId {
    /// The account name it bears in the store.
    #[must_use]
    pub fn account(&self) -> String {
        match self {
            Self::ApiKey(instance, key) => format!("{}/key/{}", instance.as_str(), key.as_str()),
            Self::RefreshToken(instance) => format!("{}/refresh-token", instance.as_str()),
            Self::FingerprintKey => "fingerprint-key".to_owned(),
        }
    }
}

/// Whether the store can be used now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeychainState {
    Ready,
    Problem(KeychainProblem),
}

/// The store as the app shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct KeychainView {
    /// What this system calls it: "GNOME Keyring", "Keychain", "Windows Credential Manager".
    pub name: String,
    pub ready: bool,
    pub locked: bool,
    /// Why it is not ready.
    pub problem: Option<crate::error::ErrorCode>,
}

/// A place for plaintext secrets. Calls block, some until a person answers a prompt: never call them on an
/// async worker; [`crate::Core`] moves them off.
pub trait SecretStore: Send + Sync {
    /// What people call it.
    fn name(&self) -> String;
    /// Looks without prompting.
    fn state(&self) -> KeychainState;
    /// Asks the system to unlock; may show its prompt and wait for the person.
    fn unlock(&self) -> Result<()>;
    /// `None` when nothing is stored under `id`. A locked store is an error, never `None`.
    fn get(&self, id: &SecretId) -> Result<Option<Secret>>;
    /// Stores or replaces, and reads back.
    fn set(&self, id: &SecretId, secret: &Secret) -> Result<()>;
    /// Deleting what is not there is fine.
    fn delete(&self, id: &SecretId) -> Result<()>;
}
