//! Where secrets go, and in which order they are looked for: the keychain or the vault, whichever a person chose, then the
//! other one; and this process's memory for what a person wants, or has, to save by hand.

use super::memory::MemoryStore;
use super::port::{NoVault, SecretStore, StoreState, VaultStore};
use crate::error::{Error, KeychainProblem, Result};
use crate::ids::{ApiKeyId, InstanceId, SecretId, SecretKind};
use crate::secret::{Secret, StoreKind};
use serde::{Deserialize, Serialize};
use std::any::Any;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Where the plaintext of a new key goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// Into the keychain, or nothing is created.
    Keychain,
    /// Into the keychain; without one, into memory until the person has saved it.
    KeychainOrMemory,
    /// Only into memory, until the person has saved it.
    Memory,
}

/// Where a person wants secrets, as far as they said so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Chosen {
    pub first: Option<StoreKind>,
    /// The other store may hold some, too.
    pub elsewhere: bool,
}

/// Asked for each secret: another program may change it.
pub type AskChosen = Box<dyn Fn() -> Chosen + Send + Sync>;

/// What lives for as long as a secret is nowhere but in memory.
pub type Guard = Box<dyn Any + Send + Sync>;

/// All secret stores of one program, behind one door.
pub struct Safe {
    keychain: Arc<dyn SecretStore>,
    vault: Arc<dyn VaultStore>,
    chosen: AskChosen,
    /// Gone with this process.
    memory: MemoryStore,
    guards: Mutex<HashMap<SecretId, Guard>>,
    locked: AtomicBool,
}

/// Where a secret was found that was to be copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Copied {
    Moved,
    WasThere,
    Nowhere,
}

/// What became of a secret that was to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// None where it is in memory alone.
    pub stored: Option<StoreKind>,
    /// Why it is there although a store seemed ready to take it.
    pub problem: Option<KeychainProblem>,
}

impl Safe {
    #[must_use]
    pub fn new(keychain: Arc<dyn SecretStore>) -> Self {
        Self {
            keychain,
            vault: Arc::new(NoVault),
            chosen: Box::new(Chosen::default),
            memory: MemoryStore::default(),
            guards: Mutex::default(),
            locked: AtomicBool::new(false),
        }
    }

    /// With a vault beside the keychain.
    #[must_use]
    pub fn with_vault(self, vault: Arc<dyn VaultStore>, chosen: AskChosen) -> Self {
        Self { vault, chosen, ..self }
    }

    #[must_use]
    pub fn vault(&self) -> &Arc<dyn VaultStore> {
        &self.vault
    }

    #[must_use]
    pub fn keychain(&self) -> &Arc<dyn SecretStore> {
        &self.keychain
    }

    /// The store that new secrets go to: the keychain, unless the vault was chosen. That a keychain cannot be asked now
    /// says nothing: over ssh there is none for somebody who has one at their desk.
    #[must_use]
    pub fn first(&self) -> StoreKind {
        self.order()[0]
    }

    pub(crate) fn store(&self, kind: StoreKind) -> &dyn SecretStore {
        match kind {
            StoreKind::Keychain => &*self.keychain,
            StoreKind::Vault => &*self.vault,
        }
    }

