//! Headers that the 2026-07-28 protocol derives from a message's body, so that what stands between client and
//! server can route it unread. Earlier messages get none of them.
//!
//! Source: MCP 2026-07-28, Streamable HTTP, "Standard request headers" and "Custom headers from tool
//! parameters" (read 2026-11-21), and what the TypeScript SDK 2.4.0 sends.

use super::message::{Answer, Kind, Message, Part};
use crate::mcp::entries::Entries;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

pub(super) const PROTOCOL_VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");
const METHOD: HeaderName = HeaderName::from_static("mcp-method");
const NAME: HeaderName = HeaderName::from_static("mcp-name");
const PARAM: &str = "mcp-param-";
/// Where a tool's schema names the header of an argument.
const IN_SCHEMA: &str = "x-mcp-header";
/// More arguments than any tool wants to see in headers. Far more would not fit into a message's head.
const OF_A_TOOL: usize = 100;
/// A tool's schema is read up to this size. None that was seen comes near it.
const SCHEMA_LIMIT: usize = 1024 * 1024;
/// Bytes of names that are remembered. A server cannot fill the memory with them, list after list.
const REMEMBERED: usize = 4 * 1024 * 1024;

/// The arguments that each tool wants to see in headers, as the last lists said. A tool that asks in a way that is
/// not allowed has none.
#[derive(Default)]
pub(super) struct ToolHeaders(Mutex<Known>);

#[derive(Default)]
struct Known {
    tools: HashMap<String, Option<Vec<Wanted>>>,
    bytes: usize,
}

/// One argument, by its path, and its header.
struct Wanted {
    path: Vec<String>,
    header: HeaderName,
}

impl Known {
    fn put(&mut self, name: &str, wanted: Option<Vec<Wanted>>) {
        if let Some(before) = self.tools.remove(name) {
            self.bytes -= weight(name, before.as_ref());
        }
        let weight = weight(name, wanted.as_ref());
        if wanted.as_ref().is_none_or(|wanted| !wanted.is_empty()) && self.bytes + weight <= REMEMBERED {
            self.bytes += weight;
            self.tools.insert(name.to_owned(), wanted);
        }
    }
}

fn weight(name: &str, wanted: Option<&Vec<Wanted>>) -> usize {
    let of = |one: &Wanted| {
        64 + one.header.as_str().len() + one.path.iter().map(|part| 32 + part.len()).sum::<usize>()
    };
    128 + name.len() + wanted.into_iter().flatten().map(of).sum::<usize>()
}

impl ToolHeaders {
    /// Remembers what an answer to `tools/list` says, and takes out of it the tools that must not be called: MCP wants
    /// a client to leave them out. Their names.
    pub(super) fn learn(&self, answer: &mut Answer) -> Vec<String> {
        #[derive(serde::Deserialize)]
        struct Listed<'a> {
            #[serde(borrow)]
            tools: &'a RawValue,
        }
        #[derive(serde::Deserialize)]
        struct Tool<'a> {
            #[serde(borrow)]
            name: Cow<'a, str>,
            #[serde(borrow, rename = "inputSchema")]
            schema: Option<&'a RawValue>,
        }
        let listed = answer.result().and_then(|result| serde_json::from_str::<Listed<'_>>(result.get()).ok());
        let Some(tools) = listed.map(|listed| listed.tools) else { return Vec::new() };
        let Ok(all) = serde_json::from_str::<Entries<'_>>(tools.get()) else { return Vec::new() };
        let (mut kept, mut left_out) = (Vec::with_capacity(all.0.len()), Vec::new());
        for raw in all.0 {
            let tool = serde_json::from_str::<Tool<'_>>(raw.get());
            let wanted = tool.as_ref().ok().and_then(|tool| tool.schema).map_or(Some(Vec::new()), read);
            if wanted.is_some() {
                kept.push(raw.get());
            } else {
                left_out.push(tool.as_ref().map_or_else(|_| String::new(), |tool| tool.name.to_string()));
            }
            if let Ok(tool) = tool {
                self.known().put(&tool.name, wanted);
            }
        }
        if !left_out.is_empty()
            && let Some(place) = answer.place_of(tools)
        {
            let kept = format!("[{}]", kept.join(","));
            answer.replace(place, &kept);
        }
        left_out
    }

    /// The headers of a message besides those of its session.
    pub(super) fn of(&self, message: &Message) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let Some(Part { protocol: Some(protocol), kind }) = message.single() else { return headers };
        let (Kind::Request { method, .. } | Kind::Notification { method }) = kind else { return headers };
        put(&mut headers, PROTOCOL_VERSION, protocol);
        put(&mut headers, METHOD, method);
        message.with_params(|params| {
            let name = match &**method {
                "tools/call" | "prompts/get" => params.name,
                "resources/read" => params.uri,
                "tasks/get" | "tasks/update" | "tasks/cancel" => params.task_id,
                _ => None,
            };
            let Some(name) = name.and_then(text) else { return };
            put(&mut headers, NAME, &name);
            if method == "tools/call" {
                self.put_arguments(&mut headers, &name, params.arguments);
            }
        });
        headers
    }

    /// The tool that a message calls and that must not be called.
    pub(super) fn forbids(&self, message: &Message) -> Option<String> {
        if !(message.is_stateless() && message.is_request("tools/call")) {
            return None;
        }
        let name = message.with_params(|params| params.name.and_then(text))?;
        matches!(self.known().tools.get(&name), Some(None)).then_some(name)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put_arguments(&self, headers: &mut HeaderMap, tool: &str, arguments: Option<&RawValue>) {
        let known = self.known();
        let (Some(Some(wanted)), Some(arguments)) = (known.tools.get(tool), arguments) else { return };
        let Ok(arguments) = serde_json::from_str::<Value>(arguments.get()) else { return };
        for one in wanted {
            let value = one.path.iter().try_fold(&arguments, |value, name| value.get(name));
            let spelled = match value {
                Some(Value::String(text)) => text.clone(),
                Some(Value::Bool(yes)) => yes.to_string(),
                Some(Value::Number(number)) if number.is_i64() || number.is_u64() => number.to_string(),
                _ => continue,
            };
            put(headers, one.header.clone(), &spelled);
        }
    }
}

