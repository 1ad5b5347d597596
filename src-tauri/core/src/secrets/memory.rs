//! Secrets in this process's memory, gone when it ends.

use super::port::{SecretStore, StoreState};
use crate::error::{Error, KeychainProblem, Result};
use crate::ids::SecretId;
use crate::secret::Secret;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// What the app falls back to, knowingly, on a computer without a keychain; and a keychain for tests, which
/// can be made to fail.
#[derive(Default)]
pub struct MemoryStore {
    secrets: Mutex<HashMap<SecretId, Secret>>,
    problem: Mutex<Option<KeychainProblem>>,
}

impl MemoryStore {
    /// From now on every call answers `problem`, or works again with `None`.
    pub fn fail_with(&self, problem: Option<KeychainProblem>) {
        *self.problem.lock().unwrap_or_else(PoisonError::into_inner) = problem;
    }

    /// What is in it, by name.
    #[must_use]
    pub fn ids(&self) -> Vec<SecretId> {
        self.secrets().keys().cloned().collect()
    }

    /// Wipes all of it.
    pub fn clear(&self) {
        self.secrets().clear();
    }

    fn check(&self) -> Result<()> {
        match *self.problem.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(problem) => Err(Error::keychain(problem, None)),
            None => Ok(()),
        }
    }

    fn secrets(&self) -> std::sync::MutexGuard<'_, HashMap<SecretId, Secret>> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SecretStore for MemoryStore {
    fn name(&self) -> String {
        "memory".into()
    }

    fn state(&self) -> StoreState {
        match *self.problem.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(problem) => StoreState::Problem(problem),
            None => StoreState::Ready,
        }
    }

    fn unlock(&self) -> Result<()> {
        self.check()
    }

    fn get(&self, id: &SecretId) -> Result<Option<Secret>> {
        self.check()?;
        Ok(self.secrets().get(id).map(Secret::duplicate))
    }

    fn held(&self, ids: &[SecretId]) -> Result<Vec<bool>> {
        self.check()?;
        let secrets = self.secrets();
        Ok(ids.iter().map(|id| secrets.contains_key(id)).collect())
    }

    fn set(&self, id: &SecretId, secret: &Secret) -> Result<()> {
        self.check()?;
        self.secrets().insert(id.clone(), secret.duplicate());
        Ok(())
    }

    fn delete(&self, id: &SecretId) -> Result<()> {
        self.check()?;
        self.secrets().remove(id);
        Ok(())
    }
}
