//! A folder a person named: typed, or chosen from a dialog.

use crate::error::FolderProblem;
use crate::{Core, Error, Result};
use std::io::ErrorKind;
use std::path::PathBuf;

impl Core {
    /// The folder, if it is there and may be looked into. `~` is the person's home. A relative path means nothing
    /// here: a window is in no folder.
    ///
    /// # Errors
    /// [`Error::FolderUnusable`]
    pub fn find_folder(&self, typed: &str) -> Result<PathBuf> {
        let typed = typed.trim();
        let home = &self.computer.home;
        let folder = match typed.strip_prefix('~') {
            Some("") => home.clone(),
            Some(rest) if rest.starts_with(std::path::is_separator) => {
                home.join(rest.trim_start_matches(std::path::is_separator))
            }
            _ => PathBuf::from(typed),
        };
        let unusable = |problem| Error::FolderUnusable { path: PathBuf::from(typed), problem };
        if typed.is_empty() {
            return Err(unusable(FolderProblem::Empty));
        }
        if !folder.is_absolute() {
            return Err(unusable(FolderProblem::Relative));
        }
        match std::fs::read_dir(&folder) {
            Ok(_) => Ok(folder),
            Err(error) => Err(unusable(match error.kind() {
                ErrorKind::NotFound => FolderProblem::Missing,
                ErrorKind::NotADirectory => FolderProblem::NoFolder,
                ErrorKind::PermissionDenied => FolderProblem::Denied,
                _ => FolderProblem::Other,
            })),
        }
    }
}
