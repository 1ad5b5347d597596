//! What comes back from the server, and what the client is told when nothing does.

use super::Shared;
use super::events::{self, Cursor, Events};
use super::id::Id;
use super::message::{Answer, Message};
use super::pending::Number;
use super::session::SESSION_ID;
use super::target::{Source, Target};
use crate::error::{Error, MessageProblem, Result};
use crate::http::{Media, Streamed, host};
use reqwest::header::HeaderValue;
use std::sync::Arc;
use std::time::Duration;

const BODY_LIMIT: usize = events::EVENT_LIMIT;
/// Of a refusal, which holds a sentence or a page.
const REFUSAL_LIMIT: usize = 1024 * 1024;
/// For reading that much. The status alone is a reason.
const REFUSAL_TIME: Duration = Duration::from_secs(5);
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

impl<S: Source> Shared<S> {
    /// Takes the answer to a message to its end.
    pub(super) async fn take(
        self: &Arc<Self>,
        reading: &Reading<'_>,
        target: Arc<Target>,
        mut answer: Streamed,
    ) -> Result<()> {
        if !answer.status.is_success() {
            return self.refused(reading, &target, answer).await;
        }
        if answer.media == Media::EventStream {
            return self.follow(reading, &target, answer).await;
        }
        let body = answer.body(BODY_LIMIT, Some(self.silence)).await?;
        let read = String::from_utf8(body).map(Some).unwrap_or_default();
        let is_empty = read.as_ref().is_some_and(|text| text.trim_ascii().is_empty());
        match read.and_then(Answer::read) {
            Some(read) => match read.error().filter(|_| read.is_json_rpc()) {
                Some(error) => self.pass_error(read, &error, reading).await,
                None => self.pass(read, reading).await,
            },
            None if answer.media == Media::Other && !is_empty => {
                let status = answer.status.as_u16();
                return Err(Error::ProxyAnswered { host: answer.host().to_owned(), status });
            }
            None => {}
        }
        if self.pending.waits(reading.number) {
            return Err(Error::UnexpectedAnswer { what: "no answer", status: answer.status.as_u16() });
        }
        Ok(())
    }

    /// An event stream, taken up again where it breaks before the answer and the server can go on.
    async fn follow(
        self: &Arc<Self>,
        reading: &Reading<'_>,
        target: &Arc<Target>,
        answer: Streamed,
    ) -> Result<()> {
        let lost = || Error::AnswerLost { host: host(&target.url), source: None };
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
        let mut events = Events::of(answer, patience);
        loop {
            if !self.pending.waits(reading.number) {
                events.hurry();
            }
            let Some(event) = events.next(cursor).await? else { return Ok(()) };
            *in_a_row = 0;
            let Some(text) = events::message(event) else { continue };
            let read = Answer::read(text);
            let read = read.ok_or(Error::UnexpectedAnswer { what: "event stream", status })?;
            self.pass(read, reading).await;
        }
    }

    /// A refusal. Where it speaks JSON-RPC its error is the answer; else its status is the reason.
    async fn refused(&self, reading: &Reading<'_>, target: &Target, mut answer: Streamed) -> Result<()> {
        if answer.status.as_u16() == 401 {
            return Err(Error::KeyRejected);
        }
        let body = tokio::time::timeout(REFUSAL_TIME, answer.body(REFUSAL_LIMIT, None)).await;
        let body = body.ok().and_then(std::result::Result::ok).unwrap_or_default();
        let read = String::from_utf8(body).ok().and_then(Answer::read).filter(Answer::is_json_rpc);
        let Some((read, error)) = read.and_then(|read| read.error().map(|error| (read, error))) else {
            return Err(refusal(target, &answer));
        };
        self.pass_error(read, &error, reading).await;
        Ok(())
    }

    /// Some servers answer with an id of their own or none, as to a message they could not read.
    async fn pass_error(&self, answer: Answer, error: &str, reading: &Reading<'_>) {
        if answer.responses().next().is_some() {
            self.pass(answer, reading).await;
        }
        for id in self.pending.end(reading.number) {
            self.output.send(format!(r#"{{"jsonrpc":"2.0","id":{},"error":{error}}}"#, id.raw)).await;
        }
    }

    /// Passes on what the server says, unless the client was told something else meanwhile.
    async fn pass(&self, answer: Answer, reading: &Reading<'_>) {
        if reading.message.is_stateless() && reading.message.is_request("tools/list") {
            self.tools.learn(&answer);
        }
        if reading.message.is_request("initialize")
            && let Some(protocol) = agreed_protocol(&answer, reading.message)
        {
            self.session.agreed(reading.session.clone(), Some(&protocol));
        }
        self.forward(answer, Some(reading.number)).await;
    }

    /// What the server says, on the stream of a call or beside them. Only JSON-RPC is for the client.
    pub(super) async fn forward(&self, answer: Answer, on: Option<Number>) {
        if !answer.is_json_rpc() {
            return;
        }
        if let Some(line) = answer.only(|id| self.pending.answered(on, id)) {
            self.notes.heard_again();
            self.output.send(line).await;
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

/// The reason in the status of a refusal.
pub(super) fn refusal(target: &Target, answer: &Streamed) -> Error {
    let status = answer.status.as_u16();
    let host = answer.host().to_owned();
    match status {
        401 => Error::KeyRejected,
        403 => Error::McpRefused { host },
        404 | 405 | 410 | 501 => {
            let mut url = target.url.clone();
            url.set_query(None);
            Error::NoMcpEndpoint { url: url.into() }
        }
        407 => Error::ProxyAnswered { host, status },
        429 => Error::RateLimited,
        500.. => Error::ServerFault { status },
        _ => Error::UnexpectedAnswer { what: "refusal", status },
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
    answer.responses().find(|id| id.key == asked.key)?;
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
