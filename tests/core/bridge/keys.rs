//! The key: where it goes, and what happens when it is not taken, not there, or replaced.

use super::client::{Client, Found, request};
use super::server::{Server, answer, event, events, json, nothing, result, with};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use superset_keys_core::Error;
use superset_keys_core::error::KeychainProblem;

const REFUSED: &str = r#"{"error":"invalid_token","error_description":"canary-of-the-server"}"#;

/// A server that takes one key.
async fn guarded(key: &Arc<Mutex<String>>) -> Server {
    let taken = Arc::clone(key);
    Server::start(move |seen| {
        let good = seen.key() == *taken.lock().unwrap();
        async move { if good { json(result(&seen)) } else { answer(401, "application/json", REFUSED) } }
    })
    .await
}

#[tokio::test]
async fn a_refused_key_is_read_again_once_and_named() {
    let server = guarded(&Arc::new(Mutex::new("sst_good".into()))).await;
    let source = Found::new(&server.url, "sst_revoked");
    let mut client = Client::of(source.clone());
    assert_eq!(source.reads(), 0, "nothing is read before it is needed");
    assert_eq!(client.reason(&request(1, "ping")).await, "key_rejected");
    assert_eq!((source.reads(), server.seen().len()), (2, 2));
    source.set_key("sst_good");
    assert_eq!(client.ask(&request(2, "ping")).await["result"]["called"], "ping");
    let all = format!("{:?}{:?}", client.noted(), client.end().await);
    assert!(!all.contains("sst_") && !all.contains("canary"), "{all}");
}

#[tokio::test]
async fn a_server_that_refuses_once_is_asked_twice() {
    let refusals = Arc::new(AtomicUsize::new(1));
    let server = Server::start(move |seen| {
        let refuse = refusals.load(Ordering::SeqCst) > 0 && refusals.fetch_sub(1, Ordering::SeqCst) > 0;
        async move { if refuse { nothing(401) } else { json(result(&seen)) } }
    })
    .await;
    let mut client = Client::of(Found::new(&server.url, "sst_canary"));
    assert_eq!(client.ask(&request(1, "ping")).await["result"]["called"], "ping");
    assert!(client.end().await.is_empty());
}

#[tokio::test]
async fn a_key_replaced_under_load_loses_no_answer() {
    let taken = Arc::new(Mutex::new("sst_old".to_owned()));
    let (key, asked) = (Arc::clone(&taken), Arc::new(AtomicUsize::new(0)));
    let (source, first) = (Found::new("http://127.0.0.1:1/mcp", "sst_old"), Arc::clone(&asked));
    let rotate = source.clone();
    let server =
        Server::start(move |seen| {
            // In the middle the new key is stored, then the old one revoked.
            if first.fetch_add(1, Ordering::SeqCst) == 40 {
                rotate.set_key("sst_new");
                *key.lock().unwrap() = "sst_new".to_owned();
            }
            let good = seen.key() == *key.lock().unwrap();
            async move {
                if good { events(event(&result(&seen))) } else { answer(401, "application/json", REFUSED) }
            }
        })
        .await;
    source.set_url(&server.url);
    let mut client = Client::of(source.clone());
    for id in 0..100 {
        client.say(&request(id, "tools/call")).await;
    }
    let mut answered = Vec::new();
    for _ in 0..100 {
        let answer = client.json().await;
        assert_eq!(answer["result"]["called"], "tools/call", "{answer}");
        answered.push(answer["id"].as_u64().unwrap());
    }
    answered.sort_unstable();
    assert_eq!(answered, (0..100).collect::<Vec<_>>());
    assert_eq!(source.reads(), 2, "one reading for all that were refused");
    assert!(client.end().await.is_empty());
}

#[tokio::test]
async fn without_a_key_each_request_gets_the_reason_and_then_it_works() {
    let server = guarded(&Arc::new(Mutex::new("sst_good".into()))).await;
    let source = Found::new(&server.url, "");
    source.refuse(|| Error::keychain(KeychainProblem::Locked, None));
    let mut client = Client::of(source.clone());
    for id in 1..4 {
        assert_eq!(client.reason(&request(id, "initialize")).await, "keychain_locked");
    }
    source.refuse(|| Error::DefaultKeyUnusable { alias: "a".into(), others: Vec::new() });
    assert_eq!(client.reason(&request(4, "initialize")).await, "default_key_unusable");
    assert!(server.seen().is_empty());
    source.set_key("sst_good");
    assert_eq!(client.ask(&request(5, "ping")).await["result"]["called"], "ping");
    client.notes(&["KeychainLocked", "DefaultKeyUnusable"]).await;
    assert!(client.end().await.is_empty());
}

#[tokio::test]
async fn the_key_does_not_follow_to_another_origin() {
    let stranger = Server::start(|seen| async move { json(result(&seen)) }).await;
    let to = stranger.url.clone();
    let server = Server::start(move |seen| {
        let to = to.clone();
        async move {
            match seen.called().strip_prefix("to/") {
                Some(status) => with(nothing(status.parse().unwrap()), "location", &to),
                None => json(result(&seen)),
            }
        }
    })
    .await;
    let mut client = Client::of(Found::new(&server.url, "sst_canary"));
    for (id, status) in [301, 302, 303, 307, 308].into_iter().enumerate() {
        assert_eq!(client.reason(&request(id, &format!("to/{status}"))).await, "redirected");
    }
    assert!(stranger.seen().is_empty());
    assert!(client.end().await.is_empty());
}

#[tokio::test]
async fn a_slash_too_many_is_followed_within_the_origin() {
    let server = Server::start({
        let moved = Arc::new(AtomicUsize::new(0));
        move |seen| {
            let first = moved.fetch_add(1, Ordering::SeqCst) == 0;
            async move { if first { with(nothing(307), "location", "/mcp/") } else { json(result(&seen)) } }
        }
    })
    .await;
    let mut client = Client::of(Found::new(&server.url, "sst_canary"));
    assert_eq!(client.ask(&request(1, "ping")).await["result"]["called"], "ping");
    let seen = server.seen();
    assert_eq!((seen.len(), &seen[0].body), (2, &seen[1].body));
    assert!(seen.iter().all(|seen| seen.key() == "sst_canary"));
    assert!(client.end().await.is_empty());
}
