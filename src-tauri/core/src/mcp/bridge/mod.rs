//! The bridge: MCP over standard input and output on one side, over streamable HTTP on the other, and a key
//! that only this side knows.
//!
//! Messages pass through as they are: they are never parsed into types and written anew, because that drops
//! unknown fields and rewrites numbers. What is read of them is their envelope, for three reasons: so that
//! each request gets an answer when the network gives none (`pending`), for the session that `initialize`
//! begins (`session`), and for the headers that the 2026-07-28 protocol derives from a body (`derived`).
//!
//! A line's way: `lines` -> [`Bridge::run`] -> `exchange` (there) -> `answer` (back) -> `lines`. What a server
//! says unasked comes through `listener`.

mod answer;
mod derived;
mod events;
mod exchange;
mod lines;
mod listener;
mod message;
mod pending;
mod session;
mod target;

pub use target::{Source, Target};

use crate::error::Error;
use crate::http::Streams;
use bytes::Bytes;
use derived::ToolHeaders;
use lines::{Line, Output};
use message::{Id, Message};
use pending::{Cancel, Pending};
use session::Session;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex as SyncMutex, PoisonError};
use std::time::Duration;
use target::Targets;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{Mutex, Semaphore, mpsc, oneshot};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

/// Requests under way. More would only queue up in the server, each with a connection of its own.
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
    voice: Box<dyn Voice>,
    silence: Duration,
    streams: Streams,
    session: Session,
    reopening: Mutex<()>,
    tools: ToolHeaders,
    pending: Pending,
    room: Semaphore,
    output: Output,
    /// What was last said, so that a server that is down is not told of with each request.
    said: SyncMutex<Option<String>>,
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
        let (output, writer) = Output::to(output);
        let (lines, reader) = lines::read(input);
        let shared = Arc::new(Shared {
            targets: Targets::new(self.source),
            voice: self.voice,
            silence: self.silence,
            streams: Streams::new(self.connect),
            session: Session::default(),
            reopening: Mutex::default(),
            tools: ToolHeaders::default(),
            pending: Pending::default(),
            room: Semaphore::new(AT_ONCE),
            output,
            said: SyncMutex::default(),
        });
        let mut carrying = Carrying { shared: Arc::clone(&shared), tasks: JoinSet::new(), gate: None };
        carrying.all(lines, reader, stop).await;
        carrying.tasks.shutdown().await;
        shared.goodbye().await;
        drop(carrying);
        drop(shared);
        writer.finish().await;
    }
}

impl<S> Shared<S> {
    /// One line for people, unless it is what was said last.
    fn say(&self, words: &str) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.as_deref() != Some(words) {
            self.voice.note(words);
            *said = Some(words.to_owned());
        }
    }

    /// The server speaks: the next trouble is news.
    fn heard_again(&self) {
        *self.said.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// The messages under way.
struct Carrying<S> {
    shared: Arc<Shared<S>>,
    tasks: JoinSet<()>,
    /// Open again once what other messages build on is done.
    gate: Option<oneshot::Receiver<()>>,
}

impl<S: Source> Carrying<S> {
    async fn all(
        &mut self,
        mut lines: mpsc::Receiver<Line>,
        mut reader: JoinHandle<()>,
        stop: impl Future<Output = ()>,
    ) {
        let output = self.shared.output.clone();
        let (mut closed, mut stop) = (pin!(output.closed()), pin!(stop));
        let mut end = pin!(tokio::time::sleep(Duration::MAX));
        let (mut input_ended, mut all_taken) = (false, false);
        while !all_taken || self.is_busy() {
            tokio::select! {
                biased;
                () = &mut closed => return,
                () = &mut stop => {
                    let _ = tokio::time::timeout(AFTER_STOP, self.settled()).await;
                    return self.give_up().await;
                }
                () = &mut end, if input_ended => return self.give_up().await,
                Some(_) = self.tasks.join_next(), if !self.tasks.is_empty() => {}
                () = opened(&mut self.gate), if self.gate.is_some() => self.gate = None,
                _ = &mut reader, if !input_ended => {
                    input_ended = true;
                    end.as_mut().reset(Instant::now() + AFTER_INPUT);
                }
                line = lines.recv(), if self.gate.is_none() && !all_taken => match line {
                    Some(Ok(text)) => self.take(text).await,
                    Some(Err(problem)) => self.shared.not_a_message(problem).await,
                    None => all_taken = true,
                },
            }
        }
    }

    /// Sends a line on its way.
    async fn take(&mut self, text: Bytes) {
        let message = match Message::read(text) {
            Ok(message) => message,
            Err(Error::NotAMessage { problem }) => return self.shared.not_a_message(problem).await,
            Err(_) => return,
        };
        if self.cancels(&message) {
            return;
        }
        let pending = &self.shared.pending;
        pending.begin(message.ids(), message.is_stateless(), message.is_lasting());
        let hello = message.is_request("initialize");
        if hello {
            self.shared.session.begin(message.text.clone());
        }
        let done = (hello || message.is_notification(INITIALIZED)).then(|| {
            let (done, gate) = oneshot::channel::<()>();
            self.gate = Some(gate);
            done
        });
        let ids: Vec<Id> = message.ids().cloned().collect();
        let carried = Arc::clone(&self.shared).carry(message);
        let task = self.tasks.spawn(async move {
            carried.await;
            drop(done);
        });
        for id in &ids {
            pending.has_task(id, task.clone());
        }
    }

    /// Whether a message is a cancellation that ends here.
    fn cancels(&self, message: &Message) -> bool {
        if !message.is_notification("notifications/cancelled") {
            return false;
        }
        let id = message.with_params(|params| params.request_id.map(Id::of));
        id.is_some_and(|id| self.shared.pending.cancel(&id) == Cancel::Done) || message.is_stateless()
    }

    /// Whether anything is under way that somebody waits for.
    fn is_busy(&self) -> bool {
        self.tasks.len() > self.shared.pending.not_waited_for()
    }

    async fn settled(&mut self) {
        while self.is_busy() && self.tasks.join_next().await.is_some() {}
    }

    /// The bridge ends before the server has answered.
    async fn give_up(&self) {
        let known = self.shared.targets.known().await;
        let host = known.and_then(|target| target.url.host_str().map(str::to_owned)).unwrap_or_default();
        let error = Error::AnswerLost { host, source: None };
        let unanswered = self.shared.pending.all();
        self.shared.answer_all(unanswered.iter(), &error).await;
    }
}

async fn opened(gate: &mut Option<oneshot::Receiver<()>>) {
    if let Some(gate) = gate {
        // Dropped, not sent to: that is the sign.
        let _ = gate.await;
    }
}
