//! A folder a person named: typed, or chosen from a dialog.

use crate::error::FolderProblem;
use crate::{Core, Error};
use std::io::ErrorKind;
use std::path::PathBuf;

impl Core {
    /// The folder, if it is there and may be looked into. `~` is the person's home. A relative path means nothing
    /// here: a window is in no folder. Spaces around it are its own where there is such a folder, else a slip.
    ///
    /// # Errors
    /// [`Error::FolderUnusable`]
    pub fn find_folder(&self, typed: &str) -> crate::Result<PathBuf> {
        let trimmed = typed.trim();
        let found = self.folder_called(typed);
        let found = if typed == trimmed { found } else { found.or_else(|_| self.folder_called(trimmed)) };
        found.map_err(|problem| Error::FolderUnusable { path: PathBuf::from(trimmed), problem })
    }

    fn folder_called(&self, name: &str) -> Result<PathBuf, FolderProblem> {
        let home = &self.computer.home;
        let folder = match name.strip_prefix('~') {
            Some("") => home.clone(),
            Some(rest) if rest.starts_with(std::path::is_separator) => {
                home.join(rest.trim_start_matches(std::path::is_separator))
            }
            _ => PathBuf::from(name),
        };
        if name.is_empty() {
            return Err(FolderProblem::Empty);
        }
        if !folder.is_absolute() {
            return Err(FolderProblem::Relative);
        }
        match std::fs::read_dir(&folder) {
            Ok(_) => Ok(folder),
            Err(error) => Err(match error.kind() {
                ErrorKind::NotFound => FolderProblem::Missing,
                ErrorKind::NotADirectory => FolderProblem::NoFolder,
                ErrorKind::PermissionDenied => FolderProblem::Denied,
                _ => FolderProblem::Other,
            }),
        }
    }
}
