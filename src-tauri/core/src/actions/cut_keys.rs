//! Keys cut out of what is kept of an AI client's file, and noted so that undoing can put them back.

use super::recognise_entries::EntryReader;
use crate::client_files::{Cut, Keyless, remove_unfinished};
use crate::clients::{self, Located};
use crate::error::KeychainProblem;
use crate::ids::SecretId;
use crate::random::Random;
use crate::secret::{KeyHint, Secret};
use crate::secrets::{Safe, StoreState};
use crate::store::KeyRecord;
use crate::{Core, Error, Result};
use memchr::memmem;
use std::ops::Range;
use std::sync::Arc;

/// In letters.
const SHORTEST: usize = 8;

/// Tells which secret a key in a file is.
pub(super) struct KeyCutter {
    reader: EntryReader,
    safe: Arc<Safe>,
    random: Arc<dyn Random>,
}

/// A key in a file, and what its text is kept as.
struct Known {
    key: Secret,
    hint: KeyHint,
    secret: Option<SecretId>,
}

impl Core {
    pub(super) fn key_cutter(&self) -> Result<KeyCutter> {
        let (safe, random) = (Arc::clone(&self.safe), Arc::clone(&self.random));
        Ok(KeyCutter { reader: self.entry_reader()?, safe, random })
    }

    /// Takes the keys out of backups of earlier versions, and away what a death left of one. Whoever looks for keys, or
    /// changes a client's file, does this first.
    pub(super) async fn clean_backups(&self) {
        let backups = self.backups();
        if backups.unsearched().is_empty() && backups.unfinished().is_empty() {
            return;
        }
        let Ok(_lock) = self.lock_clients().await else { return };
        for folder in backups.unfinished() {
            let _ = remove_unfinished(&folder);
        }
        for backup in backups.unsearched() {
            let place = clients::find(&backup.client).ok().and_then(|it| self.place_known(it, &backup.path));
            let Ok(cutter) = self.key_cutter() else { return };
            let searched = crate::blocking::blocking("a backup", move || {
                let searched = backup.search(|content| cutter.cut_or_wait(content, place.as_ref()));
                if let Err(error) = searched {
                    tracing::warn!(%error, "a backup could not be searched for keys");
                }
                Ok(())
            });
            let _ = searched.await;
        }
    }

    /// Deletes what was kept for backups that are no more.
    pub(super) async fn drop_secrets_of_backups(&self, ids: Vec<SecretId>) {
        if !ids.is_empty()
            && let Err(error) = self.drop_secrets(ids).await
        {
            tracing::info!(%error, "what was kept for a backup is still there");
        }
    }
}

impl KeyCutter {
    /// A key that no record has goes into the keychain. Where that takes none, it is gone from what is kept.
    pub fn cut(&self, content: &[u8], place: Option<&Located>) -> Keyless {
        let mut known: Vec<Known> = Vec::new();
        let mut keyless = Keyless { content: Vec::with_capacity(content.len()), cuts: Vec::new() };
        let mut end = 0;
        for (at, key) in self.keys_in(content, place) {
            // EXPOSE: to see whether it was met already.
            let position = known.iter().position(|it| it.key.expose() == key.expose());
            let position = position.unwrap_or_else(|| {
                let (hint, secret) = self.name(&key);
                known.push(Known { key, hint, secret });
                known.len() - 1
            });
            keyless.content.extend_from_slice(&content[end..at.start]);
            let Known { hint, secret, .. } = &known[position];
            let at_kept = keyless.content.len();
            keyless.cuts.push(Cut { at: at_kept, hint: hint.clone(), secret: secret.clone() });
            end = at.end;
        }
        keyless.content.extend_from_slice(&content[end..]);
        keyless
    }

    /// The same, but nothing where a key would be lost although there is a keychain that takes it once a person lets it.
    fn cut_or_wait(&self, content: &[u8], place: Option<&Located>) -> Option<Keyless> {
        use KeychainProblem as K;
        let keyless = self.cut(content, place);
        // No bus and no service are also what a session over ssh has, of somebody who has both at the desk.
        let is_hopeless = matches!(self.safe.state(), StoreState::Problem(K::NoCollection));
        if is_hopeless || keyless.cuts.iter().all(|cut| cut.secret.is_some()) {
            return Some(keyless);
        }
        for id in keyless.kept_for_it() {
            let _ = self.safe.delete(&id);
        }
        None
    }

