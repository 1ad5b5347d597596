//! What a search comes to: keys, and what was looked into and what was not.

use super::known::{FileKind, KnownFile};
use super::read::{Buffer, Named, NotRead};
use super::search::KeySearch;
use super::spot::{Caught, search_file};
use super::walk::walk;
use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

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
}

/// What came of a search.
#[derive(Debug, Default)]
pub struct Searched {
    pub caught: Vec<Caught>,
    pub tally: Tally,
}

/// Searches `known` files, which need not be there, and `given` files and folders to their last corner. Ignore
/// files hide nothing: `.env` is ignored, and is where keys lie. Ends early once `stop` is set.
#[must_use]
pub fn search_all(search: &KeySearch, known: &[KnownFile], given: &[PathBuf], stop: &AtomicBool) -> Searched {
    let mut all = Searched::default();
    let mut buffer = Buffer::default();
    let mut seen = HashSet::new();
    for file in known {
        if stop.load(Ordering::Relaxed) {
            return all;
        }
        match file.path.canonicalize() {
            Ok(real) => {
                if seen.insert(real) {
                    all.search(&file.path, || file.kind.clone(), Named::ByItself, search, &mut buffer);
                }
            }
            // One that is not there is no news. One in a closed folder may be there.
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {}
            Err(error) => all.tally.could_not_now(&file.path, &error),
        }
    }
    let mut folders = Vec::new();
    for path in given {
        match path.canonicalize().and_then(|real| Ok((real.metadata()?.is_dir(), real))) {
            Ok((_, real)) if !seen.insert(real.clone()) => {}
            Ok((true, real)) => folders.push(real),
            Ok((false, real)) => {
                all.search(&real, || FileKind::of(&real), Named::ByItself, search, &mut buffer);
            }
            Err(error) => all.tally.could_not(path, &error),
        }
    }
    if !folders.is_empty() {
        walk(folders, search, &seen, stop, &mut all);
    }
    all.caught.sort_by(|a, b| (&a.spot.path, a.spot.range.start).cmp(&(&b.spot.path, b.spot.range.start)));
    all
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
