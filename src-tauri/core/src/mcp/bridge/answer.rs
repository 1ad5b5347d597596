//! What comes back from the server, and what the client is told when nothing does.

use super::Shared;
use super::events::{self, Cursor, Events};
use super::message::{Answer, Id, Message};
use super::session::SESSION_ID;
use super::target::{Source, Target};
use crate::error::{Error, MessageProblem, Result};
use crate::http::{Media, Streamed};
use reqwest::header::HeaderValue;
use std::sync::Arc;
use std::time::Duration;

const BODY_LIMIT: usize = events::EVENT_LIMIT;
/// Of a refusal, which holds a sentence or a page.
const REFUSAL_LIMIT: usize = 1024 * 1024;
/// Until a stream is taken up again, unless the server says when.
const RESUME_AFTER: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// In a row, without a single event.
const RESUMES: u32 = 3;
/// "Server error", as JSON-RPC leaves it to implementations.
const SERVER_ERROR: i32 = -32000;

/// What is known while an answer is read.
pub(super) struct Reading<'a> {
    pub(super) message: &'a Message,
    /// The session that the answer to `initialize` began.
    session: Option<HeaderValue>,
}

impl<S: Source> Shared<S> {
    /// Takes the answer to `message` to its end.
    pub(super) async fn take(
        self: &Arc<Self>,
        message: &Message,
        target: &Arc<Target>,
        mut answer: Streamed,
    ) -> Result<()> {
        let reading = Reading { message, session: answer.headers().get(SESSION_ID).cloned() };
        if !answer.status.is_success() {
            return self.refused(&reading, target, answer).await;
        }
        if answer.media == Media::EventStream {
            return self.follow(&reading, target, answer).await;
        }
        let body = answer.body(BODY_LIMIT, Some(self.silence)).await?;
        if body.trim_ascii().is_empty() {
            return self.nothing_waits(message, &answer);
        }
        match String::from_utf8(body).ok().and_then(Answer::read) {
            Some(read) if read.is_json_rpc() => self.pass(read, &reading).await,
            Some(_) => {}
            None if answer.media == Media::Other => {
                let status = answer.status.as_u16();
                return Err(Error::ProxyAnswered { host: answer.host().to_owned(), status });
            }
            None => {}
        }
        self.nothing_waits(message, &answer)
    }

    fn nothing_waits(&self, message: &Message, answer: &Streamed) -> Result<()> {
        if message.ids().any(|id| self.pending.waits_for(id)) {
            return Err(Error::UnexpectedAnswer { what: "no answer", status: answer.status.as_u16() });
        }
        Ok(())
    }

    /// An event stream, taken up again where it breaks before the answer and the server can go on.
    async fn follow(
        self: &Arc<Self>,
        reading: &Reading<'_>,
        target: &Arc<Target>,
        mut answer: Streamed,
    ) -> Result<()> {
        let waits = || reading.message.ids().any(|id| self.pending.waits_for(id));
        let host = answer.host().to_owned();
        let mut cursor = Cursor::default();
        let mut resumes = 0;
        loop {
            let patience = (!reading.message.is_lasting()).then_some(self.silence);
            let mut events = Events::of(answer, patience);
            let ended = loop {
                match events.next(&mut cursor).await {
                    Ok(Some(event)) => {
                        resumes = 0;
                        let Some(text) = events::message(event) else { continue };
                        let Some(read) = Answer::read(text) else {
                            break Err(Error::UnexpectedAnswer { what: "event stream", status: 200 });
                        };
                        self.pass(read, reading).await;
                        if !waits() {
                            events.hurry();
                        }
                    }
                    Ok(None) => break Ok(()),
                    Err(error) => break Err(error),
                }
            };
            if !waits() {
                return Ok(());
            }
            let lost = Error::AnswerLost { host: host.clone(), source: None };
            if cursor.last_id.is_none() || resumes == RESUMES || reading.message.is_stateless() {
                return ended.and(Err(lost));
            }
            resumes += 1;
            tokio::time::sleep(cursor.retry.unwrap_or(RESUME_AFTER).min(LONGEST_WAIT)).await;
            answer = match self.get(target, cursor.last_id.as_deref()).await {
                Ok(answer) if answer.status.is_success() && answer.media == Media::EventStream => answer,
                _ => return Err(lost),
            };
        }
    }

    /// A refusal. Where it speaks JSON-RPC its error is the answer; else its status is the reason.
    async fn refused(&self, reading: &Reading<'_>, target: &Target, mut answer: Streamed) -> Result<()> {
        let status = answer.status.as_u16();
        let host = answer.host().to_owned();
        if status == 401 {
            return Err(Error::KeyRejected);
        }
        let body = answer.body(REFUSAL_LIMIT, Some(self.silence)).await.unwrap_or_default();
        let read = String::from_utf8(body).ok().and_then(Answer::read).filter(Answer::is_json_rpc);
        if let Some((read, error)) = read.and_then(|read| read.error().map(|error| (read, error))) {
            if read.responses().any(|id| self.pending.waits_for(id)) {
                self.pass(read, reading).await;
            }
            // Some servers answer with an id of their own, as to a message they could not read.
            for id in self.pending.give_up(reading.message.ids()) {
                self.output.send(format!(r#"{{"jsonrpc":"2.0","id":{},"error":{error}}}"#, id.raw)).await;
            }
            return Ok(());
        }
        Err(match status {
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
        })
    }

    /// Passes on what the server says, unless the client was told something else meanwhile.
    pub(super) async fn pass(&self, answer: Answer, reading: &Reading<'_>) {
        if reading.message.is_stateless() && reading.message.is_request("tools/list") {
            self.tools.learn(&answer);
        }
        if reading.message.is_request("initialize")
            && let Some(protocol) = agreed_protocol(&answer, reading.message)
        {
            self.session.agreed(reading.session.clone(), Some(&protocol));
        }
        self.forward(answer).await;
    }

    pub(super) async fn forward(&self, answer: Answer) {
        let responses: Vec<bool> = answer.responses().map(|id| self.pending.answered(id)).collect();
        if responses.is_empty() || responses.contains(&true) {
            self.heard_again();
            self.output.send(answer.line).await;
        }
    }

    /// Answers whatever of a message is unanswered, and says why where a person may read it.
    pub(super) async fn settle(&self, message: &Message, error: &Error) {
        self.answer_all(message.ids(), error).await;
    }

    pub(super) async fn answer_all(&self, ids: impl Iterator<Item = &Id>, error: &Error) {
        let words = self.voice.words(error);
        self.say(&words);
        for id in self.pending.give_up(ids) {
            self.output.send(reply(&id.raw, SERVER_ERROR, &words, error)).await;
        }
    }

    /// Answers a line that is no message; nobody knows its id.
    pub(super) async fn not_a_message(&self, problem: MessageProblem) {
        let error = Error::NotAMessage { problem };
        let words = self.voice.words(&error);
        self.say(&words);
        let code = if problem == MessageProblem::NotJson { -32700 } else { -32600 };
        self.output.send(reply("null", code, &words, &error)).await;
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

impl<'a> Reading<'a> {
    /// For what is said outside any answer.
    pub(super) fn of(message: &'a Message, session: Option<HeaderValue>) -> Self {
        Self { message, session }
    }
}
