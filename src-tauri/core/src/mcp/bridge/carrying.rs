//! The messages under way: each is taken in its turn, goes its own way, and has an answer when all ends.

use super::id::Id;
use super::lines::{LAST_WORDS, Line};
use super::message::Message;
use super::pending::{Cancel, Ticket};
use super::shared::{INITIALIZED, Shared};
use super::target::Source;
use crate::error::Error;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

/// What is under way when the client has said all it will.
const AFTER_INPUT: Duration = Duration::from_secs(5);
/// What is under way when somebody asks us to end.
const AFTER_STOP: Duration = Duration::from_secs(1);

pub(super) struct Carrying<S> {
    shared: Arc<Shared<S>>,
    lines: mpsc::UnboundedReceiver<Line>,
    tasks: JoinSet<()>,
    /// Open again once what other messages build on is done.
    gate: Option<oneshot::Receiver<()>>,
}

impl<S: Source> Carrying<S> {
    pub(super) fn new(shared: Arc<Shared<S>>, lines: mpsc::UnboundedReceiver<Line>) -> Self {
        Self { shared, lines, tasks: JoinSet::new(), gate: None }
    }

    /// Until the input, which `reader` reads, is at its end and answered, or nobody wants answers any more.
    pub(super) async fn all(&mut self, mut reader: JoinHandle<()>, stop: impl Future<Output = ()>) {
        let output = self.shared.output.clone();
        let (mut closed, mut stop) = (pin!(output.closed()), pin!(stop));
        let mut end = pin!(tokio::time::sleep(Duration::MAX));
        let (mut input_ended, mut all_taken) = (false, false);
        while !all_taken || self.is_busy() {
            // Nothing in here waits for anything else: whatever happens, the end is seen.
            tokio::select! {
                biased;
                () = &mut closed => break,
                () = &mut stop => {
                    let _ = tokio::time::timeout(AFTER_STOP, self.settled()).await;
                    self.give_up().await;
                    break;
                }
                () = &mut end, if input_ended => {
                    self.give_up().await;
                    break;
                }
                Some(_) = self.tasks.join_next(), if !self.tasks.is_empty() => {}
                () = opened(&mut self.gate), if self.gate.is_some() => self.gate = None,
                _ = &mut reader, if !input_ended => {
                    input_ended = true;
                    end.as_mut().reset(Instant::now() + AFTER_INPUT);
                }
                line = self.lines.recv(), if self.gate.is_none() && !all_taken => match line {
                    Some(line) => self.take(line),
                    None => all_taken = true,
                },
            }
        }
        self.tasks.shutdown().await;
        self.shared.calls.end_all();
    }

    /// Sends a line on its way. It keeps its room until it is carried.
    fn take(&mut self, Line { text, room }: Line) {
        let shared = Arc::clone(&self.shared);
        let message = match text.map_err(|problem| Error::NotAMessage { problem }).and_then(Message::read) {
            Ok(message) => message,
            Err(error) => {
                self.tasks.spawn(async move {
                    shared.not_a_message(&error).await;
                    drop(room);
                });
                return;
            }
        };
        if self.cancels(&message) {
            return;
        }
        let ticket: Ticket = shared.pending.begin(&message);
        let hello = message.is_request("initialize");
        if hello {
            shared.session.begin(message.text.clone());
        }
        let done = (hello || message.is_notification(INITIALIZED)).then(|| {
            let (done, gate) = oneshot::channel::<()>();
            self.gate = Some(gate);
            done
        });
        self.tasks.spawn(async move {
            shared.carry(message, ticket).await;
            drop((room, done));
        });
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

    /// The bridge ends before the server has answered, or was asked. A client that does not read its answers
    /// delays nothing.
    async fn give_up(&mut self) {
        self.lines.close();
        while let Ok(line) = self.lines.try_recv() {
            if let Ok(message) = line.text.map_err(drop).and_then(|text| Message::read(text).map_err(drop)) {
                self.shared.pending.begin(&message);
            }
        }
        let unanswered = self.shared.pending.end_all();
        if unanswered.is_empty() {
            return;
        }
        let error = match self.shared.targets.known() {
            Some(target) => Error::AnswerLost { host: target.site.host(), source: None },
            None => Error::Internal { what: "bridge" },
        };
        let answering = self.shared.answer_all(unanswered, &error);
        let _ = tokio::time::timeout(LAST_WORDS, answering).await;
    }
}

async fn opened(gate: &mut Option<oneshot::Receiver<()>>) {
    if let Some(gate) = gate {
        // Dropped, not sent to: that is the sign.
        let _ = gate.await;
    }
}
