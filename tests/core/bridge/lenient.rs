//! Servers that do things in ways of their own, which the protocol's own clients put up with: TypeScript SDK
//! 1.32.2 and 2.4.0, Python SDK 1.30.0 and 2.x (read 2026-11-29).

use super::client::{Client, Found, HELLO, INITIALIZED, request, until};
use super::server::{Reply, Seen, Server, answer, event, events, hello, json, live, nothing, result, with};
use serde_json::{Value, json as value};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const JSON: &str = "application/json";
const TEXT: &str = "text/plain; charset=utf-8";

fn found(server: &Server) -> Found {
    Found::new(&server.url, "sst_canary")
}

async fn begun(server: &Server) -> Client {
    let mut client = Client::of(found(server));
    assert_eq!(client.ask(HELLO).await["result"]["protocolVersion"], "2025-06-18");
    client.say(INITIALIZED).await;
    until("the session", || server.seen().iter().any(|seen| seen.called() == "notifications/initialized"))
        .await;
    client
}

/// A server that was restarted after the first session and refuses what names that with `refusal`.
async fn restarted(refusal: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Server {
    let begun = AtomicUsize::new(0);
    Server::start(move |seen| {
        let reply = match (&*seen.method, &*seen.called()) {
            ("GET", _) => nothing(405),
            ("DELETE", _) => nothing(204),
            (_, "initialize") => {
                let session = format!("s{}", begun.fetch_add(1, Ordering::SeqCst));
                with(json(hello(&seen)), "mcp-session-id", &session)
            }
            (_, "notifications/initialized") => nothing(202),
            _ if seen.header("mcp-session-id") == Some("s0") => refusal(&seen),
            _ => json(result(&seen)),
        };
        async move { reply }
    })
    .await
}

fn called(server: &Server, method: &str) -> usize {
    server.seen().iter().filter(|seen| seen.called() == method).count()
}

fn refused(code: i32, message: &str, id: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","error":{{"code":{code},"message":"{message}"}},"id":{id}}}"#)
}

#[tokio::test]
async fn a_session_that_is_gone_begins_anew_in_whatever_words_it_is_told() {
    let gone = refused(-32001, "Session not found", "null");
    for (status, media, body, sent) in [
        (404, JSON, gone.clone(), 2),
        (404, TEXT, String::new(), 2),
        (410, TEXT, String::new(), 2),
        // The TypeScript SDK's examples, and what is made of them.
        (400, JSON, refused(-32000, "Bad Request: No valid session ID provided", "null"), 2),
        (400, TEXT, "Bad Request: No valid session ID provided".to_owned(), 2),
        (
            400,
            JSON,
            refused(-32000, "Bad Request: No valid session ID or not an initialize request", "null"),
            2,
        ),
        (400, JSON, refused(-32000, "Bad Request: Server not initialized", "null"), 2),
        (400, JSON, r#"{"error":"Invalid or missing session ID"}"#.to_owned(), 2),
        // The Python SDK before 1.26, FastMCP, mcp-go, rmcp before 1.0, and a server that knows no 404.
        (400, JSON, refused(-32600, "Bad Request: No valid session ID", "\"server-error\""), 2),
        (400, TEXT, "Invalid session ID".to_owned(), 2),
        (401, TEXT, "Unauthorized: Session not found".to_owned(), 3),
        (422, JSON, r#"{"detail":"The session has expired"}"#.to_owned(), 2),
        (
            503,
            JSON,
            refused(-32000, "Service unavailable: MCP session is unknown on this API instance", "1"),
            2,
        ),
        // It makes a session of that name anew, and nobody has begun it.
        (200, JSON, refused(-32002, "Server not initialized", "1"), 2),
    ] {
        let server = restarted(move |_| answer(status, media, body.clone())).await;
        let mut client = begun(&server).await;
        let told = client.ask(&request(1, "tools/call")).await;
        assert_eq!(told["result"]["called"], "tools/call", "{status} {told} {:?}", server.seen());
        assert_eq!(client.ask(&request(2, "tools/call")).await["id"], 2);
        assert_eq!(called(&server, "tools/call"), sent + 1, "{status}");
        assert_eq!(called(&server, "initialize"), 2, "{status}");
        assert!(client.end().await.is_empty());
    }
}

/// The call may have been made before the trouble came up: the session is new, the call is not sent again.
#[tokio::test]
async fn a_call_that_may_have_been_made_is_not_made_twice() {
    let body = refused(-32000, "HTTP 400: No valid session ID provided", "null");
    let server = restarted(move |_| answer(500, JSON, body.clone())).await;
    let mut client = begun(&server).await;
    assert_eq!(client.ask(&request(1, "tools/call")).await["error"]["code"], -32000);
    assert_eq!(called(&server, "tools/call"), 1);
    assert_eq!(client.ask(&request(2, "tools/call")).await["result"]["called"], "tools/call");
    assert!(client.end().await.is_empty());
}

/// A session is somebody's state: it is not given up for a word.
#[tokio::test]
async fn other_refusals_end_no_session() {
    for (status, media, body) in [
        (400, JSON, refused(-32602, "Invalid params: session_id: no session id given", "1")),
        (400, JSON, refused(-32600, "Unknown field", "1")),
        (400, TEXT, "Bad Request".to_owned()),
        (403, "text/html", "<html><body>Your session has expired. Sign in.</body></html>".to_owned()),
        (
            500,
            TEXT,
            "Instance is not bound to a Session; attribute refresh operation cannot proceed".to_owned(),
        ),
        (503, JSON, refused(-32000, "Too many sessions", "null")),
        (200, JSON, refused(-32001, "Session not found", "1")),
        (200, JSON, refused(-32603, "Database not initialized", "1")),
    ] {
        let server = restarted(move |_| answer(status, media, body.clone())).await;
        let mut client = begun(&server).await;
        let told = client.ask(&request(1, "tools/call")).await;
        assert!(told["error"]["code"].is_i64(), "{told}");
        assert_eq!(called(&server, "initialize"), 1, "{status} {told}");
        assert_eq!(called(&server, "tools/call"), 1, "{status} {told}");
        assert!(client.end().await.is_empty());
    }
}

#[tokio::test]
async fn a_session_that_is_always_gone_is_begun_once_a_call() {
    for (status, media, body, reason) in [
        (400, TEXT, "No valid session ID provided", "unexpected_answer"),
        (401, JSON, r#"{"error":"invalid_token"}"#, "key_rejected"),
    ] {
        let server = Server::start(move |seen| async move {
            match (&*seen.method, &*seen.called()) {
                (_, "initialize") => with(json(hello(&seen)), "mcp-session-id", "s"),
                (_, "notifications/initialized") => nothing(202),
                ("POST", _) => answer(status, media, body),
                _ => nothing(405),
            }
        })
        .await;
        let mut client = begun(&server).await;
        for id in 1..3 {
            assert_eq!(client.reason(&request(id, "tools/list")).await, reason);
        }
        assert_eq!(called(&server, "initialize"), 3);
        assert!(client.end().await.is_empty());
    }
}

/// A server names another session in passing, and knows no other from then on.
#[tokio::test]
async fn a_session_that_changes_its_name_is_followed() {
    let server = Server::start(|seen| async move {
        let session = seen.header("mcp-session-id").unwrap_or_default().to_owned();
        match (&*seen.method, &*seen.called(), &*session) {
            (_, "initialize", _) => with(json(hello(&seen)), "mcp-session-id", "a"),
            (_, "notifications/initialized", "a") => with(nothing(202), "mcp-session-id", "b"),
            ("POST", "first", "b") => with(json(result(&seen)), "mcp-session-id", "c"),
            ("POST", "second", "c") => json(result(&seen)),
            ("DELETE", ..) => nothing(204),
            ("GET", ..) => nothing(405),
            _ => nothing(400),
        }
    })
    .await;
    let mut client = begun(&server).await;
    assert_eq!(client.ask(&request(1, "first")).await["result"]["called"], "first");
    assert_eq!(client.ask(&request(2, "second")).await["result"]["called"], "second");
    assert!(client.end().await.is_empty());
    assert_eq!(server.seen().last().unwrap().header("mcp-session-id"), Some("c"));
}

/// It has agreed on a protocol and does not know its name in a header.
#[tokio::test]
async fn a_protocol_that_is_refused_in_a_header_is_left_out_of_it() {
    for body in [
        refused(
            -32000,
            "Bad Request: Unsupported protocol version: 2025-06-18 (supported versions: …)",
            "null",
        ),
        "Unknown MCP-Protocol-Version header".to_owned(),
    ] {
        let server = Server::start(move |seen| {
            let body = body.clone();
            async move {
                match (&*seen.method, &*seen.called()) {
                    (_, "initialize") => json(hello(&seen)),
                    ("POST", _) if seen.header("mcp-protocol-version").is_some() => answer(400, JSON, body),
                    ("POST", "tools/call") => json(result(&seen)),
                    _ => nothing(202),
                }
            }
        })
        .await;
        let mut client = begun(&server).await;
        for id in 1..3 {
            assert_eq!(client.ask(&request(id, "tools/call")).await["result"]["called"], "tools/call");
        }
        assert_eq!(called(&server, "tools/call"), 2, "{:?}", server.seen());
        assert_eq!(called(&server, "initialize"), 1);
        assert!(client.end().await.is_empty());
    }
}

#[tokio::test]
async fn an_id_in_other_clothes_is_the_id_that_was_asked() {
    for (asked, answered) in [
        ("1", "\"1\""),
        ("\"1\"", "1"),
        ("1", "1.0"),
        ("1", "\"1.0\""),
        ("-7", "\"-7\""),
        ("0", "\"0\""),
        ("\"a\"", "\"\\u0061\""),
        ("9007199254740993", "\"9007199254740993\""),
    ] {
        for how in ["json", "events", "refusal", "array"] {
            let server = Server::start(move |seen| async move {
                if seen.called() == "next" {
                    return json(result(&seen));
                }
                let text = format!(r#"{{"result":{{"x":[1.0]}},"id" : {answered} ,"jsonrpc":"2.0"}}"#);
                match how {
                    "json" => json(text),
                    "events" => events(event(&text)),
                    "array" => json(format!("[{text}]")),
                    _ => answer(400, JSON, refused(-32000, "m", answered)),
                }
            })
            .await;
            let mut client = Client::of(found(&server));
            client.say(&request(asked, "tools/call")).await;
            let line = client.line().await;
            let expected = match how {
                "refusal" => refused(-32000, "m", asked),
                _ => format!(r#"{{"result":{{"x":[1.0]}},"id" : {asked} ,"jsonrpc":"2.0"}}"#),
            };
            assert_eq!(line, expected, "{asked} as {answered} in {how}");
            assert_eq!(client.ask(&request("\"next\"", "next")).await["id"], "next");
            assert!(client.end().await.is_empty());
        }
    }
}

/// Not another's: what is asked under 1 and under "1" at once are two requests.
#[tokio::test]
async fn ids_that_look_alike_are_told_apart() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&asked);
    let server = Server::start(move |seen| {
        let (say, reply) = live();
        kept.lock().unwrap().push((seen, say));
        async move { reply }
    })
    .await;
    for as_text in [false, true] {
        let mut client = Client::of(found(&server));
        client.say(&request(1, "number")).await;
        client.say(&request("\"1\"", "text")).await;
        until("both", || asked.lock().unwrap().len() == 2).await;
        for (seen, say) in asked.lock().unwrap().drain(..) {
            let text = result(&seen);
            let text = if as_text { text.replace("\"id\":1,", "\"id\":\"1\",") } else { text };
            say.send(event(&text)).unwrap();
        }
        for _ in 0..2 {
            let told = client.json().await;
            let expected = if told["id"] == 1 { "number" } else { "text" };
            assert_eq!(told["result"]["called"], expected, "{told}");
        }
        assert!(client.end().await.is_empty());
    }
}

/// The answer to `initialize` too, and what comes on the stream beside.
#[tokio::test]
async fn ids_in_other_clothes_wherever_they_come() {
    let beside = Arc::new(Mutex::new(None));
    let opened = Arc::clone(&beside);
    let server = Server::start(move |seen| {
        let reply = match (&*seen.method, &*seen.called()) {
            (_, "initialize") => {
                let text = hello(&seen).replace("\"id\":0,", "\"id\":\"0\",");
                with(json(text), "mcp-session-id", "s")
            }
            ("GET", _) => {
                let (say, reply) = live();
                *opened.lock().unwrap() = Some(say);
                reply
            }
            _ => nothing(202),
        };
        async move { reply }
    })
    .await;
    let mut client = Client::of(found(&server));
    let told = client.ask(&HELLO.replace("\"hello\"", "0")).await;
    assert_eq!((&told["id"], &told["result"]["protocolVersion"]), (&value!(0), &value!("2025-06-18")));
    client.say(INITIALIZED).await;
    until("the stream beside", || beside.lock().unwrap().is_some()).await;
    // It takes the call, and answers where it says what nobody asked for.
    client.say(&request(5, "tools/call")).await;
    until("the call", || called(&server, "tools/call") == 1).await;
    let text = r#"{"jsonrpc":"2.0","id":"5","result":"late"}"#;
    beside.lock().unwrap().as_ref().unwrap().send(event(text)).unwrap();
    assert_eq!(client.line().await, r#"{"jsonrpc":"2.0","id":5,"result":"late"}"#);
    assert!(client.end().await.is_empty());
    for seen in &server.seen()[1..] {
        assert_eq!(seen.header("mcp-protocol-version"), Some("2025-06-18"), "the answer was understood");
    }
}

/// Nobody else can be meant.
#[tokio::test]
async fn an_answer_without_an_id_to_the_only_request_is_its_answer() {
    for (answered, expected) in [
        (r#"{"jsonrpc":"2.0","id":null,"result":7}"#, r#"{"jsonrpc":"2.0","id":"a","result":7}"#),
        (r#"{"jsonrpc":"2.0","result":7}"#, r#"{"id":"a","jsonrpc":"2.0","result":7}"#),
    ] {
        for reply in [json as fn(String) -> Reply, |text| events(event(&text))] {
            let server = Server::start(move |_| async move { reply(answered.to_owned()) }).await;
            let mut client = Client::of(found(&server));
            client.say(&request("\"a\"", "tools/call")).await;
            assert_eq!(client.line().await, expected);
            assert!(client.end().await.is_empty());
        }
    }
}

/// The same clients take none of these.
#[tokio::test]
async fn what_no_client_takes_for_an_answer() {
    for body in [
        r#"{"id":1,"result":7}"#,
        r#"{"jsonrpc":"2.0","id":2,"result":7}"#,
        r#"{"jsonrpc":"2.0","id":"one","result":7}"#,
        r#"{"jsonrpc":"2.0","id":null}"#,
    ] {
        let server = Server::start(move |_| async move { json(body) }).await;
        let mut client = Client::of(found(&server));
        assert_eq!(client.reason(&request(1, "tools/call")).await, "unexpected_answer", "{body}");
        assert!(client.end().await.is_empty(), "{body}");
    }
}

/// Who speaks in lines does not expect a list of answers to one question.
#[tokio::test]
async fn a_list_of_answers_to_one_request_comes_one_by_one() {
    let note = r#"{"jsonrpc":"2.0","method":"notifications/x"}"#;
    for reply in [json as fn(String) -> Reply, |text| events(event(&text))] {
        let server =
            Server::start(move |seen| async move { reply(format!("[{note}, {}]", result(&seen))) }).await;
        let mut client = Client::of(found(&server));
        client.say(&request(1, "tools/call")).await;
        assert_eq!(client.line().await, note);
        assert_eq!(client.json().await["result"]["called"], "tools/call");
        assert!(client.end().await.is_empty());
    }
}

/// Whatever comes for what wants no answer: it was taken, and nobody is told anything.
#[tokio::test]
async fn notifications_are_answered_in_many_ways() {
    for (status, media, body) in [
        (202, TEXT, ""),
        (202, TEXT, "Accepted"),
        (204, "", ""),
        (200, JSON, ""),
        (200, JSON, "null"),
        (200, JSON, "{}"),
        (200, JSON, r#"{"jsonrpc":"2.0","id":null,"result":{}}"#),
        (200, JSON, r#"{"jsonrpc":"2.0","result":{}}"#),
        (200, "text/html", "<p>No response</p>"),
        (200, "text/event-stream", ""),
        (200, "text/event-stream", ": ok\n\nevent: ping\ndata: ping\n\n"),
    ] {
        let server = Server::start(move |seen| async move {
            match (&*seen.method, &*seen.called()) {
                (_, "initialize") => with(json(hello(&seen)), "mcp-session-id", "s"),
                (_, "notifications/initialized") => answer(status, media, body),
                ("POST", _) => json(result(&seen)),
                _ => nothing(405),
            }
        })
        .await;
        let source = found(&server);
        let mut client = Client::of(source.clone());
        client.ask(HELLO).await;
        client.say(INITIALIZED).await;
        until("the stream beside", || server.seen().iter().any(|seen| seen.method == "GET")).await;
        assert_eq!(client.ask(&request(1, "tools/list")).await["id"], 1, "{status} {media} {body}");
        assert!(client.noted().is_empty(), "{status} {media} {body}: {:?}", client.noted());
        assert_eq!(source.reads(), 1, "{status} {media} {body}: nothing is doubted");
        assert!(client.end().await.is_empty(), "{status} {media} {body}");
    }
}

/// Signs of life that are no messages, before and after what counts.
#[tokio::test]
async fn noise_in_a_stream_is_passed_over() {
    for noise in [
        "data: ping\n\n",
        "event: ping\ndata: ping\n\n",
        "data: {\"type\":\"heartbeat\"}\n\n",
        "data:\n\n",
        "id: 1\ndata:\n\n",
        ": keep-alive\n\n",
        "retry: 5000\n\n",
        "data: [DONE]\n\n",
        "event: endpoint\ndata: /messages\n\n",
        "data: [1, 2]\r\n\r\n",
        "\r\n\r\n",
    ] {
        let server =
            Server::start(
                move |seen| async move { events(format!("{noise}{}{noise}", event(&result(&seen)))) },
            )
            .await;
        let mut client = Client::of(found(&server));
        let told = client.ask(&request(1, "tools/call")).await;
        assert_eq!(told["result"]["called"], "tools/call", "{noise:?}: {told}");
        assert!(client.end().await.is_empty());
    }
}

#[tokio::test]
async fn json_in_odd_clothes() {
    for (status, media, before, after) in [
        (202, JSON, "", ""),
        (201, "application/json;", "", ""),
        (200, "Application/JSON;Charset=UTF-8", "\u{feff}", "\r\n"),
        (200, "application/problem+json", "\n\n", "\n"),
        (200, "text/json", "", ""),
    ] {
        let server = Server::start(move |seen| async move {
            answer(status, media, format!("{before}{}{after}", result(&seen)))
        })
        .await;
        let mut client = Client::of(found(&server));
        let told = client.ask(&request(1, "tools/call")).await;
        assert_eq!(told["result"]["called"], "tools/call", "{media}: {told}");
        assert!(client.end().await.is_empty());
    }
}

/// A server without a stream beside says so in one way or another, is asked once, and goes on.
#[tokio::test]
async fn no_stream_beside() {
    for (status, media, body) in [
        (405, TEXT, ""),
        (400, TEXT, "Bad Request"),
        (404, "text/html", "<pre>Cannot GET /mcp</pre>"),
        (406, JSON, r#"{"error":"Not Acceptable"}"#),
        (501, TEXT, ""),
        (204, "", ""),
        (200, JSON, r#"{"name":"t","version":"1"}"#),
        (200, "text/html", "<h1>An MCP server</h1>"),
    ] {
        let server = Server::start(move |seen| async move {
            match (&*seen.method, &*seen.called()) {
                // Nor can one end a session.
                ("GET" | "DELETE", _) => answer(status, media, body),
                (_, "initialize") => with(json(hello(&seen)), "mcp-session-id", "s"),
                (_, "notifications/initialized") => nothing(202),
                _ => json(result(&seen)),
            }
        })
        .await;
        let mut client = begun(&server).await;
        let gets = || server.seen().iter().filter(|seen| seen.method == "GET").count();
        until("the stream beside", || gets() == 1).await;
        // The first pause would be over by then.
        tokio::time::sleep(Duration::from_millis(1200)).await;
        assert_eq!(client.ask(&request(1, "tools/call")).await["result"]["called"], "tools/call");
        assert_eq!(gets(), 1, "{status} {media}");
        assert!(client.noted().is_empty(), "{:?}", client.noted());
        assert!(client.end().await.is_empty());
    }
}

/// The stream broke, and the server believes for a while that it is still there.
#[tokio::test]
async fn a_stream_beside_that_is_still_taken_is_asked_for_again() {
    for (status, body) in [
        (409, "Conflict: Only one SSE stream is allowed per session"),
        (400, "Session registration failed: session already exists"),
    ] {
        let gets = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&gets);
        let kept = Arc::new(Mutex::new(None));
        let keep = Arc::clone(&kept);
        let server = Server::start(move |seen| {
            let reply = match (&*seen.method, &*seen.called()) {
                ("GET", _) => match count.fetch_add(1, Ordering::SeqCst) {
                    0 => events("retry: 10\n\n"),
                    1 | 2 => answer(status, TEXT, body),
                    _ => {
                        let (say, reply) = live();
                        *keep.lock().unwrap() = Some(say);
                        reply
                    }
                },
                ("DELETE", _) => nothing(204),
                (_, "initialize") => with(json(hello(&seen)), "mcp-session-id", "s"),
                _ => nothing(202),
            };
            async move { reply }
        })
        .await;
        let mut client = begun(&server).await;
        until("the stream", || kept.lock().unwrap().is_some()).await;
        let note = r#"{"jsonrpc":"2.0","method":"notifications/x"}"#;
        kept.lock().unwrap().take().unwrap().send(event(note)).unwrap();
        assert_eq!(client.line().await, note);
        assert!(client.end().await.is_empty());
        assert_eq!(gets.load(Ordering::SeqCst), 4, "{status}");
    }
}

/// A folder with a slash behind it, as Starlette has it.
#[tokio::test]
async fn redirects_that_keep_the_message_are_followed() {
    for status in [307, 308] {
        let server = Server::start(move |seen| async move {
            if seen.path == "/mcp" { with(nothing(status), "location", "/mcp/") } else { json(result(&seen)) }
        })
        .await;
        let mut client = Client::of(found(&server));
        let told: Value = client.ask(&request(1, "tools/call")).await;
        assert_eq!(told["result"]["called"], "tools/call", "{status}: {told}");
        assert!(server.seen().iter().all(|seen| seen.key() == "sst_canary" && !seen.body.is_empty()));
        assert!(client.end().await.is_empty());
    }
}