fn text(raw: &RawValue) -> Option<String> {
    serde_json::from_str(raw.get()).ok()
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(&encoded(value)) {
        headers.insert(name, value);
    }
}

/// As it is where that is a plain field value, otherwise as `=?base64?…?=`.
fn encoded(value: &str) -> String {
    let plain = !value.is_empty()
        && value.trim_matches([' ', '\t']) == value
        && value.bytes().all(|byte| byte == b'\t' || (b' '..=b'~').contains(&byte))
        && !(value.starts_with("=?base64?") && value.ends_with("?="));
    if plain { value.to_owned() } else { format!("=?base64?{}?=", STANDARD.encode(value)) }
}

/// What a schema asks for; nothing if it says nothing of headers.
fn read(schema: &RawValue) -> Option<Vec<Wanted>> {
    let text = schema.get();
    // Its name may be spelled with escapes.
    if text.len() > SCHEMA_LIMIT || !(text.contains(IN_SCHEMA) || text.contains("\\u")) {
        return Some(Vec::new());
    }
    serde_json::from_str::<Value>(text).map_or_else(|_| Some(Vec::new()), |schema| wanted(&schema))
}

/// What a schema asks for. One annotation in a wrong place makes all of the tool's invalid.
fn wanted(schema: &Value) -> Option<Vec<Wanted>> {
    let mut found = Vec::new();
    reachable(schema, &mut Vec::new(), &mut found)?;
    let distinct: std::collections::HashSet<_> = found.iter().map(|one| &one.header).collect();
    let valid = distinct.len() == found.len() && annotations(schema) == found.len();
    valid.then(|| if found.len() <= OF_A_TOOL { found } else { Vec::new() })
}

/// Collects along chains of `properties`, where alone an annotation may stand.
fn reachable(schema: &Value, path: &mut Vec<String>, found: &mut Vec<Wanted>) -> Option<()> {
    if let Some(name) = schema.get(IN_SCHEMA) {
        let header =
            HeaderName::try_from(format!("{PARAM}{}", name.as_str().filter(|name| !name.is_empty())?))
                .ok()?;
        let kind = schema.get("type")?.as_str()?;
        if path.is_empty() || !matches!(kind, "string" | "integer" | "boolean") {
            return None;
        }
        found.push(Wanted { path: path.clone(), header });
    }
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        path.push(name.clone());
        reachable(property, path, found)?;
        path.pop();
    }
    Some(())
}

