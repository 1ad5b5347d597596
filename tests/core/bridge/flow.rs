//! Requests, notifications and cancellations on their way, and the end.

use super::client::{Client, Found, INITIALIZED, request, soon, until};
use super::server::{Seen, Server, answer, event, events, json, live, nothing, result};
use serde_json::json as value;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use superset_keys_core::Error;
use tokio::io::AsyncWriteExt;
use tokio::sync::{Barrier, Semaphore, mpsc};

fn found(server: &Server) -> Found {
    Found::new(&server.url, "sst_canary")
}

#[tokio::test]
async fn answers_come_as_they_are_ready() {
    let first = Arc::new(Semaphore::new(0));
    let gate = Arc::clone(&first);
    let server = Server::start(move |seen| {
        let gate = Arc::clone(&gate);
        async move {
            if seen.called() == "slow" {
                let _ = gate.acquire().await;
            }
            json(result(&seen))
        }
    })
    .await;
    let mut client = Client::of(found(&server));
    client.say(&request(1, "slow")).await;
    assert_eq!(client.ask(&request(2, "quick")).await["id"], 2);
    first.add_permits(1);
    assert_eq!(client.json().await["id"], 1);
    assert!(client.end().await.is_empty());
}

#[tokio::test]
async fn many_are_under_way_at_once() {
    let all = Arc::new(Barrier::new(50));
    let server = Server::start(move |seen| {
        let all = Arc::clone(&all);
        async move {
            // Nobody is answered until fifty have asked.
            all.wait().await;
            events(event(&result(&seen)))
        }
    })
    .await;
    let mut client = Client::of(found(&server));
    for id in 0..50 {
        client.say(&request(id, "wait")).await;
    }
    let mut ids = Vec::new();
    for _ in 0..50 {
        ids.push(client.json().await["id"].as_u64().unwrap());
    }
    ids.sort_unstable();
    assert_eq!(ids, (0..50).collect::<Vec<_>>());
    assert!(client.end().await.is_empty());
}

