//! What passes through: read only as far as HTTP needs it, and never written anew.

use super::id::Id;
use crate::error::{Error, MessageProblem, Result};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Where a 2026-07-28 request says which protocol it speaks.
const VERSION_IN_META: &str = "io.modelcontextprotocol/protocolVersion";

/// A line from the client: one JSON-RPC message, or a batch of them.
#[derive(Debug)]
pub(super) struct Message {
    /// As it came, without the line's end.
    pub(super) text: Bytes,
    pub(super) parts: Vec<Part>,
    batch: bool,
}

/// The envelope of one JSON-RPC message.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) kind: Kind,
    /// What a 2026-07-28 message says of its protocol; none in messages of the earlier protocols.
    pub(super) protocol: Option<String>,
}

#[derive(Debug)]
pub(super) enum Kind {
    Request { id: Id, method: String },
    Notification { method: String },
    Response { id: Option<Id> },
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    method: Option<Cow<'a, str>>,
    #[serde(borrow)]
    params: Option<&'a RawValue>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

/// The parts of `params` that headers and cancellation need. Each may be of any type.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Params<'a> {
    #[serde(borrow, rename = "_meta")]
    meta: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) name: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) uri: Option<&'a RawValue>,
    #[serde(borrow, rename = "taskId")]
    pub(super) task_id: Option<&'a RawValue>,
    #[serde(borrow, rename = "requestId")]
    pub(super) request_id: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) arguments: Option<&'a RawValue>,
}

impl Message {
    pub(super) fn read(text: Bytes) -> Result<Self> {
        let problem = |problem| Error::NotAMessage { problem };
        let line = std::str::from_utf8(&text).map_err(|_| problem(MessageProblem::NotJson))?;
        let batch = is_batch(line);
        let parts = if batch {
            let all: Vec<&RawValue> =
                serde_json::from_str(line).map_err(|_| problem(MessageProblem::NotJson))?;
            all.into_iter().map(|one| Part::read(one.get())).collect::<Option<Vec<_>>>()
        } else {
            Part::read(line).map(|part| vec![part])
        };
        match parts {
            Some(parts) if !parts.is_empty() => Ok(Self { text, parts, batch }),
            _ if serde_json::from_str::<&RawValue>(line).is_err() => Err(problem(MessageProblem::NotJson)),
            _ => Err(problem(MessageProblem::NotJsonRpc)),
        }
    }

    /// The one message of a line that is no batch.
    pub(super) fn single(&self) -> Option<&Part> {
        if self.batch { None } else { self.parts.first() }
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = &Id> {
        self.parts.iter().filter_map(|part| match &part.kind {
            Kind::Request { id, .. } => Some(id),
            _ => None,
        })
    }

    pub(super) fn is_request(&self, name: &str) -> bool {
        matches!(self.single(), Some(Part { kind: Kind::Request { method, .. }, .. }) if method == name)
    }

    pub(super) fn is_notification(&self, name: &str) -> bool {
        matches!(self.single(), Some(Part { kind: Kind::Notification { method }, .. }) if method == name)
    }

    /// Whether it speaks a protocol without `initialize` and sessions.
    pub(super) fn is_stateless(&self) -> bool {
        self.single().is_some_and(|part| part.protocol.is_some())
    }

    /// Whether its answer is a stream that stays open, silent for as long as nothing happens.
    pub(super) fn is_lasting(&self) -> bool {
        self.is_request("subscriptions/listen")
    }

    /// Whether sending it twice does no harm.
    pub(super) fn is_repeatable(&self) -> bool {
        self.parts.iter().all(|part| match &part.kind {
            Kind::Request { method, .. } => matches!(
                &**method,
                "initialize"
                    | "server/discover"
                    | "ping"
                    | "tools/list"
                    | "prompts/list"
                    | "prompts/get"
                    | "resources/list"
                    | "resources/read"
                    | "resources/templates/list"
                    | "completion/complete"
            ),
            Kind::Notification { .. } => true,
            Kind::Response { .. } => false,
        })
    }

    pub(super) fn with_params<T>(&self, read: impl FnOnce(&Params<'_>) -> T) -> T {
        read(&params(std::str::from_utf8(&self.text).unwrap_or_default()))
    }
}

impl Part {
    pub(super) fn read(text: &str) -> Option<Self> {
        let envelope: Envelope<'_> = serde_json::from_str(text).ok()?;
        let id = envelope.id.map(Id::of);
        let protocol = envelope.params.and_then(|params| protocol(params.get()));
        let kind = match (envelope.method, id) {
            (Some(method), Some(id)) => Kind::Request { id, method: method.into_owned() },
            (Some(method), None) => Kind::Notification { method: method.into_owned() },
            (None, id) => Kind::Response { id },
        };
        Some(Self { kind, protocol })
    }

    /// The id of what it answers, if it is an answer.
    fn answers(&self) -> Option<&Id> {
        match &self.kind {
            Kind::Response { id } => id.as_ref(),
            _ => None,
        }
    }
}

fn is_batch(text: &str) -> bool {
    text.trim_start().starts_with('[')
}

fn params(message: &str) -> Params<'_> {
    #[derive(Deserialize)]
    struct Outer<'a> {
        #[serde(borrow)]
        params: Option<&'a RawValue>,
    }
    let outer = serde_json::from_str::<Outer<'_>>(message).ok();
    let inner = outer.and_then(|outer| outer.params).map(RawValue::get);
    inner.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

fn protocol(params: &str) -> Option<String> {
    let params: Params<'_> = serde_json::from_str(params).ok()?;
    let meta: serde_json::Map<_, _> = serde_json::from_str(params.meta?.get()).ok()?;
    Some(meta.get(VERSION_IN_META)?.as_str()?.to_owned())
}

/// A message of the server, ready to be written as one line. None if it is not JSON.
pub(super) struct Answer {
    pub(super) line: String,
    pub(super) parts: Vec<Part>,
}

impl Answer {
    pub(super) fn read(text: String) -> Option<Self> {
        let parts = if is_batch(&text) {
            let all: Vec<&RawValue> = serde_json::from_str(&text).ok()?;
            all.into_iter().map(|one| Part::read(one.get())).collect::<Option<_>>().unwrap_or_default()
        } else {
            let _: &RawValue = serde_json::from_str(&text).ok()?;
            Part::read(&text).into_iter().collect()
        };
        Some(Self { line: one_line(text), parts })
    }

