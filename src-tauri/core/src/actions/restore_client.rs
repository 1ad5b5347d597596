//! Undoing our last change of an AI client's file.

use crate::client_files::{Backup, Backups, Change, ClientFile, Mode, remove, replace};
use crate::clients::{self, DiffLine, McpClient, lines_between};
use crate::deed::{Deed, DeedKind};
use crate::secrets::Safe;
use crate::{Core, Error, Result};
use serde::Serialize;
use std::path::Path;
use std::sync::Arc;

/// A file as it was before a change of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct BackupView {
    pub client: String,
    /// RFC 3339 in UTC.
    pub at: String,
    pub path: String,
    /// The entry that was changed.
    pub entry: String,
    /// Undoing takes the file away again.
    pub was_new: bool,
    /// The file is still as we left it. Where it is not, somebody edited it since, and only a person can tell
    /// what is to stay.
    pub can_be_undone: bool,
    /// Where the old content lies.
    pub kept_as: String,
}

/// What undoing would change, with secrets masked: also shown for what stands in its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RestorePreview {
    pub backup: BackupView,
    pub lines: Vec<DiffLine>,
}

impl Core {
    /// A client's backups, the newest first.
    pub fn list_backups(&self, client: &str) -> Result<Vec<BackupView>> {
        let client = clients::find(client)?;
        Ok(self.backups().of(client.id).iter().map(|backup| self.backup_view(backup)).collect())
    }

    /// What undoing the newest change would do.
    pub fn preview_restore(&self, client: &str) -> Result<RestorePreview> {
        let backup = self.newest_backup(client)?;
        let now = ClientFile::read(&backup.path)?;
        let then = backup.shown()?.unwrap_or_default();
        let place = self.place_known(clients::find(client)?, &backup.path);
        let lines = place.map(|place| lines_between(now.bytes(), &then, place.dialect(), &[]));
        let lines = lines.unwrap_or_default();
        Ok(RestorePreview { backup: self.backup_view(&backup), lines })
    }

    /// Puts the client's file back to what it was before our newest change.
    ///
    /// # Errors
    /// [`Error::ClientFileChanged`] where somebody edited it since: what they wrote stays. [`Error::BackupKeyGone`] where
    /// a key stood in it that is no more on this computer, and [`Error::Keychain`] where the keychain does not hand it
    /// out: nothing is changed then.
    pub async fn restore_client(&self, client: &str) -> Result<BackupView> {
        self.clean_backups().await;
        let _lock = self.lock_clients().await?;
        let backup = self.newest_backup(client)?;
        let undone = backup.clone();
        let safe = Arc::clone(&self.safe);
        let let_go = crate::blocking::blocking("a client's file", move || {
            let file = ClientFile::read(&backup.path)?;
            // Before a person is asked for their keychain.
            if file.digest() != backup.written && !backup.is_half_written(&file) {
                return Err(Error::ClientFileChanged { path: backup.path });
            }
            give_back(&safe, &backup, &file)?;
            Ok(backup.drop())
        });
        let let_go = let_go.await?;
        self.drop_secrets_of_backups(let_go).await;
        let view = self.backup_view(&undone);
        self.note_of(None, None, Deed::of_client(DeedKind::ClientUndone, &view.client, &view.path)).await;
        Ok(view)
    }

    /// A client's file as it is there.
    ///
    /// # Errors
    /// [`Error::ClientFileHalfWritten`] where a death left it so: it may look whole, and is not.
    pub(super) fn read_whole(&self, client: &McpClient, path: &Path) -> Result<ClientFile> {
        let file = ClientFile::read(path)?;
        let cut_off = |backup: &Backup| backup.path == file.path && backup.is_half_written(&file);
        if self.backups().of(client.id).iter().any(cut_off) {
            return Err(Error::ClientFileHalfWritten { client: client.id.to_owned(), path: file.path });
        }
        Ok(file)
    }

    fn newest_backup(&self, client: &str) -> Result<Backup> {
        let client = clients::find(client)?;
        self.backups().newest(client.id).ok_or_else(|| Error::NothingToUndo { client: client.id.to_owned() })
    }

    /// What clients' files were before our changes.
    pub(super) fn backups(&self) -> Backups {
        Backups::under(&self.store.places().state)
    }

    fn backup_view(&self, backup: &Backup) -> BackupView {
        let now = ClientFile::read(&backup.path);
        BackupView {
            client: backup.client.clone(),
            at: backup.at.to_string(),
            path: self.computer.shown(&backup.path),
            entry: backup.entry.clone(),
            was_new: !backup.existed,
            can_be_undone: now
                .is_ok_and(|now| now.digest() == backup.written || backup.is_half_written(&now)),
            kept_as: backup.place().display().to_string(),
        }
    }
}

/// Makes of the file what it was. What it is now was looked at.
fn give_back(safe: &Safe, backup: &Backup, file: &ClientFile) -> Result<()> {
    let seen = file.digest();
    match backup.content(|id| safe.get(id))? {
        None => remove(file, &seen),
        Some(content) => {
            // A plaintext key may have narrowed who may read it.
            let mode = backup.mode.map_or(Mode::Kept, Mode::Exactly);
            replace(file, &Change { content: &content, seen: &seen, mode, kept: backup })
        }
    }
}