    /// Why the keychain took none, where a person can make it.
    pub fn waits_for_a_person(&self) -> Option<Error> {
        use KeychainProblem as K;
        match self.safe.state() {
            StoreState::Problem(
                problem @ (K::Locked | K::Dismissed | K::VaultLocked | K::Waiting | K::Refused),
            ) => Some(Error::keychain(problem, None)),
            _ => None,
        }
    }

    /// The hint of a key that nothing keeps and that is not in the file any more once `after` is written.
    pub fn lost(
        &self,
        before: &[u8],
        place: Option<&Located>,
        keyless: &Keyless,
        after: &[u8],
    ) -> Option<KeyHint> {
        if keyless.cuts.iter().all(|cut| cut.secret.is_some()) {
            return None;
        }
        let keys = self.keys_in(before, place);
        let unkept = keys.iter().zip(&keyless.cuts).filter(|(_, cut)| cut.secret.is_none());
        // EXPOSE: to see whether it stays in the file.
        let is_gone = |key: &Secret| memmem::find(after, key.expose().as_bytes()).is_none();
        unkept.filter(|((_, key), _)| is_gone(key)).map(|(_, cut)| cut.hint.clone()).next()
    }

    /// Those of a key's shape wherever they stand, and those in entries of ours whatever their shape; in their order.
    fn keys_in(&self, content: &[u8], place: Option<&Located>) -> Vec<(Range<usize>, Secret)> {
        let mut found = self.reader.shapes.found_in(content);
        for (_, entry) in place.and_then(|place| place.entries(content).ok()).unwrap_or_default() {
            let entry = self.reader.read(&entry);
            if self.reader.instance(&entry).is_none() {
                continue;
            }
            for key in entry.keys {
                // EXPOSE: to find where it stands.
                let text = key.expose().as_bytes();
                // Shorter ones are none, and stand everywhere.
                let places = memmem::find_iter(content, text).filter(|_| text.len() >= SHORTEST);
                found.extend(places.map(|at| (at..at + text.len(), key.duplicate())));
            }
        }
        found.sort_by_key(|(at, _)| (at.start, std::cmp::Reverse(at.end)));
        // Two shapes can find overlapping keys.
        let mut end = 0;
        found.retain(|(at, _)| {
            let is_apart = at.start >= end;
            end = if is_apart { at.end } else { end };
            is_apart
        });
        found
    }

    /// Its hint, and the secret that it is: of the one record whose hint it has, without reading that, since undoing
    /// sees whether it is right. Of several, the one that it really is.
    fn name(&self, key: &Secret) -> (KeyHint, Option<SecretId>) {
        let instances = self.reader.state.instances.iter();
        let records =
            instances.flat_map(|instance| instance.keys.iter().map(move |record| (instance, record)));
        let fits = |record: &KeyRecord| {
            let hint = &record.hint;
            record.is_stored() && hint.ending().is_some() && KeyHint::of(key, hint.prefix()) == *hint
        };
        let fitting: Vec<_> = records.filter(|(_, record)| fits(record)).collect();
        let stored = |(instance, record): &(&crate::store::Instance, &KeyRecord)| {
            let id = instance.key_secret(&record.id);
            let Ok(Some(stored)) = self.safe.get(&id) else { return None };
            // EXPOSE: to see whether it is the same.
            (stored.expose() == key.expose()).then(|| (record.hint.clone(), id))
        };
        if let [(instance, record)] = &fitting[..] {
            let id = instance.key_secret(&record.id);
            // A record outlives a keychain that was made anew.
            if self.safe.missing(vec![id.clone()]).map_or(true, |missing| missing.is_empty()) {
                return (record.hint.clone(), Some(id));
            }
        }
        if let Some((hint, id)) = fitting.iter().find_map(stored) {
            return (hint, Some(id));
        }
        let id = SecretId::of_backup(self.random.next());
        let kept = self.safe.put(&id, key).inspect_err(|error| {
            tracing::warn!(%error, "a key in a client's file could not be kept for undoing");
        });
        (KeyHint::of(key, "sst_"), kept.is_ok().then_some(id))
    }
}
