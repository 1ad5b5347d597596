//! Whole folders, with as many hands as the computer has.

use super::known::{FileKind, KnownFile};
use super::read::{Buffer, Named, NotRead};
use super::search::KeySearch;
use super::spot::{Caught, search_file};
use ignore::{DirEntry, WalkBuilder, WalkState};
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// As many as somebody reads; the rest are counted.
const MOST_NAMED: usize = 20;
/// More keys than anybody has.
const MOST_KEYS: usize = 10_000;
/// Disks give no more to more.
const MOST_HANDS: usize = 8;

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
    /// Folders that hold nothing of a person's; see [`is_left_out`].
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
        // One that is not there is no news.
        if let Ok(real) = file.path.canonicalize()
            && seen.insert(real)
        {
            all.search(&file.path, || file.kind.clone(), Named::ByItself, search, &mut buffer);
        }
    }
    let mut folders = Vec::new();
    for path in given {
        match path.canonicalize().and_then(|real| Ok((real.metadata()?.is_dir(), real))) {
            Ok((true, real)) => folders.push(real),
            Ok((false, real)) if seen.insert(real.clone()) => {
                all.search(&real, || FileKind::of(&real), Named::ByItself, search, &mut buffer);
            }
            Ok(_) => {}
            Err(error) => all.tally.could_not(path, &error),
        }
    }
    // A folder inside another would be walked twice.
    folders.sort();
    folders.dedup_by(|inner, outer| inner.starts_with(outer));
    if !folders.is_empty() {
        walk(&folders, search, &seen, stop, &mut all);
    }
    all.caught.sort_by(|a, b| (&a.spot.path, a.spot.range.start).cmp(&(&b.spot.path, b.spot.range.start)));
    all
}

fn walk(
    folders: &[PathBuf],
    search: &KeySearch,
    seen: &HashSet<PathBuf>,
    stop: &AtomicBool,
    all: &mut Searched,
) {
    let Some((first, others)) = folders.split_first() else { return };
    let left_out = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&left_out);
    let mut builder = WalkBuilder::new(first);
    for other in others {
        builder.add(other);
    }
    builder
        .standard_filters(false)
        .follow_links(false)
        // No wandering into /proc or onto a network: a mount that is meant can be given by itself.
        .same_file_system(true)
        .threads(std::thread::available_parallelism().map_or(2, std::num::NonZero::get).min(MOST_HANDS))
        .filter_entry(move |entry| {
            let out = entry.depth() > 0 && is_folder(entry) && is_left_out(entry.path());
            counted.fetch_add(u64::from(out), Ordering::Relaxed);
            !out
        });
    let gathered = Mutex::new(std::mem::take(all));
    builder.build_parallel().run(|| {
        let mut hand = Hand { own: Searched::default(), gathered: &gathered };
        let mut buffer = Buffer::default();
        Box::new(move |entry| {
            if stop.load(Ordering::Relaxed) || hand.own.tally.more {
                return WalkState::Quit;
            }
            match entry {
                Ok(entry) if is_folder(&entry) => {}
                Ok(entry) if !entry.file_type().is_some_and(|kind| kind.is_file()) => {
                    hand.own.tally.not_files += 1;
                }
                Ok(entry) if seen.contains(entry.path()) => {}
                Ok(entry) => {
                    let path = entry.path();
                    hand.own.search(path, || FileKind::of(path), Named::ByItsFolder, search, &mut buffer);
                }
                Err(error) => hand.own.tally.could_not_walk(error),
            }
            WalkState::Continue
        })
    });
    *all = gathered.into_inner().unwrap_or_else(PoisonError::into_inner);
    all.tally.folders_left_out += left_out.load(Ordering::Relaxed);
}

/// One thread's share, put together with the others' when it is done.
struct Hand<'a> {
    own: Searched,
    gathered: &'a Mutex<Searched>,
}

impl Drop for Hand<'_> {
    fn drop(&mut self) {
        let mut all = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        all.add(std::mem::take(&mut self.own));
    }
}

impl Searched {
    fn search(
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
            // Gone since it was listed, or a link put in its place.
            Err(NotRead::Failed(error)) if error.kind() == io::ErrorKind::NotFound => {}
            Err(NotRead::Failed(error)) => tally.could_not(path, &error),
        }
    }

    fn add(&mut self, other: Self) {
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
    fn could_not(&mut self, path: &Path, error: &io::Error) {
        self.unreadable += 1;
        name(&mut self.unread, Unreadable { path: path.to_owned(), why: error.kind() });
    }

    fn could_not_walk(&mut self, error: ignore::Error) {
        let mut path = PathBuf::new();
        let mut error = error;
        loop {
            error = match error {
                ignore::Error::WithPath { path: at, err } => {
                    path = at;
                    *err
                }
                ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => *err,
                ignore::Error::Io(error) => return self.could_not(&path, &error),
                _ => return self.could_not(&path, &io::ErrorKind::Other.into()),
            }
        }
    }
}

fn name<T>(named: &mut Vec<T>, one: T) {
    if named.len() < MOST_NAMED {
        named.push(one);
    }
}

fn is_folder(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_dir())
}

/// Folders that nobody writes a key into by hand: installed packages, git's packed objects, and what calls itself
/// a cache (cargo's `target`, uv's, pytest's). A virtual environment is not one: people put exports into its
/// `activate`. A folder that is named by itself is never left out.
fn is_left_out(folder: &Path) -> bool {
    match folder.file_name().and_then(|name| name.to_str()) {
        Some("node_modules" | "site-packages" | "__pycache__") => true,
        Some("objects") => folder.parent().is_some_and(|git| git.join("HEAD").is_file()),
        _ => is_cache(folder),
    }
}

/// <https://bford.info/cachedir/>
fn is_cache(folder: &Path) -> bool {
    const SIGNATURE: &[u8; 43] = b"Signature: 8a477f597d28d172789f06886806bc55";
    let tag = folder.join("CACHEDIR.TAG");
    if !tag.symlink_metadata().is_ok_and(|tag| tag.is_file()) {
        return false;
    }
    let mut start = [0; SIGNATURE.len()];
    File::open(tag).and_then(|mut tag| tag.read_exact(&mut start)).is_ok() && start == *SIGNATURE
}
