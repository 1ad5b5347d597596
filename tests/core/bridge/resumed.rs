//! Streams that break and are taken up, by servers that make it hard.

use super::client::{Client, Found, HELLO, INITIALIZED, request, soon, until};
use super::server::{Reply, Seen, Server, event, events, hello, json, live, nothing, result, with};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

fn found(server: &Server) -> Found {
    Found::new(&server.url, "sst_canary")
}

/// A server with a session and whatever it does with the stream beside.
async fn with_beside(beside: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static) -> Server {
    let gets = AtomicUsize::new(0);
    Server::start(move |seen| {
        let reply = match (&*seen.method, &*seen.called()) {
            ("GET", _) => beside(&seen, gets.fetch_add(1, Ordering::SeqCst)),
            ("DELETE", _) => nothing(204),
            (_, "initialize") => with(json(hello(&seen)), "mcp-session-id", "s"),
            _ if seen.json().get("id").is_none() => nothing(202),
            _ => json(result(&seen)),
        };
        async move { reply }
    })
    .await
}

async fn begun(server: &Server) -> Client {
    let mut client = Client::of(found(server));
    client.ask(HELLO).await;
    client.say(INITIALIZED).await;
    client
}

fn gets(server: &Server) -> usize {
    server.seen().iter().filter(|seen| seen.method == "GET").count()
}

/// "At once" is not at once, for ever, as fast as both can.
#[tokio::test]
async fn a_server_that_wants_to_be_asked_without_pause() {
    for beside in ["id: 1\nretry: 0\ndata:\n\n", "retry: 0\n\n"] {
        let server = with_beside(move |_, _| events(beside)).await;
        let client = begun(&server).await;
        let began = Instant::now();
        until("some asking", || gets(&server) >= 6).await;
        assert!(began.elapsed() > Duration::from_millis(450), "six times in {:?}", began.elapsed());
        assert!(client.end().await.is_empty());
    }
    // It names a pause, and then it has troubles.
    let server = with_beside(|_, nth| if nth == 0 { events("retry: 0\n\n") } else { nothing(503) }).await;
    let client = begun(&server).await;
    let began = Instant::now();
    until("some asking", || gets(&server) >= 6).await;
    assert!(began.elapsed() > Duration::from_millis(1400), "six times in {:?}", began.elapsed());
    assert!(client.end().await.is_empty());
}

/// The key is replaced, the keychain is locked, the server is down: the stream beside comes back after each.
#[tokio::test]
async fn the_stream_beside_outlives_troubles() {
    let say = Arc::new(Mutex::new(None));
    let said = Arc::clone(&say);
    let server = with_beside(move |_, nth| match nth {
        0 => events("retry: 10\n\n"),
        1 => nothing(401),
        2 => nothing(503),
        _ => {
            let (sender, reply) = live();
            *said.lock().unwrap() = Some(sender);
            reply
        }
    })
    .await;
    let source = found(&server);
    let mut client = Client::of(source.clone());
    client.ask(HELLO).await;
    source.refuse(|| superset_keys_core::Error::SignedOut);
    client.say(INITIALIZED).await;
    until("the locked keychain", || source.reads() >= 3).await;
    source.set_key("sst_canary");
    until("the stream", || say.lock().unwrap().is_some()).await;
    let note = r#"{"jsonrpc":"2.0","method":"notifications/x"}"#;
    say.lock().unwrap().take().unwrap().send(event(note)).unwrap();
    assert_eq!(client.line().await, note);
    assert!(client.end().await.is_empty());
}

/// A server that answers a call only on the third stream, and what came before.
async fn asked_for(
    ids: [&'static str; 2],
    middle: impl Fn(usize) -> Option<Reply> + Send + Sync + 'static,
) -> Server {
    let asked = Arc::new(Mutex::new(String::new()));
    let gets = AtomicUsize::new(0);
    Server::start(move |seen| {
        let reply = if seen.method == "POST" {
            *asked.lock().unwrap() = result(&seen);
            events(format!("id: {}\nretry: 10\ndata:\n\n{}", ids[0], ids[1]))
        } else {
            let nth = gets.fetch_add(1, Ordering::SeqCst);
            middle(nth).unwrap_or_else(|| events(event(&asked.lock().unwrap())))
        };
        async move { reply }
    })
    .await
}

/// Ids are UTF-8; an empty one takes back what was before.
#[tokio::test]
async fn ids_of_events_are_given_back_as_they_are() {
    let server = asked_for(["ü 7", ""], |_| None).await;
    let mut client = Client::of(found(&server));
    assert_eq!(client.ask(&request(1, "tools/call")).await["result"]["called"], "tools/call");
    assert_eq!(server.seen()[1].headers["last-event-id"].as_bytes(), "ü 7".as_bytes());
    assert!(client.end().await.is_empty());
    let server = asked_for(["a", "id:\ndata:\n\n"], |_| None).await;
    let mut client = Client::of(found(&server));
    assert_eq!(client.reason(&request(1, "tools/call")).await, "answer_lost");
    assert_eq!(server.seen().len(), 1, "there is nothing to take it up from");
    assert!(client.end().await.is_empty());
}

/// A long call outlives a server that is away for a moment, and a key that is replaced meanwhile.
#[tokio::test]
async fn taking_up_is_tried_again() {
    let server =
        asked_for(["a", ""], |nth| [Some(nothing(503)), Some(nothing(401))].into_iter().nth(nth).flatten())
            .await;
    let mut client = Client::of(found(&server));
    assert_eq!(client.ask(&request(1, "tools/call")).await["result"]["called"], "tools/call");
    assert!(client.end().await.is_empty());
}

/// What came is broken or too much: asking for it again would bring the same.
#[tokio::test]
async fn what_was_not_understood_is_not_asked_for_again() {
    let server = asked_for(["a", "data: no JSON\n\n"], |_| Some(events("id: a\ndata: no JSON\n\n"))).await;
    let mut client = Client::of(found(&server));
    assert_eq!(client.reason(&request(1, "tools/call")).await, "unexpected_answer");
    assert_eq!(server.seen().len(), 1);
    assert!(client.end().await.is_empty());
}

/// A session that cannot begin anew keeps nobody waiting, and says why.
#[tokio::test]
async fn sessions_that_cannot_begin_anew() {
    let begun_before = AtomicUsize::new(0);
    let server = Server::start(move |seen| {
        let reply = match &*seen.called() {
            "initialize" => match begun_before.fetch_add(1, Ordering::SeqCst) {
                0 => with(json(hello(&seen)), "mcp-session-id", "s"),
                1 => nothing(403),
                2 => nothing(429),
                3 => nothing(503),
                4 => super::misuse::pinging(String::new()),
                _ => with(json(hello(&seen)), "mcp-session-id", "t"),
            },
            _ if seen.method != "POST" => nothing(405),
            _ if seen.header("mcp-session-id") == Some("s") => nothing(404),
            _ => json(result(&seen)),
        };
        async move { reply }
    })
    .await;
    let mut client = Client::patient(found(&server), Duration::from_millis(700));
    client.ask(HELLO).await;
    for expected in ["mcp_refused", "rate_limited", "server_fault", "unreachable"] {
        let reason = soon("a reason", client.reason(&request(1, "tools/list"))).await;
        assert_eq!(reason, expected);
    }
    assert_eq!(client.ask(&request(2, "tools/list")).await["result"]["called"], "tools/list");
    assert!(client.end().await.is_empty());
}
