//! The record of what was done here: `record.jsonl` in the state folder, and older ones beside it.
//!
//! Deeds are rare, and each line names the one before it, so that a line is written under a lock that all our programs
//! take. Past its size a file becomes an older one; the chain goes on in the next.

use super::Store;
use crate::chain::{Chain, Head, claimed_place, place};
use crate::deed::Line;
use crate::file_lock::lock;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

/// Of all files together.
const BYTES: u64 = 4_000_000;
const FILES: u32 = 4;
/// No line is longer: what others named is cut.
const LONGEST: usize = 4096;
/// How far back the last line is looked for, past torn and unchained ones.
const END: u64 = 64 * 1024;

impl Store {
    /// Nobody else writes to the record while this is held.
    pub fn lock_deeds(&self) -> io::Result<File> {
        lock(&self.places.state.join("record.lock"))?.ok_or_else(|| io::ErrorKind::TimedOut.into())
    }

    /// Appends a line, chained to the one before where there is a chain, whose head is this line then. The lock is held.
    /// What could not be written whole is taken back.
    pub fn note_deed(&self, line: &mut Line, mut chain: Option<&mut Chain>) -> io::Result<()> {
        if self.deeds_are_full() {
            self.begin_more_deeds()?;
        }
        let mut next = None;
        if let Some(chain) = chain.as_deref_mut() {
            let last = self.last_deed(chain);
            line.number = Some(last.as_ref().map_or(1, |(number, _)| number.saturating_add(1)));
            line.after = last.map(|(_, code)| code);
            next = Some(chain.head.as_ref().map_or(line.number.unwrap_or(1), |head| head.first));
        }
        let body = serde_json::to_string(line)?;
        let (mut text, code) = match &chain {
            Some(chain) => chain.seal(&body).map_err(io::Error::other)?,
            None => (body, String::new()),
        };
        text.push('\n');
        if text.len() > LONGEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
        self.append_deed(text.as_bytes())?;
        if let (Some(chain), Some(number), Some(first)) = (chain, line.number, next) {
            chain.head = Some(Head { number, code, first });
        }
        Ok(())
    }

    /// Every file of the record by its name, the oldest first, each as it lies there.
    pub fn deeds(&self) -> io::Result<Vec<(String, Vec<u8>)>> {
        let mut all = Vec::new();
        for number in (0..FILES).rev() {
            let mut content = Vec::new();
            match File::open(self.deeds_path(number))
                .and_then(|file| file.take(BYTES).read_to_end(&mut content))
            {
                Ok(_) => all.push((file_name(number), content)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(all)
    }

    fn append_deed(&self, text: &[u8]) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.append(true).read(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(self.deeds_path(0))?;
        let length = file.metadata()?.len();
        let written = end_torn(&mut file, length).and_then(|()| file.write_all(text)).and_then(|()| {
            failpoint!("deed-written");
            file.sync_data()
        });
        if written.is_err() {
            // A full disk leaves a piece of it.
            let _ = file.set_len(length);
        }
        written
    }

    /// Number and code of the line that the next one follows. What the store was told last goes before what lies there,
    /// so that an end that was cut off stays missing; a line past that is one that a program died behind.
    fn last_deed(&self, chain: &Chain) -> Option<(u64, String)> {
        if let Some(head) = &chain.head {
            let last = newest_first(&self.deeds_end(0)).find_map(|line| place(line, chain));
            return last
                .filter(|(number, _)| *number > head.number)
                .or_else(|| Some((head.number, head.code.clone())));
        }
        (0..FILES).find_map(|number| newest_first(&self.deeds_end(number)).find_map(claimed_place))
    }

    fn deeds_end(&self, number: u32) -> Vec<u8> {
        let read = || -> io::Result<Vec<u8>> {
            let mut file = File::open(self.deeds_path(number))?;
            let length = file.metadata()?.len();
            file.seek(SeekFrom::Start(length.saturating_sub(END)))?;
            let mut end = Vec::new();
            file.take(END).read_to_end(&mut end)?;
            Ok(end)
        };
        read().unwrap_or_default()
    }

    /// The number of the last line that the next one lets go for its age, if it lets any go. The store is told of that
    /// before: after a death in between, nobody is to think that somebody took it away.
    #[must_use]
    pub fn deeds_let_go_next(&self) -> Option<u64> {
        // What a death left of an earlier change of files makes room for itself.
        if !self.deeds_are_full() || !self.deeds_path(FILES - 2).exists() {
            return None;
        }
        let oldest = std::fs::read(self.deeds_path(FILES - 1)).ok()?;
        newest_first(&oldest).find_map(claimed_place).map(|(number, _)| number)
    }

    fn deeds_are_full(&self) -> bool {
        let current = std::fs::metadata(self.deeds_path(0));
        current.is_ok_and(|file| file.len() + LONGEST as u64 > BYTES / u64::from(FILES))
    }

    /// The file becomes an older one.
    fn begin_more_deeds(&self) -> io::Result<()> {
        for number in (0..FILES - 1).rev() {
            match std::fs::rename(self.deeds_path(number), self.deeds_path(number + 1)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// The file that lines are written to now.
    #[must_use]
    pub fn record_path(&self) -> PathBuf {
        self.deeds_path(0)
    }

    fn deeds_path(&self, number: u32) -> PathBuf {
        self.places.state.join(file_name(number))
    }
}

/// A line that somebody died over ends here.
fn end_torn(file: &mut File, length: u64) -> io::Result<()> {
    if length == 0 {
        return Ok(());
    }
    let mut last = [0];
    file.seek(SeekFrom::Start(length - 1))?;
    file.read_exact(&mut last)?;
    if last == *b"\n" { Ok(()) } else { file.write_all(b"\n") }
}

fn newest_first(content: &[u8]) -> impl Iterator<Item = &[u8]> {
    content.split(|byte| *byte == b'\n').rev()
}

fn file_name(number: u32) -> String {
    if number == 0 { "record.jsonl".to_owned() } else { format!("record.jsonl.{number}") }
}

#[cfg(test)]
mod tests;
