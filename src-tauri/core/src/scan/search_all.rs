//! All that is to be searched, and what it comes to.

use super::kind::FileKind;
use super::known::KnownFile;
use super::read::{Buffer, Named};
use super::search::KeySearch;
use super::searched::Searched;
use super::walk::walk;
use std::collections::HashSet;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

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
