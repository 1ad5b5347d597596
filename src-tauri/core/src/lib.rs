//! What Superset Keys knows: instances, API keys, secret stores and AI clients. No window, no words.
//!
//! Start reading in [`actions`]: one file per verb, each an `impl Core`. Everything else is what they stand
//! on: [`superset`] (HTTP), [`secrets`] (the OS keychain), [`store`] (our own files), [`clients`] (AI
//! clients), [`client_files`] (those clients' files), [`scan`] (keys in anybody's files) and [`mcp`] (their
//! protocol) never import each other; only actions combine them.

#[macro_use]
mod failpoint;
#[macro_use]
mod session;
pub mod actions;
pub mod api_key;
pub mod checkup;
pub mod client_files;
pub mod clients;
pub mod clipboard;
pub mod clock;
pub mod error;
pub mod fingerprint;
pub mod git;
pub mod http;
pub mod instance;
pub mod key_use;
pub mod mcp;
pub mod names;
pub mod places;
mod programs;
pub mod scan;
pub mod secret;
pub mod secrets;
pub mod store;
pub mod superset;

pub use error::{Error, ErrorCode, Result};

use clock::{Now, SystemNow};
use http::{Http, Timeouts};
use instance::{Instance, InstanceId};
use places::Computer;
use secrets::{Keychain, MemoryStore, SecretStore};
use session::Sessions;
use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use store::{HeldIntent, State, Store};
use superset::Superset;

/// Randomness, passed in.
pub trait Random: Send + Sync {
    fn next(&self) -> u128;
}

/// The operating system's.
pub struct SystemRandom;

impl Random for SystemRandom {
    fn next(&self) -> u128 {
        rand::random()
    }
}

/// What a [`Core`] is built from; tests replace any of it.
pub struct CoreParts {
    pub store: Store,
    pub keychain: Arc<dyn SecretStore>,
    pub timeouts: Timeouts,
    pub now: Arc<dyn Now>,
    pub random: Arc<dyn Random>,
    /// Where AI clients' files are looked for.
    pub computer: Computer,
}

impl CoreParts {
    /// This computer's folders, keychain and clock.
    pub fn of_this_computer() -> Result<Self> {
        let places = places::Places::of_this_computer().ok_or(Error::Internal { what: "no home folder" })?;
        Ok(Self::at(places))
    }

    /// This computer's keychain and clock, and the given folders.
    #[must_use]
    pub fn at(places: places::Places) -> Self {
        Self {
            keychain: Arc::new(Keychain::new(places.namespace.clone())),
            store: Store::new(places),
            timeouts: Timeouts::default(),
            now: Arc::new(SystemNow),
            random: Arc::new(SystemRandom),
            computer: Computer::this(),
        }
    }
}

/// The whole program without a face. Built once; its actions are methods, one file each in [`actions`].
pub struct Core {
    store: Store,
    keychain: Arc<dyn SecretStore>,
    /// Plaintexts that a person wants, or has, to save by hand. Gone with this process.
    held: Arc<MemoryStore>,
    /// Creates whose plaintext is only in `held`: should this process die, the next start names them.
    held_intents: Mutex<HashMap<api_key::ApiKeyId, HeldIntent>>,
    sessions: Sessions,
    timeouts: Timeouts,
    /// Made at first use: what only reads the keychain starts without a TLS stack.
    superset: OnceLock<(Superset, mcp::McpProbe)>,
    now: Arc<dyn Now>,
    random: Arc<dyn Random>,
    computer: Computer,
}

impl Core {
    #[must_use]
    pub fn new(parts: CoreParts) -> Self {
        Self {
            store: parts.store,
            keychain: parts.keychain,
            held: Arc::default(),
            held_intents: Mutex::default(),
            sessions: Sessions::default(),
            timeouts: parts.timeouts,
            superset: OnceLock::new(),
            now: parts.now,
            random: parts.random,
            computer: parts.computer,
        }
    }

    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    fn network(&self) -> Result<&(Superset, mcp::McpProbe)> {
        if let Some(network) = self.superset.get() {
            return Ok(network);
        }
        let http = Http::new(self.timeouts)?;
        Ok(self.superset.get_or_init(|| (Superset::new(http.clone()), mcp::McpProbe::new(http))))
    }

    fn superset(&self) -> Result<&Superset> {
        self.network().map(|(superset, _)| superset)
    }

    fn mcp_probe(&self) -> Result<&mcp::McpProbe> {
        self.network().map(|(_, probe)| probe)
    }

    fn instance(&self, id: &InstanceId) -> Result<Instance> {
        self.store.read()?.instance(id).cloned()
    }

    /// Changes the state file off the async workers: the lock may have to be waited for.
    async fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut State) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let store = self.store.clone();
        blocking("state file", move || store.change(change)).await
    }

    /// Uses the keychain off the async workers: it may wait for a person.
    async fn keychain<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn SecretStore) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let keychain = Arc::clone(&self.keychain);
        blocking("keychain", move || work(&*keychain)).await
    }

    fn held_intents(&self) -> std::sync::MutexGuard<'_, HashMap<api_key::ApiKeyId, HeldIntent>> {
        self.held_intents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn blocking<T: Send + 'static>(
    what: &'static str,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    // Of one type for all, or there would be a runtime's task in the program for each.
    let work: Box<dyn FnOnce() -> Box<dyn Any + Send> + Send> = Box::new(move || Box::new(work()));
    let done = tokio::task::spawn_blocking(work).await.ok();
    done.and_then(|done| done.downcast().ok()).map_or(Err(Error::Internal { what }), |done| *done)
}
