//! The store that the rest of the program sees.
//!
//! It opens its file for each question and lets go of it, so what is in it is decrypted for an instant, and what another
//! program wrote meanwhile is seen. Between questions there is the key alone; a program that has none asks the agent.

use crate::agent::{Agent, Answer, Ask};
use crate::derive::{Cost, SALT_BYTES, Salt, is_fit};
use crate::file::{Opened, Opener, VaultFile};
use crate::snapshot::OpenSnapshot;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use superset_keys_core::error::KeychainProblem;
use superset_keys_core::ids::SecretId;
use superset_keys_core::output_file::write_output_file;
use superset_keys_core::places::Places;
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::{SecretStore, StoreState, VaultState, VaultStore};
use superset_keys_core::{Error, Random, Result};

/// What people call it.
const NAME: &str = "the vault";
const FILE: &str = "vault.stronghold";

pub struct Vault {
    path: PathBuf,
    how: OpenSnapshot,
    cost: Cost,
    random: Arc<dyn Random>,
    opener: Mutex<Option<Opener>>,
    agent: Agent,
}

impl Vault {
    /// The one beside the state. What a guess costs is written into a new one, and raised in an older one when it is opened.
    #[must_use]
    pub fn new(places: &Places, how: OpenSnapshot, cost: Cost, random: Arc<dyn Random>) -> Self {
        let agent = Agent::of(&places.config);
        Self { path: places.config.join(FILE), how, cost, random, opener: Mutex::default(), agent }
    }

    /// Whoever may answer for it.
    #[must_use]
    pub fn agent(&self) -> &Agent {
        &self.agent
    }

    /// What opens it, for the agent; none while it is locked here.
    pub(crate) fn opener(&self) -> Option<Opener> {
        self.own().clone()
    }

    pub(crate) fn forget_opener(&self) {
        *self.own() = None;
    }

    /// By itself, and not by asking whoever answers others.
    #[must_use]
    pub fn is_open_here(&self) -> bool {
        self.own().is_some()
    }

    /// Has whoever answers others open it, too; false where nobody answers.
    ///
    /// # Errors
    /// [`Error::VaultLocked`] where it is not open here.
    pub fn hand_over(&self) -> Result<bool> {
        if !self.agent.is_there() {
            return Ok(false);
        }
        let opener = self.opener().ok_or(Error::VaultLocked)?;
        self.agent.ask(&Ask::open(&opener)).map(|_| true)
    }

    /// Takes what another program of ours has opened it with.
    pub(crate) fn open_with(&self, opener: Opener) -> Result<()> {
        drop(self.file().open(&opener)?);
        *self.own() = Some(opener);
        Ok(())
    }

    fn file(&self) -> VaultFile<'_> {
        VaultFile { path: &self.path, how: self.how }
    }

    fn own(&self) -> MutexGuard<'_, Option<Opener>> {
        self.opener.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn salt(&self) -> Salt {
        let mut salt = [0; SALT_BYTES];
        for part in salt.chunks_mut(16) {
            part.copy_from_slice(&self.random.next().to_le_bytes());
        }
        salt
    }

    fn new_opener(&self, passphrase: &Secret) -> Result<Opener> {
        Opener::new(passphrase, self.salt(), self.cost)
    }

    /// By the key that is here; none where it is locked here, or its passphrase was changed elsewhere.
    fn by_itself<T>(&self, work: impl FnOnce(&VaultFile<'_>, &Opener) -> Result<T>) -> Result<Option<T>> {
        let Some(opener) = self.opener() else { return Ok(None) };
        match work(&self.file(), &opener) {
            Err(Error::VaultLocked) => {
                *self.own() = None;
                Ok(None)
            }
            done => done.map(Some),
        }
    }

    /// What the file holds then is changed, whoever wrote it.
    fn change<T>(&self, change: impl FnOnce(&Opened) -> Result<(T, bool)>) -> Result<Option<T>> {
        self.by_itself(|file, opener| {
            let _lock = file.lock()?;
            let opened = file.open(opener)?;
            let (done, is_changed) = change(&opened)?;
            if is_changed {
                file.write(&opened, &opener.head)?;
            }
            Ok(done)
        })
    }

    /// Everything in it under another opener, the copy included.
    fn encrypt_anew(file: &VaultFile<'_>, before: &Opener, after: &Opener) -> Result<()> {
        let anew = file.begin(after)?;
        for (name, secret) in file.open(before)?.entries()? {
            anew.set(&name, &secret)?;
        }
        file.write(&anew, &after.head)?;
        drop(file.open(after)?);
        file.renew_copy()
    }
}

impl SecretStore for Vault {
    fn name(&self) -> String {
        NAME.to_owned()
    }

    fn state(&self) -> StoreState {
        match self.vault_state() {
            VaultState::Missing => StoreState::Problem(KeychainProblem::Absent),
            VaultState::Locked => StoreState::Problem(KeychainProblem::VaultLocked),
            VaultState::Open => StoreState::Ready,
        }
    }

    fn unlock(&self) -> Result<()> {
        match self.vault_state() {
            VaultState::Missing => Err(Error::NoVault),
            VaultState::Locked => Err(Error::VaultLocked),
            VaultState::Open => Ok(()),
        }
    }

    fn lock(&self) {
        self.forget_opener();
    }

