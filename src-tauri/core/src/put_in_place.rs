//! A file in the place of another.

use std::fs::File;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::{NamedTempFile, PersistError};

/// Who looks through files, for viruses say, has them open for an instant.
const PATIENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(20);

/// Renames `beside` to `path`. Windows lets nobody take a file's place while somebody has it open, if only to read it: that is
/// waited for, and told where it does not end.
///
/// # Errors
/// [`io::ErrorKind::ResourceBusy`] where another program has the file open.
pub(crate) fn put_in_place(beside: NamedTempFile, path: &Path) -> Result<File, PersistError> {
    put_when_free(beside, path, is_held, PATIENCE)
}

fn put_when_free(
    mut beside: NamedTempFile,
    path: &Path,
    is_held: impl Fn(&Path, &io::Error) -> bool,
    patience: Duration,
) -> Result<File, PersistError> {
    let since = Instant::now();
    loop {
        match beside.persist(path) {
            Err(kept) if is_held(path, &kept.error) => {
                if since.elapsed() >= patience {
                    return Err(PersistError { error: io::ErrorKind::ResourceBusy.into(), ..kept });
                }
                beside = kept.file;
                std::thread::sleep(PAUSE);
            }
            done => return done,
        }
    }
}

/// Windows says so in two ways. The second also means that this account may not: but it could write beside the file.
fn is_held(path: &Path, error: &io::Error) -> bool {
    let is_file =
        || path.symlink_metadata().is_ok_and(|found| found.is_file() && !found.permissions().readonly());
    is_held_open(error) || cfg!(windows) && error.kind() == io::ErrorKind::PermissionDenied && is_file()
}

/// What Windows answers where another program has a file open for itself alone; Rust's library has no kind for it.
pub(crate) fn is_held_open(error: &io::Error) -> bool {
    const ERROR_SHARING_VIOLATION: i32 = 32;
    cfg!(windows) && error.raw_os_error() == Some(ERROR_SHARING_VIOLATION)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    /// Stands in for a file that another program has open: nothing can be renamed to it.
    fn held() -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json");
        std::fs::create_dir(&path).unwrap();
        (folder, path)
    }

    fn beside(folder: &Path) -> NamedTempFile {
        let mut beside = NamedTempFile::new_in(folder).unwrap();
        io::Write::write_all(&mut beside, b"new").unwrap();
        beside
    }

    #[test]
    fn a_file_that_is_open_for_an_instant_is_replaced_after_it() {
        let (folder, path) = held();
        let asked = Cell::new(0);
        let is_held = |path: &Path, _: &io::Error| {
            asked.set(asked.get() + 1);
            if asked.get() == 3 {
                std::fs::remove_dir(path).unwrap();
            }
            true
        };
        assert!(put_when_free(beside(folder.path()), &path, is_held, Duration::from_secs(60)).is_ok());
        assert_eq!((std::fs::read(&path).unwrap(), asked.get()), (b"new".to_vec(), 3));
    }

    #[test]
    fn one_that_stays_open_is_told_of_in_words_and_any_other_failure_at_once() {
        let (folder, path) = held();
        let kept = put_when_free(beside(folder.path()), &path, |_, _| true, Duration::ZERO).unwrap_err();
        assert_eq!(kept.error.kind(), io::ErrorKind::ResourceBusy);
        drop(kept);
        let kept = put_when_free(beside(folder.path()), &path, |_, _| false, Duration::MAX).unwrap_err();
        assert_ne!(kept.error.kind(), io::ErrorKind::ResourceBusy);
        drop(kept);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "what was to be written is gone");
    }
}
