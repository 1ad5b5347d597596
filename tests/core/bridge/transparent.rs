//! What goes in comes out, byte for byte, in both directions.

use super::client::{Client, Found};
use super::server::{Server, event, events, json};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

const MESSAGES: usize = 4000;

/// JSON as text, so that its spelling is ours: odd numbers, escapes, Unicode, nulls, white space.
fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        prop::sample::select(vec![
            "0",
            "-0",
            "1.0",
            "1e2",
            "-1E+5",
            "1.50",
            "9007199254740993",
            "18446744073709551616",
            "1e400",
            "0.1000000000000000055511151231257827",
            "-0.0"
        ])
        .prop_map(str::to_owned),
        "\\PC{0,12}".prop_map(|text| serde_json::to_string(&text).unwrap()),
        prop::sample::select(vec![
            r#""""#,
            r#""\u0000""#,
            r#""\ud83d\ude00""#,
            r#""\/\b\f\n\r\t""#,
            r#""é\u00e9""#,
            "\"\u{2028}\"",
            "\"\u{fffd}\u{10ffff}\""
        ])
        .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        let space = prop::sample::select(vec!["", " ", "\t", "  "]);
        let entry = ("[a-zäß_\\$]{1,8}", inner.clone(), space.clone())
            .prop_map(|(key, value, space)| format!("{space}\"{key}\"{space}:{space}{value}"));
        prop_oneof![
            (prop::collection::vec(inner, 0..5), space)
                .prop_map(|(all, space)| format!("[{space}{}]", all.join(&format!("{space},")))),
            prop::collection::hash_map("[a-z]{1,6}", entry, 0..5)
                .prop_map(|all| format!("{{{}}}", all.into_values().collect::<Vec<_>>().join(","))),
        ]
    })
}

/// Fields that no type of MCP knows, in any order.
fn fields() -> impl Strategy<Value = String> {
    prop::collection::vec(value(), 0..4).prop_map(|values| {
        let named = values.into_iter().enumerate().map(|(n, value)| format!(r#","x{n}":{value}"#));
        named.collect::<String>()
    })
}

#[tokio::test]
async fn thousands_of_messages_are_equal() {
    let mut runner = TestRunner::deterministic();
    let mut sample = |strategy: BoxedStrategy<String>| strategy.new_tree(&mut runner).unwrap().current();
    let mut asked = Vec::new();
    let mut answers = HashMap::new();
    for n in 0..MESSAGES {
        let id = match n % 5 {
            0 => format!("{n}"),
            1 => format!("{n}.5"),
            2 => format!("\"ü{n}\""),
            3 => format!("\"{n}\""),
            _ => format!("-{n}"),
        };
        let (before, params, after) =
            (sample(fields().boxed()), sample(value().boxed()), sample(fields().boxed()));
        let before = before.strip_prefix(',').map(|before| format!("{before},")).unwrap_or_default();
        asked.push(format!(
            r#"{{{before}"jsonrpc":"2.0","id":{id},"method":"m/{n}","params":{params}{after}}}"#
        ));
        let (value, more) = (sample(value().boxed()), sample(fields().boxed()));
        let kind = if n % 7 == 0 { "error" } else { "result" };
        answers.insert(id.clone(), format!(r#"{{"id" : {id} ,"jsonrpc":"2.0","{kind}":{value}{more}}}"#));
    }
    let arrived = Arc::new(Mutex::new(Vec::new()));
    let (log, replies) = (Arc::clone(&arrived), answers.clone());
    let server = Server::start(move |seen| {
        let id = raw_id(&seen.body);
        log.lock().unwrap().push(seen.body.clone());
        let text = replies[&id].clone();
        let number = text.len();
        async move {
            match number % 3 {
                0 => json(text),
                1 => events(event(&text)),
                // Another note before the answer, and the answer over two lines of data.
                _ => {
                    let (a, b) = text.split_once(" ,").unwrap();
                    events(format!(": ping\n\nid: 7\ndata: {a}\ndata:,{b}\n\n"))
                }
            }
        }
    })
    .await;
    let mut client = Client::of(Found::new(&server.url, "sst_canary"));
    let mut came = Vec::new();
    for some in asked.chunks(50) {
        for line in some {
            client.say(line).await;
        }
        for _ in some {
            came.push(client.line().await);
        }
    }
    assert!(client.end().await.is_empty());

    let mut arrived = arrived.lock().unwrap().clone();
    arrived.sort();
    asked.sort();
    came.sort();
    assert_eq!(arrived, asked, "on the way there");
    let mut expected: Vec<String> = answers.into_values().collect();
    expected.sort();
    assert_eq!(came, expected, "on the way back");
}

/// Of a message whose id follows `"jsonrpc":"2.0","id":` at the top level.
fn raw_id(body: &str) -> String {
    #[derive(serde::Deserialize)]
    struct Id<'a> {
        #[serde(borrow)]
        id: &'a serde_json::value::RawValue,
    }
    serde_json::from_str::<Id<'_>>(body).unwrap().id.get().to_owned()
}

#[tokio::test]
async fn ten_megabytes_there_and_back() {
    let server = Server::start(|seen| async move {
        let text = format!(r#"{{"jsonrpc":"2.0","id":{},"result":{}}}"#, seen.id(), seen.json()["params"]);
        if seen.called() == "json" { json(text) } else { events(event(&text)) }
    })
    .await;
    let mut client = Client::of(Found::new(&server.url, "sst_canary"));
    let big = "ä".repeat(5 * 1024 * 1024);
    for method in ["json", "events"] {
        let line = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":["{big}"]}}"#);
        client.say(&line).await;
        let answer = client.line().await;
        assert!(answer == format!(r#"{{"jsonrpc":"2.0","id":1,"result":["{big}"]}}"#), "{method}");
    }
    assert!(client.end().await.is_empty());
}
