//! Undoing our last change of an AI client's file.

use crate::client_files::{Backup, Backups, Change, ClientFile, Digest, Mode, remove, replace};
use crate::clients::{self, DiffLine, lines_between, mask_text};
use crate::{Core, Error, Result};
use serde::Serialize;

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
        let then = backup.content()?.unwrap_or_default();
        let lines = lines_between(&mask_text(now.bytes()), &mask_text(&then));
        Ok(RestorePreview { backup: self.backup_view(&backup), lines })
    }

    /// Puts the client's file back to what it was before our newest change.
    ///
    /// # Errors
    /// [`Error::ClientFileChanged`] where somebody edited it since: what they wrote stays.
    pub async fn restore_client(&self, client: &str) -> Result<BackupView> {
        let _lock = self.lock_clients().await?;
        let backup = self.newest_backup(client)?;
        let undone = backup.clone();
        crate::blocking("a client's file", move || {
            let file = ClientFile::read(&backup.path)?;
            match backup.content()? {
                None => remove(&file, &backup.written)?,
                Some(content) => {
                    // A plaintext key may have narrowed who may read it.
                    let mode = backup.mode.map_or(Mode::Kept, Mode::Exactly);
                    replace(&file, &Change { content: &content, seen: &backup.written, mode })?;
                }
            }
            backup.drop();
            Ok(())
        })
        .await?;
        Ok(self.backup_view(&undone))
    }

    fn newest_backup(&self, client: &str) -> Result<Backup> {
        let client = clients::find(client)?;
        self.backups().newest(client.id).ok_or_else(|| Error::NothingToUndo { client: client.id.to_owned() })
    }

    fn backups(&self) -> Backups {
        Backups::under(&self.store.places().state)
    }

    fn backup_view(&self, backup: &Backup) -> BackupView {
        let now = ClientFile::read(&backup.path).map(|file| file.digest());
        BackupView {
            client: backup.client.clone(),
            at: backup.at.to_string(),
            path: self.computer.shown(&backup.path),
            entry: backup.entry.clone(),
            was_new: !backup.existed,
            can_be_undone: now.is_ok_and(|now: Digest| now == backup.written),
            kept_as: backup.place().display().to_string(),
        }
    }
}
