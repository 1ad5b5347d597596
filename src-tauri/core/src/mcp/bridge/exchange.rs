//! One message's way to the server: the key, the headers, and the second try where one is due.

use super::answer::{Reading, Taken, agreed_protocol};
use super::calls::ended_by;
use super::events::{self, Cursor, Events};
use super::intake::{ANSWER_LIMIT, Held};
use super::message::{Answer, Message};
use super::pending::{Number, Ticket};
use super::refusal::{Refusal, reason};
use super::session::SESSION_ID;
use super::shared::{INITIALIZED, Shared};
use super::target::{Source, Target};
use crate::activity::Outcome;
use crate::error::{Error, Result, Unreachable};
use crate::http::{Media, StreamCall, Streamed};
use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

const EITHER: HeaderValue = HeaderValue::from_static("application/json, text/event-stream");
const EVENTS: HeaderValue = HeaderValue::from_static("text/event-stream");
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
const INITIALIZED_MESSAGE: &[u8] = br#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
/// A call that takes longer is noted while it is under way: of a bridge that is killed, that is all there will be.
const NOTED_AFTER: Duration = Duration::from_secs(1);
/// Superset's MCP server looks for new keys of an authorization server no more often (6.1.0).
const SETTLING: Duration = Duration::from_secs(30);
/// For the polite end of a session, which nobody waits for.
const GOODBYE: Duration = Duration::from_secs(1);

/// Why a message may be sent once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mended {
    Key,
    Trust,
    Session,
    Connection,
    Protocol,
    Headers,
}

/// The second tries a message has had. Each kind is had once.
#[derive(Default)]
struct Tried(Vec<Mended>);

impl Tried {
    fn first(&mut self, kind: Mended) -> bool {
        let first = !self.0.contains(&kind);
        self.0.push(kind);
        first
    }
}

impl<S: Source> Shared<S> {
    /// Carries a message to the server and its answers back. Whatever happens, each request in it is answered,
    /// unless the client has cancelled it.
    pub(super) async fn carry(self: Arc<Self>, message: Message, mut ticket: Ticket) {
        let number = ticket.number;
        if let Err(refused) = self.calls.begin(number, &message) {
            self.answer_all(self.pending.end(number), &refused).await;
            self.calls.sent(&message, Outcome::Refused);
            return self.calls.end(number, Outcome::Refused);
        }
        let carried = {
            let mut exchange = pin!(self.exchange(&message, number));
            let mut noted = pin!(tokio::time::sleep(NOTED_AFTER));
            let mut hung_up = pin!(ticket.hung_up());
            loop {
                tokio::select! {
                    carried = &mut exchange => break carried,
                    () = &mut hung_up => break Ok(()),
                    () = &mut noted, if !noted.is_elapsed() => self.calls.note_under_way(number),
                }
            }
        };
        let unanswered = self.pending.end(number);
        let outcome = carried.as_ref().map_or_else(ended_by, |()| Outcome::Cancelled);
        if let Err(error) = &carried {
            self.targets.doubt();
            self.answer_all(unanswered, error).await;
        }
        self.calls.end(number, outcome);
        self.calls.sent(&message, if carried.is_ok() { Outcome::Done } else { outcome });
        if carried.is_ok() && message.is_notification(INITIALIZED) && self.session.id().is_some() {
            self.listen();
        }
    }

