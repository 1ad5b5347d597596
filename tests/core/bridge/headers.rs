//! The headers of 2026-07-28, from bodies and from what tools ask for.

use super::client::{Client, Found};
use super::server::{Server, answer, json, nothing};

fn modern(id: u32, method: &str, params: &str) -> String {
    let meta = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}"#;
    format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{{{meta}{params}}}}}"#)
}

#[tokio::test]
async fn a_stateless_server_reads_everything_in_headers() {
    let server = Server::start(|seen| async move {
        let result = match &*seen.called() {
            "tools/list" => r#"{"tools":[{"name":"route","inputSchema":{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"}}}}]}"#,
            _ => "{}",
        };
        json(format!(r#"{{"jsonrpc":"2.0","id":{},"result":{result}}}"#, seen.id()))
    })
    .await;
    let mut client = Client::of(Found::new(&server.url, "sst_canary"));
    client.ask(&modern(1, "server/discover", "")).await;
    client.ask(&modern(2, "tools/list", "")).await;
    client.ask(&modern(3, "tools/call", r#","name":"route","arguments":{"region":"Österreich"}"#)).await;
    assert!(client.end().await.is_empty());
    let seen = server.seen();
    assert_eq!(seen.len(), 3, "no session is begun or ended");
    for (seen, method) in seen.iter().zip(["server/discover", "tools/list", "tools/call"]) {
        assert_eq!(seen.header("mcp-protocol-version"), Some("2026-07-28"));
        assert_eq!(seen.header("mcp-method"), Some(method));
        assert_eq!(seen.header("mcp-session-id"), None);
    }
    assert_eq!(seen[2].header("mcp-name"), Some("route"));
    assert_eq!(seen[2].header("mcp-param-region"), Some("=?base64?w5ZzdGVycmVpY2g=?="));
}

/// A client that tries the newer protocol on an older server learns so from the server's own error.
#[tokio::test]
async fn a_refusal_in_json_rpc_is_the_answer() {
    let server = Server::start(|seen| async move {
        match &*seen.called() {
            "own" => answer(400, "application/json", format!(r#"{{"jsonrpc":"2.0","id":{},"error":{{"code":-32022,"message":"m","data":{{"supported":["2025-06-18"]}}}}}}"#, seen.id())),
            "foreign" => answer(400, "application/json", r#"{"jsonrpc":"2.0","id":"server-error","error":{"code":-32600,"message":"Bad Request: x"}}"#),
            "null" => answer(404, "application/json; charset=utf-8", "{\n\"jsonrpc\":\"2.0\",\n\"id\":null,\"error\":{\"code\":-32601,\"message\":\"m\"}}"),
            _ => nothing(400),
        }
    })
    .await;
    let mut client = Client::of(Found::new(&server.url, "sst_canary"));
    let answered = |id: u32, error: &str| format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{error}}}"#);
    client.say(&modern(1, "own", "")).await;
    assert_eq!(
        client.line().await,
        answered(1, r#"{"code":-32022,"message":"m","data":{"supported":["2025-06-18"]}}"#)
    );
    client.say(&modern(2, "foreign", "")).await;
    assert_eq!(client.line().await, answered(2, r#"{"code":-32600,"message":"Bad Request: x"}"#));
    client.say(&modern(3, "null", "")).await;
    assert_eq!(client.line().await, answered(3, r#"{"code":-32601,"message":"m"}"#));
    assert_eq!(client.reason(&modern(4, "empty", "")).await, "unexpected_answer");
    assert!(client.end().await.is_empty());
}

/// MCP wants such tools not to be used over HTTP; their list passes untouched all the same.
#[tokio::test]
async fn a_tool_that_asks_for_headers_in_a_forbidden_way_is_not_called() {
    let listed = r#"{"tools":[{"name":"wrong","inputSchema":{"type":"object","properties":{"a":{"type":"string","x-mcp-header":""}}}}]}"#;
    let server = Server::start(move |seen| async move {
        json(format!(r#"{{"jsonrpc":"2.0","id":{},"result":{listed}}}"#, seen.id()))
    })
    .await;
    let mut client = Client::of(Found::new(&server.url, "sst_canary"));
    client.say(&modern(1, "tools/list", "")).await;
    assert_eq!(client.line().await, format!(r#"{{"jsonrpc":"2.0","id":1,"result":{listed}}}"#));
    assert_eq!(
        client.reason(&modern(2, "tools/call", r#","name":"wrong","arguments":{"a":"b"}"#)).await,
        "tool_forbidden"
    );
    assert_eq!(client.ask(&modern(3, "tools/call", r#","name":"right""#)).await["id"], 3);
    assert!(client.end().await.is_empty());
    assert_eq!(server.seen().len(), 2);
}
