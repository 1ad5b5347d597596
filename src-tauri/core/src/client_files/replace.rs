//! Another content in a file's place: the old file or the new one, never half of one.
//!
//! Where nothing can take a file's place, because it is mounted by itself or its folder may not be written, the file
//! itself is. A death may leave half of it then, so the backup notes it before.

use super::backup::Backup;
use super::file::{ClientFile, Digest};
use crate::error::{Error, Result};
use crate::places::sweep;
use crate::put_in_place::put_in_place;
use std::io::{self, Seek, Write};
use std::path::Path;

/// What a file becomes.
pub struct Change<'a> {
    pub content: &'a [u8],
    /// What the person was shown. Anything else by now, and nothing is written.
    pub seen: &'a Digest,
    pub mode: Mode,
    /// Where the file is kept as it is.
    pub kept: &'a Backup,
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

/// Why a file is not what it was to become.
pub struct NotReplaced {
    pub error: Error,
    /// Nothing was put in the file's place, or into it, unless it was taken back.
    pub is_untouched: bool,
}

impl From<Error> for NotReplaced {
    fn from(error: Error) -> Self {
        Self { error, is_untouched: true }
    }
}

fn touched(error: Error) -> NotReplaced {
    NotReplaced { error, is_untouched: false }
}

/// Writes beside the file, syncs, looks whether the file is still what was seen, and renames; then reads back.
/// A file that was not there is only created, never replaced.
///
/// # Errors
/// [`Error::ClientFileChanged`] where somebody else wrote it, before or right after; the others say why nothing
/// could be written.
pub fn replace(file: &ClientFile, change: &Change<'_>) -> Result<()> {
    replace_or_tell(file, change).map_err(|refused| refused.error)
}

/// [`replace`], for who must know whether it came to that.
pub fn replace_or_tell(file: &ClientFile, change: &Change<'_>) -> std::result::Result<(), NotReplaced> {
    let changed = || Error::ClientFileChanged { path: file.path.clone() };
    let unwritable = |source: io::Error| Error::ClientFileUnwritable { path: file.path.clone(), source };
    if file.digest() != *change.seen {
        return Err(changed().into());
    }
    if file.is_read_only() {
        return Err(Error::ClientFileReadOnly { path: file.path.clone() }.into());
    }
    let folder = file.target.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(unwritable)?;
    sweep(folder, |name| name.starts_with(BESIDE));
    let mut beside = match tempfile::Builder::new().prefix(BESIDE).tempfile_in(folder) {
        Ok(beside) => beside,
        Err(error) if file.content.is_some() && is_not_for_us(&error) => return write_in_place(file, change),
        Err(error) => return Err(unwritable(error).into()),
    };
    beside.write_all(change.content).map_err(unwritable)?;
    keep_owner(beside.as_file(), &file.target);
    set_mode(beside.as_file(), change.mode.bits(file.mode)).map_err(unwritable)?;
    beside.as_file().sync_all().map_err(unwritable)?;
    failpoint!("client-file-beside");
    if file.content.is_none() {
        match beside.persist_noclobber(&file.target) {
            Ok(_) => {}
            Err(kept) if kept.error.kind() == io::ErrorKind::AlreadyExists => return Err(changed().into()),
            Err(kept) => return Err(unwritable(kept.error).into()),
        }
    } else {
        if ClientFile::read(&file.path)?.digest() != *change.seen {
            return Err(changed().into());
        }
        match put_in_place(beside, &file.target) {
            Ok(_) => {}
            Err(kept) if kept.error.kind() == io::ErrorKind::ResourceBusy || is_not_for_us(&kept.error) => {
                drop(kept);
                return write_in_place(file, change);
            }
            Err(kept) => return Err(unwritable(kept.error).into()),
        }
    }
    failpoint!("client-file-renamed");
    sync(folder);
    read_back(file, change)
}