    fn get(&self, id: &SecretId) -> Result<Option<Secret>> {
        if !self.file().exists() {
            return Ok(None);
        }
        let name = id.account();
        if let Some(found) = self.by_itself(|file, opener| file.open(opener)?.get(&name))? {
            return Ok(found);
        }
        match self.agent.ask(&Ask::Get { id: &name })? {
            Answer::Secret { secret } => Ok(secret),
            other => Err(other.unexpected()),
        }
    }

    fn held(&self, ids: &[SecretId]) -> Result<Vec<bool>> {
        if !self.file().exists() {
            return Ok(vec![false; ids.len()]);
        }
        let names: Vec<_> = ids.iter().map(SecretId::account).collect();
        let here = self.by_itself(|file, opener| {
            let opened = file.open(opener)?;
            names.iter().map(|name| opened.has(name)).collect()
        });
        if let Some(held) = here? {
            return Ok(held);
        }
        match self.agent.ask(&Ask::Held { ids: &names })? {
            Answer::Held { held } if held.len() == ids.len() => Ok(held),
            other => Err(other.unexpected()),
        }
    }

    fn set(&self, id: &SecretId, secret: &Secret) -> Result<()> {
        if !self.file().exists() {
            return Err(Error::NoVault);
        }
        let name = id.account();
        let here = self.change(|opened| opened.set(&name, secret).map(|()| ((), true)))?;
        if here.is_none() {
            match self.agent.ask(&Ask::Set { id: &name, secret })? {
                Answer::Done => {}
                other => return Err(other.unexpected()),
            }
        }
        // EXPOSE: compared with what the file gives back, and dropped.
        match self.get(id)? {
            Some(kept) if kept.expose() == secret.expose() => Ok(()),
            _ => Err(Error::Internal { what: "the vault did not keep what it was given" }),
        }
    }

    fn delete(&self, id: &SecretId) -> Result<()> {
        if !self.file().exists() {
            return Ok(());
        }
        let name = id.account();
        if self.change(|opened| opened.delete(&name).map(|deleted| ((), deleted)))?.is_some() {
            return Ok(());
        }
        match self.agent.ask(&Ask::Delete { id: &name })? {
            Answer::Done => Ok(()),
            other => Err(other.unexpected()),
        }
    }
}

impl VaultStore for Vault {
    fn path(&self) -> &Path {
        &self.path
    }

    fn is_there(&self) -> bool {
        self.file().exists()
    }

    fn vault_state(&self) -> VaultState {
        if !self.file().exists() {
            return VaultState::Missing;
        }
        let is_open = self.own().is_some() || matches!(self.agent.ask(&Ask::State), Ok(Answer::Done));
        if is_open { VaultState::Open } else { VaultState::Locked }
    }

    fn create(&self, passphrase: &Secret) -> Result<()> {
        is_fit(passphrase)?;
        let file = self.file();
        let _lock = file.lock()?;
        if file.exists() {
            return Err(Error::VaultExists);
        }
        file.keep_copy_aside()?;
        let opener = self.new_opener(passphrase)?;
        file.write(&file.begin(&opener)?, &opener.head)?;
        self.open_with(opener)
    }

    fn open(&self, passphrase: &Secret) -> Result<()> {
        let file = self.file();
        let head = file.head()?;
        let opener = Opener::new(passphrase, head.salt, head.cost)?;
        drop(file.open(&opener)?);
        let opener = if head.cost == self.cost || !head.cost.is_below(self.cost) {
            opener
        } else {
            let _lock = file.lock()?;
            let dearer = self.new_opener(passphrase)?;
            Self::encrypt_anew(&file, &opener, &dearer)?;
            dearer
        };
        *self.own() = Some(opener);
        Ok(())
    }

    fn lock_everywhere(&self) {
        self.lock();
        // Who is not there has nothing open.
        let _ = self.agent.ask(&Ask::Lock);
    }

    fn change_passphrase(&self, old: &Secret, new: &Secret) -> Result<()> {
        is_fit(new)?;
        let file = self.file();
        let _lock = file.lock()?;
        let head = file.head()?;
        let (before, after) = (Opener::new(old, head.salt, head.cost)?, self.new_opener(new)?);
        Self::encrypt_anew(&file, &before, &after)?;
        // Who had it open goes on.
        if self.agent.is_there() {
            let _ = self.agent.ask(&Ask::open(&after));
        }
        let mut own = self.own();
        if own.is_some() {
            *own = Some(after);
        }
        Ok(())
    }

    fn copy_path(&self) -> PathBuf {
        self.file().copy_path()
    }

    fn restore_copy(&self) -> Result<()> {
        let file = self.file();
        let _lock = file.lock()?;
        file.restore_copy()?;
        self.forget_opener();
        Ok(())
    }

    fn export(&self, path: &Path, passphrase: &Secret, entries: &[(String, Secret)]) -> Result<()> {
        is_fit(passphrase)?;
        let opener = self.new_opener(passphrase)?;
        let file = VaultFile { path, how: self.how };
        let new = file.begin(&opener)?;
        for (name, secret) in entries {
            new.set(name, secret)?;
        }
        write_output_file(path, &file.written(&new, &opener.head)?)
    }

    fn import(&self, path: &Path, passphrase: &Secret) -> Result<Vec<(String, Secret)>> {
        let file = VaultFile { path, how: self.how };
        let head = match file.head() {
            Err(Error::NoVault) => {
                let source = std::io::ErrorKind::NotFound.into();
                return Err(Error::VaultUnusable { path: path.to_owned(), source });
            }
            head => head?,
        };
        file.open(&Opener::new(passphrase, head.salt, head.cost)?)?.entries()
    }
}