    async fn exchange(self: &Arc<Self>, message: &Message, number: Number) -> Result<()> {
        let asks = message.ids().next().is_some();
        let room = match asks {
            true if message.is_lasting() => &self.lasting,
            true => &self.requests,
            false => &self.others,
        };
        let _room = room.acquire().await.ok();
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
            let headers = self.headers_of(message);
            let session = headers.get(SESSION_ID).cloned();
            self.calls.goes_out(number, target.pass.kind());
            let answer = match self.post_with(&target, message, headers.clone()).await {
                Err(Error::AnswerLost { .. })
                    if message.is_repeatable() && tried.first(Mended::Connection) =>
                {
                    continue;
                }
                answer => answer?,
            };
            let reading = Reading::of(message, number, &answer);
            if answer.status.is_success() {
                if let Some(named) = answer.headers().get(SESSION_ID)
                    && !message.is_stateless()
                    && !message.is_request("initialize")
                {
                    self.session.moves(session.as_ref(), named);
                }
                match self.take(&reading, &target, answer).await? {
                    Taken::NotBegun(_) if session.is_some() && tried.first(Mended::Session) => {
                        self.reopen(session, &target).await?;
                        continue;
                    }
                    Taken::NotBegun(said) => {
                        let error = said.error().unwrap_or_default();
                        self.pass_error(said, &error, &reading).await;
                    }
                    Taken::Done => {}
                }
                return Ok(());
            }
            let refusal = Refusal::read(answer, &self.intake).await;
            if !self.mended(&refusal, message, &headers, &mut target, &mut tried).await? {
                return self.refused(&reading, &target, refusal).await;
            }
        }
    }

    /// Mends what is in the way of a message, each once. Whether it is to be sent again.
    async fn mended(
        self: &Arc<Self>,
        refusal: &Refusal,
        message: &Message,
        sent: &HeaderMap,
        target: &mut Arc<Target>,
        tried: &mut Tried,
    ) -> Result<bool> {
        // The key may have been replaced since it was read.
        if refusal.status() == 401 && tried.first(Mended::Key) {
            *target = self.targets.newer_than(target).await?;
            return Ok(true);
        }
        // It is new, and so may be what signed it: a server that looks for that once in a while knows it then.
        if refusal.status() == 401 && self.targets.may_settle(target) && tried.first(Mended::Trust) {
            tokio::time::sleep(SETTLING.min(self.silence)).await;
            *target = self.targets.current().await?;
            return Ok(true);
        }
        // The server has forgotten the session, as after a restart.
        if let Some(session) = sent.get(SESSION_ID)
            && refusal.is_of_the_session()
            && tried.first(Mended::Session)
        {
            self.reopen(Some(session.clone()), target).await?;
            // What ended in an error of the server's may have been done.
            return Ok(refusal.status() != 500 || message.is_repeatable());
        }
        if message.is_stateless() {
            return Ok(message.is_request("tools/call")
                && refusal.is_of_the_headers()
                && tried.first(Mended::Headers)
                && self.relearn(message, sent, target).await);
        }
        // It has agreed on a protocol and does not know its name in a header.
        Ok(refusal.is_of_the_protocol()
            && tried.first(Mended::Protocol)
            && self.session.name_no_protocol(sent))
    }

    pub(super) async fn post(&self, target: &Target, message: &Message) -> Result<Streamed> {
        self.post_with(target, message, self.headers_of(message)).await
    }

    async fn post_with(
        &self,
        target: &Target,
        message: &Message,
        mut headers: HeaderMap,
    ) -> Result<Streamed> {
        headers.insert(ACCEPT, EITHER);
        self.call(target, Method::POST, headers, Some(message.text.clone())).await
    }

    /// What is said of a message beside its text: of its session, or of what is in it.
    fn headers_of(&self, message: &Message) -> HeaderMap {
        if message.is_stateless() {
            self.tools.of(message)
        } else if message.is_request("initialize") {
            HeaderMap::new()
        } else {
            self.session.headers()
        }
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
        let call = StreamCall { method, auth: target.pass.auth(), headers, body };
        let answered = tokio::time::timeout(self.silence, self.streams.call(&target.site, &call)).await;
        answered.unwrap_or_else(|_| Err(timed_out(target)))
    }

    /// Begins a session anew with the client's own `initialize`. Of many calls that found it gone, one does.
    async fn reopen(self: &Arc<Self>, gone: Option<HeaderValue>, target: &Arc<Target>) -> Result<()> {
        let _one_at_a_time = self.reopening.lock().await;
        if self.session.id() != gone {
            return Ok(());
        }
        // All calls of the session wait for it, so it ends.
        let reopened = tokio::time::timeout(self.silence, self.begin_anew(target)).await;
        reopened.unwrap_or_else(|_| Err(timed_out(target)))
    }

    async fn begin_anew(self: &Arc<Self>, target: &Arc<Target>) -> Result<()> {
        let lost = || Error::AnswerLost { host: target.site.host(), source: None };
        let hello = Message::read(self.session.hello().ok_or_else(lost)?)?;
        let answer = self.post(target, &hello).await?;
        if !answer.status.is_success() {
            return Err(reason(target, answer.status.as_u16(), answer.host()));
        }
        let id = answer.headers().get(SESSION_ID).cloned();
        let answer = self.answer_to_us(&hello, answer).await?;
        let protocol = answer.and_then(|answer| agreed_protocol(&answer, &hello)).ok_or_else(lost)?;
        self.session.agreed(id, Some(&protocol));
        let initialized = Message::read(Bytes::from_static(INITIALIZED_MESSAGE))?;
        self.post(target, &initialized).await?;
        if self.session.id().is_some() {
            self.listen();
        }
        Ok(())
    }

    /// The answer to a message that the client has not sent, or not now: it ends here.
    pub(super) async fn answer_to_us(&self, asked: &Message, mut answer: Streamed) -> Result<Option<Answer>> {
        let ours = |read: &Answer| {
            asked.ids().next().is_some_and(|id| read.responses().any(|response| response.resembles(id)))
        };
        if answer.media != Media::EventStream {
            let mut held = Held::none(&self.intake);
            let body = self.body(&mut answer, &mut held, ANSWER_LIMIT).await?;
            let read = String::from_utf8(body).ok().and_then(Answer::read);
            return Ok(read.into_iter().flat_map(Answer::apart).find(ours));
        }
        let mut events = Events::of(answer, Some(self.silence), &self.intake);
        while let Some(event) = events.next(&mut Cursor::default()).await? {
            let read = events::message(event).and_then(Answer::read);
            for one in read.into_iter().flat_map(Answer::apart) {
                if ours(&one) {
                    return Ok(Some(one));
                }
                self.forward(one, None).await;
            }
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
    Error::Unreachable { host: target.site.host(), kind: Unreachable::TimedOut, source: None }
}
