//! What comes back from the server, and what the client is told when nothing does.

use super::events::{self, Cursor, Events};
use super::id::Id;
use super::intake::{ANSWER_LIMIT, Held};
use super::message::{Answer, Message, Wanted};
use super::pending::Number;
use super::refusal::{Refusal, is_not_begun};
use super::session::SESSION_ID;
use super::shared::Shared;
use super::target::{Source, Target};
use crate::activity::Outcome;
use crate::error::{Error, MessageProblem, Result};
use crate::http::{Media, Streamed, is_moved, page};
use reqwest::StatusCode;
use reqwest::header::HeaderValue;
use std::sync::Arc;

/// In a row, without a single event.
const RESUMES: u32 = 3;
/// "Server error", as JSON-RPC leaves it to implementations.
const SERVER_ERROR: i32 = -32000;

/// What is known while an answer is read.
pub(super) struct Reading<'a> {
    message: &'a Message,
    number: Number,
    /// The session that the answer to `initialize` began.
    session: Option<HeaderValue>,
}

impl<'a> Reading<'a> {
    pub(super) fn of(message: &'a Message, number: Number, answer: &Streamed) -> Self {
        Self { message, number, session: answer.headers().get(SESSION_ID).cloned() }
    }
}

/// How far an answer got.
pub(super) enum Taken {
    Done,
    /// The server says that nobody has begun the session, and has passed nothing on.
    NotBegun(Answer),
}

impl<S: Source> Shared<S> {
    /// Takes the answer to a message to its end.
    pub(super) async fn take(
        self: &Arc<Self>,
        reading: &Reading<'_>,
        target: &Arc<Target>,
        mut answer: Streamed,
    ) -> Result<Taken> {
        if answer.media == Media::EventStream {
            self.follow(reading, target, answer).await?;
            return Ok(Taken::Done);
        }
        let asked = reading.message.ids().next().is_some();
        let mut held = Held::none(&self.intake);
        let body = match self.body(&mut answer, &mut held, ANSWER_LIMIT).await {
            // It was taken, and there is nothing to say about it.
            Err(_) if !asked => return Ok(Taken::Done),
            body => body?,
        };
        let read = String::from_utf8(body).map(Some).unwrap_or_default();
        let is_empty = read.as_ref().is_some_and(|text| text.trim_ascii().is_empty());
        match read.and_then(Answer::read) {
            Some(read) if is_not_begun(&read) => return Ok(Taken::NotBegun(read)),
            Some(read) => match read.error().filter(|_| read.is_json_rpc()) {
                Some(error) => self.pass_error(read, &error, reading).await,
                None => self.pass(read, reading).await,
            },
            None if asked && answer.media == Media::Html && !is_empty => {
                let at = Some(answer.url()).filter(|at| !is_moved(&target.site.url, at));
                return Err(Error::SignInPage { host: answer.host().to_owned(), to: at.map(page) });
            }
            None if asked && answer.media == Media::Other && !is_empty => {
                let status = answer.status.as_u16();
                return Err(Error::ProxyAnswered { host: answer.host().to_owned(), status });
            }
            None => {}
        }
        drop(held);
        if answer.status == StatusCode::ACCEPTED && self.session.is_listening() {
            // Some say so and answer on the stream beside, as the protocol of 2024 had it.
            let settled = tokio::time::timeout(self.silence, self.pending.settled(reading.number)).await;
            return settled.map(|()| Taken::Done).map_err(|_| events::timed_out(&answer));
        }
        if self.pending.waits(reading.number) {
            return Err(Error::UnexpectedAnswer { what: "no answer", status: answer.status.as_u16() });
        }
        Ok(Taken::Done)
    }

    /// The whole body, up to `limit` bytes, and the room for it.
    pub(super) async fn body(&self, answer: &mut Streamed, held: &mut Held, limit: usize) -> Result<Vec<u8>> {
        let patience = Some(self.silence);
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk(patience).await? {
            if body.len() + piece.len() > limit {
                return Err(Error::AnswerTooLarge { limit });
            }
            held.grow(body.len() + piece.len(), patience).await.map_err(|_| events::timed_out(answer))?;
            body.extend_from_slice(&piece);
        }
        Ok(body)
    }

    /// An event stream, taken up again where it breaks before the answer and the server can go on.
    async fn follow(
        self: &Arc<Self>,
        reading: &Reading<'_>,
        target: &Arc<Target>,
        answer: Streamed,
    ) -> Result<()> {
        let lost = || Error::AnswerLost { host: target.site.host(), source: None };
        let mut cursor = Cursor::default();
        let mut in_a_row = 0;
        let mut stream = Some(answer);
        loop {
            if let Some(answer) = stream.take() {
                let ended = self.follow_one(reading, answer, &mut cursor, &mut in_a_row).await;
                if !self.pending.waits(reading.number) {
                    return Ok(());
                }
                // What was silent for too long or not understood will not be better.
                if !matches!(ended, Ok(()) | Err(Error::AnswerLost { .. })) {
                    return ended;
                }
            }
            if cursor.last_id.is_none() || in_a_row == RESUMES || reading.message.is_stateless() {
                return Err(lost());
            }
            tokio::time::sleep(cursor.pause(in_a_row)).await;
            in_a_row += 1;
            stream = match self.get(target, cursor.last_id.as_deref()).await {
                Ok(answer) if answer.status.is_success() && answer.media == Media::EventStream => {
                    Some(answer)
                }
                // It may be back soon.
                Ok(answer) if answer.status.is_server_error() => None,
                Err(Error::Unreachable { .. } | Error::AnswerLost { .. }) => None,
                _ => return Err(lost()),
            };
        }
    }

