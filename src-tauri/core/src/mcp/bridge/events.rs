//! An event stream, read by a parser that others keep (`sse-stream`, which rmcp stands on too), with the
//! bounds it does not have.

use super::intake::{ANSWER_LIMIT, Held, Intake};
use crate::error::{Error, Result, Unreachable};
use crate::http::Streamed;
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use sse_stream::{Sse, SseByteStream};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::time::Instant;

/// A server ends the stream of a call after its answer. Waiting for that keeps the connection usable; what
/// is still said by then is passed on.
const AFTER_ANSWER: Duration = Duration::from_millis(250);
/// Until a stream is taken up again, unless the server says when.
const RESUME_AFTER: Duration = Duration::from_secs(1);
/// However soon a server wants its stream to be taken up: both have other things to do.
const SHORTEST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// Unless the server wants to be asked less often still, up to this.
const LONGEST_RETRY: Duration = Duration::from_secs(300);

type Pieces = Pin<Box<dyn Stream<Item = Result<Bytes>> + Send>>;

pub(super) struct Events {
    parsed: SseByteStream<Pieces>,
    meter: Arc<Meter>,
    status: u16,
}

#[derive(Default)]
struct Meter {
    /// Bytes since the last event.
    unfinished: AtomicUsize,
    /// When the rest of the stream is of no interest any more.
    end: OnceLock<Instant>,
}

/// Where a stream can be taken up again, and when.
#[derive(Debug, Default)]
pub(super) struct Cursor {
    pub(super) last_id: Option<String>,
    pub(super) retry: Option<Duration>,
}

impl Events {
    /// Each piece is waited for no longer than `patience`.
    pub(super) fn of(answer: Streamed, patience: Option<Duration>, intake: &Arc<Intake>) -> Self {
        let status = answer.status.as_u16();
        let meter = Arc::new(Meter::default());
        let held = Held::none(intake);
        let state = (answer, Arc::clone(&meter), held);
        let pieces = stream::try_unfold(state, move |(mut answer, meter, mut held)| async move {
            let left = meter.end.get().map(|end| end.saturating_duration_since(Instant::now()));
            if left == Some(Duration::ZERO) {
                return Ok(None);
            }
            // Whoever wants more has passed on what there was.
            if meter.unfinished.load(Ordering::Relaxed) == 0 {
                held.let_go();
            }
            let Some(piece) = answer.chunk(left.or(patience)).await? else { return Ok(None) };
            let unfinished = meter.unfinished.fetch_add(piece.len(), Ordering::Relaxed) + piece.len();
            if unfinished > ANSWER_LIMIT {
                return Err(Error::AnswerTooLarge { limit: ANSWER_LIMIT });
            }
            held.grow(unfinished, patience).await.map_err(|_| timed_out(&answer))?;
            Ok(Some((piece, (answer, meter, held))))
        });
        let pieces: Pieces = Box::pin(pieces);
        Self { parsed: SseByteStream::new(pieces), meter, status }
    }

    /// A stream that nobody sent.
    #[cfg(test)]
    pub(super) fn of_pieces(pieces: Vec<Bytes>) -> Self {
        let pieces: Pieces = Box::pin(stream::iter(pieces.into_iter().map(Ok)));
        Self { parsed: SseByteStream::new(pieces), meter: Arc::default(), status: 200 }
    }

    /// The next event; none at the end of the stream.
    pub(super) async fn next(&mut self, cursor: &mut Cursor) -> Result<Option<Sse>> {
        let Some(read) = self.parsed.next().await else { return Ok(None) };
        self.meter.unfinished.store(0, Ordering::Relaxed);
        let event = read.map_err(|error| match error {
            sse_stream::Error::Body(cause) => match cause.downcast::<Error>() {
                Ok(reason) => *reason,
                Err(_) => Error::Internal { what: "event stream" },
            },
            _ => Error::UnexpectedAnswer { what: "event stream", status: self.status },
        })?;
        if let Some(id) = &event.id {
            // An empty one takes back what was before.
            cursor.last_id = Some(id.clone()).filter(|id| !id.is_empty());
        }
        cursor.retry = event.retry.map(Duration::from_millis).or(cursor.retry);
        Ok(Some(event))
    }

    /// The answer is there, or there is none to wait for; a moment is left for the end.
    pub(super) fn hurry(&self) {
        self.meter.end.get_or_init(|| Instant::now() + AFTER_ANSWER);
    }
}

impl Cursor {
    /// How long to wait with taking up a stream that broke for the `nth` time in a row, from 0 on.
    pub(super) fn pause(&self, nth: u32) -> Duration {
        let first = self.retry.unwrap_or(RESUME_AFTER).clamp(SHORTEST_WAIT, LONGEST_RETRY);
        first.saturating_mul(2_u32.saturating_pow(nth)).min(first.max(LONGEST_WAIT))
    }
}

/// It took too long, or other answers took all the room for too long.
pub(super) fn timed_out(answer: &Streamed) -> Error {
    Error::Unreachable { host: answer.host().to_owned(), kind: Unreachable::TimedOut, source: None }
}

/// The message in an event: other kinds are none of MCP's, and one without data only moves the cursor.
pub(super) fn message(event: Sse) -> Option<String> {
    let is_message = event.event.as_deref().is_none_or(|name| name.is_empty() || name == "message");
    event.data.filter(|data| is_message && !data.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_are_never_shorter_than_the_server_wants() {
        let pauses = |retry: Option<u64>| {
            let cursor = Cursor { last_id: None, retry: retry.map(Duration::from_millis) };
            [0, 1, 9, u32::MAX].map(|nth| cursor.pause(nth).as_millis())
        };
        assert_eq!(pauses(None), [1000, 2000, 30_000, 30_000]);
        assert_eq!(pauses(Some(0)), [100, 200, 30_000, 30_000]);
        assert_eq!(pauses(Some(60_000)), [60_000; 4]);
        assert_eq!(pauses(Some(u64::MAX)), [300_000; 4]);
    }
}
