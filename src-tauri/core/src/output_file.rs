//! A file that a person names for what they want to keep: written whole, or not at all.

use crate::error::{Error, Result};
use crate::put_in_place::put_in_place;
use std::fs::FileType;
use std::io::{self, Write};
use std::path::Path;

/// Writes a file that only its owner may read, in the place of one that is there. Nothing that is no regular file is
/// replaced: a link, a device, a pipe or a folder.
///
/// # Errors
/// [`Error::OutputNotRegular`], [`Error::OutputUnwritable`]; then what was there still is.
pub fn write_output_file(path: &Path, content: &[u8]) -> Result<()> {
    let unwritable = |source| Error::OutputUnwritable { path: path.to_owned(), source };
    match path.symlink_metadata().map(|found| found.file_type()) {
        Ok(found) if !FileType::is_file(&found) => {
            return Err(Error::OutputNotRegular { path: path.to_owned() });
        }
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(unwritable(error)),
        _ => {}
    }
    // What takes that place meanwhile is replaced by the rename, and never followed or written into.
    replace(path, content).map_err(unwritable)
}

fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if path.file_name().is_none() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let mut file = tempfile::Builder::new().prefix(".writing-").tempfile_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    put_in_place(file, path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorCode;
    use std::fs;

    fn code(result: Result<()>) -> Option<ErrorCode> {
        result.err().map(|error| error.code())
    }

    #[test]
    fn a_file_is_replaced_whole_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.csv");
        fs::write(&path, "older and longer").unwrap();
        write_output_file(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_folder_that_is_not_there_is_a_reason_and_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("no/keys.csv");
        assert_eq!(code(write_output_file(&path, b"new")), Some(ErrorCode::OutputUnwritable));
        assert!(!folder.path().join("no").exists());
        for path in ["", "..", "/"] {
            assert!(write_output_file(Path::new(path), b"new").is_err(), "{path:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_regular_file_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link, gone) =
            (folder.path().join("target"), folder.path().join("link"), folder.path().join("gone"));
        fs::write(&target, "kept").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        std::os::unix::fs::symlink("nowhere", &gone).unwrap();
        let socket = folder.path().join("socket");
        let _listening = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        for path in [&link, &gone, &socket, &folder.path().to_owned(), &Path::new("/dev/null").to_owned()] {
            assert_eq!(code(write_output_file(path, b"new")), Some(ErrorCode::OutputNotRegular), "{path:?}");
        }
        assert_eq!(fs::read(&target).unwrap(), b"kept");
        assert!(link.is_symlink() && gone.is_symlink());
    }
}