    /// One stream, until it ends or nobody waits for what it may still say.
    async fn follow_one(
        &self,
        reading: &Reading<'_>,
        answer: Streamed,
        cursor: &mut Cursor,
        in_a_row: &mut u32,
    ) -> Result<()> {
        let status = answer.status.as_u16();
        let patience = (!reading.message.is_lasting()).then_some(self.silence);
        let mut events = Events::of(answer, patience, &self.intake);
        let mut understood = true;
        loop {
            if !self.pending.waits(reading.number) {
                events.hurry();
            }
            let Some(event) = events.next(cursor).await? else {
                let odd = Error::UnexpectedAnswer { what: "event stream", status };
                return if understood { Ok(()) } else { Err(odd) };
            };
            *in_a_row = 0;
            let Some(text) = events::message(event) else { continue };
            // A sign of life in words of its own, perhaps; the answer may still come.
            match Answer::read(text) {
                Some(read) => self.pass(read, reading).await,
                None => understood = false,
            }
        }
    }

    /// A refusal. Where it speaks JSON-RPC its error is the answer; else its status is the reason.
    pub(super) async fn refused(
        &self,
        reading: &Reading<'_>,
        target: &Target,
        refusal: Refusal,
    ) -> Result<()> {
        if refusal.status() == 401 {
            return Err(refusal.reason(target));
        }
        let reason = refusal.reason(target);
        let Some((answer, error)) = refusal.answer else { return Err(reason) };
        self.pass_error(answer, &error, reading).await;
        Ok(())
    }

    /// Some servers answer with an id of their own or none, as to a message they could not read.
    pub(super) async fn pass_error(&self, answer: Answer, error: &str, reading: &Reading<'_>) {
        if answer.responses().next().is_some() {
            self.pass(answer, reading).await;
        }
        for id in self.pending.end(reading.number) {
            self.output.send(format!(r#"{{"jsonrpc":"2.0","id":{},"error":{error}}}"#, id.raw)).await;
        }
        self.calls.end(reading.number, Outcome::Failed);
    }

    /// Passes on what the server says, unless the client was told something else meanwhile. Only who asks with a list
    /// is answered with one.
    async fn pass(&self, answer: Answer, reading: &Reading<'_>) {
        if reading.message.is_batch() {
            return self.forward(answer, Some(reading.number)).await;
        }
        for one in answer.apart() {
            self.pass_one(one, reading).await;
        }
    }

    async fn pass_one(&self, mut answer: Answer, reading: &Reading<'_>) {
        let Reading { message, number, .. } = *reading;
        if let Some(id) =
            message.ids().next().filter(|_| answer.is_nobodys_result() && self.pending.waits(number))
        {
            answer = answer.to(id);
        }
        if message.is_stateless() && message.is_request("tools/list") {
            for name in self.tools.learn(&mut answer) {
                self.notes.say(&self.voice.words(&Error::ToolForbidden { name }));
            }
        }
        if message.is_request("initialize")
            && let Some(protocol) = agreed_protocol(&answer, message)
        {
            self.session.agreed(reading.session.clone(), Some(&protocol));
        }
        self.forward(answer, Some(number)).await;
    }

    /// What the server says, on the stream of a call or beside them. Only JSON-RPC is for the client.
    pub(super) async fn forward(&self, answer: Answer, on: Option<Number>) {
        if !answer.is_json_rpc() {
            return;
        }
        let mut asked = Vec::new();
        let wanted = |id: &Id| match self.pending.answered(on, id) {
            Some((number, id)) => {
                let raw = id.raw.clone();
                asked.push((number, id));
                Wanted::Under(raw)
            }
            None => Wanted::No,
        };
        if let Some(line) = answer.only(wanted) {
            self.notes.heard_again();
            let unclear = |id: &str| {
                let error = Error::ToolListUnclear;
                reply(id, SERVER_ERROR, &self.voice.words(&error), &error)
            };
            let (line, ended) = self.calls.answered(&asked, line, unclear);
            self.output.send(line).await;
            if !ended.is_empty() {
                // The answer goes out first: a disk may be slow.
                tokio::task::yield_now().await;
                self.calls.note(ended);
            }
        }
    }

    /// Answers what got no answer, and says why where a person may read it.
    pub(super) async fn answer_all(&self, unanswered: Vec<Id>, error: &Error) {
        let words = self.voice.words(error);
        self.notes.say(&words);
        for id in unanswered {
            self.output.send(reply(&id.raw, SERVER_ERROR, &words, error)).await;
        }
    }

    /// Answers a line that is no message; nobody knows its id.
    pub(super) async fn not_a_message(&self, error: &Error) {
        let words = self.voice.words(error);
        self.notes.say(&words);
        let not_json = matches!(error, Error::NotAMessage { problem: MessageProblem::NotJson });
        self.output.send(reply("null", if not_json { -32700 } else { -32600 }, &words, error)).await;
    }
}

/// What an answer to `initialize` agrees on.
pub(super) fn agreed_protocol(answer: &Answer, hello: &Message) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Agreed {
        #[serde(rename = "protocolVersion")]
        protocol: String,
    }
    let asked = hello.ids().next()?;
    answer.responses().find(|id| id.resembles(asked))?;
    serde_json::from_str::<Agreed>(answer.result()?.get()).ok().map(|agreed| agreed.protocol)
}

/// `data.reason` is stable, for programs; the message is for people.
fn reply(id: &str, code: i32, words: &str, error: &Error) -> String {
    let words = serde_json::Value::from(words);
    let reason = serde_json::to_value(error.code()).unwrap_or_default();
    format!(
        r#"{{"jsonrpc":"2.0","id":{id},"error":{{"code":{code},"message":{words},"data":{{"reason":{reason}}}}}}}"#
    )
}