#[tokio::test]
async fn a_server_may_speak_and_ask_before_it_answers() {
    let (tell, mut told) = mpsc::unbounded_channel::<(mpsc::UnboundedSender<String>, Seen)>();
    let server = Server::start(move |seen| {
        let tell = tell.clone();
        async move {
            let (say, reply) = live();
            if seen.called() == "tools/call" {
                tell.send((say, seen)).unwrap();
                return reply;
            }
            nothing(202)
        }
    })
    .await;
    let mut client = Client::of(found(&server));
    client.say(&request(1, "tools/call")).await;
    let (say, asked) = soon("the call", told.recv()).await.unwrap();
    let progress =
        r#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}}"#;
    say.send(event(progress)).unwrap();
    assert_eq!(client.line().await, progress, "as soon as it is said");
    let sampling = r#"{"jsonrpc":"2.0","id":1,"method":"sampling/createMessage"}"#;
    say.send(event(sampling)).unwrap();
    assert_eq!(client.line().await, sampling, "a request of the server's own, of the same id");
    client.say(r#"{"jsonrpc":"2.0","id":1,"result":{"model":"m"}}"#).await;
    until("the client's answer", || server.seen().len() == 2).await;
    assert_eq!(server.seen()[1].body, r#"{"jsonrpc":"2.0","id":1,"result":{"model":"m"}}"#);
    say.send(event(&result(&asked))).unwrap();
    assert_eq!(client.json().await["result"]["called"], "tools/call");
    drop(say);
    assert!(client.end().await.is_empty());
}

#[tokio::test]
async fn a_batch_is_one_call_and_each_of_it_is_answered() {
    let server = Server::start(|seen| async move {
        let all = seen.json();
        match all[0]["method"].as_str().unwrap() {
            "array" => json(r#"[{"jsonrpc":"2.0","id":2,"result":0},{"jsonrpc":"2.0","id":1,"result":0}]"#),
            "half" => events(event(r#"{"jsonrpc":"2.0","id":1,"result":0}"#)),
            _ => answer(
                400,
                "application/json",
                r#"{"jsonrpc":"2.0","id":"server-error","error":{"code":-32600,"message":"no batches"}}"#,
            ),
        }
    })
    .await;
    let mut client = Client::of(found(&server));
    let batch = |method: &str| format!("[{},{},{INITIALIZED}]", request(1, method), request(2, method));
    client.say(&batch("array")).await;
    assert_eq!(
        client.line().await,
        r#"[{"jsonrpc":"2.0","id":2,"result":0},{"jsonrpc":"2.0","id":1,"result":0}]"#
    );
    client.say(&batch("half")).await;
    assert_eq!(client.json().await, value!({"jsonrpc":"2.0","id":1,"result":0}));
    assert_eq!(client.json().await["error"]["data"]["reason"], "answer_lost");
    client.say(&batch("refused")).await;
    for id in [1, 2] {
        assert_eq!(
            client.json().await,
            value!({"jsonrpc":"2.0","id":id,"error":{"code":-32600,"message":"no batches"}})
        );
    }
    assert!(client.end().await.is_empty());
}

#[tokio::test]
async fn lines_that_are_no_messages_are_answered_and_go_nowhere() {
    let server = Server::start(|seen| async move { json(result(&seen)) }).await;
    let mut client = Client::of(found(&server));
    for (line, code) in [("hello", -32700), ("{\"id\":1", -32700), ("7", -32600), ("[]", -32600)] {
        let answer = client.ask(line).await;
        assert_eq!((&answer["id"], &answer["error"]["code"]), (&value!(null), &value!(code)), "{line}");
    }
    assert_eq!(client.ask(&request(1, "ping")).await["id"], 1);
    assert_eq!(server.seen().len(), 1);
    assert!(client.end().await.is_empty());
}

/// With sessions the server is told, and whoever cancelled waits for nothing.
#[tokio::test]
async fn a_cancellation_reaches_the_server() {
    let (tell, mut told) = mpsc::unbounded_channel();
    let server = Server::start(move |seen| {
        let tell = tell.clone();
        async move {
            if seen.called() == "long" {
                let (say, reply) = live();
                tell.send(say).unwrap();
                return reply;
            }
            nothing(202)
        }
    })
    .await;
    let mut client = Client::of(found(&server));
    client.say(&request(1, "long")).await;
    let say = soon("the call", told.recv()).await.unwrap();
    let cancelled = r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#;
    client.say(cancelled).await;
    until("the news", || server.seen().iter().any(|seen| seen.body == cancelled)).await;
    assert!(!say.is_closed(), "the server may still have something to say");
    drop(say);
    assert!(client.end().await.is_empty(), "no answer to what was cancelled");
}

/// In 2026-07-28 the end of the call is the news, and no cancellation is posted.
#[tokio::test]
async fn without_sessions_a_cancellation_ends_the_call() {
    let (tell, mut told) = mpsc::unbounded_channel();
    let server = Server::start(move |_| {
        let tell = tell.clone();
        async move {
            let (say, reply) = live();
            tell.send(say).unwrap();
            reply
        }
    })
    .await;
    let mut client = Client::of(found(&server));
    let meta = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}"#;
    client.say(&format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{{meta}}}}}"#)).await;
    let say = soon("the call", told.recv()).await.unwrap();
    client.say(r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#).await;
    soon("the end of the call", say.closed()).await;
    assert_eq!(server.seen().len(), 1);
    assert!(client.end().await.is_empty());
}

#[tokio::test]
async fn when_the_input_ends_what_is_under_way_is_answered() {
    let server = Server::start(|seen| async move {
        tokio::time::sleep(Duration::from_millis(300)).await;
        json(result(&seen))
    })
    .await;
    let mut client = Client::of(found(&server));
    client.say(&request(1, "slow")).await;
    assert_eq!(client.end().await, [r#"{"jsonrpc":"2.0","id":1,"result":{"called":"slow"}}"#]);
}

#[tokio::test]
async fn the_end_does_not_wait_for_ever() {
    let server = Server::start(|_| async move {
        let (say, reply) = live();
        std::mem::forget(say);
        reply
    })
    .await;
    let began = Instant::now();
    let mut client = Client::of(found(&server));
    client.say(&request(1, "never")).await;
    until("the call", || server.seen().len() == 1).await;
    client.stop();
    let rest = client.rest().await;
    assert!(rest[0].contains("\"reason\":\"answer_lost\""), "{rest:?}");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

/// What stays open on purpose holds nobody up.
#[tokio::test]
async fn a_subscription_does_not_delay_the_end() {
    let (tell, mut told) = mpsc::unbounded_channel();
    let server = Server::start(move |_| {
        let tell = tell.clone();
        async move {
            let (say, reply) = live();
            tell.send(say).unwrap();
            reply
        }
    })
    .await;
    // It may be silent for longer than a call.
    let mut client = Client::patient(found(&server), Duration::from_millis(200));
    client.say(&request(1, "subscriptions/listen")).await;
    let say = soon("the subscription", told.recv()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let changed = r#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#;
    say.send(event(changed)).unwrap();
    assert_eq!(client.line().await, changed);
    let began = Instant::now();
    assert!(client.end().await.is_empty());
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
}

/// A server whose stream ends without a word about it.
#[tokio::test]
async fn a_subscription_that_breaks_is_answered() {
    let server = Server::start(|_| async move { events(": hello\n\n") }).await;
    let mut client = Client::of(found(&server));
    assert_eq!(client.reason(&request(1, "subscriptions/listen")).await, "answer_lost");
    assert!(client.end().await.is_empty());
}

#[tokio::test]
async fn a_server_that_is_down_and_comes_back() {
    let reply = |seen: Seen| async move { json(result(&seen)) };
    let server = Server::start(reply).await;
    let address = server.address();
    let mut client = Client::of(found(&server));
    assert_eq!(client.ask(&request(1, "a")).await["id"], 1);
    server.stop().await;
    for id in 2..5 {
        assert_eq!(client.reason(&request(id, "b")).await, "unreachable");
    }
    client.notes(&["Unreachable"]).await;
    let server = Server::at(&address, reply).await;
    assert_eq!(client.ask(&request(5, "c")).await["result"]["called"], "c");
    server.stop().await;
    assert_eq!(client.reason(&request(6, "d")).await, "unreachable");
    client.notes(&["Unreachable", "Unreachable"]).await;
    assert!(client.end().await.is_empty());
}

/// A connection that breaks takes nothing with it that can be asked again without harm.
#[tokio::test]
async fn what_is_harmless_is_sent_again_and_what_is_not_is_not() {
    let broken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&broken);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/mcp", listener.local_addr().unwrap());
    let breaking = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            use tokio::io::AsyncReadExt;
            let _ = stream.read(&mut [0; 8192]).await;
            count.fetch_add(1, Ordering::SeqCst);
        }
    });
    let mut client = Client::of(Found::new(&url, "sst_canary"));
    assert_eq!(client.reason(&request(1, "tools/list")).await, "answer_lost");
    assert_eq!(broken.load(Ordering::SeqCst), 2);
    assert_eq!(client.reason(&request(2, "tools/call")).await, "answer_lost");
    assert_eq!(broken.load(Ordering::SeqCst), 3);
    assert!(client.end().await.is_empty());
    breaking.abort();
}

/// A client that went away without a word.
#[tokio::test]
async fn an_output_nobody_reads_ends_the_bridge() {
    let server = Server::start(|seen| async move { json(result(&seen)) }).await;
    let (mut input, stdin) = tokio::io::duplex(1 << 16);
    let (stdout, output) = tokio::io::duplex(64);
    drop(output);
    let bridge = superset_keys_core::mcp::Bridge {
        source: found(&server),
        voice: Box::new(Mute),
        connections: Arc::default(),
        silence: Duration::from_secs(1),
        guard: superset_keys_core::guard::Guard::default(),
        record: None,
    };
    let running = tokio::spawn(bridge.run(stdin, stdout, std::future::pending()));
    input.write_all(format!("{}\n", request(1, "a")).as_bytes()).await.unwrap();
    soon("the end", running).await.unwrap();
}

struct Mute;

impl superset_keys_core::mcp::Voice for Mute {
    fn words(&self, _: &Error) -> String {
        String::new()
    }
    fn note(&self, _: &str) {}
}
