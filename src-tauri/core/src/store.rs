//! Instances and key records on disk: one versioned JSON file, replaced whole, locked between processes.
//! It never holds a secret.

mod checkups;
mod journal;

use crate::api_key::{ApiKeyId, CreateIntent, KeyRecord};
use crate::error::{Error, Result};
use crate::instance::{Instance, InstanceId};
use crate::places::{Places, create_private_folder, write_private_file};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The layout this program writes. Raise it when an older program would misread the file.
const VERSION: u32 = 1;
const LOCK_PATIENCE: Duration = Duration::from_secs(5);
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// Everything the state file holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    version: u32,
    #[serde(default)]
    pub instances: Vec<Instance>,
}

impl Default for State {
    fn default() -> Self {
        Self { version: VERSION, instances: Vec::new() }
    }
}

impl State {
    pub fn instance(&self, id: &InstanceId) -> Result<&Instance> {
        self.instances
            .iter()
            .find(|instance| instance.id == *id)
            .ok_or_else(|| Error::NoSuchInstance { name: id.as_str().to_owned() })
    }

    pub fn instance_mut(&mut self, id: &InstanceId) -> Result<&mut Instance> {
        self.instances
            .iter_mut()
            .find(|instance| instance.id == *id)
            .ok_or_else(|| Error::NoSuchInstance { name: id.as_str().to_owned() })
    }

    /// By short name, a former short name, id, or display name, in this order.
    pub fn instance_named(&self, name: &str) -> Result<&Instance> {
        let all = || self.instances.iter();
        all()
            .find(|i| i.short_name == name)
            .or_else(|| all().find(|i| i.former_short_names.iter().any(|former| former == name)))
            .or_else(|| all().find(|i| i.id.as_str() == name))
            .or_else(|| all().find(|i| i.name == name))
            .ok_or_else(|| Error::NoSuchInstance { name: name.to_owned() })
    }

    /// Whether an instance answers, or once answered, to this short name.
    #[must_use]
    pub fn short_name_taken(&self, name: &str) -> bool {
        self.instances
            .iter()
            .any(|i| i.short_name == name || i.former_short_names.iter().any(|former| former == name))
    }
}

impl Instance {
    #[must_use]
    pub fn record(&self, id: &ApiKeyId) -> Option<&KeyRecord> {
        self.keys.iter().find(|record| record.id == *id)
    }

    pub fn record_mut(&mut self, id: &ApiKeyId) -> Option<&mut KeyRecord> {
        self.keys.iter_mut().find(|record| record.id == *id)
    }

    pub fn intent_mut(&mut self, id: &str) -> Option<&mut CreateIntent> {
        self.intents.iter_mut().find(|intent| intent.id == id)
    }
}

/// The state file and the folders beside it.
#[derive(Debug, Clone)]
pub struct Store {
    places: Places,
}

impl Store {
    #[must_use]
    pub fn new(places: Places) -> Self {
        Self { places }
    }

