//! Who can read a file, as far as its mode and its folders' tell.

use serde::{Deserialize, Serialize};
use std::fs::Metadata;
use std::path::Path;

/// Whom the file's mode, and the modes of the folders it lies in, let at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Readers {
    OnlyOwner,
    Group,
    Everyone,
    /// Windows has no modes, and its lists are not read.
    Unknown,
}

/// What [`access`] tells of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    pub readers: Readers,
    /// `0600`; none where files have none.
    pub mode: Option<String>,
}

#[cfg(unix)]
pub fn access(path: &Path, file: &Metadata) -> Access {
    use std::os::unix::fs::PermissionsExt;
    let mode = file.permissions().mode();
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    // Who may not walk through a folder does not reach what is in it.
    let folders: Vec<u32> = path
        .ancestors()
        .skip(1)
        .filter_map(|folder| Some(folder.metadata().ok()?.permissions().mode()))
        .collect();
    let readers = if mode & 0o004 != 0 && folders.iter().all(|folder| folder & 0o001 != 0) {
        Readers::Everyone
    } else if mode & 0o040 != 0 && folders.iter().all(|folder| folder & 0o011 != 0) {
        Readers::Group
    } else {
        Readers::OnlyOwner
    };
    Access { readers, mode: Some(format!("{:04o}", mode & 0o7777)) }
}

#[cfg(not(unix))]
pub fn access(_: &Path, _: &Metadata) -> Access {
    Access { readers: Readers::Unknown, mode: None }
}
