//! One message's way to the server: the key, the headers, and the second try where one is due.

use super::answer::{Reading, agreed_protocol, refusal};
use super::events::{self, Cursor, Events};
use super::message::{Answer, Message};
use super::pending::{Number, Ticket};
use super::session::SESSION_ID;
use super::target::{Source, Target};
use super::{INITIALIZED, Shared};
use crate::error::{Error, Result, Unreachable};
use crate::http::{Media, StreamCall, Streamed, host};
use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue};
use std::mem;
use std::sync::Arc;
use std::time::Duration;

const EITHER: HeaderValue = HeaderValue::from_static("application/json, text/event-stream");
const EVENTS: HeaderValue = HeaderValue::from_static("text/event-stream");
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
const INITIALIZED_MESSAGE: &[u8] = br#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
/// For the polite end of a session, which nobody waits for.
const GOODBYE: Duration = Duration::from_secs(1);

/// The second tries a message has had. Each kind is had once.
#[derive(Default)]
struct Tried {
    key: bool,
    session: bool,
    connection: bool,
}

impl<S: Source> Shared<S> {
    /// Carries a message to the server and its answers back. Whatever happens, each request in it is answered,
    /// unless the client has cancelled it.
    pub(super) async fn carry(self: Arc<Self>, message: Message, mut ticket: Ticket) {
        let number = ticket.number;
        let carried = tokio::select! {
            carried = self.exchange(&message, number) => carried,
            () = ticket.hung_up() => Ok(()),
        };
        let unanswered = self.pending.end(number);
        if let Err(error) = carried {
            self.targets.doubt();
            self.answer_all(unanswered, &error).await;
        } else if message.is_notification(INITIALIZED) && self.session.id().is_some() {
            self.listen();
        }
    }

    async fn exchange(self: &Arc<Self>, message: &Message, number: Number) -> Result<()> {
        let asks = message.ids().next().is_some();
        let room = if asks { &self.requests } else { &self.others };
        // Streams that stay open would keep their room for ever.
        let _room = if message.is_lasting() { None } else { room.acquire().await.ok() };
        if asks && !self.pending.waits(number) {
            // Cancelled before it was sent.
            return Ok(());
        }
        if let Some(name) = self.tools.forbids(message) {
            return Err(Error::ToolForbidden { name });
        }
        let mut tried = Tried::default();
        let mut target = self.targets.current().await?;
        loop {
            let session = if message.is_stateless() { None } else { self.session.id() };
            let answer = match self.post(&target, message).await {
                Err(Error::AnswerLost { .. })
                    if message.is_repeatable() && !mem::replace(&mut tried.connection, true) =>
                {
                    continue;
                }
                answer => answer?,
            };
            match (answer.status.as_u16(), session) {
                // The key may have been replaced since it was read.
                (401, _) if !mem::replace(&mut tried.key, true) => {
                    target = self.targets.newer_than(&target).await?;
                }
                // The server has forgotten the session, as after a restart.
                (404, Some(session)) if !mem::replace(&mut tried.session, true) => {
                    self.reopen(&session, &target).await?;
                }
                _ => return self.take(&Reading::of(message, number, &answer), target, answer).await,
            }
        }
    }

    async fn post(&self, target: &Target, message: &Message) -> Result<Streamed> {
        let mut headers = if message.is_stateless() || message.is_request("initialize") {
            HeaderMap::new()
        } else {
            self.session.headers()
        };
        headers.insert(ACCEPT, EITHER);
        headers.extend(self.tools.of(message));
        self.call(target, Method::POST, headers, Some(message.text.clone())).await
    }

    /// The stream of what the server says by itself, or the rest of a broken one. Here too a refused key is
    /// read again, once.
    pub(super) async fn get(&self, target: &Arc<Target>, after: Option<&str>) -> Result<Streamed> {
        let mut headers = self.session.headers();
        headers.insert(ACCEPT, EVENTS);
        // Event ids are UTF-8, which a header may hold.
        if let Some(after) = after.and_then(|id| HeaderValue::from_bytes(id.as_bytes()).ok()) {
            headers.insert(LAST_EVENT_ID, after);
        }
        let answer = self.call(target, Method::GET, headers.clone(), None).await?;
        if answer.status.as_u16() != 401 {
            return Ok(answer);
        }
        let newer = self.targets.newer_than(target).await?;
        self.call(&newer, Method::GET, headers, None).await
    }

    /// Waits for the head of an answer, not for its body.
    async fn call(
        &self,
        target: &Target,
        method: Method,
        headers: HeaderMap,
        body: Option<Bytes>,
    ) -> Result<Streamed> {
        let call = StreamCall { method, bearer: Some(&target.key), headers, body };
        let answered = tokio::time::timeout(self.silence, self.streams.call(&target.url, &call)).await;
        answered.unwrap_or_else(|_| Err(timed_out(target)))
    }

    /// Begins a session anew with the client's own `initialize`. Of many calls that found it gone, one does.
    async fn reopen(self: &Arc<Self>, gone: &HeaderValue, target: &Arc<Target>) -> Result<()> {
        let _one_at_a_time = self.reopening.lock().await;
        if self.session.id().as_ref() != Some(gone) {
            return Ok(());
        }
        // All calls of the session wait for it, so it ends.
        let reopened = tokio::time::timeout(self.silence, self.begin_anew(target)).await;
        reopened.unwrap_or_else(|_| Err(timed_out(target)))
    }

    async fn begin_anew(self: &Arc<Self>, target: &Arc<Target>) -> Result<()> {
        let lost = || Error::AnswerLost { host: host(&target.url), source: None };
        let hello = Message::read(self.session.hello().ok_or_else(lost)?)?;
        let answer = self.post(target, &hello).await?;
        if !answer.status.is_success() {
            return Err(refusal(target, &answer));
        }
        let id = answer.headers().get(SESSION_ID).cloned();
        let protocol = self.agreed(&hello, answer).await?.ok_or_else(lost)?;
        self.session.agreed(id, Some(&protocol));
        let initialized = Message::read(Bytes::from_static(INITIALIZED_MESSAGE))?;
        self.post(target, &initialized).await?;
        if self.session.id().is_some() {
            self.listen();
        }
        Ok(())
    }

    /// The protocol that an answer to our `initialize` names. The client has had its answer: this one ends here.
    async fn agreed(&self, hello: &Message, mut answer: Streamed) -> Result<Option<String>> {
        if answer.media != Media::EventStream {
            let body = answer.body(events::EVENT_LIMIT, Some(self.silence)).await?;
            let read = String::from_utf8(body).ok().and_then(Answer::read);
            return Ok(read.and_then(|read| agreed_protocol(&read, hello)));
        }
        let mut events = Events::of(answer, Some(self.silence));
        while let Some(event) = events.next(&mut Cursor::default()).await? {
            let Some(read) = events::message(event).and_then(Answer::read) else { continue };
            if let Some(protocol) = agreed_protocol(&read, hello) {
                return Ok(Some(protocol));
            }
            self.forward(read, None).await;
        }
        Ok(None)
    }

    /// Tells the server that the session is over. It may not care (405), or not be there.
    pub(super) async fn goodbye(&self) {
        self.session.end_listener();
        if self.session.id().is_none() {
            return;
        }
        let Some(target) = self.targets.known() else { return };
        let goodbye = self.call(&target, Method::DELETE, self.session.headers(), None);
        let _ = tokio::time::timeout(GOODBYE, goodbye).await;
    }
}

fn timed_out(target: &Target) -> Error {
    Error::Unreachable { host: host(&target.url), kind: Unreachable::TimedOut, source: None }
}
