//! What is kept of check-ups: how they ended, and a journal of what carried a key.

use super::Store;
use crate::api_key::ApiKeyId;
use crate::checkup::PastCheckup;
use crate::instance::InstanceId;
use crate::places::{create_private_folder, write_private_file};
use jiff::Timestamp;
use serde::Serialize;
use std::io::{self, Write};
use std::path::PathBuf;

/// As many as the screen shows.
const KEPT: usize = 3;
const JOURNAL_LIMIT: u64 = 1_000_000;

/// One line of the journal: our own use of a key, so that it can be told from its owner's in `last_used_on`.
#[derive(Serialize)]
struct KeyUse<'a> {
    at: Timestamp,
    instance: &'a InstanceId,
    key: &'a ApiKeyId,
    what: &'static str,
    requests: &'a [&'static str],
}

impl Store {
    /// Keeps how a check-up ended. Losing it costs nothing, so a full disk is only logged.
    pub fn keep_checkup(&self, instance: &InstanceId, checkup: &PastCheckup) {
        let mut all = self.past_checkups(instance);
        all.insert(0, checkup.clone());
        all.truncate(KEPT);
        let written = serde_json::to_vec(&all).map_err(io::Error::from).and_then(|content| {
            create_private_folder(&self.places.cache)?;
            write_private_file(&self.checkups_path(instance), &content)
        });
        if let Err(error) = written {
            tracing::warn!(%error, "the check-up could not be kept");
        }
    }

    /// The newest first.
    #[must_use]
    pub fn past_checkups(&self, instance: &InstanceId) -> Vec<PastCheckup> {
        let content = std::fs::read(self.checkups_path(instance)).ok();
        content.and_then(|content| serde_json::from_slice(&content).ok()).unwrap_or_default()
    }

    pub fn drop_checkups(&self, instance: &InstanceId) {
        let _ = std::fs::remove_file(self.checkups_path(instance));
    }

    /// Notes requests of a check-up that carried a key, in `journal.jsonl`. One older file is kept.
    pub fn note_key_use(
        &self,
        instance: &InstanceId,
        key: &ApiKeyId,
        at: Timestamp,
        requests: &[&'static str],
    ) {
        if requests.is_empty() {
            return;
        }
        let line = KeyUse { at, instance, key, what: "checkup", requests };
        if let Err(error) =
            serde_json::to_vec(&line).map_err(io::Error::from).and_then(|line| self.append(line))
        {
            tracing::warn!(%error, "the journal could not be written");
        }
    }

    fn append(&self, mut line: Vec<u8>) -> io::Result<()> {
        create_private_folder(&self.places.state)?;
        let path = self.places.state.join("journal.jsonl");
        if std::fs::metadata(&path).is_ok_and(|file| file.len() > JOURNAL_LIMIT) {
            std::fs::rename(&path, path.with_extension("jsonl.1"))?;
        }
        let mut options = std::fs::OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        line.push(b'\n');
        options.open(path)?.write_all(&line)
    }

    fn checkups_path(&self, instance: &InstanceId) -> PathBuf {
        self.places.cache.join(format!("checkups-{}.json", instance.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkup::Verdict;
    use crate::places::Places;

    #[test]
    fn the_last_three_are_kept_and_uses_of_keys_are_noted() {
        let home = tempfile::tempdir().unwrap();
        let store = Store::new(Places::under(home.path()));
        let id = InstanceId::from_random(7);
        assert!(store.past_checkups(&id).is_empty());
        for number in 0..5 {
            let checked = format!("2026-11-2{number}T12:00:00Z");
            store.keep_checkup(
                &id,
                &PastCheckup { checked, verdict: Verdict::Passed, worst: None, passed: number, examined: 9 },
            );
        }
        assert_eq!(store.past_checkups(&id).iter().map(|past| past.passed).collect::<Vec<_>>(), [4, 3, 2]);
        let at = "2026-11-21T12:00:00Z".parse().unwrap();
        store.note_key_use(&id, &ApiKeyId::new("uuid-1"), at, &["tools/list"]);
        store.note_key_use(&id, &ApiKeyId::new("uuid-1"), at, &[]);
        let journal = std::fs::read_to_string(home.path().join("state/journal.jsonl")).unwrap();
        assert_eq!(journal.lines().count(), 1);
        assert!(journal.contains("uuid-1") && journal.contains("tools/list"), "{journal}");
    }
}
