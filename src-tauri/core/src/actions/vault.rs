//! The vault: made, opened, locked, and given another passphrase.

use crate::clock::rfc3339;
use crate::deed::{Deed, DeedKind};
use crate::error::ErrorCode;
use crate::secret::{Secret, StoreKind};
use crate::secrets::{Safe, StoreState, VaultState};
use crate::store::{KeyRecord, State};
use crate::{Core, Error, Result};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Where secrets lie on this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct VaultView {
    pub state: VaultStatus,
    /// Its file, there or not.
    pub path: PathBuf,
    /// The store that new secrets go to.
    pub first: StoreKind,
    /// What this system calls its keychain, and why it cannot be used.
    pub keychain: String,
    pub keychain_problem: Option<ErrorCode>,
    /// When the copy of the file before its last change was made, RFC 3339.
    pub copy: Option<String>,
    /// When what is kept here was last exported, RFC 3339.
    pub exported: Option<String>,
    /// How many keys were stored here since; all of them where nothing was exported.
    pub not_exported: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum VaultStatus {
    Missing,
    Locked,
    Open,
}

impl From<VaultState> for VaultStatus {
    fn from(state: VaultState) -> Self {
        match state {
            VaultState::Missing => Self::Missing,
            VaultState::Locked => Self::Locked,
            VaultState::Open => Self::Open,
        }
    }
}

impl Core {
    /// Looks without prompting.
    pub async fn vault_view(&self) -> Result<VaultView> {
        // What cannot be read is said where the list is: the vault can be opened all the same.
        let (exported, not_exported) =
            self.store.read().map(|state| since_export(&state)).unwrap_or_default();
        self.safe(move |safe| {
            let vault = safe.vault();
            let keychain_problem = match safe.keychain().state() {
                StoreState::Ready => None,
                StoreState::Problem(problem) => Some(problem),
            };
            Ok(VaultView {
                state: vault.vault_state().into(),
                path: vault.path().to_owned(),
                first: safe.first(),
                keychain: safe.keychain().name(),
                keychain_problem: keychain_problem.map(ErrorCode::from),
                copy: changed(&vault.copy_path()),
                exported: exported.map(rfc3339),
                not_exported,
            })
        })
        .await
    }

    /// Makes it and leaves it open. Where there is no keychain, new secrets go there from now on.
    ///
    /// # Errors
    /// [`Error::VaultExists`], [`Error::PassphraseShort`], [`Error::VaultUnusable`].
    pub async fn create_vault(&self, passphrase: Secret) -> Result<VaultView> {
        let without_keychain = self.safe(|safe| {
            let state = safe.keychain().state();
            Ok(matches!(state, StoreState::Problem(problem) if !Safe::has_keychain(problem)))
        });
        let first = without_keychain.await?.then_some(StoreKind::Vault);
        // Whoever comes by ssh may have some in the keychain at their desk.
        let instances = self.store.read()?.instances;
        let elsewhere = instances.iter().any(|one| one.signed_in.is_some() || !one.keys.is_empty());
        self.make_vault(passphrase, first, elsewhere).await?;
        self.note_of_vault(DeedKind::VaultCreated).await;
        self.vault_view().await
    }

    /// Fine when it is open.
    ///
    /// # Errors
    /// [`Error::NoVault`], [`Error::WrongPassphrase`], [`Error::VaultDamaged`], [`Error::VaultNewer`].
    pub async fn unlock_vault(&self, passphrase: Secret) -> Result<VaultView> {
        self.safe(move |safe| safe.vault().open(&passphrase)).await?;
        // A program that is locked is about to be unlocked with it, and notes that.
        if !self.is_locked() {
            self.note_of_vault(DeedKind::VaultUnlocked).await;
        }
        self.delete_left_behind().await;
        self.vault_view().await
    }

    /// In this program, and in whichever answers others.
    pub async fn lock_vault(&self) -> Result<VaultView> {
        self.safe(|safe| {
            if safe.vault().vault_state() == VaultState::Missing { Err(Error::NoVault) } else { Ok(()) }
        })
        .await?;
        // Before: what chains the line may lie in it.
        self.note_of_vault(DeedKind::VaultLocked).await;
        self.safe(|safe| {
            safe.vault().lock_everywhere();
            Ok(())
        })
        .await?;
        self.vault_view().await
    }

    /// Everything in it is encrypted anew, and so is the copy: the old passphrase opens nothing that is still here.
    ///
    /// # Errors
    /// As [`Core::unlock_vault`], and [`Error::PassphraseShort`].
    pub async fn change_vault_passphrase(&self, old: Secret, new: Secret) -> Result<VaultView> {
        self.safe(move |safe| safe.vault().change_passphrase(&old, &new)).await?;
        self.note_of_vault(DeedKind::VaultPassphraseChanged).await;
        self.vault_view().await
    }

    /// Puts the copy in the place of a file that is damaged or gone. What was in that place is kept beside it.
    ///
    /// # Errors
    /// [`Error::NoVault`] where there is no copy.
    pub async fn restore_vault(&self) -> Result<VaultView> {
        self.safe(|safe| safe.vault().restore_copy()).await?;
        self.note_of_vault(DeedKind::VaultRestored).await;
        self.vault_view().await
    }

    /// Makes it after it was noted what it is for: a death in between leaves none, and else one that nobody would look into.
    pub(super) async fn make_vault(
        &self,
        passphrase: Secret,
        first: Option<StoreKind>,
        elsewhere: bool,
    ) -> Result<()> {
        let before = self.store.read()?;
        if let Some(first) = first {
            self.put_secrets_in(first, elsewhere).await?;
        }
        let made = self.safe(move |safe| safe.vault().create(&passphrase)).await;
        if made.is_err() && first.is_some() {
            self.change(move |state| {
                (state.secrets_in, state.secrets_elsewhere) = (before.secrets_in, before.secrets_elsewhere);
                Ok(())
            })
            .await?;
        }
        made
    }

    async fn note_of_vault(&self, kind: DeedKind) {
        self.note_of(None, None, Deed::new(kind)).await;
    }

    /// New secrets go to `kind` from now on; whether the other store may hold some.
    pub(super) async fn put_secrets_in(&self, kind: StoreKind, elsewhere: bool) -> Result<()> {
        self.change(move |state| {
            state.secrets_in = Some(kind);
            state.secrets_elsewhere = elsewhere;
            Ok(())
        })
        .await
    }
}

fn since_export(state: &State) -> (Option<Timestamp>, u32) {
    let exported = state.exported_at;
    let keys = state.instances.iter().flat_map(|instance| &instance.keys);
    let is_new = |key: &&KeyRecord| key.is_stored() && exported.is_none_or(|at| key.stored_at > at);
    (exported, u32::try_from(keys.filter(is_new).count()).unwrap_or(u32::MAX))
}

fn changed(path: &Path) -> Option<String> {
    Timestamp::try_from(path.metadata().ok()?.modified().ok()?).ok().map(rfc3339)
}
