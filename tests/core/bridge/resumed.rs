//! Streams that break and are taken up, by servers that make it hard.

use super::client::{Client, Found, HELLO, request, soon};
use super::server::{Server, hello, json, nothing, result, with};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

fn found(server: &Server) -> Found {
    Found::new(&server.url, "sst_canary")
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
