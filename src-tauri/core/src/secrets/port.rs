//! What the core asks of a secret store.

use crate::error::{Error, KeychainProblem, Result};
use crate::ids::SecretId;
use crate::secret::Secret;
use std::path::{Path, PathBuf};

/// Whether a store can be used now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreState {
    Ready,
    Problem(KeychainProblem),
}

/// A place for plaintext secrets. Calls block, some until a person answers a prompt: never call them on an
/// async worker; [`crate::Core`] moves them off.
pub trait SecretStore: Send + Sync {
    /// What people call it.
    fn name(&self) -> String;
    /// Looks without prompting.
    fn state(&self) -> StoreState;
    /// Asks the system to unlock; may show its prompt and wait for the person.
    fn unlock(&self) -> Result<()>;
    /// This program is locked: the store lets go of what it keeps in memory, a passphrase's key among it. One that is another
    /// program's is not locked with this one.
    fn lock(&self) {}
    /// `None` when nothing is stored under `id`. A locked store is an error, never `None`.
    fn get(&self, id: &SecretId) -> Result<Option<Secret>>;
    /// Which of these are stored, without reading any: a plaintext that nobody needs stays where it is, and nobody is
    /// asked for it. A locked store is an error.
    fn held(&self, ids: &[SecretId]) -> Result<Vec<bool>>;
    /// Stores or replaces, and reads back.
    fn set(&self, id: &SecretId, secret: &Secret) -> Result<()>;
    /// Deleting what is not there is fine.
    fn delete(&self, id: &SecretId) -> Result<()>;
}

/// How a vault stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VaultState {
    Missing,
    Locked,
    Open,
}

/// A store of ours: one encrypted file, opened by a passphrase, for whoever has no keychain or wants none.
///
/// Several programs may have it open at once; each change is made to what the file holds then.
pub trait VaultStore: SecretStore {
    /// Where its file is.
    fn path(&self) -> &Path;
    /// Whether there is a file. Asks nobody.
    fn is_there(&self) -> bool;
    fn vault_state(&self) -> VaultState;
    /// Makes it, and leaves it open.
    fn create(&self, passphrase: &Secret) -> Result<()>;
    /// Fine when it is open.
    fn open(&self, passphrase: &Secret) -> Result<()>;
    /// Locks it in every program of this person's, whichever answers others. Fine when it is locked.
    fn lock_everywhere(&self);
    /// Everything in it is encrypted anew, the copy of it included.
    fn change_passphrase(&self, old: &Secret, new: &Secret) -> Result<()>;
    /// The file as it was before its last change.
    fn copy_path(&self) -> PathBuf;
    /// Puts the copy in the place of the file, which is kept beside it under another name.
    fn restore_copy(&self) -> Result<()>;
    /// A file like it at another place, for another computer.
    fn export(&self, path: &Path, passphrase: &Secret, entries: &[(String, Secret)]) -> Result<()>;
    /// What such a file holds.
    fn import(&self, path: &Path, passphrase: &Secret) -> Result<Vec<(String, Secret)>>;
}

/// Of a program that has none.
pub struct NoVault;

impl SecretStore for NoVault {
    fn name(&self) -> String {
        "vault".to_owned()
    }

    fn state(&self) -> StoreState {
        StoreState::Problem(KeychainProblem::Absent)
    }

    fn unlock(&self) -> Result<()> {
        Err(Error::VaultNotBuiltIn)
    }

    fn get(&self, _: &SecretId) -> Result<Option<Secret>> {
        Ok(None)
    }

    fn held(&self, ids: &[SecretId]) -> Result<Vec<bool>> {
        Ok(vec![false; ids.len()])
    }

    fn set(&self, _: &SecretId, _: &Secret) -> Result<()> {
        Err(Error::VaultNotBuiltIn)
    }

    fn delete(&self, _: &SecretId) -> Result<()> {
        Ok(())
    }
}

impl VaultStore for NoVault {
    fn path(&self) -> &Path {
        Path::new("")
    }

    fn is_there(&self) -> bool {
        false
    }

    fn vault_state(&self) -> VaultState {
        VaultState::Missing
    }

    fn create(&self, _: &Secret) -> Result<()> {
        Err(Error::VaultNotBuiltIn)
    }

    fn open(&self, _: &Secret) -> Result<()> {
        Err(Error::VaultNotBuiltIn)
    }

    fn lock_everywhere(&self) {}

    fn change_passphrase(&self, _: &Secret, _: &Secret) -> Result<()> {
        Err(Error::VaultNotBuiltIn)
    }

    fn copy_path(&self) -> PathBuf {
        PathBuf::new()
    }

    fn restore_copy(&self) -> Result<()> {
        Err(Error::VaultNotBuiltIn)
    }

    fn export(&self, _: &Path, _: &Secret, _: &[(String, Secret)]) -> Result<()> {
        Err(Error::VaultNotBuiltIn)
    }

    fn import(&self, _: &Path, _: &Secret) -> Result<Vec<(String, Secret)>> {
        Err(Error::VaultNotBuiltIn)
    }
}
