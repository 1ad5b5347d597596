//! The end comes when it is asked for, whoever stands in the way, and nobody is left without an answer.

use super::client::{Client, Found, HELLO, request, soon, until};
use super::server::{Server, json, live, nothing, result};
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use superset_keys_core::mcp::{Source, Target};
use tokio::sync::mpsc;

fn found(server: &Server) -> Found {
    Found::new(&server.url, "sst_canary")
}

/// A server that takes every request and answers none.
async fn mute() -> Server {
    Server::start(|_| async move { std::future::pending().await }).await
}

#[tokio::test]
async fn nobody_reads_and_the_client_talks_nonsense() {
    let server = mute().await;
    let mut client = Client::narrow(found(&server), 64);
    client.say_while_taken(std::iter::repeat_n("nonsense\n".to_owned(), 2000)).await;
    client.stop();
    client.end_unread().await;
}

#[tokio::test]
async fn nobody_reads_that_much_is_unanswered() {
    let server = mute().await;
    let mut client = Client::narrow(found(&server), 64);
    for id in 0..300 {
        client.say(&request(id, "tools/call")).await;
    }
    until("calls", || server.seen().len() >= 64).await;
    client.stop();
    client.end_unread().await;
}

/// Where keys are kept, hanging.
struct Stuck(Arc<AtomicBool>);

impl Source for Stuck {
    async fn read(
        &self,
        _refused: Option<&superset_keys_core::mcp::Pass>,
    ) -> superset_keys_core::Result<Target> {
        self.0.store(true, Ordering::SeqCst);
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_keychain_that_hangs_delays_no_end() {
    let asked = Arc::new(AtomicBool::new(false));
    let mut client = Client::narrow(Stuck(Arc::clone(&asked)), 1 << 16);
    client.say(&request(1, "ping")).await;
    until("the keychain to be asked", || asked.load(Ordering::SeqCst)).await;
    client.stop();
    let rest = client.rest().await;
    assert!(rest.len() == 1 && rest[0].contains(r#""id":1,"error""#), "{rest:?}");
}

#[tokio::test]
async fn what_waited_for_initialize_is_answered_too() {
    let server = mute().await;
    let mut client = Client::of(found(&server));
    client.say(&format!("{HELLO}\n{}\n[{},7]\n{}", request(1, "a"), request(2, "b"), request(3, "c"))).await;
    until("the call", || server.seen().len() == 1).await;
    client.stop();
    let ids: Vec<Value> = client
        .rest()
        .await
        .iter()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].clone())
        .filter(|id| !id.is_null())
        .collect();
    assert_eq!(ids.len(), 3, "{ids:?}");
    for id in [Value::from("hello"), Value::from(1), Value::from(3)] {
        assert!(ids.contains(&id), "{ids:?}");
    }
}

/// A client may close its side with more said than was taken; that it did is seen all the same.
#[tokio::test]
async fn the_end_of_the_input_is_seen_behind_many_lines() {
    let server = mute().await;
    let mut client = Client::of(found(&server));
    client.say(HELLO).await;
    for id in 0..200 {
        client.say(&request(id, "a")).await;
    }
    until("the call", || server.seen().len() == 1).await;
    client.close_input();
    assert_eq!(client.rest().await.len(), 201);
}

/// Servers are told to end a cancelled call without an answer.
#[tokio::test]
async fn a_cancelled_call_costs_no_other_its_answer() {
    let (tell, mut told) = mpsc::unbounded_channel();
    let server = Server::start(move |seen| {
        let tell = tell.clone();
        async move {
            if seen.body.contains("long") {
                let (say, reply) = live();
                tell.send(say).unwrap();
                return reply;
            }
            if seen.body.contains("cancelled") {
                return nothing(202);
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
            json(result(&seen))
        }
    })
    .await;
    let cancel = |id| {
        format!(r#"{{"jsonrpc":"2.0","method":"notifications/cancelled","params":{{"requestId":{id}}}}}"#)
    };
    for call in [request(1, "long"), format!("[{},{}]", request(1, "long"), request(2, "long"))] {
        let mut client = Client::of(found(&server));
        client.say(&call).await;
        let say = soon("the call", told.recv()).await.unwrap();
        let before = server.seen().len();
        client.say(&cancel(1)).await;
        client.say(&cancel(2)).await;
        until("the news", || server.seen().len() == before + 2).await;
        drop(say);
        // The end of the stream has come through when what was asked after it is answered.
        assert_eq!(client.ask(&request(3, "slow")).await["id"], 3);
        client.say(&request(4, "slow")).await;
        assert_eq!(client.end().await, [r#"{"jsonrpc":"2.0","id":4,"result":{"called":"slow"}}"#]);
    }
}

/// A person's log that nobody empties: a pipe that is full.
#[tokio::test]
async fn notes_that_nobody_takes_hold_nothing_up() {
    let server = Server::start(|seen| async move { nothing(seen.called().parse().unwrap()) }).await;
    let (mut client, full) = Client::unheard(found(&server));
    for id in 0..100 {
        client.say(&request(id * 2, "403")).await;
        assert_eq!(client.json().await["error"]["data"]["reason"], "mcp_refused");
        client.say(&request(id * 2 + 1, "503")).await;
        assert_eq!(client.json().await["error"]["data"]["reason"], "server_fault");
    }
    client.stop();
    assert!(client.rest().await.is_empty());
    drop(full);
}
