//! What is noted of each message that goes through.

use super::client::{Client, Found, HELLO, INITIALIZED, LIMIT, request, until};
use super::guarded::call;
use super::server::{Server, answer, event, events, hello, json, live, nothing, result};
use jiff::Timestamp;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use superset_keys_core::activity::Outcome;
use superset_keys_core::guard::Guard;
use superset_keys_core::mcp::{Began, Passed, Record};

#[derive(Debug, Clone)]
pub struct Noted {
    pub method: String,
    pub tool: Option<String>,
    pub caller: Option<String>,
    pub outcome: Outcome,
    pub took: Duration,
    pub bytes: Option<usize>,
    pub at: Timestamp,
}

/// Keeps what is noted.
#[derive(Default)]
pub struct Kept(Mutex<Vec<Noted>>);

impl Kept {
    pub fn all(&self) -> Vec<Noted> {
        self.0.lock().unwrap().clone()
    }

    fn outcomes(&self) -> Vec<(String, Outcome)> {
        self.all().into_iter().map(|one| (one.tool.unwrap_or(one.method), one.outcome)).collect()
    }
}

impl Record for Kept {
    fn begin(&self) -> Began {
        Began { at: Timestamp::now(), key: None }
    }

    fn note(&self, passed: &Passed<'_>) {
        self.0.lock().unwrap().push(Noted {
            method: passed.method.to_owned(),
            tool: passed.tool.map(str::to_owned),
            caller: passed.caller.and_then(|caller| caller.name.clone()),
            outcome: passed.outcome,
            took: passed.took,
            bytes: passed.bytes,
            at: passed.began.at,
        });
    }
}

fn recorded(server: &Server, silence: Duration) -> (Client, Arc<Kept>) {
    let kept = Arc::new(Kept::default());
    let client =
        Client::recorded(Found::new(&server.url, "sst_canary"), Guard::default(), kept.clone(), silence);
    (client, kept)
}

#[tokio::test]
async fn each_message_is_noted_once_with_how_it_ended() {
    let server = Server::start(|seen| async move {
        let content = |text: &str, more: &str| {
            json(format!(r#"{{"jsonrpc":"2.0","id":{},"result":{{"content":[{{"type":"text","text":"{text}"}}]{more}}}}}"#, seen.id()))
        };
        match seen.json()["params"]["name"].as_str() {
            Some("works") => content("Error is a word", ""),
            Some("says_error") => content("Error: Error calling tool 'x'", r#","isError":false"#),
            Some("is_error") => content("no", r#","isError":true"#),
            Some("denied") => content("Error: Error calling tool 'x': Permission denied: can_y", ""),
            Some("rpc_error") => json(format!(r#"{{"jsonrpc":"2.0","id":{},"error":{{"code":-1,"message":"no"}}}}"#, seen.id())),
            Some("no_id") => answer(400, "application/json", r#"{"jsonrpc":"2.0","id":null,"error":{"code":-1,"message":"no"}}"#),
            Some("forbidden") => nothing(403),
            Some("down") => nothing(500),
            _ if seen.called() == "initialize" => json(hello(&seen)),
            _ if seen.called().starts_with("notifications") => nothing(202),
            _ => events(event(&result(&seen))),
        }
    })
    .await;
    let (mut client, kept) = recorded(&server, LIMIT);
    client.ask(HELLO).await;
    client.say(INITIALIZED).await;
    let tools = [
        ("works", Outcome::Done),
        ("says_error", Outcome::Failed),
        ("is_error", Outcome::Failed),
        ("denied", Outcome::NotAllowed),
        ("rpc_error", Outcome::Failed),
        ("no_id", Outcome::Failed),
        ("forbidden", Outcome::NotAllowed),
        ("down", Outcome::NoAnswer),
    ];
    for (id, (tool, _)) in tools.iter().enumerate() {
        client.ask(&call(id, &format!(r#"{{"name":"{tool}","arguments":{{"sql":"canary"}}}}"#))).await;
    }
    client.ask(&request(99, "tools/list")).await;
    assert!(client.end().await.is_empty());
    let mut expected = vec![
        ("initialize".to_owned(), Outcome::Done),
        ("notifications/initialized".to_owned(), Outcome::Done),
    ];
    expected.extend(tools.map(|(tool, outcome)| (tool.to_owned(), outcome)));
    expected.push(("tools/list".to_owned(), Outcome::Done));
    assert_eq!(kept.outcomes(), expected);
    assert!(
        kept.all()
            .iter()
            .all(|one| one.caller.as_deref() == Some("test") && !format!("{one:?}").contains("canary"))
    );
    assert!(
        kept.all()
            .iter()
            .filter(|one| one.outcome == Outcome::Done && one.method != "notifications/initialized")
            .all(|one| one.bytes > Some(30))
    );
}

#[tokio::test]
async fn a_long_call_is_noted_while_it_is_under_way_and_when_it_is_over() {
    let (sender, reply) = live();
    let reply = Mutex::new(Some(reply));
    let server = Server::start(move |_| {
        let reply = reply.lock().unwrap().take().unwrap();
        async move { reply }
    })
    .await;
    let (mut client, kept) = recorded(&server, LIMIT);
    client.say(&call(1, r#"{"name":"slow"}"#)).await;
    until("a note", || !kept.all().is_empty()).await;
    assert_eq!(kept.outcomes(), [("slow".to_owned(), Outcome::UnderWay)]);
    sender.send(event(r#"{"jsonrpc":"2.0","id":1,"result":{}}"#)).unwrap();
    client.line().await;
    until("the end", || kept.all().len() == 2).await;
    let [began, ended] = &kept.all()[..] else { panic!() };
    assert_eq!((ended.outcome, ended.at), (Outcome::Done, began.at));
    assert!(ended.took >= Duration::from_secs(1));
    drop(sender);
    client.end().await;
}

#[tokio::test]
async fn what_nobody_answers_is_noted_too() {
    let server = Server::start(|_| async move {
        std::future::pending::<()>().await;
        nothing(200)
    })
    .await;
    let (mut client, kept) = recorded(&server, Duration::from_millis(200));
    client.ask(&call(1, r#"{"name":"silent"}"#)).await;
    until("a note", || !kept.all().is_empty()).await;
    assert_eq!(kept.outcomes(), [("silent".to_owned(), Outcome::NoAnswer)]);
    client.end().await;

    let (mut client, kept) = recorded(&server, LIMIT);
    client.say(&call(1, r#"{"name":"cancelled"}"#)).await;
    until("it to arrive", || server.seen().len() >= 2).await;
    client.say(r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#).await;
    client.say(&call(2, r#"{"name":"stopped"}"#)).await;
    until("it to arrive", || server.seen().iter().filter(|seen| seen.called() == "tools/call").count() >= 3)
        .await;
    client.stop();
    client.rest().await;
    let over: Vec<_> =
        kept.outcomes().into_iter().filter(|(_, outcome)| *outcome != Outcome::UnderWay).collect();
    assert!(over.contains(&("stopped".to_owned(), Outcome::NoAnswer)), "{over:?}");
    assert!(over.iter().any(|(tool, _)| tool == "cancelled"), "{over:?}");
}
