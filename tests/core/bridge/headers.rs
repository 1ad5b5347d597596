//! The headers of 2026-07-28, from bodies and from what tools ask for.

use super::client::{Client, Found};
use super::server::{Server, answer, event, events, json, nothing, result};

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

/// MCP 2026-07-28: a client over HTTP MUST leave such tools out of the list. What is said of the others is passed
/// on as it is.
#[tokio::test]
async fn a_tool_that_asks_for_headers_in_a_forbidden_way_is_left_out_and_not_called() {
    let tool = |name: &str, header: &str| {
        format!(
            r#"{{ "name":"{name}", "x":[1.0,1e400], "inputSchema":{{"type":"object","properties":{{"a":{{"type":"string","x-mcp-header":{header}}}}}}} }}"#
        )
    };
    let (good, wrong, bare) = (tool("good", "\"A\""), tool("wrong", "\"\""), r#"{"name":"bare"}"#);
    for (listed, left) in [
        (format!("[{good} , {wrong},{bare}]"), format!("[{good},{bare}]")),
        (format!("[{wrong}]"), "[]".to_owned()),
        (format!("[ {good} ,{bare} ]"), format!("[ {good} ,{bare} ]")),
    ] {
        let reply = |tools: &str| {
            format!(r#"{{"jsonrpc":"2.0","id":1,"result":{{"tools" : {tools} ,"ttlMs":1.0}}}}"#)
        };
        let listing = reply(&listed);
        let server = Server::start(move |seen| {
            let listing = listing.clone();
            async move {
                if seen.called() == "tools/list" { events(event(&listing)) } else { json(result(&seen)) }
            }
        })
        .await;
        let mut client = Client::of(Found::new(&server.url, "sst_canary"));
        client.say(&modern(1, "tools/list", "")).await;
        assert_eq!(client.line().await, reply(&left));
        let call = |id, name: &str| {
            modern(id, "tools/call", &format!(r#","name":"{name}","arguments":{{"a":"b"}}"#))
        };
        if listed != left {
            client.notes(&["ToolForbidden"]).await;
            assert_eq!(client.reason(&call(2, "wrong")).await, "tool_forbidden");
            assert_eq!(server.seen().len(), 1);
        }
        assert_eq!(client.ask(&call(3, "good")).await["id"], 3);
        assert!(client.end().await.is_empty());
    }
}

/// A server that wants `region` in a header, lists its tools over two pages, and counts what it is asked.
async fn strict(annotated: bool) -> Server {
    Server::start(move |seen| async move {
        let asked = seen.json();
        let text = match &*seen.called() {
            "tools/list" if asked["params"]["cursor"].is_null() => {
                r#"{"tools":[{"name":"other"}],"nextCursor":"2"}"#.to_owned()
            }
            "tools/list" => {
                let header = if annotated { r#","x-mcp-header":"Region""# } else { "" };
                format!(r#"{{"tools":[{{"name":"route","inputSchema":{{"properties":{{"region":{{"type":"string"{header}}}}}}}}}]}}"#)
            }
            _ if seen.header("mcp-param-region") != Some("eu") => {
                return answer(400, "application/json", MISMATCH.replace("ID", &seen.id()));
            }
            _ => r#"{"routed":true}"#.to_owned(),
        };
        json(format!(r#"{{"jsonrpc":"2.0","id":{},"result":{text}}}"#, seen.id()))
    })
    .await
}

const MISMATCH: &str = r#"{"jsonrpc":"2.0","id":ID,"error":{"code":-32020,"message":"header mismatch: missing Mcp-Param-Region"}}"#;
const ROUTE: &str = r#","name":"route","arguments":{"region":"eu"}"#;

fn methods(server: &Server) -> Vec<String> {
    server.seen().iter().map(super::server::Seen::called).collect()
}

/// An AI client that speaks in lines knows nothing of headers, and keeps its list over a restart of the bridge.
#[tokio::test]
async fn a_call_whose_headers_nobody_has_told_of_is_made_once_they_are_known() {
    let server = strict(true).await;
    let mut client = Client::of(Found::new(&server.url, "sst_canary"));
    for id in 1..3 {
        assert_eq!(client.ask(&modern(id, "tools/call", ROUTE)).await["result"]["routed"], true);
    }
    assert_eq!(methods(&server), ["tools/call", "tools/list", "tools/list", "tools/call", "tools/call"]);
    assert!(client.end().await.is_empty(), "the list is nobody's answer");
    let list = server.seen()[1].json();
    assert_eq!(list["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"], "2026-07-28");
}

/// Many calls at once learn of one list.
#[tokio::test]
async fn what_is_asked_at_once_is_learned_once() {
    let server = strict(true).await;
    let mut client = Client::of(Found::new(&server.url, "sst_canary"));
    for id in 0..8 {
        client.say(&modern(id, "tools/call", ROUTE)).await;
    }
    for _ in 0..8 {
        assert_eq!(client.json().await["result"]["routed"], true);
    }
    assert_eq!(
        methods(&server).iter().filter(|method| *method == "tools/list").count(),
        2,
        "two pages, once"
    );
    assert!(client.end().await.is_empty());
}

#[tokio::test]
async fn where_the_list_does_not_help_the_refusal_is_the_answer() {
    let server = strict(false).await;
    let mut client = Client::of(Found::new(&server.url, "sst_canary"));
    client.say(&modern(1, "tools/call", ROUTE)).await;
    assert_eq!(client.line().await, MISMATCH.replace("ID", "1"));
    assert_eq!(methods(&server), ["tools/call", "tools/list", "tools/list"]);
    let server = Server::start(|seen| async move {
        match &*seen.called() {
            "tools/call" => answer(400, "application/json", MISMATCH.replace("ID", &seen.id())),
            _ => nothing(503),
        }
    })
    .await;
    let mut client = Client::of(Found::new(&server.url, "sst_canary"));
    client.say(&modern(1, "tools/call", ROUTE)).await;
    assert_eq!(client.line().await, MISMATCH.replace("ID", "1"));
    assert_eq!(methods(&server), ["tools/call", "tools/list"]);
    assert!(client.end().await.is_empty());
}
