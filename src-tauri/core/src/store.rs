//! Instances and key records on disk: one versioned JSON file, replaced whole, locked between processes.
//! It never holds a secret.

mod activity;
mod audits;
mod checkups;
mod deeds;
mod journal;
mod migrate;
mod moves;
mod network;
mod records;
mod rotations;
mod uses;

pub use audits::KeptAudit;
pub use moves::{McpMove, MovedKey};
pub use network::{IdentityRecord, NetworkRecord, ProxyRecord};
pub use records::{
    AuditRecord, CreateIntent, Instance, JudgedLogin, KeptList, KeyRecord, OAuthRecord, OAuthSignIn,
    ReportMaker, Rest, SignedIn, SigningRecord,
};
pub use rotations::{Rotation, RotationStep};
pub use uses::{SeenUse, use_id};

use crate::error::{Error, Result};
use crate::file_lock::{lock, open_private};
use crate::ids::{InstanceId, SecretId, UserId};
use crate::places::{Places, create_private_folder, sweep, write_private_file};
use crate::secret::StoreKind;
use crate::settings::Settings;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fs::{File, TryLockError};
use std::path::PathBuf;

/// The layout this program writes. Raise it when an older program would misread the file; a field that older programs
/// only have to keep needs no other number.
const VERSION: u32 = 2;
const INTENTS: &str = "intents";
const ROTATIONS: &str = "rotations";
const OAUTH: &str = "oauth";

/// Everything the state file holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    version: u32,
    #[serde(default)]
    pub instances: Vec<Instance>,
    #[serde(default)]
    pub settings: Settings,
    /// Secrets that could not be deleted because their store was away; they are deleted when it is back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_behind: Vec<SecretId>,
    /// The store that a person wants secrets in, where they said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrets_in: Option<StoreKind>,
    /// The other store may hold some, too: a move has not come to its end, or an import went there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub secrets_elsewhere: bool,
    /// When all of it was last written to a file of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exported_at: Option<Timestamp>,
    /// Who signs reports for which name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub report_makers: Vec<ReportMaker>,
    #[serde(flatten)]
    pub rest: Rest,
}

impl Default for State {
    fn default() -> Self {
        Self {
            version: VERSION,
            instances: Vec::new(),
            settings: Settings::default(),
            left_behind: Vec::new(),
            secrets_in: None,
            secrets_elsewhere: false,
            exported_at: None,
            report_makers: Vec::new(),
            rest: Rest::new(),
        }
    }
}

impl State {
    /// Notes secrets that are to be deleted, now or when their store is back. Each once.
    pub fn leave_behind(&mut self, ids: Vec<SecretId>) {
        for id in ids {
            if !self.left_behind.contains(&id) {
                self.left_behind.push(id);
            }
        }
    }

    /// The store that new secrets go to.
    #[must_use]
    pub fn first_store(&self) -> StoreKind {
        self.secrets_in.unwrap_or(StoreKind::Keychain)
    }

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

    /// The damaged file that was moved aside last, as long as there is none in its place.
    #[must_use]
    pub fn set_aside(&self) -> Option<PathBuf> {
        if self.path().exists() {
            return None;
        }
        (1..=u16::MAX).map(|number| self.damaged_path(number)).take_while(|kept| kept.exists()).last()
    }

    /// Writes an empty state where there is none.
    pub fn begin_anew(&self) -> Result<()> {
        let _lock = self.lock()?;
        if self.path().exists() { Ok(()) } else { self.write(&State::default()) }
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
        self.keep_older_version()?;
        write_private_file(&self.path(), &content).map_err(|error| self.unusable(error))?;
        // Marks of creates that died and were accounted for.
        let is_open =
            |name: &str| state.instances.iter().any(|i| i.intents.iter().any(|open| name == open.id));
        sweep(&self.places.config.join(INTENTS), |name| {
            name.strip_suffix(".lock").is_some_and(|intent| !is_open(intent) && !self.intent_is_held(intent))
        });
        Ok(())
    }

    /// A file of an earlier version is kept beside ours, for whoever goes back to the program that wrote it.
    fn keep_older_version(&self) -> Result<()> {
        let Ok(content) = std::fs::read(self.path()) else { return Ok(()) };
        match serde_json::from_slice(&content) {
            Ok(Versioned { version }) if version < VERSION => {
                let kept = self.places.config.join(format!("state.version-{version}.json"));
                write_private_file(&kept, &content).map_err(|error| self.unusable(error))
            }
            _ => Ok(()),
        }
    }

    fn parse(&self) -> Result<Parsed> {
        let content = match std::fs::read(self.path()) {
            Ok(content) => content,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Parsed::Good(State::default()));
            }
            Err(error) => return Err(self.unusable(error)),
        };
        let Ok(Versioned { version }) = serde_json::from_slice(&content) else { return Ok(Parsed::Damaged) };
        if version > VERSION {
            return Ok(Parsed::Newer(serde_json::from_slice(&content).ok()));
        }
        let state = serde_json::from_slice(&content).and_then(|mut state: Value| {
            migrate::migrate(&mut state, version);
            serde_json::from_value(state)
        });
        Ok(match state {
            Ok(state) => Parsed::Good(State { version: VERSION, ..state }),
            Err(_) => Parsed::Damaged,
        })
    }

    fn keep_aside<T>(&self) -> Result<T> {
        let path = self.path();
        let kept = (1..=u16::MAX)
            .map(|number| self.damaged_path(number))
            .find(|candidate| !candidate.exists())
            .ok_or_else(|| self.unusable(std::io::ErrorKind::AlreadyExists.into()))?;
        std::fs::rename(&path, &kept).map_err(|error| self.unusable(error))?;
        Err(Error::StateDamaged { path, kept })
    }

    fn damaged_path(&self, number: u16) -> PathBuf {
        self.places.config.join(format!("state.damaged-{number}.json"))
    }

    fn lock(&self) -> Result<File> {
        self.lock_named("state.lock")
    }

    /// Held while an AI client's file is changed, so that two of our programs never do that at once.
    pub fn lock_clients(&self) -> Result<File> {
        self.lock_named("clients.lock")
    }

    fn lock_named(&self, name: &str) -> Result<File> {
        let path = self.places.config.join(name);
        lock(&path).map_err(|error| self.unusable(error))?.ok_or(Error::StateBusy)
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

    /// Taken while the rotations of an instance are moved on, so that two processes never do that at once; none while
    /// another one has it. The file stays: whoever removed it could remove another's.
    pub fn try_lock_rotations(&self, instance: &InstanceId) -> Result<Option<File>> {
        self.try_lock_of(ROTATIONS, instance)
    }

    /// Taken while a token is asked for: of two refreshes of one refresh token at once, providers end the whole grant.
    pub fn try_lock_oauth(&self, instance: &InstanceId) -> Result<Option<File>> {
        self.try_lock_of(OAUTH, instance)
    }

    fn try_lock_of(&self, what: &str, instance: &InstanceId) -> Result<Option<File>> {
        let folder = self.places.config.join(what);
        create_private_folder(&folder).map_err(|error| self.unusable(error))?;
        let path = folder.join(format!("{}.lock", instance.as_str()));
        let file = open_private(&path).map_err(|error| self.unusable(error))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(self.unusable(error)),
        }
    }

    fn intent_path(&self, intent: &str) -> PathBuf {
        self.places.config.join(INTENTS).join(format!("{intent}.lock"))
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
    pub fn keep_key(&self, instance: &InstanceId, user_id: UserId, key: &crate::api_key::ApiKey) {
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
