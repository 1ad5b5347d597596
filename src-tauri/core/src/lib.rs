//! What Superset Keys knows: instances, API keys, secret stores and AI clients. No window, no words.
//!
//! Start reading in [`actions`]: one file per verb, each an `impl Core`. Everything else is what they stand
//! on: [`superset`] (HTTP), [`secrets`] (the OS keychain), [`store`] (our own files), [`clients`] (AI
//! clients), [`client_files`] (those clients' files), [`scan`] (keys in anybody's files) and [`mcp`] (their
//! protocol) never import each other; only actions combine them.

#[macro_use]
pub mod failpoint;
pub mod actions;
pub mod activity;
pub mod api_key;
pub mod audit;
pub mod away;
mod blocking;
pub mod chain;
pub mod checkup;
pub mod clean_up;
pub mod client_files;
pub mod clients;
pub mod clipboard;
pub mod clock;
mod creating;
pub mod credential;
pub mod deed;
pub mod embedding;
pub mod error;
pub mod expiry;
pub mod file_lock;
pub mod fingerprint;
pub mod git;
pub mod glob;
pub mod guard;
pub mod http;
pub mod ids;
pub mod instance;
pub mod key_use;
mod lock;
pub mod mcp;
#[cfg(any(windows, test))]
mod moved_folder;
pub mod names;
pub mod oauth;
pub mod output_file;
pub mod own_program;
pub mod places;
mod programs;
mod put_in_place;
pub mod random;
pub mod reminders;
pub mod report;
pub mod rotation;
pub mod scan;
pub mod sealed;
pub mod secret;
pub mod secrets;
mod session;
pub mod settings;
pub mod signing;
pub mod started_by;
pub mod store;
pub mod superset;
pub mod surroundings;
pub mod transport;

pub use error::{Error, ErrorCode, Result};
pub use random::{Random, SystemRandom};

use blocking::blocking;
use clock::{Now, SystemNow};
use creating::Creating;
use http::{Http, Streams};
use ids::InstanceId;
use lock::Lock;
pub use lock::LockReason;
use places::Computer;
use secrets::{Chosen, Keychain, Safe, SecretStore, VaultStore};
use session::Sessions;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use store::{Instance, State, Store};
use superset::Superset;
use transport::{Connections, Names, Site, Timeouts, Transport};

/// Patience that one start of a program asks for.
#[derive(Debug, Clone, Copy, Default)]
pub struct TimeoutsWanted {
    pub connect: Option<Duration>,
    pub call: Option<Duration>,
}

/// What a [`Core`] is built from; tests replace any of it.
pub struct CoreParts {
    pub store: Store,
    pub keychain: Arc<dyn SecretStore>,
    /// In place of what is set.
    pub timeouts: TimeoutsWanted,
    pub now: Arc<dyn Now>,
    pub random: Arc<dyn Random>,
    /// Where AI clients' files are looked for.
    pub computer: Computer,
}

impl CoreParts {
    /// This computer's folders, keychain and clock.
    pub fn of_this_computer() -> Result<Self> {
        let places = places::Places::of_this_computer().ok_or(Error::NoHomeFolder)?;
        Ok(Self::at(places))
    }

    /// This computer's keychain and clock, and the given folders.
    #[must_use]
    pub fn at(places: places::Places) -> Self {
        places.close();
        Self {
            keychain: Arc::new(Keychain::new(places.namespace.clone())),
            store: Store::new(places),
            timeouts: TimeoutsWanted::default(),
            now: Arc::new(SystemNow),
            random: Arc::new(SystemRandom),
            computer: Computer::this(clients::variables()),
        }
    }
}

/// The whole program without a face. Built once; its actions are methods, one file each in [`actions`].
pub struct Core {
    store: Store,
    safe: Arc<Safe>,
    sessions: Sessions,
    creating: Creating,
    lock: Lock,
    timeouts: TimeoutsWanted,
    connections: Arc<Connections>,
    /// Read by whoever asks for a token that an authorization server gives once.
    getting: Arc<tokio::sync::RwLock<()>>,
    superset: Superset,
    now: Arc<dyn Now>,
    random: Arc<dyn Random>,
    computer: Computer,
    /// Something was done that the record does not tell of.
    not_noted: AtomicBool,
}

impl Core {
    #[must_use]
    pub fn new(parts: CoreParts) -> Self {
        Self::with_names(parts, Names::default())
    }

    /// With names that lead elsewhere than the system says.
    #[must_use]
    pub fn with_names(parts: CoreParts, names: Names) -> Self {
        let safe = Safe::new(Arc::clone(&parts.keychain));
        Self::of(parts, safe, names)
    }

    /// With a vault beside the keychain.
    #[must_use]
    pub fn with_vault(parts: CoreParts, vault: Arc<dyn VaultStore>) -> Self {
        let store = parts.store.clone();
        let chosen = move || {
            let state = store.read().ok();
            state.map_or_else(Chosen::default, |state| Chosen {
                first: state.secrets_in,
                elsewhere: state.secrets_elsewhere,
            })
        };
        let safe = Safe::new(Arc::clone(&parts.keychain)).with_vault(vault, Box::new(chosen));
        Self::of(parts, safe, Names::default())
    }

    fn of(parts: CoreParts, safe: Safe, names: Names) -> Self {
        let safe = Arc::new(safe);
        let asked = Arc::clone(&safe);
        let keyring = Arc::new(move |id: &ids::SecretId| asked.get(id));
        let connections = Arc::new(Connections::new(keyring, Arc::clone(&parts.now), names));
        Self {
            superset: Superset::new(Http::new(Arc::clone(&connections))),
            connections,
            store: parts.store,
            safe,
            sessions: Sessions::default(),
            creating: Creating::default(),
            lock: Lock::new(parts.now.now()),
            getting: Arc::default(),
            timeouts: parts.timeouts,
            now: parts.now,
            random: parts.random,
            computer: parts.computer,
            not_noted: AtomicBool::new(false),
        }
    }

    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    fn mcp_probe(&self) -> mcp::McpProbe {
        mcp::McpProbe::new(Http::new(Arc::clone(&self.connections)))
    }

    fn streams(&self) -> Streams {
        Streams::new(Arc::clone(&self.connections))
    }

    /// The way to an instance.
    fn site(&self, instance: &Instance) -> Site {
        Site::of(&instance.url, self.transport_of(instance))
    }

    /// The way to an instance and to what belongs to it.
    fn transport_of(&self, instance: &Instance) -> Transport {
        self.transport_by(instance.network.as_deref())
    }

    /// How long anything is waited for that belongs to no instance.
    fn timeouts(&self) -> Timeouts {
        self.transport_by(None).timeouts
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

    /// Writes the files beside the state off the async workers. Losing one of them costs little: it is only logged.
    async fn keep(&self, work: impl FnOnce(&Store) + Send + 'static) {
        let store = self.store.clone();
        let kept = blocking("kept file", move || {
            work(&store);
            Ok(())
        });
        if let Err(error) = kept.await {
            tracing::warn!(%error, "a file was not kept");
        }
    }

    /// Uses the secret stores off the async workers: they may wait for a person.
    async fn safe<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Safe) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let safe = Arc::clone(&self.safe);
        blocking("secret store", move || work(&safe)).await
    }
}
