//! Shapes that many clients share.

use super::entry::Target;
use super::program_call::ProgramCall;
use super::quote::uri_component;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};

/// A program to start.
pub(super) fn started(call: &ProgramCall) -> Value {
    in_environment(json!({ "command": call.program, "args": call.args }), "env", call)
}

/// The same for clients that want to be told what kind of entry it is.
pub(super) fn started_as(kind: &str, call: &ProgramCall) -> Value {
    in_environment(json!({ "type": kind, "command": call.program, "args": call.args }), "env", call)
}

/// A program to start as one list, its own name first.
pub(super) fn started_in_one(kind: &str, call: &ProgramCall) -> Value {
    let command = call.words().collect::<Vec<_>>();
    in_environment(json!({ "type": kind, "command": command }), "environment", call)
}

fn in_environment(entry: Value, key: &str, call: &ProgramCall) -> Value {
    if call.env.is_empty() { entry } else { with(entry, key, call.environment()) }
}

/// The header that carries the key, or whatever the client puts in the key's place.
pub(super) fn headers(key: &str) -> Value {
    json!({ "Authorization": format!("Bearer {key}") })
}

/// An address and its header. Clients disagree on what the address is called.
pub(super) fn at(url: &str, target: &Target<'_>, key: &str) -> Value {
    let mut entry = Map::new();
    entry.insert(url.into(), target.url.clone().into());
    entry.insert("headers".into(), headers(key));
    entry.into()
}

/// The same for clients that want to be told what kind of entry it is.
pub(super) fn at_as(kind: &str, target: &Target<'_>, key: &str) -> Value {
    json!({ "type": kind, "url": target.url, "headers": headers(key) })
}

/// The entry and something beside what it has.
pub(super) fn with(mut entry: Value, key: &str, value: impl Into<Value>) -> Value {
    if let Value::Object(entries) = &mut entry {
        entries.insert(key.into(), value.into());
    }
    entry
}

/// A command of a client, from its fixed words and others.
pub(super) fn told(head: &[&str], rest: &[&str]) -> Vec<String> {
    head.iter().chain(rest).map(|word| (*word).to_owned()).collect()
}

/// A command of a client whose last words are the program to start.
pub(super) fn told_to_start(head: &[&str], target: &Target<'_>, call: &ProgramCall) -> Vec<String> {
    let head = head.iter().map(|word| (*word).to_owned());
    head.chain(call.words_with_environment(target.platform)).collect()
}

/// An entry as the links of Cursor and those who follow it carry it: base64, and its `+`, `/` and `=`
/// percent-encoded.
pub(super) fn base64_link(head: &str, target: &Target<'_>, entry: &Value) -> String {
    let config = BASE64_STANDARD.encode(entry.to_string());
    format!("{head}?name={}&config={}", uri_component(target.name), uri_component(&config))
}
