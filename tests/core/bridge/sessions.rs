//! The protocols with `initialize`: a session, the stream beside it, and taking up what broke.

use super::client::{Client, Found, HELLO, INITIALIZED, request, soon, until};
use super::server::{Reply, Seen, Server, event, events, hello, json, live, nothing, result, with};
use std::sync::{Arc, Mutex};
use tokio::sync::mpsc;

/// A server that keeps a session and forgets it when told to.
#[derive(Default)]
struct Keeper {
    session: Option<String>,
    begun: usize,
    /// The stream beside the calls, where the client has opened it.
    beside: Option<mpsc::UnboundedSender<String>>,
}

impl Keeper {
    fn reply(&mut self, seen: &Seen) -> Reply {
        if seen.method == "POST" && seen.called() == "initialize" {
            self.begun += 1;
            let session = format!("session-{}", self.begun);
            let reply = with(events(event(&hello(seen))), "mcp-session-id", &session);
            self.session = Some(session);
            return reply;
        }
        if seen.header("mcp-session-id") != self.session.as_deref() {
            return nothing(404);
        }
        match &*seen.method {
            "GET" => {
                let (say, reply) = live();
                self.beside = Some(say);
                reply
            }
            "DELETE" => {
                self.session = None;
                nothing(204)
            }
            _ if seen.json().get("id").is_none() => nothing(202),
            _ => json(result(seen)),
        }
    }
}

async fn keeper() -> (Arc<Mutex<Keeper>>, Server) {
    let keeper = Arc::new(Mutex::new(Keeper::default()));
    let replying = Arc::clone(&keeper);
    let server = Server::start(move |seen| {
        let reply = replying.lock().unwrap().reply(&seen);
        async move { reply }
    })
    .await;
    (keeper, server)
}

async fn begun(server: &Server) -> Client {
    let mut client = Client::of(Found::new(&server.url, "sst_canary"));
    assert_eq!(client.ask(HELLO).await["result"]["protocolVersion"], "2025-06-18");
    client.say(INITIALIZED).await;
    client
}

#[tokio::test]
async fn a_session_is_named_in_each_call_and_ended_at_the_end() {
    let (_, server) = keeper().await;
    let mut client = begun(&server).await;
    assert_eq!(client.ask(&request(1, "tools/list")).await["result"]["called"], "tools/list");
    until("the stream beside", || server.seen().iter().any(|seen| seen.method == "GET")).await;
    assert!(client.end().await.is_empty());
    let seen = server.seen();
    assert_eq!(seen[0].header("mcp-session-id"), None);
    assert_eq!(seen[0].header("mcp-protocol-version"), None);
    for later in &seen[1..] {
        assert_eq!(later.header("mcp-session-id"), Some("session-1"), "{later:?}");
        assert_eq!(later.header("mcp-protocol-version"), Some("2025-06-18"), "{later:?}");
    }
    assert_eq!(seen.last().unwrap().method, "DELETE");
}

/// A client that does not wait for its answers is no reason to call without a session.
#[tokio::test]
async fn what_follows_initialize_waits_for_it() {
    let (_, server) = keeper().await;
    let mut client = Client::of(Found::new(&server.url, "sst_canary"));
    client.say(&format!("{HELLO}\n{INITIALIZED}\n{}", request(1, "tools/list"))).await;
    assert_eq!(client.json().await["id"], "hello");
    assert_eq!(client.json().await["result"]["called"], "tools/list");
    let posts: Vec<_> =
        server.seen().into_iter().filter(|seen| seen.method == "POST").map(|seen| seen.called()).collect();
    assert_eq!(posts, ["initialize", "notifications/initialized", "tools/list"]);
    assert!(client.end().await.is_empty());
}

#[tokio::test]
async fn what_a_server_says_unasked_comes_through_and_is_taken_up_where_it_broke() {
    let (keeper, server) = keeper().await;
    let mut client = begun(&server).await;
    let beside = || keeper.lock().unwrap().beside.take();
    until("the stream beside", || keeper.lock().unwrap().beside.is_some()).await;
    let say = beside().unwrap();
    let changed = r#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#;
    say.send(format!("id: e7\nretry: 20\n{}", event(changed))).unwrap();
    assert_eq!(client.line().await, changed);
    drop(say);
    until("it again", || keeper.lock().unwrap().beside.is_some()).await;
    let again = server.seen().into_iter().rfind(|seen| seen.method == "GET").unwrap();
    assert_eq!(again.header("last-event-id"), Some("e7"));
    let asked = r#"{"jsonrpc":"2.0","id":"s1","method":"roots/list"}"#;
    beside().unwrap().send(event(asked)).unwrap();
    assert_eq!(client.line().await, asked);
    assert!(client.end().await.is_empty());
}

