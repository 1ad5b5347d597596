//! The bridge: MCP over standard input and output on one side, over streamable HTTP on the other, and a key
//! that only this side knows.
//!
//! Messages pass through as they are: they are never parsed into types and written anew, because that drops
//! unknown fields and rewrites numbers. What is read of them is their envelope, for three reasons: so that
//! each request gets an answer when the network gives none (`pending`), for the session that `initialize`
//! begins (`session`), and for the headers that the 2026-07-28 protocol derives from a body (`derived`). Where a guard is
//! set or a record is kept, `calls` knows what each request asks: tools that are not let through are left out of lists.
//!
//! A line's way: `lines` -> `carrying` -> `exchange` (there) -> `answer` (back) -> `lines`. What a server says
//! unasked comes through `listener`. What it does not take may be mended and sent once more (`refusal`).

mod answer;
mod calls;
mod carrying;
mod derived;
mod events;
mod exchange;
#[cfg(test)]
mod fuzz;
mod id;
mod intake;
mod lines;
mod listener;
mod message;
mod notes;
mod pending;
mod record;
mod refusal;
mod relearn;
mod session;
mod shared;
mod target;
mod voice;

pub use record::{Began, Passed, Record};
pub use target::{Source, Target};
pub use voice::Voice;

use crate::guard::Guard;
use crate::http::Streams;
use crate::transport::Connections;
use calls::Calls;
use carrying::Carrying;
use derived::ToolHeaders;
use lines::Output;
use notes::Notes;
use pending::Pending;
use session::Session;
use shared::Shared;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use target::Targets;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{Mutex, Semaphore};

/// Requests under way. More would only queue up in the server, each with a connection of its own. As many
/// other messages have room of their own, so that what a request waits for never waits for requests; and as many
/// streams that stay open, since those would keep their room for ever.
const AT_ONCE: usize = 64;

/// What a bridge is made of.
pub struct Bridge<S> {
    pub source: S,
    pub voice: Box<dyn Voice>,
    pub connections: Arc<Connections>,
    /// How long a server may be silent while a request waits for its answer.
    pub silence: Duration,
    /// What the client may do.
    pub guard: Guard,
    /// Who keeps what went through, if anybody does.
    pub record: Option<Arc<dyn Record>>,
}

impl<S: Source> Bridge<S> {
    /// Carries messages until the input ends, the output is closed or `stop` is ready; then what is under
    /// way gets a moment.
    pub async fn run(
        self,
        input: impl AsyncRead + Unpin + Send + 'static,
        output: impl AsyncWrite + Unpin + Send + 'static,
        stop: impl Future<Output = ()>,
    ) {
        let voice: Arc<dyn Voice> = self.voice.into();
        let (notes, teller) = Notes::to(Arc::clone(&voice));
        let (output, writer) = Output::to(output);
        let (lines, reader) = lines::read(input);
        let shared = Arc::new(Shared {
            targets: Targets::new(self.source),
            voice,
            notes,
            silence: self.silence,
            streams: Streams::new(self.connections),
            session: Session::default(),
            reopening: Mutex::default(),
            tools: ToolHeaders::default(),
            listing: Mutex::default(),
            intake: Arc::default(),
            pending: Pending::default(),
            calls: Calls::new(self.guard, self.record),
            requests: Semaphore::new(AT_ONCE),
            others: Semaphore::new(AT_ONCE),
            lasting: Semaphore::new(AT_ONCE),
            output,
        });
        Carrying::new(Arc::clone(&shared), lines).all(reader, stop).await;
        shared.goodbye().await;
        drop(shared);
        tokio::join!(writer.finish(), teller.finish());
    }
}
