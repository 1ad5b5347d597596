//! The bridge: MCP over standard input and output on one side, over streamable HTTP on the other, and a key
//! that only this side knows.
//!
//! Messages pass through as they are: they are never parsed into types and written anew, because that drops
//! unknown fields and rewrites numbers. What is read of them is their envelope, for three reasons: so that
//! each request gets an answer when the network gives none (`pending`), for the session that `initialize`
//! begins (`session`), and for the headers that the 2026-07-28 protocol derives from a body (`derived`).
//!
//! A line's way: `lines` -> `carrying` -> `exchange` (there) -> `answer` (back) -> `lines`. What a server says
//! unasked comes through `listener`.

mod answer;
mod carrying;
mod derived;
mod events;
mod exchange;
#[cfg(test)]
mod fuzz;
mod id;
mod lines;
mod listener;
mod message;
mod notes;
mod pending;
mod session;
mod target;

pub use target::{Source, Target};

use crate::error::Error;
use crate::http::Streams;
use carrying::Carrying;
use derived::ToolHeaders;
use lines::Output;
use notes::Notes;
use pending::Pending;
use session::Session;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use target::Targets;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{Mutex, Semaphore};

/// Requests under way. More would only queue up in the server, each with a connection of its own. As many
/// other messages have room of their own, so that what a request waits for never waits for requests.
const AT_ONCE: usize = 64;
/// What is under way when the client has said all it will.
const AFTER_INPUT: Duration = Duration::from_secs(5);
/// What is under way when somebody asks us to end.
const AFTER_STOP: Duration = Duration::from_secs(1);

const INITIALIZED: &str = "notifications/initialized";

/// Says to people what happened.
pub trait Voice: Send + Sync + 'static {
    /// The reason in words, for the client to show. Never a secret.
    fn words(&self, error: &Error) -> String;

    /// A line for whoever reads the client's log.
    fn note(&self, words: &str);
}

/// What a bridge is made of.
pub struct Bridge<S> {
    pub source: S,
    pub voice: Box<dyn Voice>,
    /// How long to wait for a connection.
    pub connect: Duration,
    /// How long a server may be silent while a request waits for its answer.
    pub silence: Duration,
}

/// What all messages under way share.
struct Shared<S> {
    targets: Targets<S>,
    voice: Arc<dyn Voice>,
    notes: Notes,
    silence: Duration,
    streams: Streams,
    session: Session,
    reopening: Mutex<()>,
    tools: ToolHeaders,
    pending: Pending,
    requests: Semaphore,
    others: Semaphore,
    output: Output,
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
            streams: Streams::new(self.connect),
            session: Session::default(),
            reopening: Mutex::default(),
            tools: ToolHeaders::default(),
            pending: Pending::default(),
            requests: Semaphore::new(AT_ONCE),
            others: Semaphore::new(AT_ONCE),
            output,
        });
        Carrying::new(Arc::clone(&shared), lines).all(reader, stop).await;
        shared.goodbye().await;
        drop(shared);
        tokio::join!(writer.finish(), teller.finish());
    }
}
