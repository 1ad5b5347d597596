//! The journal of our own uses of keys: `journal.jsonl`, and one older file.

use super::Store;
use crate::ids::InstanceId;
use crate::key_use::{KeyUse, OwnUses};
use crate::places::create_private_folder;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Past this size the file becomes the older one.
const LIMIT: u64 = 1_000_000;

impl Store {
    /// Losing a line costs little, so a full disk is only logged.
    pub fn note_key_use(&self, ours: &KeyUse) {
        let noted = serde_json::to_vec(ours).map_err(io::Error::from).and_then(|line| self.append(line));
        if let Err(error) = noted {
            tracing::warn!(%error, "the journal could not be written");
        }
    }

    /// What the journal still tells of an instance's keys. A line that cannot be read is passed over.
    #[must_use]
    pub fn key_uses(&self, instance: &InstanceId) -> OwnUses {
        let files = [older(&self.journal()), self.journal()].map(|path| read(&path));
        let lines = files.iter().flat_map(|file| file.split(|byte| *byte == b'\n'));
        let uses = lines.filter_map(|line| serde_json::from_slice::<KeyUse>(line).ok());
        uses.filter(|ours| ours.instance == *instance).collect()
    }

    fn append(&self, mut line: Vec<u8>) -> io::Result<()> {
        create_private_folder(&self.places.state)?;
        let path = self.journal();
        if std::fs::metadata(&path).is_ok_and(|file| file.len() > LIMIT) {
            std::fs::rename(&path, older(&path))?;
        }
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        line.push(b'\n');
        options.open(path)?.write_all(&line)
    }

    fn journal(&self) -> PathBuf {
        self.places.state.join("journal.jsonl")
    }
}

fn older(journal: &Path) -> PathBuf {
    journal.with_extension("jsonl.1")
}

/// Twice the limit at most, whatever became of the file.
fn read(path: &Path) -> Vec<u8> {
    let mut content = Vec::new();
    let read = File::open(path).and_then(|file| file.take(2 * LIMIT).read_to_end(&mut content));
    if let Err(error) = read.as_ref()
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "the journal could not be read");
    }
    content
}