fn annotations(value: &Value) -> usize {
    match value {
        Value::Array(all) => all.iter().map(annotations).sum(),
        Value::Object(all) => {
            usize::from(all.contains_key(IN_SCHEMA)) + all.values().map(annotations).sum::<usize>()
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    const META: &str = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}"#;

    fn headers(tools: &ToolHeaders, method: &str, params: &str) -> Vec<String> {
        let text = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{{{META}{params}}}}}"#);
        let message = Message::read(Bytes::from(text)).unwrap();
        let headers = tools.of(&message);
        headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect()
    }

    #[test]
    fn messages_of_earlier_protocols_get_none() {
        let text = r#"{"id":1,"method":"tools/call","params":{"name":"a"}}"#;
        let message = Message::read(Bytes::from_static(text.as_bytes())).unwrap();
        assert!(ToolHeaders::default().of(&message).is_empty());
    }

    #[test]
    fn method_and_name_are_mirrored() {
        let none = ToolHeaders::default();
        let version = "mcp-protocol-version: 2026-07-28";
        for (method, params, name) in [
            ("tools/call", r#","name":"list_charts""#, Some("mcp-name: list_charts")),
            ("prompts/get", r#","name":"b c""#, Some("mcp-name: b c")),
            ("resources/read", r#","uri":"file:///ü""#, Some("mcp-name: =?base64?ZmlsZTovLy/DvA==?=")),
            ("tasks/get", r#","taskId":"t""#, Some("mcp-name: t")),
            ("tools/call", r#","name":" padded""#, Some("mcp-name: =?base64?IHBhZGRlZA==?=")),
            ("tools/call", r#","name":7"#, None),
            ("tools/list", r#","name":"a""#, None),
        ] {
            let mut expected = vec![version.to_owned(), format!("mcp-method: {method}")];
            expected.extend(name.map(str::to_owned));
            assert_eq!(headers(&none, method, params), expected);
        }
    }

    #[test]
    fn arguments_are_mirrored_where_a_tool_asks_for_it() {
        let tools = ToolHeaders::default();
        let list = r#"{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"q","inputSchema":{"type":"object","properties":{
            "region":{"type":"string","x-mcp-header":"Region"},
            "deep":{"type":"object","properties":{"n":{"type":"integer","x-mcp-header":"Count"}}},
            "yes":{"type":"boolean","x-mcp-header":"Yes"}}}},
            {"name":"wrong","inputSchema":{"properties":{"a":{"type":"array","items":{"type":"string","x-mcp-header":"A"}}}}}]}}"#;
        tools.learn(&mut Answer::read(list.into()).unwrap());
        let call = |name: &str, arguments: &str| {
            let params = format!(r#","name":"{name}","arguments":{arguments}"#);
            headers(&tools, "tools/call", &params).split_off(3)
        };
        assert_eq!(
            call("q", r#"{"region":"eu","deep":{"n":42},"yes":true}"#),
            ["mcp-param-region: eu", "mcp-param-count: 42", "mcp-param-yes: true"]
        );
        assert!(call("q", r#"{"region":null,"deep":{"n":1.5}}"#).is_empty());
        assert!(call("wrong", r#"{"a":["b"]}"#).is_empty());
    }

    /// List after list, each with other names.
    #[test]
    fn what_is_remembered_has_an_end() {
        let tools = ToolHeaders::default();
        let name = "x".repeat(100_000);
        for n in 0..100 {
            let schema = r#"{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}"#;
            let list = format!(
                r#"{{"jsonrpc":"2.0","id":1,"result":{{"tools":[{{"name":"{n}{name}","inputSchema":{schema}}}]}}}}"#
            );
            tools.learn(&mut Answer::read(list).unwrap());
        }
        let known = tools.known();
        assert!(known.bytes <= REMEMBERED && (20..60).contains(&known.tools.len()), "{}", known.tools.len());
    }

    /// As many as a head can hold at most are too many: putting one more into it would end the bridge's call.
    #[test]
    fn a_tool_that_wants_countless_headers_gets_none() {
        let all = |one: &dyn Fn(usize) -> String| (0..40_000).map(one).collect::<Vec<_>>().join(",");
        let properties = all(&|n| format!(r#""p{n}":{{"type":"integer","x-mcp-header":"P{n}"}}"#));
        let list = format!(
            r#"{{"jsonrpc":"2.0","id":1,"result":{{"tools":[{{"name":"t","inputSchema":{{"properties":{{{properties}}}}}}}]}}}}"#
        );
        let tools = ToolHeaders::default();
        tools.learn(&mut Answer::read(list).unwrap());
        let arguments = all(&|n| format!(r#""p{n}":{n}"#));
        let call = format!(r#","name":"t","arguments":{{{arguments}}}"#);
        assert_eq!(headers(&tools, "tools/call", &call).len(), 3);
    }
}
