//! Clients that write without reading, use an id twice, or cancel at odd times.

use super::client::{Client, Found, request, soon, until};
use super::server::event;
use super::server::{Reply, Server, answer, events, json, live, nothing, result};
use bytes::Bytes;
use http_body_util::{BodyExt, StreamBody};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{Semaphore, mpsc};

const MIB: usize = 1024 * 1024;

fn found(server: &Server) -> Found {
    Found::new(&server.url, "sst_canary")
}

/// Its requests are held, each with its body, until they are answered.
#[tokio::test]
async fn a_client_that_only_writes_is_made_to_wait() {
    let server = Server::start(|_| async move { std::future::pending().await }).await;
    let mut client = Client::of(found(&server));
    let body = "x".repeat(MIB);
    let lines = (0..300).map(|id| {
        format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":\"tools/call\",\"params\":[\"{body}\"]}}\n")
    });
    let taken = client.say_while_taken(lines).await;
    assert!((100..200).contains(&taken), "{taken} MiB");
    client.stop();
    client.end_unread().await;
}

/// A server that says `text` over and over, and how often it was taken.
fn endless(text: String) -> (Arc<AtomicUsize>, impl Fn() -> Reply) {
    let taken = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&taken);
    let text = Bytes::from(text);
    let reply = move || {
        let (text, counted) = (text.clone(), Arc::clone(&counted));
        let frames = futures_util::stream::unfold((text, counted), |(text, counted)| async move {
            counted.fetch_add(1, Ordering::SeqCst);
            let frame = hyper::body::Frame::data(text.clone());
            Some((Ok::<_, std::convert::Infallible>(frame), (text, counted)))
        });
        let body = StreamBody::new(frames).boxed_unsync();
        let reply = hyper::Response::builder().header("content-type", "text/event-stream");
        reply.body(body).unwrap()
    };
    (taken, reply)
}

#[tokio::test]
async fn what_nobody_reads_is_not_gathered() {
    let big =
        format!(r#"{{"jsonrpc":"2.0","method":"notifications/message","params":"{}"}}"#, "x".repeat(MIB));
    let (taken, reply) = endless(event(&big));
    let server = Server::start(move |_| {
        let reply = reply();
        async move { reply }
    })
    .await;
    let mut client = Client::narrow(found(&server), 64);
    client.say(&request(1, "talk")).await;
    until("some words", || taken.load(Ordering::SeqCst) >= 4).await;
    // As long as it takes until nothing is taken any more.
    soon("a server that waits", async {
        let mut before = 0;
        while before != taken.load(Ordering::SeqCst) {
            before = taken.load(Ordering::SeqCst);
            tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        }
    })
    .await;
    let taken = taken.load(Ordering::SeqCst);
    assert!(taken < 40, "{taken} MiB");
    client.stop();
    client.end_unread().await;
}

/// Each of many answers is as large as one may be, and none is ever whole: together they do not fill the memory.
#[tokio::test]
async fn answers_that_never_end_are_not_gathered() {
    for (media, first) in
        [("text/event-stream", "data: {\"jsonrpc\":\"2.0\","), ("application/json", "{\"a\":\"")]
    {
        let taken = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&taken);
        let piece = Bytes::from("x".repeat(MIB));
        let server = Server::start(move |_| {
            let frames = futures_util::stream::unfold(
                (0, Arc::clone(&counted), piece.clone()),
                move |(n, counted, piece)| async move {
                    let text = match n {
                        0 => Bytes::from_static(first.as_bytes()),
                        // A little less than what one answer may have.
                        1..60 => {
                            counted.fetch_add(1, Ordering::SeqCst);
                            piece.clone()
                        }
                        _ => std::future::pending().await,
                    };
                    Some((
                        Ok::<_, std::convert::Infallible>(hyper::body::Frame::data(text)),
                        (n + 1, counted, piece),
                    ))
                },
            );
            let body = StreamBody::new(frames).boxed_unsync();
            let reply = hyper::Response::builder().header("content-type", media).body(body).unwrap();
            async move { reply }
        })
        .await;
        let mut client = Client::of(found(&server));
        for id in 0..64 {
            client.say(&request(id, "tools/call")).await;
        }
        until("some words", || taken.load(Ordering::SeqCst) >= 60).await;
        soon("a server that waits", async {
            let mut before = 0;
            while before != taken.load(Ordering::SeqCst) {
                before = taken.load(Ordering::SeqCst);
                tokio::time::sleep(std::time::Duration::from_secs(2)).await;
            }
        })
        .await;
        // Of each connection some MiB lie in the system's own buffers.
        let taken = taken.load(Ordering::SeqCst);
        assert!(taken < 1000, "{taken} MiB");
        client.stop();
        client.end_unread().await;
    }
}