    /// The line without the responses that are not wanted; none if nothing is left.
    pub(super) fn only(self, mut wanted: impl FnMut(&Id) -> bool) -> Option<String> {
        let wanted: Vec<bool> =
            self.parts.iter().map(|part| part.answers().is_none_or(&mut wanted)).collect();
        if !wanted.contains(&false) {
            return (!wanted.is_empty()).then_some(self.line);
        }
        if !is_batch(&self.line) {
            return None;
        }
        let all: Vec<&RawValue> = serde_json::from_str(&self.line).ok()?;
        let left = all.into_iter().zip(wanted).filter_map(|(one, wanted)| wanted.then_some(one.get()));
        let left: Vec<&str> = left.collect();
        (!left.is_empty()).then(|| format!("[{}]", left.join(",")))
    }

    /// Whether it is JSON-RPC and not some other JSON.
    pub(super) fn is_json_rpc(&self) -> bool {
        !self.parts.is_empty() && self.line.contains("\"jsonrpc\"")
    }

    pub(super) fn responses(&self) -> impl Iterator<Item = &Id> {
        self.parts.iter().filter_map(Part::answers)
    }

    /// The error of a single response, as it was spelled.
    pub(super) fn error(&self) -> Option<String> {
        let envelope: Envelope<'_> = serde_json::from_str(&self.line).ok()?;
        envelope.error.map(|error| error.get().to_owned())
    }

    pub(super) fn result(&self) -> Option<&RawValue> {
        serde_json::from_str::<Envelope<'_>>(&self.line).ok()?.result
    }
}

/// Between tokens a line break is a space like any other; inside a string JSON allows none.
fn one_line(text: String) -> String {
    if text.contains(['\n', '\r']) { text.replace(['\n', '\r'], " ") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> Result<Message> {
        Message::read(Bytes::copy_from_slice(text.as_bytes()))
    }

    fn one(text: &str) -> Part {
        message(text).unwrap().parts.remove(0)
    }

    #[test]
    fn kinds_of_messages() {
        let request = one(r#"{"jsonrpc":"2.0","id":"a","method":"ping","x":[1e400]}"#);
        assert!(matches!(request.kind, Kind::Request { method, .. } if method == "ping"));
        let note = one(r#"{"jsonrpc":"2.0","id":null,"method":"n"}"#);
        assert!(matches!(note.kind, Kind::Notification { .. }), "nobody can answer a null");
        let response = one(r#"{"jsonrpc":"2.0","id":7,"result":null}"#);
        assert!(matches!(response.kind, Kind::Response { id: Some(id) } if id.raw == "7"));
        let batch = message(r#" [{"id":1,"method":"a"},{"id":2,"method":"b"}]"#).unwrap();
        assert_eq!(batch.ids().map(|id| &*id.raw).collect::<Vec<_>>(), ["1", "2"]);
        assert!(batch.single().is_none());
    }

    #[test]
    fn what_is_no_message() {
        use MessageProblem::{NotJson, NotJsonRpc};
        for (text, expected) in [
            ("", NotJson),
            ("hello", NotJson),
            (r#"{"id":1,"method":"a""#, NotJson),
            ("[]", NotJsonRpc),
            ("7", NotJsonRpc),
            (r#"{"id":1,"method":2}"#, NotJsonRpc),
            (r#"{"id":1,"id":2,"method":"a"}"#, NotJsonRpc),
            (r#"[{"id":1,"method":"a"},3]"#, NotJsonRpc),
        ] {
            let error = message(text).unwrap_err();
            assert!(
                matches!(error, Error::NotAMessage { problem } if problem == expected),
                "{text}: {error:?}"
            );
        }
        assert!(Message::read(Bytes::from_static(b"{\"id\":1,\"method\":\"\xff\"}")).is_err());
    }

    #[test]
    fn the_protocol_of_a_message_is_in_its_meta() {
        let meta = r#"{"id":1,"method":"a","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}"#;
        assert_eq!(one(meta).protocol.as_deref(), Some("2026-07-28"));
        for other in
            [r#"{"id":1,"method":"a","params":[1]}"#, r#"{"id":1,"method":"a","params":{"_meta":7}}"#]
        {
            assert_eq!(one(other).protocol, None, "{other}");
        }
    }

    #[test]
    fn answers_become_one_line() {
        let answer = Answer::read("{\n  \"id\": 1,\r\n  \"result\": \"a\\nb\" }".into()).unwrap();
        assert_eq!(answer.line, "{   \"id\": 1,    \"result\": \"a\\nb\" }");
        assert!(Answer::read("<html>".into()).is_none());
        assert!(!Answer::read("{\"error\":\"invalid_token\"}".into()).unwrap().is_json_rpc());
    }
}
