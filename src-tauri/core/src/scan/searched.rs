//! What a search comes to: keys, and what was looked into and what was not.

use super::kind::FileKind;
use super::known::Older;
use super::read::{Buffer, Named, NotRead};
use super::search::KeySearch;
use super::spot::{Caught, search_file};
use std::io;
use std::path::{Path, PathBuf};

/// As many as somebody reads; the rest are counted.
const MOST_NAMED: usize = 20;
/// More keys than anybody has.
const MOST_KEYS: usize = 10_000;

/// A file or folder that could not be looked into.
#[derive(Debug, Clone)]
pub struct Unreadable {
    pub path: PathBuf,
    pub why: io::ErrorKind,
}

/// What was looked into and what was not.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    pub files: u64,
    pub bytes: u64,
    pub binary: u64,
    pub too_large: u64,
    /// The first of them.
    pub large: Vec<PathBuf>,
    /// Links, pipes, devices, sockets.
    pub not_files: u64,
    /// Folders that hold nothing of a person's.
    pub folders_left_out: u64,
    pub unreadable: u64,
    /// The first of them.
    pub unread: Vec<Unreadable>,
    /// There are more keys than were told.
    pub more: bool,
    /// Known before anything was searched.
    pub older: Older,
}

/// What came of a search.
#[derive(Debug, Default)]
pub struct Searched {
    pub caught: Vec<Caught>,
    pub tally: Tally,
}

impl Searched {
    pub(super) fn search(
        &mut self,
        path: &Path,
        kind: impl FnOnce() -> FileKind,
        named: Named,
        search: &KeySearch,
        buffer: &mut Buffer,
    ) {
        let tally = &mut self.tally;
        match search_file(path, kind, named, search, buffer) {
            Ok((caught, size, more)) => {
                tally.files += 1;
                tally.bytes += size;
                self.caught.extend(caught);
                tally.more |= more || self.caught.len() > MOST_KEYS;
                self.caught.truncate(MOST_KEYS);
            }
            Err(NotRead::NotAFile) => tally.not_files += 1,
            Err(NotRead::Binary) => tally.binary += 1,
            Err(NotRead::TooLarge) => {
                tally.too_large += 1;
                name(&mut tally.large, path.to_owned());
            }
            Err(NotRead::Failed(error)) => tally.could_not_now(path, &error),
        }
    }

    /// Whatever else is found will not be told.
    pub(super) fn is_full(&self) -> bool {
        self.tally.more && self.caught.len() >= MOST_KEYS
    }

    pub(super) fn add(&mut self, other: Self) {
        let Tally {
            files,
            bytes,
            binary,
            too_large,
            large,
            not_files,
            folders_left_out,
            unreadable,
            unread,
            more,
            older: _,
        } = other.tally;
        let tally = &mut self.tally;
        tally.files += files;
        tally.bytes += bytes;
        tally.binary += binary;
        tally.too_large += too_large;
        tally.not_files += not_files;
        tally.folders_left_out += folders_left_out;
        tally.unreadable += unreadable;
        for path in large {
            name(&mut tally.large, path);
        }
        for one in unread {
            name(&mut tally.unread, one);
        }
        self.caught.extend(other.caught);
        tally.more |= more || self.caught.len() > MOST_KEYS;
        self.caught.truncate(MOST_KEYS);
    }
}

impl Tally {
    pub(super) fn could_not(&mut self, path: &Path, error: &io::Error) {
        self.unreadable += 1;
        name(&mut self.unread, Unreadable { path: path.to_owned(), why: error.kind() });
    }

    /// Unless it is gone since it was listed.
    pub(super) fn could_not_now(&mut self, path: &Path, error: &io::Error) {
        if error.kind() != io::ErrorKind::NotFound {
            self.could_not(path, error);
        }
    }
}

fn name<T>(named: &mut Vec<T>, one: T) {
    if named.len() < MOST_NAMED {
        named.push(one);
    }
}