    /// Where a secret may lie, in the order in which it is looked for. A store that nothing of ours is in is not asked: it
    /// may be locked, and would be unlocked for nothing.
    fn order(&self) -> &'static [StoreKind] {
        if !self.vault.is_there() {
            return &[StoreKind::Keychain];
        }
        let chosen = (self.chosen)();
        match (chosen.first.unwrap_or(StoreKind::Keychain), chosen.elsewhere) {
            (StoreKind::Keychain, false) => &[StoreKind::Keychain],
            (StoreKind::Keychain, true) => &[StoreKind::Keychain, StoreKind::Vault],
            (StoreKind::Vault, false) => &[StoreKind::Vault],
            (StoreKind::Vault, true) => &[StoreKind::Vault, StoreKind::Keychain],
        }
    }

    pub fn state_of(&self, kind: StoreKind) -> StoreState {
        self.store(kind).state()
    }

    /// Asks the person, where the keychain does that.
    pub fn unlock_store(&self, kind: StoreKind) -> Result<()> {
        self.store(kind).unlock()
    }

    /// Stores at `to` what lies at `from`, and reads it back. What is at `to` already stays: new ones go there first.
    pub(crate) fn copy_between(&self, id: &SecretId, from: StoreKind, to: StoreKind) -> Result<Copied> {
        self.check()?;
        if self.store(to).get(id)?.is_some() {
            return Ok(Copied::WasThere);
        }
        let Some(secret) = self.get_from(from, id)? else { return Ok(Copied::Nowhere) };
        self.store(to).set(id, &secret)?;
        Ok(Copied::Moved)
    }

    /// Where it lies in both, what is at `to` becomes what is at `from`.
    pub(crate) fn renew_copy(&self, id: &SecretId, from: StoreKind, to: StoreKind) -> Result<()> {
        self.check()?;
        let (Some(new), Some(old)) = (self.get_from(from, id)?, self.get_from(to, id)?) else {
            return Ok(());
        };
        // EXPOSE: two copies of one secret are compared.
        if new.expose() == old.expose() { Ok(()) } else { self.store(to).set(id, &new) }
    }

    fn get_from(&self, kind: StoreKind, id: &SecretId) -> Result<Option<Secret>> {
        match self.store(kind).get(id) {
            Err(error) if error.keychain_problem().is_some_and(is_nowhere) => Ok(None),
            found => found,
        }
    }

    pub(crate) fn delete_from(&self, kind: StoreKind, id: &SecretId) -> Result<()> {
        match self.store(kind).delete(id) {
            Err(error) if error.keychain_problem().is_some_and(is_nowhere) => Ok(()),
            done => done,
        }
    }

    /// Whether a keychain with this problem is there, shut or silent.
    #[must_use]
    pub fn has_keychain(problem: KeychainProblem) -> bool {
        !is_nowhere(problem)
    }

    /// What people call the store that new secrets go to.
    #[must_use]
    pub fn name(&self) -> String {
        self.store(self.first()).name()
    }

    /// Whether that store can be used now. Looks without prompting.
    #[must_use]
    pub fn state(&self) -> StoreState {
        self.store(self.first()).state()
    }

    /// Asks the system to unlock that store; this safe is opened by itself. A vault wants its passphrase, and is opened by
    /// [`VaultStore::open`].
    pub fn unlock(&self) -> Result<()> {
        self.store(self.first()).unlock()
    }

    /// Lets go of all that is in memory, and hands out and takes nothing until it is opened.
    pub fn lock(&self) {
        self.locked.store(true, Ordering::SeqCst);
        self.memory.clear();
        self.guards().clear();
        self.keychain.lock();
        self.vault.lock();
    }

    pub fn open(&self) {
        self.locked.store(false, Ordering::SeqCst);
    }

    fn check(&self) -> Result<()> {
        if self.locked.load(Ordering::SeqCst) { Err(Error::AppLocked) } else { Ok(()) }
    }

    /// The store that will take a secret; none where that is memory. With [`Keep::Keychain`] a no is an error; a locked
    /// store always is, since the person can unlock it.
    pub fn place(&self, keep: Keep) -> Result<Option<StoreKind>> {
        self.check()?;
        let problem = match self.state() {
            _ if keep == Keep::Memory => return Ok(None),
            StoreState::Ready => return Ok(Some(self.first())),
            StoreState::Problem(problem) => problem,
        };
        match problem {
            shut if shut.is_shut() => Err(Error::keychain(shut, None)),
            _ if keep == Keep::KeychainOrMemory => Ok(None),
            _ => Err(Error::NothingWouldKeepIt),
        }
    }

    /// Puts a secret that exists nowhere else into `place`, else into memory: it is never lost here.
    pub fn keep(&self, place: Option<StoreKind>, id: &SecretId, secret: &Secret) -> Result<Kept> {
        let mut problem = None;
        if let Some(kind) = place {
            match self.store(kind).set(id, secret) {
                Ok(()) => {
                    failpoint!("create-stored");
                    return Ok(Kept { stored: place, problem: None });
                }
                Err(error) => problem = Some(error.keychain_problem().unwrap_or(KeychainProblem::Other)),
            }
        }
        self.memory.set(id, secret)?;
        Ok(Kept { stored: None, problem })
    }

    /// Also in memory, where what was noted of it elsewhere failed.
    pub fn hold(&self, id: &SecretId, secret: &Secret) -> Result<()> {
        self.memory.set(id, secret)
    }

    /// What is in memory alone has this guard until it is saved.
    pub fn guard(&self, id: &SecretId, guard: Guard) {
        self.guards().insert(id.clone(), guard);
    }

    /// A key that is in memory alone, and of which the person has not said that it is saved.
    #[must_use]
    pub fn unsaved_key(&self) -> Option<(InstanceId, ApiKeyId)> {
        let guards = self.guards();
        let keys = guards.keys().filter_map(|id| match (&id.of, &id.kind) {
            (Some(instance), SecretKind::ApiKey(key)) => Some((instance.clone(), key.clone())),
            _ => None,
        });
        keys.min_by(|one, other| one.1.as_str().cmp(other.1.as_str()))
    }

    /// Whether it is in this process's memory.
    #[must_use]
    pub fn holds(&self, id: &SecretId) -> bool {
        self.memory.get(id).is_ok_and(|held| held.is_some())
    }

    /// Lets go of what is in memory.
    pub fn release(&self, id: &SecretId) {
        let _ = self.memory.delete(id);
        self.guards().remove(id);
    }

    /// `None` when nothing is kept under `id`. A locked store is an error, never `None`.
    pub fn get(&self, id: &SecretId) -> Result<Option<Secret>> {
        self.check()?;
        let secret = match self.memory.get(id)? {
            Some(held) => Some(held),
            None => self.find(id)?.map(|(_, secret)| secret),
        };
        // A person may have been asked for it, and locked instead.
        self.check()?;
        Ok(secret)
    }

    /// The same in the stores alone, and which of them has it.
    ///
    /// Where it may be in two places it is looked for twice: a move takes it from one that is looked into later to one that
    /// was looked into before.
    pub fn find(&self, id: &SecretId) -> Result<Option<(StoreKind, Secret)>> {
        let order = self.order();
        match self.find_once(id)? {
            None if order.len() > 1 || order != self.order() => self.find_once(id),
            found => Ok(found),
        }
    }

    fn find_once(&self, id: &SecretId) -> Result<Option<(StoreKind, Secret)>> {
        self.check()?;
        let mut problem = None;
        for kind in self.order() {
            match self.store(*kind).get(id) {
                Ok(Some(secret)) => return Ok(Some((*kind, secret))),
                Ok(None) => {}
                Err(error) => problem = worse(problem, error, self.order()),
            }
        }
        problem.map_or(Ok(None), Err)
    }

    /// Stores or replaces, and reads back. Answers where it lies. An older one elsewhere is deleted, if it can be.
    pub fn put(&self, id: &SecretId, secret: &Secret) -> Result<StoreKind> {
        self.check()?;
        let [first, rest @ ..] = self.order() else { return Err(Error::NothingWouldKeepIt) };
        self.store(*first).set(id, secret)?;
        for other in rest.iter().map(|kind| self.store(*kind)) {
            // Nobody is asked to unlock it for that.
            let is_there = other.state() == StoreState::Ready
                && other.held(std::slice::from_ref(id)).is_ok_and(|held| held == [true]);
            if is_there && let Err(error) = other.delete(id) {
                tracing::info!(%error, "an older secret may still be in another store");
            }
        }
        Ok(*first)
    }

    /// Moves what is in memory into a store, after asking the person to unlock it.
    pub fn save_held(&self, id: &SecretId) -> Result<Option<StoreKind>> {
        let Some(secret) = self.memory.get(id)? else { return Ok(None) };
        self.unlock()?;
        self.put(id, &secret).map(Some)
    }

    /// Deletes it from the stores; deleting what is not there is fine. What is in memory stays.
    pub fn delete(&self, id: &SecretId) -> Result<()> {
        self.check()?;
        let mut problem = None;
        for kind in self.order() {
            if let Err(error) = self.store(*kind).delete(id) {
                problem = worse(problem, error, self.order());
            }
        }
        problem.map_or(Ok(()), Err)
    }

    /// Which of these no store has. A store that cannot be looked into says nothing about what is in it. As [`Safe::find`],
    /// it looks twice.
    pub fn missing(&self, ids: Vec<SecretId>) -> Result<Vec<SecretId>> {
        let order = self.order();
        let missing = self.missing_once(ids)?;
        if order.len() > 1 || order != self.order() { self.missing_once(missing) } else { Ok(missing) }
    }

    fn missing_once(&self, ids: Vec<SecretId>) -> Result<Vec<SecretId>> {
        if ids.is_empty() {
            return Ok(ids);
        }
        self.check()?;
        let mut missing = ids;
        let mut problem = None;
        for kind in self.order() {
            let held = match self.store(*kind).state() {
                StoreState::Ready => self.store(*kind).held(&missing),
                StoreState::Problem(problem) => Err(Error::keychain(problem, None)),
            };
            match held {
                Ok(held) => {
                    let not = missing.into_iter().zip(held).filter(|(_, held)| !held);
                    missing = not.map(|(id, _)| id).collect();
                }
                // Also of one that is not there now: it may be at the desk of whoever comes by ssh.
                Err(error) => problem = problem.or(Some(error)),
            }
            if missing.is_empty() {
                return Ok(missing);
            }
        }
        problem.map_or(Ok(missing), Err)
    }

    fn guards(&self) -> MutexGuard<'_, HashMap<SecretId, Guard>> {
        self.guards.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// There is no such store on this computer, so nothing of ours is in it.
fn is_nowhere(problem: KeychainProblem) -> bool {
    matches!(problem, KeychainProblem::NoBus | KeychainProblem::Absent | KeychainProblem::NoCollection)
}

/// The reason that is told of several: the first one; and to whoever chose the vault not that there is no keychain.
fn worse(known: Option<Error>, error: Error, order: &[StoreKind]) -> Option<Error> {
    let chose_vault = order.first() == Some(&StoreKind::Vault);
    let is_none = chose_vault && error.keychain_problem().is_some_and(is_nowhere);
    known.or((!is_none).then_some(error))
}

#[cfg(test)]
mod tests;
