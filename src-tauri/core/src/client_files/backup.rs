//! What clients' files were before we changed them.
//!
//! A folder of its own for each change: the old content and a note about it, readable by their owner alone. The
//! note is written last, so a change that was cut off leaves nothing that could be given back by mistake.

use super::file::{ClientFile, Digest};
use crate::error::{Error, Result};
use crate::places::{create_private_folder, write_private_file};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};

/// For each client.
const KEPT: usize = 5;
const NOTE: &str = "about.json";
const CONTENT: &str = "content";

/// The backups of one installation.
#[derive(Debug, Clone)]
pub struct Backups {
    folder: PathBuf,
}

/// A file as it was before one change of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backup {
    version: u32,
    pub client: String,
    pub at: Timestamp,
    /// As the client names it.
    pub path: PathBuf,
    /// The entry that was changed, for words about it.
    pub entry: String,
    /// Whether there was a file.
    pub existed: bool,
    pub mode: Option<u32>,
    /// What we made of it: undoing needs it to be that still.
    pub written: Digest,
    #[serde(skip)]
    folder: PathBuf,
}

impl Backups {
    /// Under the folder for state.
    #[must_use]
    pub fn under(state: &Path) -> Self {
        Self { folder: state.join("backups") }
    }

    /// Keeps the file as it is, before `written` takes its place. Call [`Backups::drop_oldest`] once it has.
    pub fn keep(
        &self,
        client: &str,
        file: &ClientFile,
        entry: &str,
        written: Digest,
        at: Timestamp,
    ) -> Result<Backup> {
        let unwritable = |source: io::Error| Error::BackupUnwritable { path: self.folder.clone(), source };
        let folder = self.folder.join(client);
        let folder = folder.join(self.next_name(client, at));
        create_private_folder(&folder).map_err(unwritable)?;
        let backup = Backup {
            version: 1,
            client: client.to_owned(),
            at,
            path: file.path.clone(),
            entry: entry.to_owned(),
            existed: file.content.is_some(),
            mode: file.mode,
            written,
            folder,
        };
        write_private_file(&backup.folder.join(CONTENT), file.bytes()).map_err(unwritable)?;
        failpoint!("backup-content-kept");
        backup.note().map_err(unwritable)?;
        Ok(backup)
    }

    /// Behind all names so far, whatever the clock says: the order of names is the order of changes.
    fn next_name(&self, client: &str, at: Timestamp) -> String {
        let folders = std::fs::read_dir(self.folder.join(client)).into_iter().flatten().flatten();
        let names = folders.filter_map(|folder| {
            let name = folder.file_name().into_string().ok()?;
            let (stamp, number) = name.split_once('-')?;
            Some((stamp.to_owned(), number.parse::<u32>().ok()?))
        });
        let stamp = at.strftime("%Y%m%dT%H%M%S").to_string();
        let (stamp, number) = match names.max() {
            Some((newest, number)) if newest >= stamp => (newest, number + 1),
            _ => (stamp, 0),
        };
        format!("{stamp}-{number:05}")
    }

    /// A client's newest change that is not undone already: by hand, with its folder, or because a death came before
    /// it was made.
    #[must_use]
    pub fn newest(&self, client: &str) -> Option<Backup> {
        self.of(client).into_iter().find(|backup| !backup.is_undone())
    }

    /// A client's, the newest first.
    #[must_use]
    pub fn of(&self, client: &str) -> Vec<Backup> {
        let folders = std::fs::read_dir(self.folder.join(client)).into_iter().flatten().flatten();
        let mut backups: Vec<Backup> = folders.filter_map(|folder| read(&folder.path())).collect();
        backups.sort_by(|a, b| b.folder.cmp(&a.folder));
        backups
    }

    pub fn drop_oldest(&self, client: &str) {
        for old in self.of(client).into_iter().skip(KEPT) {
            old.drop();
        }
    }
}

impl Backup {
    fn note(&self) -> io::Result<()> {
        let note = serde_json::to_vec_pretty(self)?;
        write_private_file(&self.folder.join(NOTE), &note)
    }

    /// What came of the change is not what we would have written, but somebody else's doing of it.
    pub fn settle(&self, written: &ClientFile) -> Result<()> {
        let settled = Self { written: written.digest(), ..self.clone() };
        settled.note().map_err(|source| Error::BackupUnwritable { path: self.folder.clone(), source })
    }

    fn is_undone(&self) -> bool {
        // Gone with its folder: a project that is no more.
        if self.path.parent().is_some_and(|folder| !folder.exists()) {
            return true;
        }
        let (Ok(then), Ok(now)) = (self.content(), ClientFile::read(&self.path)) else { return false };
        now.digest() == Digest::of(then.as_deref()) && now.digest() != self.written
    }

    /// The content that was there.
    pub fn content(&self) -> Result<Option<Vec<u8>>> {
        if !self.existed {
            return Ok(None);
        }
        let path = self.folder.join(CONTENT);
        let content = std::fs::read(&path);
        content.map(Some).map_err(|source| Error::ClientFileUnreadable { path, source })
    }

    /// Where it lies, for a person who wants it by hand.
    #[must_use]
    pub fn place(&self) -> PathBuf {
        self.folder.join(CONTENT)
    }

    /// It is of no use any more: nothing was written, or it was given back.
    pub fn drop(&self) {
        // The note first: without it the rest is nothing.
        let _ = std::fs::remove_file(self.folder.join(NOTE));
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn read(folder: &Path) -> Option<Backup> {
    let note = std::fs::read(folder.join(NOTE)).ok()?;
    let backup: Backup = serde_json::from_slice(&note).ok()?;
    (backup.version == 1).then(|| Backup { folder: folder.to_owned(), ..backup })
}