fn read_back(file: &ClientFile, change: &Change<'_>) -> std::result::Result<(), NotReplaced> {
    let found = ClientFile::read(&file.path).map_err(touched)?;
    if found.digest() == Digest::of(Some(change.content)) {
        Ok(())
    } else {
        Err(touched(Error::ClientFileChanged { path: file.path.clone() }))
    }
}

/// Nothing may be put into the folder, or put in this file's place there.
fn is_not_for_us(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

/// Writes the file itself, and reads it back. What fails on the way is taken back.
fn write_in_place(file: &ClientFile, change: &Change<'_>) -> std::result::Result<(), NotReplaced> {
    let unwritable = |source: io::Error| Error::ClientFileUnwritable { path: file.path.clone(), source };
    let mut there = std::fs::File::options().write(true).open(&file.target).map_err(unwritable)?;
    let mode = change.mode.bits(file.mode);
    // While a key may be in it, whether it comes or goes, only who may read both the old and the new one.
    let meanwhile = file.mode.map_or(mode, |current| mode & current);
    let set = |there: &std::fs::File, from: Option<u32>, to: u32| {
        if from == Some(to) { Ok(()) } else { set_mode(there, to) }
    };
    let as_it_was = |there: &std::fs::File| {
        let _ = file.mode.map(|mode| set(there, Some(meanwhile), mode));
    };
    set(&there, file.mode, meanwhile).map_err(unwritable)?;
    if let Err(error) = begin_in_place(file, change, &there) {
        as_it_was(&there);
        return Err(error.into());
    }
    if let Err(error) = put_into(&mut there, change.content) {
        // As far as that is still possible. Half of it may be a key, so it stays closed.
        if put_into(&mut there, file.bytes()).is_err() {
            let client = change.kept.client.clone();
            return Err(touched(Error::ClientFileHalfWritten { client, path: file.path.clone() }));
        }
        as_it_was(&there);
        end_in_place(change.kept);
        return Err(unwritable(error).into());
    }
    read_back(file, change)?;
    // Narrower than it was to be does no harm.
    let _ = set(&there, Some(meanwhile), mode);
    end_in_place(change.kept);
    Ok(())
}

/// All that can be refused before a byte of it is written.
fn begin_in_place(file: &ClientFile, change: &Change<'_>, there: &std::fs::File) -> Result<()> {
    reserve(there, change.content.len())
        .map_err(|source| Error::ClientFileUnwritable { path: file.path.clone(), source })?;
    if ClientFile::read(&file.path)?.digest() != *change.seen {
        return Err(Error::ClientFileChanged { path: file.path.clone() });
    }
    change.kept.begins_in_place([file.bytes().len() as u64, change.content.len() as u64])
}

/// The file is whole, and is seen to be by what is in it: that the note still says otherwise undoes nothing.
fn end_in_place(kept: &Backup) {
    if let Err(error) = kept.ends_in_place() {
        tracing::warn!(%error, "a backup still says that its file is being written");
    }
}

fn put_into(there: &mut std::fs::File, content: &[u8]) -> io::Result<()> {
    let (first, second) = content.split_at(content.len() / 2);
    there.rewind()?;
    there.write_all(first)?;
    failpoint!("client-file-half-written");
    there.write_all(second)?;
    there.set_len(content.len() as u64)?;
    there.sync_all()
}

/// Has the disk keep room for all of it, so that it is not full in the middle. Not every file system can be asked to.
#[cfg(target_os = "linux")]
fn reserve(there: &std::fs::File, length: usize) -> io::Result<()> {
    use rustix::fs::{FallocateFlags, fallocate};
    match fallocate(there, FallocateFlags::KEEP_SIZE, 0, length as u64) {
        Err(rustix::io::Errno::NOSPC) => Err(io::ErrorKind::StorageFull.into()),
        _ => Ok(()),
    }
}

#[cfg(not(target_os = "linux"))]
fn reserve(_there: &std::fs::File, _length: usize) -> io::Result<()> {
    Ok(())
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