    #[must_use]
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// The file to watch for changes made by another process.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.places.config.join("state.json")
    }

    /// The state as it is now. A missing file is an empty state. A damaged one is moved aside and named
    /// once; what comes after starts empty.
    pub fn read(&self) -> Result<State> {
        match self.parse()? {
            Parsed::Good(state) | Parsed::Newer(Some(state)) => Ok(state),
            Parsed::Newer(None) => Err(Error::StateNewer { path: self.path() }),
            Parsed::Damaged => {
                let _lock = self.lock()?;
                // Another process may have moved it aside while we waited.
                match self.parse()? {
                    Parsed::Damaged => self.keep_aside(),
                    _ => self.read(),
                }
            }
        }
    }

    /// Changes the state under a lock, so that two programs never lose each other's change. Nothing is
    /// written when `change` fails or changes nothing.
    pub fn change<T>(&self, change: impl FnOnce(&mut State) -> Result<T>) -> Result<T> {
        let _lock = self.lock()?;
        let before = match self.parse()? {
            Parsed::Good(state) => state,
            Parsed::Newer(_) => return Err(Error::StateNewer { path: self.path() }),
            Parsed::Damaged => return self.keep_aside(),
        };
        let mut state = before.clone();
        let result = change(&mut state)?;
        if state != before {
            self.write(&state)?;
        }
        Ok(result)
    }

    fn write(&self, state: &State) -> Result<()> {
        let mut content = serde_json::to_vec_pretty(state).map_err(|error| self.unusable(error.into()))?;
        content.push(b'\n');
        write_private_file(&self.path(), &content).map_err(|error| self.unusable(error))
    }

    fn parse(&self) -> Result<Parsed> {
        let content = match std::fs::read(self.path()) {
            Ok(content) => content,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Parsed::Good(State::default()));
            }
            Err(error) => return Err(self.unusable(error)),
        };
        let newer = serde_json::from_slice::<Versioned>(&content).is_ok_and(|v| v.version > VERSION);
        let state = serde_json::from_slice::<State>(&content).ok();
        Ok(match (newer, state) {
            (true, state) => Parsed::Newer(state),
            (false, Some(state)) => Parsed::Good(state),
            (false, None) => Parsed::Damaged,
        })
    }

    fn keep_aside<T>(&self) -> Result<T> {
        let path = self.path();
        let kept = (1..=u16::MAX)
            .map(|number| self.places.config.join(format!("state.damaged-{number}.json")))
            .find(|candidate| !candidate.exists())
            .ok_or_else(|| self.unusable(std::io::ErrorKind::AlreadyExists.into()))?;
        std::fs::rename(&path, &kept).map_err(|error| self.unusable(error))?;
        Err(Error::StateDamaged { path, kept })
    }

    fn lock(&self) -> Result<File> {
        self.lock_named("state.lock")
    }

    /// Held while an AI client's file is changed, so that two of our programs never do that at once.
    pub fn lock_clients(&self) -> Result<File> {
        self.lock_named("clients.lock")
    }

    fn lock_named(&self, name: &str) -> Result<File> {
        create_private_folder(&self.places.config).map_err(|error| self.unusable(error))?;
        let file = open_private(&self.places.config.join(name)).map_err(|error| self.unusable(error))?;
        let since = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) if since.elapsed() < LOCK_PATIENCE => {
                    std::thread::sleep(LOCK_PAUSE);
                }
                Err(TryLockError::WouldBlock) => return Err(Error::StateBusy),
                Err(TryLockError::Error(error)) => return Err(self.unusable(error)),
            }
        }
    }

    fn unusable(&self, source: std::io::Error) -> Error {
        Error::StateUnusable { path: self.path(), source }
    }

    /// Marks a create as in the hands of this process for as long as the answer lives; the system takes the
    /// mark away when the process dies, however it dies.
    pub fn hold_intent(&self, intent: &str) -> Result<HeldIntent> {
        let path = self.intent_path(intent);
        if let Some(folder) = path.parent() {
            create_private_folder(folder).map_err(|error| self.unusable(error))?;
        }
        let file = open_private(&path).map_err(|error| self.unusable(error))?;
        file.try_lock().map_err(|_| Error::StateBusy)?;
        Ok(HeldIntent { path, _file: file })
    }

    /// Whether a living process still works on this create.
    #[must_use]
    pub fn intent_is_held(&self, intent: &str) -> bool {
        File::open(self.intent_path(intent))
            .is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
    }

    fn intent_path(&self, intent: &str) -> PathBuf {
        self.places.config.join("intents").join(format!("{intent}.lock"))
    }

    fn list_path(&self, instance: &InstanceId) -> PathBuf {
        self.places.cache.join(format!("keys-{}.json", instance.as_str()))
    }

    /// Keeps the last key list. Losing it costs nothing, so a full disk is only logged.
    pub fn keep_list(&self, instance: &InstanceId, list: &KeptList) {
        let written = serde_json::to_vec(list).map_err(std::io::Error::from).and_then(|content| {
            create_private_folder(&self.places.cache)?;
            write_private_file(&self.list_path(instance), &content)
        });
        if let Err(error) = written {
            tracing::warn!(%error, "the key list could not be kept");
        }
    }

    /// Puts one key as the server shows it now into the kept list, if there is one of that person's. Written
    /// before the state file, so that whoever watches that finds both.
    pub fn keep_key(&self, instance: &InstanceId, user_id: i32, key: &crate::api_key::ApiKey) {
        let Some(mut list) = self.kept_list(instance).filter(|list| list.user_id == user_id) else { return };
        match list.keys.iter_mut().find(|kept| kept.id == key.id) {
            Some(kept) => *kept = key.clone(),
            None => list.keys.insert(0, key.clone()),
        }
        self.keep_list(instance, &list);
    }

    #[must_use]
    pub fn kept_list(&self, instance: &InstanceId) -> Option<KeptList> {
        serde_json::from_slice(&std::fs::read(self.list_path(instance)).ok()?).ok()
    }

    pub fn drop_list(&self, instance: &InstanceId) {
        let _ = std::fs::remove_file(self.list_path(instance));
    }
}

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

enum Parsed {
    Good(State),
    Newer(Option<State>),
    Damaged,
}

/// See [`Store::hold_intent`].
#[derive(Debug)]
pub struct HeldIntent {
    path: PathBuf,
    _file: File,
}

impl Drop for HeldIntent {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// The last list a server gave, without secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptList {
    pub user_id: i32,
    pub fetched: Timestamp,
    pub keys: Vec<crate::api_key::ApiKey>,
}

fn open_private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
