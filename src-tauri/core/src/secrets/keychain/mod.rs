//! The OS keychain.
//!
//! Linux speaks to the Secret Service (`linux.rs`); macOS and Windows share `native.rs`. Whatever the system,
//! an entry is found by two words: a service, which is this program (and its namespace), and an account, which
//! is [`SecretId::account`]. Neither holds a name a person gave.

use super::port::{SecretStore, StoreState};
use crate::error::{Error, KeychainProblem, Result, Source};
use crate::ids::{SecretId, SecretKind};
use crate::secret::Secret;
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

#[cfg_attr(target_os = "linux", path = "linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "native.rs")]
mod platform;

/// The keychain of this system.
///
/// Making one asks nothing of the system; the way to it is opened at the first call, and opened anew when it
/// was lost, so a keychain that appears later works.
pub struct Keychain {
    service: String,
    store: platform::Store,
}

impl Keychain {
    const SERVICE: &str = "superset-keys";

    /// A program that lives in a home of its own gives a `namespace`, and sees only what was stored under it.
    #[must_use]
    pub fn new(namespace: Option<String>) -> Self {
        let service = match namespace {
            Some(namespace) => format!("{} ({namespace})", Self::SERVICE),
            None => Self::SERVICE.to_owned(),
        };
        Self { service, store: platform::Store::default() }
    }

    /// With so much patience for a person whom their keychain program asks about an entry: two minutes unless told.
    #[cfg(target_os = "linux")]
    #[must_use]
    pub fn with_patience(mut self, patience: std::time::Duration) -> Self {
        self.store.wait_for_a_person(patience);
        self
    }

    fn place<'a>(&'a self, id: &SecretId, account: &'a str) -> Place<'a> {
        let label = match &id.kind {
            SecretKind::ApiKey(_) => "Superset Keys: API key",
            SecretKind::RefreshToken => "Superset Keys: sign-in",
            SecretKind::SigningSecret => "Superset Keys: signs tokens",
            SecretKind::OAuthRefresh => "Superset Keys: sign-in for AI clients",
            SecretKind::OAuthClientSecret => "Superset Keys: OAuth client",
            SecretKind::OAuthAccess => "Superset Keys: token for AI clients",
            SecretKind::ClientKey(_) => "Superset Keys: client certificate",
            SecretKind::ProxyPassword(_) => "Superset Keys: proxy",
            SecretKind::FingerprintKey => "Superset Keys: fingerprints",
            SecretKind::OfBackup(_) => "Superset Keys: backup",
            SecretKind::ReportKey => "Superset Keys: signs reports",
            SecretKind::RecordChain => "Superset Keys: chains the record",
        };
        Place { service: &self.service, account, label }
    }
}

impl SecretStore for Keychain {
    fn name(&self) -> String {
        self.store.name()
    }

    fn state(&self) -> StoreState {
        match self.store.check() {
            Ok(()) => StoreState::Ready,
            Err(error) => StoreState::Problem(error.keychain_problem().unwrap_or(KeychainProblem::Other)),
        }
    }

    fn unlock(&self) -> Result<()> {
        self.store.unlock()
    }

    fn lock(&self) {
        self.store.let_go();
    }

    fn get(&self, id: &SecretId) -> Result<Option<Secret>> {
        let account = id.account();
        self.store.get(&self.place(id, &account))?.map(text).transpose()
    }

    fn held(&self, ids: &[SecretId]) -> Result<Vec<bool>> {
        let has = |id: &SecretId| self.store.has(&self.place(id, &id.account()));
        ids.iter().map(has).collect()
    }

    fn set(&self, id: &SecretId, secret: &Secret) -> Result<()> {
        let account = id.account();
        let place = self.place(id, &account);
        // EXPOSE: storing it is what the keychain is for.
        let bytes = secret.expose().as_bytes();
        self.store.set(&place, bytes)?;
        match self.store.get(&place)? {
            Some(kept) if kept.as_slice() == bytes => Ok(()),
            _ => Err(failed(KeychainProblem::Other, "the keychain did not keep what it was given")),
        }
    }

    fn delete(&self, id: &SecretId) -> Result<()> {
        let account = id.account();
        self.store.delete(&self.place(id, &account))
    }
}

impl fmt::Debug for Keychain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keychain").field("service", &self.service).finish_non_exhaustive()
    }
}

/// Where one secret lies, and what the system's own keychain program shows beside it.
#[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "only Linux has labels"))]
struct Place<'a> {
    service: &'a str,
    account: &'a str,
    label: &'static str,
}

/// The bytes as text, without a copy. What is not text is wiped and does not get into the error.
fn text(mut bytes: Zeroizing<Vec<u8>>) -> Result<Secret> {
    String::from_utf8(std::mem::take(&mut *bytes)).map(Secret::new).map_err(|error| {
        error.into_bytes().zeroize();
        failed(KeychainProblem::Other, "what the keychain holds is not text")
    })
}

fn failed(problem: KeychainProblem, source: impl Into<Source>) -> Error {
    Error::keychain(problem, Some(source.into()))
}
