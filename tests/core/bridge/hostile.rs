//! Servers that speak HTTP and misuse it: whatever they do, each request is answered once, the next one too,
//! and nothing but the protocol reaches the client.

use super::client::{Client, Found, HELLO, INITIALIZED, request};
use super::misuse::pinging;
use super::server::{Server, answer, event, events, hello, json, live, nothing, result};
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

fn found(server: &Server) -> Found {
    Found::new(&server.url, "sst_canary")
}

const REPLY: &str = r#"{"jsonrpc":"2.0","id":1,"result":1}"#;

/// What a client is told when a server answers request 1 like this, and that the next request is answered.
async fn told(media: &'static str, body: impl Into<bytes::Bytes>) -> Vec<Value> {
    let body = body.into();
    let server = Server::start(move |seen| {
        let body = body.clone();
        async move { if seen.called() == "next" { json(result(&seen)) } else { answer(200, media, body) } }
    })
    .await;
    let mut client = Client::patient(found(&server), Duration::from_secs(2));
    client.say(&request(1, "tools/call")).await;
    let mut told = Vec::new();
    loop {
        told.push(client.json().await);
        let last = told.last().unwrap();
        if last["id"] == 1 || last[0]["id"] == 1 {
            break;
        }
    }
    assert_eq!(client.ask(&request(2, "next")).await["result"]["called"], "next", "after {told:?}");
    let all = format!("{told:?}{:?}{:?}", client.noted(), client.end().await);
    assert!(!all.contains("canary"), "{all}");
    told
}

async fn reason(media: &'static str, body: impl Into<bytes::Bytes>) -> String {
    let told = told(media, body).await;
    assert_eq!(told.len(), 1, "{told:?}");
    told[0]["error"]["data"]["reason"].as_str().unwrap_or_default().to_owned()
}

const EVENTS: &str = "text/event-stream";
const JSON: &str = "application/json";

