//! A guard between client and server: what it lets through is untouched, what it does not never leaves.

use super::client::{Client, Found, HELLO, INITIALIZED, LIMIT, request};
use super::recorded::Kept;
use super::server::{Seen, Server, event, events, hello, json, nothing, result};
use serde_json::{Value, json as value};
use std::sync::Arc;
use superset_keys_core::activity::Outcome;
use superset_keys_core::guard::{Guard, Rule};

pub fn guard(allow: &[&str], deny: &[&str]) -> Guard {
    let rules = |words: &[&str]| words.iter().map(|word| word.parse::<Rule>().unwrap()).collect();
    Guard::new(rules(allow), rules(deny))
}

pub fn call(id: impl std::fmt::Display, params: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"tools/call","params":{params}}}"#)
}

/// As Superset 6.1.0 answers, tools in odd spelling among them.
const TOOLS: &str = r#"[{"name":"list_charts" , "x":1e400},{"name":"execute_sql"},{"n\u0061me":"generate_chart"},{"name":"search_tools"},{"name":"call_tool"}]"#;

fn superset(seen: &Seen) -> String {
    let id = || seen.id();
    match seen.called().as_str() {
        "initialize" => hello(seen),
        "tools/list" => {
            format!(r#"{{"jsonrpc":"2.0","id":{},"result":{{"tools":{TOOLS},"nextCursor":"n"}}}}"#, id())
        }
        "tools/call" if seen.json()["params"]["name"] == "search_tools" => {
            let text = Value::from(TOOLS.replace("1e400", "1")).to_string();
            format!(
                r#"{{"jsonrpc":"2.0","id":{},"result":{{"content":[{{"type":"text","text":{text}}}],"structuredContent":{{"result":{TOOLS}}},"isError":false}}}}"#,
                id()
            )
        }
        _ => result(seen),
    }
}

async fn server() -> Server {
    Server::start(|seen| async move {
        if seen.called().starts_with("notifications/") {
            nothing(202)
        } else {
            events(event(&superset(&seen)))
        }
    })
    .await
}

fn found(server: &Server) -> Found {
    Found::new(&server.url, "sst_canary")
}

#[tokio::test]
async fn calls_that_are_not_let_through_never_leave_and_are_answered() {
    let server = server().await;
    let mut client = Client::guarded(found(&server), guard(&["read"], &[]));
    for (params, reason) in [
        (r#"{"name":"execute_sql","arguments":{}}"#, "tool_not_allowed"),
        (r#"{"name":"call_tool","arguments":{"name":"execute_sql","arguments":{}}}"#, "tool_not_allowed"),
        (
            r#"{"name":"call_tool","arguments":{"name":"call_tool","arguments":{"name":"execute_sql"}}}"#,
            "tool_not_allowed",
        ),
        (r#"{"name":"exec\u0075te_sql"}"#, "tool_not_allowed"),
        (r#"{"name":"list_charts","name":"execute_sql"}"#, "call_unclear"),
        (r#"{"name":7}"#, "call_unclear"),
        ("[1]", "call_unclear"),
        ("null", "call_unclear"),
    ] {
        assert_eq!(client.reason(&call(1, params)).await, reason, "{params}");
    }
    for method in ["Tools/Call", " tools/call", "tools/call/stream"] {
        assert_eq!(client.reason(&request(1, method)).await, "call_unclear", "{method}");
    }
    // Nobody can be told of a call that has no id.
    client.say(r#"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"execute_sql"}}"#).await;
    client.say(r#"{"jsonrpc":"2.0","id":null,"method":"tools/call","params":{"name":"execute_sql"}}"#).await;
    // One of a batch is all of it.
    let batch =
        format!("[{},{}]", call(2, r#"{"name":"list_charts"}"#), call(3, r#"{"name":"execute_sql"}"#));
    client.say(&batch).await;
    let refused: Vec<Value> = vec![client.json().await, client.json().await];
    assert_eq!(refused.iter().map(|one| &one["id"]).collect::<Vec<_>>(), [&value!(2), &value!(3)]);
    assert!(refused.iter().all(|one| one["error"]["data"]["reason"] == "tool_not_allowed"), "{refused:?}");
    // Of two requests by one name nobody can tell which is answered.
    client.say(&format!("[{},{}]", request(4, "tools/list"), request(4, "ping"))).await;
    for _ in 0..2 {
        assert_eq!(client.json().await["error"]["data"]["reason"], "call_unclear");
    }
    assert!(server.seen().is_empty(), "{:?}", server.seen());
    assert!(client.end().await.is_empty());
}

#[tokio::test]
async fn what_is_let_through_leaves_as_it_is_written() {
    let server = server().await;
    let mut client = Client::guarded(found(&server), guard(&["read", "execute_sql"], &[]));
    let odd = r#"{"jsonrpc":"2.0" ,"id": 1e0,"method":"tools\/call","params":{"name":"exec\u0075te_sql","arguments":{"a":1e400,"a":2}},"more":null}"#;
    client.say(odd).await;
    client.line().await;
    let nested =
        call(2, r#"{"name":"call_tool","arguments":{"name":"list_charts","arguments":{"request":{}}}}"#);
    assert_eq!(client.ask(&nested).await["result"]["called"], "tools/call");
    let seen: Vec<String> = server.seen().into_iter().map(|seen| seen.body).collect();
    assert_eq!(seen, [odd, &nested]);
    assert!(client.end().await.is_empty());
}

#[tokio::test]
async fn lists_and_searches_show_only_what_is_let_through() {
    let server = server().await;
    let list = request(1, "tools/list");
    let search = call(2, r#"{"name":"search_tools","arguments":{"query":"sql"}}"#);
    let through_call =
        call(3, r#"{"name":"call_tool","arguments":{"name":"search_tools","arguments":{"query":"sql"}}}"#);

    let mut open = Client::of(found(&server));
    open.say(&list).await;
    let whole = open.line().await;
    assert_eq!(whole, format!(r#"{{"jsonrpc":"2.0","id":1,"result":{{"tools":{TOOLS},"nextCursor":"n"}}}}"#));

    let mut client = Client::guarded(found(&server), guard(&["read"], &[]));
    client.say(&list).await;
    let left = r#"[{"name":"list_charts" , "x":1e400},{"name":"search_tools"},{"name":"call_tool"}]"#;
    assert_eq!(client.line().await, whole.replace(TOOLS, left));
    for search in [&search, &through_call] {
        client.say(search).await;
        let answer = client.line().await;
        assert!(!answer.contains("execute_sql") && !answer.contains("generate_chart"), "{answer}");
        assert_eq!(
            answer.matches("list_charts").count(),
            if *search == through_call { 0 } else { 2 },
            "{answer}"
        );
    }
    for client in [open, client] {
        assert!(client.end().await.is_empty());
    }
}

#[tokio::test]
async fn a_list_that_is_not_understood_is_not_shown() {
    let server = Server::start(|seen| async move {
        let list = r#"{"tools":[{"name":"execute_sql"}],"tools":{}}"#;
        json(format!(r#"{{"jsonrpc":"2.0","id":{},"result":{list}}}"#, seen.id()))
    })
    .await;
    let mut client = Client::guarded(found(&server), guard(&["read"], &[]));
    assert_eq!(client.reason(&request(1, "tools/list")).await, "tool_list_unclear");
    let mut open = Client::of(found(&server));
    open.say(&request(1, "tools/list")).await;
    assert!(open.line().await.contains("execute_sql"));
}

/// The way an answer comes is the server's choice.
#[tokio::test]
async fn lists_are_looked_through_in_batches_too() {
    let server = Server::start(|seen| async move {
        let all: Vec<Value> = serde_json::from_str(&seen.body).unwrap();
        let answers = all
            .iter()
            .rev()
            .map(|one| format!(r#"{{"jsonrpc":"2.0","id":{},"result":{{"tools":{TOOLS}}}}}"#, one["id"]));
        json(format!("[{}]", answers.collect::<Vec<_>>().join(",")))
    })
    .await;
    let mut client = Client::guarded(found(&server), guard(&[], &["*sql", "generate_*"]));
    client.say(&format!("[{},{}]", request(1, "tools/list"), request(2, "tools/list"))).await;
    let answer = client.line().await;
    assert!(!answer.contains("execute_sql") && !answer.contains("generate_chart"), "{answer}");
    assert_eq!(answer.matches("list_charts").count(), 2);
    let _: Vec<Value> = serde_json::from_str(&answer.replace("1e400", "1")).unwrap();
    assert!(client.end().await.is_empty());
}

#[tokio::test]
async fn refused_calls_are_noted_with_the_tool_that_all_comes_down_to() {
    let server = server().await;
    let kept = Arc::new(Kept::default());
    let mut client = Client::recorded(found(&server), guard(&["read"], &[]), kept.clone(), LIMIT);
    client.ask(HELLO).await;
    client.say(INITIALIZED).await;
    client
        .reason(&call(
            1,
            r#"{"name":"call_tool","arguments":{"name":"execute_sql","arguments":{"sql":"SELECT secret"}}}"#,
        ))
        .await;
    client.ask(&call(2, r#"{"name":"call_tool","arguments":{"name":"list_charts","arguments":{}}}"#)).await;
    // Also of what nobody can be told.
    client.say(r#"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"generate_chart"}}"#).await;
    assert!(client.end().await.is_empty());
    let tools: Vec<_> = kept.all().into_iter().filter(|one| one.method == "tools/call").collect();
    let expected = [
        ("execute_sql", Outcome::Refused),
        ("list_charts", Outcome::Done),
        ("generate_chart", Outcome::Refused),
    ];
    assert_eq!(
        tools.iter().map(|one| (one.tool.as_deref().unwrap(), one.outcome)).collect::<Vec<_>>(),
        expected
    );
    assert!(tools.iter().all(|one| one.caller.as_deref() == Some("test")), "{tools:?}");
}
