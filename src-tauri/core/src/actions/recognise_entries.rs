//! Whose the entries in AI clients' files are.

use super::find_key::bearers;
use crate::client_files::ClientFile;
use crate::clients::edit::Dialect;
use crate::clients::{KeyShape, Located, OurCall, Recognised};
use crate::places::Places;
use crate::scan::{Hit, KeySearch};
use crate::secret::{KeyHint, Secret};
use crate::store::{Instance, KeyRecord, State};
use crate::{Core, Error, Result};
use jiff::Timestamp;
use serde_json::Value;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// More keys than this in one text are a list of keys.
const MOST_IN_A_TEXT: usize = 100;
const MOST_IN_A_FILE: usize = 1_000_000;

/// The shapes of keys that this computer knows, as for a scan.
pub(super) struct KeyShapes(KeySearch);

impl KeyShapes {
    /// All keys in a file, and where they stand.
    pub fn found_in(&self, content: &[u8]) -> Vec<(Range<usize>, Secret)> {
        let hits = self.0.hits(content, MOST_IN_A_FILE);
        let take = |hit: &Hit| self.0.take(content, hit).map(|(_, key)| (hit.range.clone(), key));
        hits.iter().filter_map(take).collect()
    }
}

impl KeyShape for KeyShapes {
    fn keys_in(&self, text: &str) -> Vec<Secret> {
        let hits = self.0.hits(text.as_bytes(), MOST_IN_A_TEXT);
        hits.iter().filter_map(|hit| self.0.take(text.as_bytes(), hit)).map(|(_, secret)| secret).collect()
    }
}

/// Reads entries, and tells whose they are.
pub(super) struct EntryReader {
    pub state: State,
    pub shapes: KeyShapes,
    pub now: Timestamp,
    places: Places,
    /// One file may have entries for many folders, and be large.
    last: Mutex<Option<LastRead>>,
}

/// The file that was read last.
struct LastRead {
    path: PathBuf,
    dialect: Dialect,
    /// When it was written, and how long it was.
    stamp: (SystemTime, u64),
    document: Arc<Value>,
}

impl Core {
    pub(super) fn entry_reader(&self) -> Result<EntryReader> {
        let state = self.store.read()?;
        let shapes = KeyShapes(self.key_search(&state));
        let (now, places) = (self.now.now(), self.store.places().clone());
        Ok(EntryReader { state, shapes, now, places, last: Mutex::default() })
    }
}

impl EntryReader {
    /// All entries at a place, each with its name.
    pub fn entries_at(&self, place: &Located) -> Result<Vec<(String, Value)>> {
        Ok(place.entries_of(&*self.document_at(place)?))
    }

    fn document_at(&self, place: &Located) -> Result<Arc<Value>> {
        let metadata = std::fs::metadata(&place.path).ok();
        let stamp = metadata.and_then(|found| Some((found.modified().ok()?, found.len())));
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |last: &&LastRead| {
            last.path == place.path && last.dialect == place.dialect() && Some(last.stamp) == stamp
        };
        if let Some(last) = last.as_ref().filter(is_it) {
            return Ok(Arc::clone(&last.document));
        }
        let file = ClientFile::read(&place.path)?;
        let not_understood = |problem| Error::ClientFileNotUnderstood { path: file.path.clone(), problem };
        let document = place.document(file.bytes()).map_err(not_understood)?;
        let document = Arc::new(document);
        *last = stamp.map(|stamp| LastRead {
            path: place.path.clone(),
            dialect: place.dialect(),
            stamp,
            document: Arc::clone(&document),
        });
        Ok(document)
    }

    pub fn read(&self, entry: &Value) -> Recognised {
        Recognised::of(entry, &self.shapes)
    }

    /// The instance that an entry is for, if it is one of ours.
    pub fn instance(&self, entry: &Recognised) -> Option<&Instance> {
        match &entry.call {
            // As our own command line finds it.
            Some(call) if self.is_of_this_installation(call) => {
                self.state.instance_named(&call.instance).ok()
            }
            Some(_) => None,
            None => {
                let calls =
                    |instance: &&Instance| instance.mcp_url.as_ref().is_some_and(|url| entry.calls(url));
                self.state.instances.iter().find(calls)
            }
        }
    }

    pub fn is_for(&self, instance: &Instance, entry: &Recognised) -> bool {
        self.instance(entry).is_some_and(|found| found.id == instance.id)
    }

    /// The record of the key that an entry names, as our own command line finds it.
    pub fn named<'a>(&self, instance: &'a Instance, call: &OurCall) -> Option<&'a KeyRecord> {
        let name = call.key.as_deref()?;
        let by_id = instance.keys.iter().find(|record| record.alias == name || record.id.as_str() == name);
        by_id.or_else(|| one(bearers(instance, name, self.now).into_iter()))
    }

    /// The record of a key in an entry's text. Without asking the keychain, the ending of a key tells which one it may
    /// be; two with one ending tell nothing.
    pub fn held<'a>(instance: &'a Instance, entry: &Recognised) -> Option<&'a KeyRecord> {
        let same = |record: &&KeyRecord| {
            let hint = &record.hint;
            let is_it = |key: &Secret| {
                [hint.prefix(), "sst_", ""].iter().any(|prefix| KeyHint::of(key, prefix) == *hint)
            };
            entry.keys.iter().any(is_it)
        };
        one(instance.keys.iter().filter(same))
    }

    /// Whether the program that an entry starts has its instances where this one has them.
    fn is_of_this_installation(&self, call: &OurCall) -> bool {
        let same = |one: &Path, other: &Path| {
            one == other
                || one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
        };
        match (&call.home, &self.places.namespace) {
            (Some(home), Some(own)) => same(Path::new(home), Path::new(own)),
            (None, None) => {
                call.config_folder.as_ref().is_none_or(|folder| same(Path::new(folder), &self.places.config))
            }
            _ => false,
        }
    }
}

fn one<T>(mut found: impl Iterator<Item = T>) -> Option<T> {
    found.next().filter(|_| found.next().is_none())
}
