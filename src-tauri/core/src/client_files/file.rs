//! A file as it was found.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Claude Code keeps what was said in its configuration, and that of a busy person has tens of megabytes. What is larger
/// than this is something else, or endless.
const LIMIT: u64 = 128 * 1024 * 1024;

/// What a file held, so that a change of it shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    #[must_use]
    pub fn of(content: Option<&[u8]>) -> Self {
        let Some(content) = content else { return Self("absent".to_owned()) };
        let mut text = String::new();
        for byte in Sha256::digest(content) {
            // Writing to a string does not fail.
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }
}

/// A client's file. Its content may hold keys of others, so it has no `Debug`.
pub struct ClientFile {
    /// As the client names it.
    pub path: PathBuf,
    /// Where the content really lies: people link such files into folders of their own.
    pub target: PathBuf,
    /// Nothing where there is no file.
    pub content: Option<Vec<u8>>,
    /// Unix permission bits.
    pub mode: Option<u32>,
}

impl ClientFile {
    /// # Errors
    /// [`Error::ClientFileUnreadable`] for what is no plain file, may not be read or is too large.
    pub fn read(path: &Path) -> Result<Self> {
        Self::read_it(path).map_err(|source| Error::ClientFileUnreadable { path: path.to_owned(), source })
    }

    fn read_it(path: &Path) -> io::Result<Self> {
        let target = follow(path)?;
        let absent = |target: PathBuf| Self { path: path.to_owned(), target, content: None, mode: None };
        let found = match target.metadata() {
            Ok(found) => found,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(absent(target)),
            Err(error) => return Err(error),
        };
        // Before it is opened: a pipe without a writer would never answer.
        if !found.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "no plain file"));
        }
        let mut content = Vec::new();
        std::fs::File::open(&target)?.take(LIMIT + 1).read_to_end(&mut content)?;
        if content.len() as u64 > LIMIT {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        #[cfg(unix)]
        let mode = Some(std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o7777);
        #[cfg(not(unix))]
        let mode = None;
        Ok(Self { path: path.to_owned(), target, content: Some(content), mode })
    }

    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.content.as_deref().unwrap_or_default()
    }

    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(self.content.as_deref())
    }

    /// Whether it may be written, as its permissions say: replacing a file needs only its folder's, and would
    /// go over them.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        #[cfg(unix)]
        if self.content.is_some()
            && rustix::fs::access(&self.target, rustix::fs::Access::WRITE_OK)
                .is_err_and(|error| error == rustix::io::Errno::ACCESS)
        {
            return true;
        }
        self.target.metadata().is_ok_and(|found| found.permissions().readonly())
    }
}

/// Where links lead, also to a file that is not there yet.
fn follow(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..40 {
        let Ok(next) = std::fs::read_link(&target) else { return Ok(target) };
        target = match target.parent() {
            Some(folder) => folder.join(next),
            None => next,
        };
    }
    Err(io::Error::other("too many links"))
}
