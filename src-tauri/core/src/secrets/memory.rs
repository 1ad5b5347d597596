//! Secrets in this process's memory, gone when it ends.

use super::port::{KeychainState, SecretId, SecretStore};
use crate::error::{Error, KeychainProblem, Result};
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

    fn check(&self) -> Result<()> {
        match *self.problem.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(problem) => Err(Error::Keychain { problem, source: None }),
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

    fn state(&self) -> KeychainState {
        match *self.problem.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(problem) => KeychainState::Problem(problem),
            None => KeychainState::Ready,
        }
    }

    fn unlock(&self) -> Result<()> {
        self.check()
    }

    fn get(&self, id: &SecretId) -> Result<Option<Secret>> {
        self.check()?;
        Ok(self.secrets().get(id).map(Secret::duplicate))
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
