//! Standard input and output: one message a line.

use crate::error::MessageProblem;
use bytes::Bytes;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinHandle;

/// Far above any message seen; a client that writes no line break shall not fill the memory.
pub(super) const LINE_LIMIT: usize = 64 * 1024 * 1024;
/// Bytes of lines that are under way. A client that writes faster than it is answered is read slower. Below
/// that its every word is taken at once: what others wait for, such as a cancellation, may come last.
const UNDER_WAY: usize = 128 * 1024 * 1024;
/// Bytes of answers that the client has not read. Servers that say more are read slower.
const UNREAD: usize = 16 * 1024 * 1024;
/// Bytes that are written together, where more than one line waits.
const AT_ONCE: usize = 64 * 1024;
/// What even the shortest line costs.
const GRAIN: usize = 4096;
/// Writing what is left after the end.
pub(super) const LAST_WORDS: Duration = Duration::from_secs(2);

/// What was read, and the room it takes until it is dropped.
pub(super) struct Line {
    /// Or why it is none.
    pub(super) text: Result<Bytes, MessageProblem>,
    pub(super) room: OwnedSemaphorePermit,
}

/// Room for so many bytes, shared by whoever [`take`]s of it.
fn room(bytes: usize) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(bytes / GRAIN))
}

/// Waits for room. What is larger than all the room takes all of it. None if the room is closed.
async fn take(room: &Arc<Semaphore>, bytes: usize, all: usize) -> Option<OwnedSemaphorePermit> {
    let grains = u32::try_from((bytes / GRAIN + 1).min(all / GRAIN)).ok()?;
    Arc::clone(room).acquire_many_owned(grains).await.ok()
}

/// Reads lines until the input ends. Its end is seen even while nobody takes the lines.
pub(super) fn read(
    input: impl AsyncRead + Unpin + Send + 'static,
) -> (mpsc::UnboundedReceiver<Line>, JoinHandle<()>) {
    let (lines, taken) = mpsc::unbounded_channel();
    let task = tokio::spawn(async move {
        let mut input = BufReader::with_capacity(64 * 1024, input);
        let space = room(UNDER_WAY);
        while let Some(text) = next(&mut input).await {
            let length = text.as_ref().map_or(0, Bytes::len);
            if text.as_ref().is_ok_and(|text| text.trim_ascii().is_empty()) {
                continue;
            }
            let Some(room) = take(&space, length, UNDER_WAY).await else { return };
            if lines.send(Line { text, room }).is_err() {
                return;
            }
        }
    });
    (taken, task)
}

async fn next(input: &mut (impl AsyncBufReadExt + Unpin)) -> Option<Result<Bytes, MessageProblem>> {
    let mut line = Vec::new();
    let mut too_long = false;
    loop {
        // What cannot be read any more has ended.
        let read = input.fill_buf().await.unwrap_or_default();
        if read.is_empty() {
            return if too_long {
                Some(Err(MessageProblem::TooLong))
            } else {
                (!line.is_empty()).then(|| Ok(line.into()))
            };
        }
        let (piece, taken, whole) = match read.iter().position(|byte| *byte == b'\n') {
            Some(end) => (&read[..end], end + 1, true),
            None => (read, read.len(), false),
        };
        too_long |= line.len() + piece.len() > LINE_LIMIT;
        if too_long {
            line = Vec::new();
        } else {
            line.extend_from_slice(piece);
        }
        input.consume(taken);
        if whole {
            if line.last() == Some(&b'\r') {
                line.pop();
            }
            return Some(if too_long { Err(MessageProblem::TooLong) } else { Ok(line.into()) });
        }
    }
}

/// The way out. Clones write to the same place, a whole line at a time.
#[derive(Clone)]
pub(super) struct Output {
    lines: mpsc::UnboundedSender<(String, OwnedSemaphorePermit)>,
    space: Arc<Semaphore>,
}

impl Output {
    pub(super) fn to(output: impl AsyncWrite + Unpin + Send + 'static) -> (Self, Writer) {
        let (lines, taken) = mpsc::unbounded_channel();
        let space = room(UNREAD);
        let writing = write(taken, output, Arc::clone(&space));
        (Self { lines, space }, Writer(tokio::spawn(writing)))
    }

    /// Waits for room. A client that is gone needs no answers.
    pub(super) async fn send(&self, line: String) {
        if let Some(room) = take(&self.space, line.len(), UNREAD).await {
            let _ = self.lines.send((line, room));
        }
    }

    /// Nobody reads any more.
    pub(super) async fn closed(&self) {
        self.lines.closed().await;
    }
}

pub(super) struct Writer(JoinHandle<()>);

impl Writer {
    /// Once every [`Output`] is gone: until all is written, within reason.
    pub(super) async fn finish(mut self) {
        if tokio::time::timeout(LAST_WORDS, &mut self.0).await.is_err() {
            self.0.abort();
        }
    }
}

async fn write(
    mut lines: mpsc::UnboundedReceiver<(String, OwnedSemaphorePermit)>,
    mut output: impl AsyncWrite + Unpin,
    space: Arc<Semaphore>,
) {
    while let Some((line, room)) = lines.recv().await {
        let (mut text, mut rooms) = (line.into_bytes(), vec![room]);
        text.push(b'\n');
        // What has gathered meanwhile goes along: each write costs a turn of the system.
        while text.len() < AT_ONCE
            && let Ok((line, room)) = lines.try_recv()
        {
            text.extend_from_slice(line.as_bytes());
            text.push(b'\n');
            rooms.push(room);
        }
        if output.write_all(&text).await.is_err() || output.flush().await.is_err() {
            // Whoever waits for room shall not wait for a client that is gone.
            return space.close();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn lines(input: &'static [u8]) -> Vec<Result<Bytes, MessageProblem>> {
        let (mut taken, _task) = read(input);
        let mut all = Vec::new();
        while let Some(line) = taken.recv().await {
            all.push(line.text);
        }
        all
    }

    #[tokio::test]
    async fn lines_as_clients_write_them() {
        let read = lines(b"{}\r\n\n  \n{\"a\":\xc3\xbc}\nlast").await;
        let read: Vec<_> = read.into_iter().map(Result::unwrap).collect();
        assert_eq!(read, [&b"{}"[..], b"{\"a\":\xc3\xbc}", b"last"]);
    }

    #[tokio::test]
    async fn a_line_without_end_is_not_kept() {
        use tokio::io::AsyncReadExt;
        let endless = tokio::io::repeat(b'x').take(LINE_LIMIT as u64 + 1);
        let (mut taken, _task) = read(endless.chain(&b"\n{}\n"[..]));
        assert_eq!(taken.recv().await.unwrap().text, Err(MessageProblem::TooLong));
        assert_eq!(taken.recv().await.unwrap().text, Ok(Bytes::from_static(b"{}")));
    }
}