#[tokio::test]
async fn answers_that_are_none() {
    for (media, body, expected) in [
        (JSON, "", "unexpected_answer"),
        (JSON, "{\"canary", "unexpected_answer"),
        (JSON, r#"{"canary":1}"#, "unexpected_answer"),
        (JSON, "7", "unexpected_answer"),
        (JSON, "[]", "unexpected_answer"),
        (JSON, r#"{"jsonrpc":"2.0","id":2,"result":"canary"}"#, "unexpected_answer"),
        ("text/html", "<html>canary</html>", "sign_in_page"),
        ("image/png", "\u{fffd}canary", "proxy_answered"),
        (EVENTS, "", "answer_lost"),
        (EVENTS, "canary", "answer_lost"),
        (EVENTS, "<html>canary</html>\n\n", "answer_lost"),
        (EVENTS, "event: canary\ndata: {}\n\n", "answer_lost"),
        (EVENTS, "data: canary\n\n", "unexpected_answer"),
        (EVENTS, "data: {\"id\":1,\n\ndata: \"result\":1}\n\n", "unexpected_answer"),
        (EVENTS, "data: {\"canary\":1}\n\n", "answer_lost"),
        (EVENTS, "data: 7\n\ndata: null\n\ndata: []\n\ndata: [7]\n\n", "answer_lost"),
        (EVENTS, r#"data: {"jsonrpc":"2.0","id":1,"result":1}"#, "answer_lost"),
    ] {
        assert_eq!(reason(media, body).await, expected, "{media}: {body}");
    }
    let not_utf8 = &b"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"\xffcanary\"}"[..];
    assert_eq!(reason(JSON, not_utf8).await, "unexpected_answer");
    assert_eq!(reason(EVENTS, [b"data: ", not_utf8, b"\n\n"].concat()).await, "unexpected_answer");
}

#[tokio::test]
async fn answers_in_odd_clothes() {
    for (media, body) in [
        ("text/plain", REPLY.to_owned()),
        ("", REPLY.to_owned()),
        ("APPLICATION/JSON; charset=utf-8", format!("\n {REPLY}\r\n")),
        (JSON, format!("[{REPLY}]")),
        ("Text/Event-Stream;charset=utf-8", format!("data:{REPLY}\n\n")),
        (EVENTS, format!("\u{feff}data: {REPLY}\r\n\r\n")),
        (EVENTS, format!("retry: x\nid: a\0b\nunknown: 1\nlone\ndata: {REPLY}\rid\r\r")),
        (EVENTS, format!("data: {}\n\n", REPLY.replace(',', "\ndata: ,"))),
    ] {
        let told = told(media, body.clone()).await;
        assert_eq!(told.len(), 1, "{media} {body}: {told:?}");
        let one = told[0].as_array().map_or(&told[0], |all| &all[0]);
        assert_eq!(one["result"], 1, "{media} {body}");
    }
}

#[tokio::test]
async fn one_answer_whatever_the_server_says() {
    let note = r#"{"jsonrpc":"2.0","method":"notifications/x"}"#;
    for body in [
        format!("{0}{0}{1}", event(REPLY), event(note)),
        event(&format!("[{REPLY},{note},{REPLY}]")),
        format!("{}{}", event(&REPLY.replace("\"id\":1", "\"id\":99")), event(&format!("[{REPLY},{note}]"))),
    ] {
        let server = Server::start(move |seen| {
            let body = body.clone();
            async move { if seen.called() == "next" { json(result(&seen)) } else { events(body) } }
        })
        .await;
        let mut client = Client::of(found(&server));
        client.say(&request(1, "tools/call")).await;
        let mut came = Vec::new();
        while came.len() < 2 {
            match client.json().await {
                Value::Array(all) => came.extend(all),
                one => came.push(one),
            }
        }
        let answer: Value = serde_json::from_str(REPLY).unwrap();
        let note: Value = serde_json::from_str(note).unwrap();
        assert!(came.contains(&answer) && came.contains(&note), "{came:?}");
        assert_eq!(client.ask(&request(2, "next")).await["id"], 2);
        assert!(client.end().await.is_empty());
    }
}

/// However many: what comes too late is too late.
#[tokio::test]
async fn answers_after_ours_are_not_passed_on() {
    let late: String = (0..600).map(|id| event(&REPLY.replace(":1,", &format!(":{id},")))).collect();
    let server = Server::start(move |seen| {
        let late = late.clone();
        async move {
            match &*seen.called() {
                "late" => events(format!("{late}{}", event(&result(&seen)))),
                _ => nothing(503),
            }
        }
    })
    .await;
    let mut client = Client::of(found(&server));
    for id in 0..600 {
        assert_eq!(client.reason(&request(id, "x")).await, "server_fault");
    }
    assert_eq!(client.ask(&request(1000, "late")).await["id"], 1000);
    assert!(client.end().await.is_empty());
}

/// An answer is an answer, also where the stream behind it never ends.
#[tokio::test]
async fn streams_that_go_on_after_the_answer_hold_nobody_up() {
    let server = Server::start(|seen| async move {
        match &*seen.called() {
            "initialize" => pinging(event(&hello(&seen))),
            "notifications/initialized" => pinging(String::new()),
            "trickle" => pinging(event(&result(&seen))),
            _ => json(result(&seen)),
        }
    })
    .await;
    let mut client = Client::of(found(&server));
    assert_eq!(client.ask(HELLO).await["id"], "hello");
    client.say(INITIALIZED).await;
    for id in 0..200 {
        client.say(&request(id, "trickle")).await;
    }
    for _ in 0..200 {
        client.line().await;
    }
    assert_eq!(client.ask(&request(1000, "next")).await["id"], 1000);
    let began = Instant::now();
    assert!(client.end().await.is_empty());
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
}

/// As long as the server says something it is at work; when it says nothing its time is over, once.
#[tokio::test]
async fn silence_is_waited_for_once() {
    let server = Server::start(|seen| async move {
        if seen.method == "GET" || seen.called() == "call" {
            let (say, reply) = live();
            say.send("id: a\nretry: 10\ndata:\n\n".to_owned()).unwrap();
            std::mem::forget(say);
            return reply;
        }
        std::future::pending().await
    })
    .await;
    let mut client = Client::patient(found(&server), Duration::from_millis(1500));
    for method in ["call", "head"] {
        let began = Instant::now();
        assert_eq!(client.reason(&request(1, method)).await, "unreachable");
        assert!(began.elapsed() < Duration::from_secs(3), "{method}: {:?}", began.elapsed());
    }
    assert!(client.end().await.is_empty());
}

/// The status says it all; the page that comes with it may take its time.
#[tokio::test]
async fn refusals_that_never_end() {
    let server = Server::start(|seen| async move {
        let status = if seen.called() == "403" { 403 } else { 502 };
        let mut reply = pinging("<html>".to_owned());
        *reply.status_mut() = hyper::StatusCode::from_u16(status).unwrap();
        reply
    })
    .await;
    let mut client = Client::of(found(&server));
    for (method, reason) in [("502", "server_fault"), ("403", "mcp_refused")] {
        let began = Instant::now();
        assert_eq!(client.reason(&request(1, method)).await, reason);
        assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    }
    assert!(client.end().await.is_empty());
}

#[tokio::test]
async fn refusals_are_told_by_status_and_without_the_servers_words() {
    let server = Server::start(|seen| async move {
        let (status, kind) =
            seen.called().split_once('/').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        let (media, body) = match &*kind {
            "html" => ("text/html", "<html>canary</html>".to_owned()),
            "stream" => (EVENTS, event("{\"canary\":1}")),
            _ => (JSON, r#"{"detail":"canary"}"#.to_owned()),
        };
        answer(status.parse().unwrap(), media, body)
    })
    .await;
    let mut client = Client::of(found(&server));
    for (status, reason) in [
        (400, "unexpected_answer"),
        (401, "key_rejected"),
        (403, "mcp_refused"),
        (404, "no_mcp_endpoint"),
        (405, "no_mcp_endpoint"),
        (407, "proxy_answered"),
        (413, "unexpected_answer"),
        (418, "unexpected_answer"),
        (429, "rate_limited"),
        (500, "server_fault"),
        (503, "server_fault"),
        (302, "unexpected_answer"),
        (304, "unexpected_answer"),
    ] {
        for kind in ["html", "json", "stream"] {
            let said = client.ask(&request(1, &format!("{status}/{kind}"))).await;
            // A page is no MCP server's: something in front of it speaks.
            let reason = match (kind, status) {
                ("html", 401) => "sign_in_page",
                ("html", 403 | 500 | 503) => "proxy_answered",
                _ => reason,
            };
            assert_eq!(said["error"]["data"]["reason"], reason, "{status}/{kind}");
            assert!(!said.to_string().contains("canary"), "{said}");
        }
    }
    assert!(client.end().await.is_empty());
}

/// The address was wrong, a person mends it, and the bridge finds out by itself.
#[tokio::test]
async fn an_address_that_is_mended_is_used() {
    let good = Server::start(|seen| async move { json(result(&seen)) }).await;
    let wrong = Server::start(|_| async move { nothing(404) }).await;
    for (url, reason) in [(wrong.url.as_str(), "no_mcp_endpoint"), ("http://127.0.0.1:1/mcp", "unreachable")]
    {
        let source = Found::new(url, "sst_canary");
        let mut client = Client::of(source.clone());
        assert_eq!(client.reason(&request(1, "ping")).await, reason);
        source.set_url(&good.url);
        assert_eq!(client.ask(&request(2, "ping")).await["result"]["called"], "ping");
        assert!(client.end().await.is_empty());
    }
}

/// What is known is used where nothing newer can be read: a keychain may lock itself while the server is down.
#[tokio::test]
async fn a_locked_keychain_takes_no_key_away() {
    let down = Arc::new(AtomicUsize::new(1));
    let left = Arc::clone(&down);
    let server = Server::start(move |seen| {
        let down = left.swap(0, Ordering::SeqCst) > 0;
        async move { if down { nothing(404) } else { json(result(&seen)) } }
    })
    .await;
    let source = found(&server);
    let mut client = Client::of(source.clone());
    assert_eq!(client.reason(&request(1, "ping")).await, "no_mcp_endpoint");
    source.refuse(|| superset_keys_core::Error::SignedOut);
    assert_eq!(client.ask(&request(2, "ping")).await["result"]["called"], "ping");
    assert!(client.end().await.is_empty());
}
