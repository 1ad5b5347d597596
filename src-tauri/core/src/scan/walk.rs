//! Whole folders, with as many hands as the computer has.

use super::kind::FileKind;
use super::read::{Buffer, Named};
use super::search::KeySearch;
use super::searched::Searched;
use std::collections::HashSet;
use std::fs::{File, Metadata, read_dir};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Disks give no more to more.
const MOST_HANDS: usize = 8;
/// Files of one folder that a hand takes at a time.
const HANDFUL: usize = 32;
/// Handfuls that wait; who lists a folder of a million files searches some of them before it lists on.
const MOST_HANDFULS: usize = 64;

/// Searches `folders` to their last corner: all but [`is_left_out`], other file systems, and what was `seen` or is to
/// be by itself. Links are not followed. Ends early once `stop` is set.
pub(super) fn walk(
    folders: Vec<PathBuf>,
    search: &KeySearch,
    seen: &HashSet<PathBuf>,
    stop: &AtomicBool,
    all: &mut Searched,
) {
    let mut waiting = Waiting::default();
    for path in folders {
        match file_system(&path) {
            Ok(disk) => waiting.folders.push((path, disk)),
            Err(error) => all.tally.could_not(&path, &error),
        }
    }
    let yard = Yard { waiting: Mutex::new(waiting), news: Condvar::new() };
    let enough = AtomicBool::new(false);
    let gathered = Mutex::new(std::mem::take(all));
    let work = || {
        let (own, buffer) = (Searched::default(), Buffer::default());
        let mut hand = Hand { own, buffer, search, seen, stop, enough: &enough, yard: &yard };
        hand.work();
        locked(&gathered).add(hand.own);
    };
    let hands = thread::available_parallelism().map_or(2, std::num::NonZero::get).min(MOST_HANDS);
    thread::scope(|scope| {
        for _ in 1..hands {
            // A system that gives no more threads gets by with those there are.
            let _ = thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    *all = gathered.into_inner().unwrap_or_else(PoisonError::into_inner);
}

/// What all hands take from and bring to.
struct Yard {
    waiting: Mutex<Waiting>,
    news: Condvar,
}

#[derive(Default)]
struct Waiting {
    handfuls: Vec<Vec<PathBuf>>,
    /// With the file system that each is to stay on. The last is taken first: what is begun is ended before the
    /// next begins, so few wait.
    folders: Vec<(PathBuf, u64)>,
    /// Hands that may bring more.
    working: usize,
}

enum Work {
    Search(Vec<PathBuf>),
    List(PathBuf, u64),
}

impl Yard {
    /// Waits as long as somebody may bring more, unless `is_over`.
    fn take(&self, is_over: impl Fn() -> bool) -> Option<(Work, Turn<'_>)> {
        let mut waiting = locked(&self.waiting);
        loop {
            if is_over() {
                return None;
            }
            let handful = waiting.handfuls.pop().map(Work::Search);
            if let Some(work) =
                handful.or_else(|| waiting.folders.pop().map(|(path, disk)| Work::List(path, disk)))
            {
                waiting.working += 1;
                return Some((work, Turn(self)));
            }
            if waiting.working == 0 {
                return None;
            }
            waiting = self.news.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn bring_folder(&self, path: PathBuf, disk: u64) {
        locked(&self.waiting).folders.push((path, disk));
        self.news.notify_one();
    }

    /// Gives them back if enough are waiting.
    fn bring_files(&self, files: Vec<PathBuf>) -> Result<(), Vec<PathBuf>> {
        let mut waiting = locked(&self.waiting);
        if waiting.handfuls.len() >= MOST_HANDFULS {
            return Err(files);
        }
        waiting.handfuls.push(files);
        self.news.notify_one();
        Ok(())
    }
}

/// As long as a hand works. It ends in a panic too: nobody may wait for a hand that is gone.
struct Turn<'a>(&'a Yard);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut waiting = locked(&self.0.waiting);
        waiting.working -= 1;
        if waiting.working == 0 {
            self.0.news.notify_all();
        }
    }
}

/// One thread and its share, put together with the others' when it is done.
struct Hand<'a> {
    own: Searched,
    buffer: Buffer,
    search: &'a KeySearch,
    seen: &'a HashSet<PathBuf>,
    stop: &'a AtomicBool,
    /// Some hand has all the keys it can hold.
    enough: &'a AtomicBool,
    yard: &'a Yard,
}

impl Hand<'_> {
    fn work(&mut self) {
        while let Some((work, _turn)) = self.yard.take(|| self.is_over()) {
            match work {
                Work::List(folder, disk) => self.list(&folder, disk),
                Work::Search(files) => self.search(&files),
            }
        }
    }

    fn is_over(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.enough.load(Ordering::Relaxed)
    }

    fn list(&mut self, folder: &Path, disk: u64) {
        let entries = match read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return self.own.tally.could_not_now(folder, &error),
        };
        let mut files = Vec::new();
        for entry in entries {
            if self.is_over() {
                return;
            }
            match entry.and_then(|entry| Ok((entry.file_type()?, entry.path()))) {
                Ok((_, path)) if self.seen.contains(&path) => {}
                Ok((kind, path)) if kind.is_dir() => self.enter(path, disk),
                Ok((kind, _)) if !kind.is_file() => self.own.tally.not_files += 1,
                Ok((_, path)) => files.push(path),
                Err(error) => self.own.tally.could_not_now(folder, &error),
            }
            if files.len() == HANDFUL
                && let Err(files) = self.yard.bring_files(std::mem::take(&mut files))
            {
                self.search(&files);
            }
        }
        self.search(&files);
    }

    fn enter(&mut self, folder: PathBuf, disk: u64) {
        match file_system(&folder) {
            // No wandering into /proc or onto a network: a mount that is meant can be given by itself.
            Ok(other) if other != disk => {}
            Ok(_) if is_left_out(&folder) => self.own.tally.folders_left_out += 1,
            Ok(_) => self.yard.bring_folder(folder, disk),
            Err(error) => self.own.tally.could_not_now(&folder, &error),
        }
    }

    fn search(&mut self, files: &[PathBuf]) {
        for path in files {
            if self.is_over() {
                return;
            }
            self.own.search(path, || FileKind::of(path), Named::ByItsFolder, self.search, &mut self.buffer);
            if self.own.is_full() {
                self.enough.store(true, Ordering::Relaxed);
            }
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Which file system a folder is on.
fn file_system(folder: &Path) -> io::Result<u64> {
    folder.symlink_metadata().map(|metadata| device(&metadata))
}

#[cfg(unix)]
fn device(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::dev(metadata)
}

/// Windows shows another volume as a link, which is not followed.
#[cfg(not(unix))]
fn device(_: &Metadata) -> u64 {
    0
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