#[tokio::test]
async fn a_forgotten_session_begins_anew_unseen() {
    let (keeper, server) = keeper().await;
    let mut client = begun(&server).await;
    assert_eq!(client.ask(&request(1, "a")).await["id"], 1);
    keeper.lock().unwrap().session = None;
    for id in 2..8 {
        client.say(&request(id, "tools/call")).await;
    }
    let mut answered: Vec<_> = Vec::new();
    for _ in 2..8 {
        let answer = client.json().await;
        assert_eq!(answer["result"]["called"], "tools/call", "{answer}");
        answered.push(answer["id"].as_i64().unwrap());
    }
    answered.sort_unstable();
    assert_eq!(answered, [2, 3, 4, 5, 6, 7]);
    assert_eq!(keeper.lock().unwrap().begun, 2, "one new session for all of them");
    assert!(client.end().await.is_empty());
}

/// As Superset does it: no session, no stream beside.
#[tokio::test]
async fn a_server_without_sessions_is_asked_for_none() {
    let server = Server::start(|seen| async move {
        match (&*seen.method, &*seen.called()) {
            ("POST", "initialize") => events(event(&hello(&seen))),
            ("POST", "notifications/initialized") => nothing(202),
            ("POST", _) => events(event(&result(&seen))),
            _ => nothing(405),
        }
    })
    .await;
    let mut client = begun(&server).await;
    assert_eq!(client.ask(&request(1, "tools/list")).await["result"]["called"], "tools/list");
    assert!(client.end().await.is_empty());
    assert!(server.seen().iter().all(|seen| seen.method == "POST"));
}

/// A call whose stream ends before its answer, on purpose (2025-11-25) or not.
#[tokio::test]
async fn a_broken_answer_is_taken_up_after_its_last_event() {
    let asked = Arc::new(Mutex::new(None));
    let remembered = Arc::clone(&asked);
    let server = Server::start(move |seen| {
        let remembered = Arc::clone(&remembered);
        async move {
            match (&*seen.method, seen.header("last-event-id").unwrap_or_default()) {
                ("POST", _) => {
                    *remembered.lock().unwrap() = Some(result(&seen));
                    events("id: p1\nretry: 20\ndata:\n\n")
                }
                ("GET", "p1") => events("id: p2\nretry: 20\ndata:\n\n"),
                ("GET", "p2") => events(event(remembered.lock().unwrap().as_ref().unwrap())),
                _ => nothing(400),
            }
        }
    })
    .await;
    let mut client = Client::of(Found::new(&server.url, "sst_canary"));
    assert_eq!(client.ask(&request(1, "tools/call")).await["result"]["called"], "tools/call");
    assert!(client.end().await.is_empty());
    assert_eq!(server.seen().len(), 3, "asked once, taken up twice");
}

#[tokio::test]
async fn what_cannot_be_taken_up_is_answered() {
    let server = Server::start(|seen| async move {
        if seen.method == "GET" { nothing(405) } else { events("id: p1\nretry: 20\ndata:\n\n") }
    })
    .await;
    let mut client = Client::of(Found::new(&server.url, "sst_canary"));
    assert_eq!(client.reason(&request(1, "tools/call")).await, "answer_lost");
    assert!(client.end().await.is_empty());
}

#[tokio::test]
async fn the_end_of_a_session_is_not_waited_for() {
    let server = Server::start(|seen| async move {
        match (&*seen.method, &*seen.called()) {
            ("DELETE", _) => std::future::pending().await,
            ("GET", _) => nothing(405),
            (_, "initialize") => with(json(hello(&seen)), "mcp-session-id", "s"),
            _ => nothing(202),
        }
    })
    .await;
    let client = begun(&server).await;
    assert!(soon("the end", client.end()).await.is_empty());
}
