//! Another content in a file's place: the old file or the new one, never half of one.

use super::file::{ClientFile, Digest};
use crate::error::{Error, Result};
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

/// What a file becomes.
pub struct Change<'a> {
    pub content: &'a [u8],
    /// What the person was shown. Anything else by now, and nothing is written.
    pub seen: &'a Digest,
    pub mode: Mode,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// As it was; a new file for its owner alone.
    Kept,
    /// As it was; a new file for whoever may read the folder, as in a project.
    Shared,
    /// For its owner alone, because a key is in it.
    Private,
    /// As it once was.
    Exactly(u32),
}

/// How files that are being written are called.
const BESIDE: &str = ".superset-keys-";
/// Nothing takes this long to write.
const STALE: Duration = Duration::from_secs(60);
const PRIVATE: u32 = 0o600;
const SHARED: u32 = 0o644;

impl Mode {
    fn bits(self, current: Option<u32>) -> u32 {
        match (self, current) {
            (Self::Kept | Self::Private, None) => PRIVATE,
            (Self::Shared, None) => SHARED,
            (Self::Exactly(mode), _) | (Self::Kept | Self::Shared, Some(mode)) => mode,
            (Self::Private, Some(mode)) => mode & PRIVATE,
        }
    }
}

/// Writes beside the file, syncs, looks whether the file is still what was seen, and renames; then reads back.
/// A file that was not there is only created, never replaced.
///
/// # Errors
/// [`Error::ClientFileChanged`] where somebody else wrote it, before or right after; the others say why nothing
/// could be written.
pub fn replace(file: &ClientFile, change: &Change<'_>) -> Result<()> {
    let changed = || Error::ClientFileChanged { path: file.path.clone() };
    let unwritable = |source: io::Error| Error::ClientFileUnwritable { path: file.path.clone(), source };
    if file.digest() != *change.seen {
        return Err(changed());
    }
    if file.is_read_only() {
        return Err(Error::ClientFileReadOnly { path: file.path.clone() });
    }
    let folder = file.target.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(unwritable)?;
    sweep(folder);
    let mut beside = tempfile::Builder::new().prefix(BESIDE).tempfile_in(folder).map_err(unwritable)?;
    beside.write_all(change.content).map_err(unwritable)?;
    keep_owner(beside.as_file(), &file.target);
    set_mode(beside.as_file(), change.mode.bits(file.mode)).map_err(unwritable)?;
    beside.as_file().sync_all().map_err(unwritable)?;
    failpoint!("client-file-beside");
    if file.content.is_none() {
        match beside.persist_noclobber(&file.target) {
            Ok(_) => {}
            Err(kept) if kept.error.kind() == io::ErrorKind::AlreadyExists => return Err(changed()),
            Err(kept) => return Err(unwritable(kept.error)),
        }
    } else {
        if ClientFile::read(&file.path)?.digest() != *change.seen {
            return Err(changed());
        }
        beside.persist(&file.target).map_err(|kept| unwritable(kept.error))?;
    }
    failpoint!("client-file-renamed");
    sync(folder);
    let found = ClientFile::read(&file.path)?;
    if found.digest() == Digest::of(Some(change.content)) { Ok(()) } else { Err(changed()) }
}

/// Takes away a file that was not there before us, if it still is what we wrote.
pub fn remove(file: &ClientFile, seen: &Digest) -> Result<()> {
    if file.digest() != *seen {
        return Err(Error::ClientFileChanged { path: file.path.clone() });
    }
    std::fs::remove_file(&file.target)
        .map_err(|source| Error::ClientFileUnwritable { path: file.path.clone(), source })?;
    sync(file.target.parent().unwrap_or(Path::new(".")));
    Ok(())
}

/// Takes away what a process of ours that was killed while it wrote has left here.
fn sweep(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_ours = entry.file_name().to_string_lossy().starts_with(BESIDE);
        let age = entry.metadata().and_then(|found| found.modified()).ok().and_then(|at| at.elapsed().ok());
        if is_ours && age.is_some_and(|age| age > STALE) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// The new file is its owner's who has the old one, or root would take a person's file away. Only root can.
fn keep_owner(new: &std::fs::File, old: &Path) {
    #[cfg(unix)]
    if let (Ok(new_owner), Ok(owner)) = (new.metadata(), old.metadata()) {
        use std::os::unix::fs::{MetadataExt, fchown};
        if (new_owner.uid(), new_owner.gid()) != (owner.uid(), owner.gid()) {
            let _ = fchown(new, Some(owner.uid()), Some(owner.gid()));
        }
    }
    #[cfg(not(unix))]
    let _ = (new, old);
}

fn set_mode(file: &std::fs::File, mode: u32) -> io::Result<()> {
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(mode))?;
    #[cfg(not(unix))]
    let _ = (file, mode);
    Ok(())
}

/// The rename itself must survive a power cut. Not every file system can be asked to.
fn sync(folder: &Path) {
    #[cfg(unix)]
    let _ = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
    #[cfg(not(unix))]
    let _ = folder;
}
