//! A file's bytes, if it is a file: never a pipe, a device or a socket, never more than a limit.

use super::text::{Encoding, PROBE};
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::Path;
use zeroize::Zeroizing;

/// In bytes. Configurations, histories and logs that people keep are smaller, a client's session of months
/// included; what is larger is a dump, an image or a core file.
pub const LARGEST: u64 = 64 * 1024 * 1024;

/// Why a file was not searched.
#[derive(Debug)]
pub enum NotRead {
    /// A pipe, a device, a folder.
    NotAFile,
    TooLarge,
    Binary,
    Failed(io::Error),
}

/// How a file was named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// By itself: it may be a link, as shell start-up files often are, and is searched whatever it holds. A
    /// history that a crash left NULs in is still a history.
    ByItself,
    /// By the folder it was found in.
    ByItsFolder,
}

/// Bytes of one file after another, wiped in the end.
#[derive(Default)]
pub struct Buffer(Zeroizing<Vec<u8>>);

impl Buffer {
    /// What `path` holds, and its encoding.
    pub fn read(&mut self, path: &Path, named: Named) -> Result<(&[u8], Encoding, Metadata), NotRead> {
        let mut file = open(path, named).map_err(NotRead::Failed)?;
        let metadata = file.metadata().map_err(NotRead::Failed)?;
        if !metadata.is_file() {
            return Err(NotRead::NotAFile);
        }
        if metadata.len() > LARGEST {
            return Err(NotRead::TooLarge);
        }
        let size = usize::try_from(metadata.len()).map_err(|_| NotRead::TooLarge)?;
        self.make_room(size);
        let room = &mut self.0[..size];
        let probe = size.min(PROBE);
        let mut filled = fill(&mut file, &mut room[..probe])?;
        let encoding = Encoding::of(&room[..filled]);
        if named == Named::ByItsFolder && encoding.is_binary(&room[..filled]) {
            return Err(NotRead::Binary);
        }
        if filled == probe {
            filled += fill(&mut file, &mut room[probe..])?;
        }
        Ok((&self.0[..filled], encoding, metadata))
    }

    /// A new buffer instead of a grown one, which would leave a copy of the old bytes behind.
    fn make_room(&mut self, size: usize) {
        if self.0.len() < size {
            self.0 = Zeroizing::new(vec![0; size.next_power_of_two().max(PROBE)]);
        }
    }
}

/// Reads until `room` is full or the file ends.
fn fill(file: &mut File, room: &mut [u8]) -> Result<usize, NotRead> {
    let mut filled = 0;
    while filled < room.len() {
        match file.read(&mut room[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(NotRead::Failed(error)),
        }
    }
    Ok(filled)
}

/// Opening a pipe would wait for somebody to write; this does not wait, and a link that took the file's place
/// since it was listed is not followed.
fn open(path: &Path, named: Named) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        let mut flags = OFlags::NONBLOCK | OFlags::NOCTTY;
        if named == Named::ByItsFolder {
            flags |= OFlags::NOFOLLOW;
        }
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags.bits().cast_signed());
    }
    #[cfg(not(unix))]
    let _ = named;
    options.open(path)
}
