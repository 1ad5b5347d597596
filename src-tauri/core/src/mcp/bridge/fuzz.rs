//! Whatever clients and servers write: nothing breaks, nothing else is passed on than what they wrote, and no
//! header says more than one thing.

use super::derived::ToolHeaders;
use super::events::{self, Cursor, Events};
use super::message::{Answer, Message, Wanted};
use bytes::Bytes;
use proptest::prelude::*;
use serde_json::Value;

const META: &str = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}"#;

/// What JSON and event streams are made of, in any order.
fn pieces() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        " ",
        "\n",
        "\r",
        "\0",
        "\"",
        "\\",
        "\\u",
        "\\ud800",
        "\"id\":",
        "1",
        "-0",
        "1e999",
        "\"method\":",
        "\"a\"",
        "\"params\":{",
        "\"jsonrpc\":\"2.0\"",
        "\"result\":",
        "\"error\":{}",
        "null",
        "ü",
        "\u{feff}",
        "data: ",
        "id: ",
        "retry: ",
        "event: message",
        "\n\n",
        ": ",
    ]);
    prop::collection::vec(prop_oneof![pieces.prop_map(str::to_owned), "\\PC{0,3}"], 0..24)
        .prop_map(|all| all.concat())
}

/// A JSON text, as `serde_json` writes it.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        let name = prop_oneof![
            "[a-z]{1,3}",
            any::<String>(),
            prop::sample::select(vec!["properties", "x-mcp-header", "type", "name", "items"])
                .prop_map(str::to_owned),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..5)
                .prop_map(|all| Value::Object(all.into_iter().collect())),
        ]
    })
}

fn read(text: &str) {
    if let Ok(message) = Message::read(Bytes::copy_from_slice(text.as_bytes())) {
        assert_eq!(message.text, text.as_bytes());
        let _ = (message.is_repeatable(), message.is_lasting(), message.is_stateless());
        message.with_params(|params| params.request_id.map(|id| id.get().to_owned()));
        let _ = ToolHeaders::default().of(&message);
    }
    if let Some(mut answer) = Answer::read(text.to_owned()) {
        let value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap_or_default();
        assert!(!answer.line.contains(['\n', '\r']), "one line");
        // Numbers that are none for `Value` are compared by the line's own bytes elsewhere.
        assert_eq!(serde_json::from_str::<Value>(&answer.line).unwrap_or_default(), value);
        let _ = (answer.error(), answer.result().map(ToString::to_string), answer.is_json_rpc());
        let named: Vec<String> = answer.responses().map(|id| id.raw.clone()).collect();
        let line = answer.line.clone();
        ToolHeaders::default().learn(&mut answer);
        if serde_json::from_str::<Value>(&line).is_ok() {
            assert!(serde_json::from_str::<Value>(&answer.line).is_ok(), "{line} {}", answer.line);
        }
        let left = answer.only(|_| Wanted::Under("\"new\"".to_owned()));
        assert!(named.is_empty() || left.is_some_and(|left| left.contains("\"new\"")));
    }
}

/// All messages of an event stream that comes in these pieces, or none if it cannot be read.
fn messages(pieces: Vec<Bytes>) -> Option<Vec<String>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let mut events = Events::of_pieces(pieces);
        let mut cursor = Cursor::default();
        let mut all = Vec::new();
        loop {
            match events.next(&mut cursor).await {
                Ok(Some(event)) => all.extend(events::message(event)),
                Ok(None) => return Some(all),
                Err(_) => return None,
            }
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_breaks(text in pieces()) {
        read(&text);
    }

    #[test]
    fn no_json_breaks(value in json()) {
        read(&value.to_string());
        read(&format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{value}}}"#));
        read(&format!(r#"{{"jsonrpc":"2.0","id":{value},"result":{{"tools":[{{"name":"a","inputSchema":{value}}}]}}}}"#));
        read(&format!("[{value},{value}]"));
    }

    /// A name or an argument is one value of one header, whatever is in it.
    #[test]
    fn headers_hold_what_they_name(name in any::<String>(), value in any::<String>()) {
        let tools = ToolHeaders::default();
        let (name_json, value_json) = (Value::from(name.clone()), Value::from(value.clone()));
        let schema = r#"{"properties":{"v":{"type":"string","x-mcp-header":"V"}}}"#;
        let list = format!(r#"{{"jsonrpc":"2.0","id":1,"result":{{"tools":[{{"name":{name_json},"inputSchema":{schema}}}]}}}}"#);
        tools.learn(&mut Answer::read(list).unwrap());
        let call = format!(
            r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{{META},"name":{name_json},"arguments":{{"v":{value_json}}}}}}}"#
        );
        let headers = tools.of(&Message::read(Bytes::from(call)).unwrap());
        prop_assert_eq!(headers.len(), 4);
        for (header, expected) in [("mcp-name", name), ("mcp-param-v", value)] {
            let said = headers[header].to_str().unwrap();
            let coded = said.strip_prefix("=?base64?").and_then(|rest| rest.strip_suffix("?="));
            let decoded = coded.map(|text| base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text).unwrap());
            prop_assert_eq!(decoded.unwrap_or_else(|| said.as_bytes().to_vec()), expected.into_bytes());
        }
    }

    /// What is read of a stream is the same wherever the network cuts it.
    #[test]
    fn streams_are_read_alike_in_any_pieces(text in pieces(), cuts in prop::collection::vec(0_usize..80, 0..6), garbage in any::<Option<u8>>()) {
        let mut bytes = text.into_bytes();
        bytes.extend(garbage);
        bytes.extend(b"\n\ndata: last\n\n");
        let whole = messages(vec![Bytes::from(bytes.clone())]);
        let single = messages(bytes.iter().map(|byte| Bytes::from(vec![*byte])).collect());
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let cut = messages(cuts.windows(2).map(|cut| Bytes::copy_from_slice(&bytes[cut[0]..cut[1]])).collect());
        prop_assert_eq!(&whole, &single);
        prop_assert_eq!(&whole, &cut);
    }
}
