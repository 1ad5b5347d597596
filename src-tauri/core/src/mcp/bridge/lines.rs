//! Standard input and output: one message a line.

use crate::error::MessageProblem;
use bytes::Bytes;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Far above any message seen; a client that writes no line break shall not fill the memory.
pub(super) const LINE_LIMIT: usize = 64 * 1024 * 1024;
/// A client that does not read makes us read slower, not hold more.
const QUEUE: usize = 64;
/// Writing what is left after the end.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// What was read: a line, or why it is none.
pub(super) type Line = Result<Bytes, MessageProblem>;

/// Reads lines until the input ends. Its end is seen even while nobody takes the lines.
pub(super) fn read(input: impl AsyncRead + Unpin + Send + 'static) -> (mpsc::Receiver<Line>, JoinHandle<()>) {
    let (lines, taken) = mpsc::channel(QUEUE);
    let task = tokio::spawn(async move {
        let mut input = BufReader::with_capacity(64 * 1024, input);
        while let Some(line) = next(&mut input).await {
            let blank = matches!(&line, Ok(text) if text.trim_ascii().is_empty());
            if !blank && lines.send(line).await.is_err() {
                return;
            }
        }
    });
    (taken, task)
}

async fn next(input: &mut (impl AsyncBufReadExt + Unpin)) -> Option<Line> {
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
pub(super) struct Output(mpsc::Sender<String>);

impl Output {
    pub(super) fn to(output: impl AsyncWrite + Unpin + Send + 'static) -> (Self, Writer) {
        let (sender, lines) = mpsc::channel(QUEUE);
        (Self(sender), Writer(tokio::spawn(write(lines, output))))
    }

    /// Waits for room. A client that is gone needs no answers.
    pub(super) async fn send(&self, line: String) {
        let _ = self.0.send(line).await;
    }

    /// Nobody reads any more.
    pub(super) async fn closed(&self) {
        self.0.closed().await;
    }
}

pub(super) struct Writer(JoinHandle<()>);

impl Writer {
    /// Once every [`Output`] is gone: until all is written, within reason.
    pub(super) async fn finish(self) {
        let _ = tokio::time::timeout(LAST_WORDS, self.0).await;
    }
}

async fn write(mut lines: mpsc::Receiver<String>, mut output: impl AsyncWrite + Unpin) {
    while let Some(mut line) = lines.recv().await {
        line.push('\n');
        if output.write_all(line.as_bytes()).await.is_err() {
            return;
        }
        if lines.is_empty() && output.flush().await.is_err() {
            return;
        }
    }
    let _ = output.flush().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn lines(input: &'static [u8]) -> Vec<Line> {
        let (mut taken, _task) = read(input);
        let mut all = Vec::new();
        while let Some(line) = taken.recv().await {
            all.push(line);
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
        assert_eq!(taken.recv().await, Some(Err(MessageProblem::TooLong)));
        assert_eq!(taken.recv().await, Some(Ok(Bytes::from_static(b"{}"))));
    }
}
