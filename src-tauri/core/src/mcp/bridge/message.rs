//! What passes through: read only as far as HTTP needs it, and never written anew.

use super::id::Id;
use crate::error::{Error, MessageProblem, Result};
use crate::mcp::entries::Entries;
use bytes::Bytes;
use serde::Deserialize;
use serde::Deserializer;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::ops::Range;

/// Where a 2026-07-28 request says which protocol it speaks.
const VERSION_IN_META: &str = "io.modelcontextprotocol/protocolVersion";

const BYTE_ORDER_MARK: char = '\u{feff}';

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
    pub(super) meta: Option<&'a RawValue>,
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

    pub(super) fn is_batch(&self) -> bool {
        self.batch
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

    /// The `params` of each part, in their order.
    pub(super) fn params_of_all(&self) -> Vec<Option<&str>> {
        let line = std::str::from_utf8(&self.text).unwrap_or_default();
        if !self.batch {
            return vec![params_text(line)];
        }
        let all: Vec<&RawValue> = serde_json::from_str(line).unwrap_or_default();
        all.into_iter().map(|one| params_text(one.get())).collect()
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

pub(super) fn is_batch(text: &str) -> bool {
    text.trim_start().starts_with('[')
}

fn params(message: &str) -> Params<'_> {
    params_text(message).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

fn params_text(message: &str) -> Option<&str> {
    #[derive(Deserialize)]
    struct Outer<'a> {
        #[serde(borrow)]
        params: Option<&'a RawValue>,
    }
    serde_json::from_str::<Outer<'_>>(message).ok()?.params.map(RawValue::get)
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

/// Whether the client gets a response, and under which spelling of its id.
pub(super) enum Wanted {
    No,
    Under(String),
}

impl Answer {
    pub(super) fn read(mut text: String) -> Option<Self> {
        if text.starts_with(BYTE_ORDER_MARK) {
            text.drain(..BYTE_ORDER_MARK.len_utf8());
        }
        let parts = if is_batch(&text) {
            let all = serde_json::from_str::<Entries<'_>>(&text).ok()?.0;
            all.into_iter().map(|one| Part::read(one.get())).collect::<Option<_>>().unwrap_or_default()
        } else {
            let _: &RawValue = serde_json::from_str(&text).ok()?;
            Part::read(&text).into_iter().collect()
        };
        Some(Self { line: one_line(text), parts })
    }

    /// Its messages, each by itself.
    pub(super) fn apart(self) -> Vec<Self> {
        if !is_batch(&self.line) {
            return vec![self];
        }
        let all = serde_json::from_str::<Entries<'_>>(&self.line).unwrap_or_default().0;
        all.into_iter().filter_map(|one| Self::read(one.get().to_owned())).collect()
    }

    /// The line without the responses that are not wanted; none if nothing is left. A response without an id is
    /// nobody's.
    pub(super) fn only(self, mut wanted: impl FnMut(&Id) -> Wanted) -> Option<String> {
        let mut all_as_it_is = true;
        let mut verdicts = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            let verdict = match &part.kind {
                Kind::Request { .. } | Kind::Notification { .. } => None,
                Kind::Response { id: None } => Some(Wanted::No),
                Kind::Response { id: Some(id) } => {
                    Some(wanted(id)).filter(|wanted| !matches!(wanted, Wanted::Under(raw) if *raw == id.raw))
                }
            };
            all_as_it_is &= verdict.is_none();
            verdicts.push(verdict);
        }
        if all_as_it_is {
            return (!verdicts.is_empty()).then_some(self.line);
        }
        let kept = |text: &str, verdict: Option<Wanted>| match verdict {
            None => Some(text.to_owned()),
            Some(Wanted::No) => None,
            Some(Wanted::Under(raw)) => Some(under(text, &raw)),
        };
        if !is_batch(&self.line) {
            return kept(&self.line, verdicts.pop()?);
        }
        let all = serde_json::from_str::<Entries<'_>>(&self.line).ok()?.0;
        let left: Vec<String> =
            all.into_iter().zip(verdicts).filter_map(|(one, verdict)| kept(one.get(), verdict)).collect();
        (!left.is_empty()).then(|| format!("[{}]", left.join(",")))
    }

    /// Whether it is a result that does not say whose it is.
    pub(super) fn is_nobodys_result(&self) -> bool {
        matches!(&self.parts[..], [Part { kind: Kind::Response { id: None }, .. }])
            && !is_batch(&self.line)
            && self.result().is_some()
    }

    /// The same as the answer to this request.
    pub(super) fn to(self, id: &Id) -> Self {
        let kind = Kind::Response { id: Some(id.clone()) };
        Self { line: under(&self.line, &id.raw), parts: vec![Part { kind, protocol: None }] }
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

    /// Where something that was read of its line stands in it.
    pub(super) fn place_of(&self, part: &RawValue) -> Option<Range<usize>> {
        place(&self.line, part.get())
    }

    /// Puts other words into that place.
    pub(super) fn replace(&mut self, place: Range<usize>, words: &str) {
        self.line.replace_range(place, words);
    }
}

/// A response with this id, and nothing else changed.
fn under(text: &str, id: &str) -> String {
    let spelled = serde_json::from_str::<Spelled<'_>>(text).ok().and_then(|spelled| spelled.id);
    match spelled {
        Some(there) => {
            let place = place(text, there.get()).unwrap_or_default();
            [&text[..place.start], id, &text[place.end..]].concat()
        }
        None => text.replacen('{', &format!("{{\"id\":{id},"), 1),
    }
}

/// The id as it stands there; one that is null too.
#[derive(Deserialize)]
struct Spelled<'a> {
    #[serde(borrow, default, deserialize_with = "spelled")]
    id: Option<&'a RawValue>,
}

fn spelled<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(from).map(Some)
}

/// Where a part of a text that was read from it lies.
fn place(text: &str, part: &str) -> Option<Range<usize>> {
    let start = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    text.get(start..start + part.len()).map(|_| start..start + part.len())
}

/// Between tokens a line break is a space like any other; inside a string JSON allows none.
fn one_line(text: String) -> String {
    if !text.contains(['\n', '\r']) {
        return text;
    }
    let mut bytes = text.into_bytes();
    for byte in bytes.iter_mut().filter(|byte| matches!(byte, b'\n' | b'\r')) {
        *byte = b' ';
    }
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mcp::entries::ENTRIES;

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

    /// A list of trifles would take many times its own length.
    #[test]
    fn endless_lists_are_not_taken_apart() {
        let list = |length: usize| Answer::read(format!("[{}{{}}]", "{},".repeat(length - 1)));
        assert_eq!(list(ENTRIES).unwrap().parts.len(), ENTRIES);
        assert!(list(ENTRIES + 1).is_none());
    }

    #[test]
    fn an_id_is_changed_and_nothing_else() {
        for (text, expected) in [
            (r#"{"result":{"id":1},"id" : "1" ,"x":1e400}"#, r#"{"result":{"id":1},"id" : 1 ,"x":1e400}"#),
            (r#"{"id":null,"result":null}"#, r#"{"id":1,"result":null}"#),
            (r#" { "result":{"id":2}}"#, r#" {"id":1, "result":{"id":2}}"#),
        ] {
            assert_eq!(under(text, "1"), expected);
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