/// Large ones too come through, one after the other where need be.
#[tokio::test]
async fn many_large_answers_at_once_all_come() {
    let server = Server::start(|seen| async move {
        let text = format!(r#"{{"jsonrpc":"2.0","id":{},"result":"{}"}}"#, seen.id(), "x".repeat(36 * MIB));
        json(text)
    })
    .await;
    let mut client = Client::of(found(&server));
    for id in 0..2 {
        client.say(&request(id, "tools/call")).await;
    }
    let mut ids = HashSet::new();
    for _ in 0..2 {
        let line = client.line().await;
        assert!(line.len() > 36 * MIB, "{}", &line[..line.len().min(200)]);
        let id = line.split_once("\"id\":").and_then(|(_, rest)| rest.split_once(',')).unwrap().0.to_owned();
        assert!(ids.insert(id));
    }
    assert!(client.end().await.is_empty());
}

/// Streams that stay open for ever have room of their own, and an end.
#[tokio::test]
async fn subscriptions_have_a_limit() {
    let server = Server::start(|seen| async move {
        if seen.called() == "subscriptions/listen" { live_for_ever() } else { json(result(&seen)) }
    })
    .await;
    let mut client = Client::of(found(&server));
    for id in 0..100 {
        client.say(&request(id, "subscriptions/listen")).await;
    }
    let open = || server.seen().iter().filter(|seen| seen.called() == "subscriptions/listen").count();
    until("many", || open() >= 64).await;
    assert_eq!(client.ask(&request(1000, "ping")).await["id"], 1000, "others pass them");
    assert_eq!(open(), 64);
    client.say(&cancel(0)).await;
    // A place is free again.
    until("one more", || open() == 65).await;
    assert!(client.end().await.is_empty());
}

fn live_for_ever() -> Reply {
    let (say, reply) = live();
    std::mem::forget(say);
    reply
}

#[tokio::test]
async fn notifications_do_not_open_connections_without_end() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let release = Arc::new(Semaphore::new(0));
    let (count, peak, wait) = (Arc::clone(&now), Arc::clone(&most), Arc::clone(&release));
    let server = Server::start(move |seen| {
        let (count, peak, wait) = (Arc::clone(&count), Arc::clone(&peak), Arc::clone(&wait));
        async move {
            if seen.body.contains("\"id\"") {
                return json(result(&seen));
            }
            let here = count.fetch_add(1, Ordering::SeqCst) + 1;
            peak.fetch_max(here, Ordering::SeqCst);
            let _ = wait.acquire().await;
            count.fetch_sub(1, Ordering::SeqCst);
            nothing(202)
        }
    })
    .await;
    let mut client = Client::of(found(&server));
    for _ in 0..500 {
        client.say(r#"{"jsonrpc":"2.0","method":"notifications/progress"}"#).await;
    }
    until("many", || now.load(Ordering::SeqCst) >= 60).await;
    for id in 0..20 {
        assert_eq!(client.ask(&request(id, "ping")).await["id"], id, "requests pass them");
    }
    release.add_permits(1000);
    until("all of them", || server.seen().len() == 520).await;
    assert!(most.load(Ordering::SeqCst) <= 64, "{most:?}");
    assert!(client.end().await.is_empty());
}

/// Forbidden, and each of the two is answered all the same.
#[tokio::test]
async fn an_id_used_twice_at_once() {
    let (tell, mut told) = mpsc::unbounded_channel();
    let server = Server::start(move |seen| {
        let tell = tell.clone();
        async move {
            if seen.called() == "refused" {
                return nothing(403);
            }
            let (say, reply) = live();
            tell.send((say, seen)).unwrap();
            reply
        }
    })
    .await;
    let mut client = Client::of(found(&server));
    client.say(&request(1, "first")).await;
    let (first, asked) = soon("the first", told.recv()).await.unwrap();
    assert_eq!(client.reason(&request(1, "refused")).await, "mcp_refused");
    first.send(event(&result(&asked))).unwrap();
    assert_eq!(client.json().await["result"]["called"], "first");
    drop(first);
    for method in ["second", "third"] {
        client.say(&request(2, method)).await;
    }
    let mut called = HashSet::new();
    for _ in 0..2 {
        let (say, asked) = soon("the call", told.recv()).await.unwrap();
        say.send(event(&result(&asked))).unwrap();
        called.insert(client.json().await["result"]["called"].as_str().unwrap().to_owned());
    }
    assert_eq!(called, HashSet::from(["second".to_owned(), "third".to_owned()]));
    assert!(client.end().await.is_empty());
}

fn cancel(id: usize) -> String {
    format!(r#"{{"jsonrpc":"2.0","method":"notifications/cancelled","params":{{"requestId":{id}}}}}"#)
}

/// What has not been sent need not be.
#[tokio::test]
async fn what_is_cancelled_in_the_queue_is_never_sent() {
    let release = Arc::new(Semaphore::new(0));
    let wait = Arc::clone(&release);
    let server = Server::start(move |seen| {
        let wait = Arc::clone(&wait);
        async move {
            if seen.called() == "slow" {
                let _ = wait.acquire().await;
            }
            if seen.body.contains("cancelled") { nothing(202) } else { json(result(&seen)) }
        }
    })
    .await;
    let mut client = Client::of(found(&server));
    for id in 0..64 {
        client.say(&request(id, "slow")).await;
    }
    until("a full house", || server.seen().len() == 64).await;
    client.say(&request(64, "late")).await;
    client.say(&cancel(64)).await;
    until("the cancellation", || server.seen().len() == 65).await;
    release.add_permits(64);
    for _ in 0..64 {
        client.line().await;
    }
    assert_eq!(client.ask(&request(65, "next")).await["id"], 65);
    assert!(client.end().await.is_empty());
    assert!(server.seen().iter().all(|seen| seen.called() != "late"));
}

/// A server that hears of no cancellation and goes on talking keeps no place for ever.
#[tokio::test]
async fn cancelled_calls_make_room_for_others() {
    let server = Server::start(|seen| async move {
        match &*seen.called() {
            "deaf" => pinging(String::new()),
            "notifications/cancelled" => nothing(202),
            _ => json(result(&seen)),
        }
    })
    .await;
    let mut client = Client::of(found(&server));
    for id in 0..64 {
        client.say(&request(id, "deaf")).await;
    }
    until("the calls", || server.seen().len() == 64).await;
    for id in 0..64 {
        client.say(&cancel(id)).await;
    }
    assert_eq!(client.ask(&request(100, "next")).await["id"], 100);
    assert!(client.end().await.is_empty());
}

/// Says something, and then that it is still there, for ever.
pub fn pinging(first: String) -> Reply {
    let (say, reply) = live();
    say.send(first).unwrap();
    tokio::spawn(async move {
        let mut pause = tokio::time::interval(std::time::Duration::from_millis(50));
        while say.send(": ping\n\n".to_owned()).is_ok() {
            pause.tick().await;
        }
    });
    reply
}

/// Answered in the same moment: one answer, or none, never two, and the bridge goes on.
#[tokio::test]
async fn cancellations_race_answers() {
    let server = Server::start(|seen| async move {
        match &*seen.called() {
            "notifications/cancelled" => nothing(202),
            _ if seen.id().parse::<usize>().unwrap() % 2 == 0 => events(event(&result(&seen))),
            _ => answer(503, "text/html", "<html>"),
        }
    })
    .await;
    let mut client = Client::of(found(&server));
    for id in 0..200 {
        client.say(&format!("{}\n{}", request(id, "quick"), cancel(id))).await;
    }
    let mut seen = HashSet::new();
    client.say(&request(1000, "last")).await;
    loop {
        let id = client.json().await["id"].as_u64().unwrap();
        assert!(seen.insert(id), "{id} twice");
        if id == 1000 {
            break;
        }
    }
    for line in client.end().await {
        let id = serde_json::from_str::<serde_json::Value>(&line).unwrap()["id"].as_u64().unwrap();
        assert!(seen.insert(id), "{id} twice");
    }
}
