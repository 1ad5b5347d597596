//! The record of what went through: `activity.jsonl` in the state folder, and older ones beside it.
//!
//! Many bridges write at once: each line is one write to the file's end, which the system keeps whole. Past its size a
//! file becomes an older one, which one process at a time does. A file is opened for each line, so that nobody writes to
//! one that is gone.

use super::Store;
use crate::activity::{Line, Mark, Recorded};
use crate::error::Result;
use crate::ids::InstanceId;
use crate::places::create_private_folder;
use jiff::Timestamp;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::PathBuf;

/// Of all files together.
const BYTES: u64 = 10_000_000;
const FILES: u32 = 4;
/// A line is far shorter; a longer one is somebody's attempt to fill the disk.
const LONGEST: usize = 4096;

impl Store {
    /// Appends a line. Losing one costs little: what went wrong is the caller's to log, and the call goes on.
    pub fn note_activity(&self, line: &Line) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        if text.len() > LONGEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut file = match self.open_activity() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                create_private_folder(&self.places.state)?;
                self.open_activity()?
            }
            opened => opened?,
        };
        if file.metadata()?.len() + text.len() as u64 > BYTES / u64::from(FILES) {
            self.begin_another_activity()?;
            file = self.open_activity()?;
        }
        // Once: a second write would be another line's neighbour.
        let written = file.write(&text)?;
        if written == text.len() { Ok(()) } else { Err(io::ErrorKind::WriteZero.into()) }
    }

    /// What the record still tells, of one instance or of all. Lines that cannot be read are passed over.
    #[must_use]
    pub fn activity(&self, instance: Option<&InstanceId>, is_on: bool) -> Recorded {
        let mut recorded = Recorded { is_on, ..Recorded::default() };
        // While the files change, the newest lines are in none that is read.
        let _unchanged = self.lock_activity().and_then(|lock| lock.lock_shared().map(|()| lock));
        for number in (0..FILES).rev() {
            let content = self.read_activity(number);
            for line in content.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
                // Most lines are calls, and most of those may be of other instances.
                let is_other = |id: &InstanceId| {
                    let names = |word: &str| memchr::memmem::find(line, word.as_bytes()).is_some();
                    recorded.since.is_some() && !names(id.as_str()) && names("\"instance\"")
                };
                if instance.is_some_and(is_other) {
                    continue;
                }
                let Some(line) = Line::read(line) else { continue };
                recorded.since.get_or_insert_with(|| line.noted_at());
                match line {
                    Line::Mark(mark) => recorded.marks.push(mark),
                    Line::Call(call) if instance.is_none_or(|id| call.instance == *id) => {
                        recorded.calls.push(call);
                    }
                    Line::Call(_) => {}
                }
            }
        }
        recorded
    }

    /// From now on there is a record, unless there is one already: uses before it are nobody's to explain.
    pub fn begin_activity(&self, now: Timestamp) {
        if (0..FILES).any(|number| self.activity_path(number).exists()) {
            return;
        }
        if let Err(error) = self.note_activity(&Line::Mark(Mark { at: now, recording: true })) {
            tracing::warn!(%error, "the record of activity could not be begun");
        }
    }

    /// Deletes the record.
    pub fn drop_activity(&self) -> Result<()> {
        for number in 0..FILES {
            match std::fs::remove_file(self.activity_path(number)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(self.unusable(error)),
                _ => {}
            }
        }
        Ok(())
    }

    fn open_activity(&self) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(self.activity_path(0))
    }

    fn lock_activity(&self) -> io::Result<File> {
        crate::file_lock::open_private(&self.places.state.join("activity.lock"))
    }

    /// The file becomes an older one. While another process does that, lines still go to the one there is.
    fn begin_another_activity(&self) -> io::Result<()> {
        let lock = self.lock_activity()?;
        if lock.try_lock().is_err() {
            return Ok(());
        }
        // It may have been done while we came here.
        let is_full = std::fs::metadata(self.activity_path(0))
            .is_ok_and(|file| file.len() + LONGEST as u64 > BYTES / u64::from(FILES));
        if is_full {
            for number in (0..FILES - 1).rev() {
                match std::fs::rename(self.activity_path(number), self.activity_path(number + 1)) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn read_activity(&self, number: u32) -> Vec<u8> {
        let mut content = Vec::new();
        let opened = File::open(self.activity_path(number));
        let read = opened.and_then(|file| file.take(BYTES).read_to_end(&mut content));
        if let Err(error) = read.as_ref()
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "the record of activity could not be read");
        }
        content
    }

    fn activity_path(&self, number: u32) -> PathBuf {
        let name = if number == 0 { "activity.jsonl".to_owned() } else { format!("activity.jsonl.{number}") };
        self.places.state.join(name)
    }
}

#[cfg(test)]
mod tests;
