//! The memory of a bridge that has carried much. A program of its own: other tests would be measured too.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    reason = "a test that cannot go on says so; this one needs little of what it shares"
)]

mod client;
mod server;

use client::{Client, Found, request};
use server::{Server, event, events, result};

const CALLS: usize = 100;
/// For each call.
const MESSAGES: usize = 1000;

/// One message after the other, none of which stays behind.
#[tokio::test]
async fn memory_stays_flat() {
    let words = r#"{"jsonrpc":"2.0","method":"notifications/message","params":{"data":"some words"}}"#;
    let words = event(words).repeat(MESSAGES - 1);
    let server = Server::start(move |seen| {
        let answered = format!("{words}{}", event(&result(&seen)));
        async move { events(answered) }
    })
    .await;
    let mut client = Client::of(Found::new(&server.url, "sst_canary"));
    let mut after_warm_up = 0;
    for id in 0..CALLS {
        client.say(&request(id, "talk")).await;
        for _ in 1..MESSAGES {
            client.line().await;
        }
        assert_eq!(client.json().await["id"], id);
        if id == CALLS / 10 {
            after_warm_up = resident();
        }
    }
    let grown = resident().saturating_sub(after_warm_up);
    // The server and the client of this test are in here too.
    assert!(grown < 4 * 1024, "{grown} KiB more after {CALLS} x {MESSAGES} messages");
    assert!(client.end().await.is_empty());
}

/// In KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.map_or(0, |line| line.trim().trim_end_matches(" kB").parse().unwrap())
}
