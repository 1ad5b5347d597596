//! The check-up on servers that no Superset is yet: the 2026-07-28 protocol, as the TypeScript SDK 2.4.0 answers
//! it (recorded 2026-11-21), servers with sessions, and a later version of Superset.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

#[allow(dead_code, reason = "shared with tests that look closer")]
mod canned_server;

use canned_server::{CannedServer, Reply, Seen};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use superset_keys_core::ErrorCode;
use superset_keys_core::actions::{AtMcpAddress, CheckupWith};
use superset_keys_core::checkup::{
    CheckupItem as Item, CheckupItemView, CheckupView, Finding, Remedy, Verdict,
};
use superset_keys_core::clock::SystemNow;
use superset_keys_core::ids::{ApiKeyId, SecretId};
use superset_keys_core::places::Places;
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::{MemoryStore, SecretStore};
use superset_keys_core::store::Store;
use superset_keys_core::{Core, CoreParts, SystemRandom, TimeoutsWanted};
use tempfile::TempDir;

const KEY: &str = "sst_canary_PNHkqdrcN3FhhTsEjG0RASQIS";

/// A later Superset, whose MCP server is `mcp`.
fn superset(seen: &Seen, mcp: &(impl Fn(&Seen) -> Reply + ?Sized)) -> Reply {
    match &*seen.path {
        "/mcp" => mcp(seen),
        "/health" => Reply::with(200, &[("content-type", "text/plain")], "OK"),
        "/version" => Reply::json(200, r#"{"version_string":"6.2.0"}"#),
        "/api/v1/me/" => Reply::json(200, r#"{"result":{"id":7,"username":"gamma"}}"#),
        path if path.starts_with("/api/v1/") => Reply::json(401, r#"{"msg":"Missing Authorization Header"}"#),
        _ => Reply::json(404, "{}"),
    }
}

struct Stage {
    home: TempDir,
    keychain: Arc<MemoryStore>,
    core: Core,
    server: CannedServer,
}

impl Stage {
    async fn with(mcp: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self::at(CannedServer::start(move |seen| superset(seen, &mcp)).await)
    }

    fn at(server: CannedServer) -> Self {
        let home = tempfile::tempdir().unwrap();
        let key = json!({"id": "uuid-1", "alias": "laptop", "name": "Laptop", "hint": "sst_…SQIS",
                         "stored_at": "2026-11-20T20:56:50Z", "stored": true});
        let instance = json!({"id": "7", "short_name": "prod", "name": "Prod", "url": server.url().to_string(),
            "mcp_url": format!("{}/mcp", server.url()), "default_key": "uuid-1", "keys": [key]});
        std::fs::create_dir_all(home.path().join("config")).unwrap();
        let state = json!({"version": 1, "instances": [instance]}).to_string();
        std::fs::write(home.path().join("config/state.json"), state).unwrap();
        let keychain = Arc::new(MemoryStore::default());
        let entry = SecretId::api_key(&String::from("7").into(), &ApiKeyId::new("uuid-1"));
        keychain.set(&entry, &Secret::new(KEY)).unwrap();
        let core = core(&home, &keychain, TimeoutsWanted::default());
        Self { home, keychain, core, server }
    }

    fn with_patience(&self, timeouts: TimeoutsWanted) -> Core {
        core(&self.home, &self.keychain, timeouts)
    }

    async fn examined(&self) -> CheckupView {
        let told = Mutex::new(Vec::new());
        let note = |item: &CheckupItemView| told.lock().unwrap().push(item.clone());
        let id = String::from("7").into();
        let view = self.core.checkup(&id, CheckupWith::DefaultKey, &note).await.unwrap();
        assert_eq!(*told.lock().unwrap(), view.items, "each item is told as it is found");
        assert!(!format!("{view:?}").contains("canary"));
        let with_key = self.server.seen().iter().filter(|seen| key_of(seen) == Some(KEY)).count();
        assert_eq!(view.requests_with_key as usize, with_key, "what is said of the key's use is true");
        view
    }
}

fn core(home: &TempDir, keychain: &Arc<MemoryStore>, timeouts: TimeoutsWanted) -> Core {
    Core::new(CoreParts {
        store: Store::new(Places::under(home.path())),
        keychain: keychain.clone(),
        timeouts,
        now: Arc::new(SystemNow),
        random: Arc::new(SystemRandom),
        computer: superset_keys_core::places::Computer::default(),
    })
}

fn key_of(seen: &Seen) -> Option<&str> {
    seen.header("authorization")?.strip_prefix("Bearer ")
}

fn found(view: &CheckupView, item: Item) -> Finding {
    view.items.iter().find(|one| one.item == item).unwrap_or_else(|| panic!("{item:?}: {view:#?}")).finding
}

fn message(seen: &Seen) -> Value {
    serde_json::from_slice(&seen.body).unwrap()
}

fn answered(seen: &Seen, result: &Value) -> Reply {
    Reply::json(200, &json!({"result": result, "jsonrpc": "2.0", "id": message(seen)["id"]}).to_string())
}

fn info(username: &str) -> Value {
    let text = json!({"current_user": {"username": username, "roles": [username]}}).to_string();
    json!({"content": [{"type": "text", "text": text}], "resultType": "complete"})
}

/// As `createMcpHandler(…, {legacy: 'reject'})` answers; `user` is whom a tool acts as.
fn stateless(seen: &Seen, user: &str) -> Reply {
    let asked = message(seen);
    let meta = &asked["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"];
    if meta != "2026-07-28" || seen.header("mcp-protocol-version") != Some("2026-07-28") {
        let error = json!({"code": -32022, "message": "Unsupported protocol version: 2025-06-18",
            "data": {"supported": ["2026-07-28"], "requested": "2025-06-18"}});
        return Reply::json(400, &json!({"jsonrpc": "2.0", "error": error, "id": asked["id"]}).to_string());
    }
    assert_eq!(seen.header("mcp-method"), asked["method"].as_str());
    assert_eq!(seen.header("mcp-name"), asked["params"]["name"].as_str());
    answered(seen, &info(user))
}

#[tokio::test]
async fn an_open_server_of_the_stateless_protocol_is_found_out() {
    let stage = Stage::with(|seen| stateless(seen, "admin")).await;
    let view = stage.examined().await;
    for item in [Item::NoKey, Item::MadeUpKey, Item::MadeUpToken] {
        assert_eq!(found(&view, item), Finding::LetIn, "{item:?}");
    }
    assert_eq!(found(&view, Item::Identity), Finding::AnotherPerson);
    assert_eq!(view.verdict, Verdict::Critical);
    let worst = view.worst().unwrap();
    assert_eq!((worst.item, worst.remedy), (Item::NoKey, Some(Remedy::CheckKeys)), "6.2 can be told to");
    assert_eq!(view.requests_with_key, 3);
}

#[tokio::test]
async fn a_guarded_server_of_the_stateless_protocol_is_not_blamed() {
    let stage = Stage::with(|seen| {
        if key_of(seen) == Some(KEY) { stateless(seen, "gamma") } else { Reply::json(401, "{}") }
    })
    .await;
    let view = stage.examined().await;
    for item in [Item::NoKey, Item::MadeUpKey, Item::MadeUpToken] {
        assert_eq!(found(&view, item), Finding::RefusedAtTransport, "{item:?}");
    }
    let handshake = view.items.iter().find(|one| one.item == Item::Handshake).unwrap();
    assert_eq!((handshake.finding, &*handshake.params["protocol"]), (Finding::Speaks, "2026-07-28"));
    assert_eq!(
        (found(&view, Item::ToolCall), found(&view, Item::Identity)),
        (Finding::ToolCalled, Finding::SamePerson)
    );
    assert_eq!(view.requests_with_key, 3);
}

#[tokio::test]
async fn a_server_with_sessions_is_asked_six_times() {
    let stage = Stage::with(|seen| {
        if key_of(seen) != Some(KEY) {
            return Reply::json(401, "{}");
        }
        let asked = message(seen);
        let hello = json!({"protocolVersion": "2025-06-18", "capabilities": {}, "serverInfo": {}});
        match (asked["method"].as_str().unwrap(), seen.header("mcp-session-id")) {
            ("initialize", _) => {
                let body = json!({"jsonrpc": "2.0", "id": asked["id"], "result": hello}).to_string();
                let headers = [("content-type", "application/json"), ("mcp-session-id", "s1")];
                Reply::with(200, &headers, &body)
            }
            (_, None) => Reply::json(
                400,
                r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"no session"}}"#,
            ),
            ("notifications/initialized", _) => Reply::with(202, &[], ""),
            ("tools/list", _) => answered(seen, &json!({"tools": [{}, {}, {}]})),
            _ => answered(seen, &info("gamma")),
        }
    })
    .await;
    let view = stage.examined().await;
    assert_eq!(view.verdict, Verdict::Noted, "{view:#?}");
    assert_eq!(
        (found(&view, Item::Tools), found(&view, Item::Identity)),
        (Finding::ToolsSeen, Finding::SamePerson)
    );
    assert_eq!(view.requests_with_key, 6);
}

/// Nothing is called safe that could not be judged.
#[tokio::test]
async fn a_server_that_answers_nonsense_is_not_called_safe() {
    let stage =
        Stage::with(|_| Reply::with(200, &[("content-type", "text/html")], "<html>canary</html>")).await;
    let view = stage.examined().await;
    assert_eq!(found(&view, Item::McpEndpoint), Finding::EndpointAbsent);
    for item in [Item::NoKey, Item::ToolCall, Item::Identity] {
        assert_eq!(found(&view, item), Finding::NotExamined, "{item:?}");
    }
    assert_eq!((view.verdict, view.requests_with_key), (Verdict::Warning, 0));
}

/// Some clients do not follow, or drop their key on the way.
#[tokio::test]
async fn an_address_that_leads_elsewhere_is_named() {
    let server = CannedServer::start(|seen| match &*seen.path {
        "/mcp" => Reply::with(307, &[("location", "/mcp/")], ""),
        "/mcp/" => stateless(seen, "admin"),
        _ => superset(seen, &|_: &Seen| unreachable!()),
    })
    .await;
    let stage = Stage::at(server);
    let view = stage.examined().await;
    let endpoint = view.items.iter().find(|one| one.item == Item::McpEndpoint).unwrap();
    assert_eq!((endpoint.finding, endpoint.remedy), (Finding::EndpointRedirects, Some(Remedy::AddSlash)));
    assert!(endpoint.params["to"].ends_with("/mcp/"), "{endpoint:?}");
}

/// An answer that never comes, of a server that never falls silent.
#[tokio::test]
async fn a_server_that_drips_does_not_hold_up_a_check_up() {
    let stage = Stage::with(|_| {
        let head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: ping";
        Reply::Drip(head.to_vec(), Duration::from_millis(2))
    });
    let mut stage = stage.await;
    let timeouts = TimeoutsWanted { connect: None, call: Some(Duration::from_millis(300)) };
    stage.core = stage.with_patience(timeouts);
    let since = Instant::now();
    let view = stage.examined().await;
    assert!(since.elapsed() < Duration::from_secs(20), "{:?}", since.elapsed());
    for item in [Item::NoKey, Item::MadeUpKey, Item::MadeUpToken, Item::Handshake] {
        assert_eq!(found(&view, item), Finding::EndpointUnreachable);
    }
}

/// The answer is found in a stream however it is cut, and others before it are passed over.
#[tokio::test]
async fn an_answer_is_found_wherever_a_stream_is_cut() {
    let stage = Stage::with(|seen| {
        if seen.header("authorization").is_none() {
            return Reply::json(401, "{}");
        }
        let message = message(seen);
        let result = if message["method"] == "tools/list" { json!({"tools": []}) } else { info("gamma") };
        let other = json!({"jsonrpc": "2.0", "id": 99, "result": {}});
        let ours = json!({"jsonrpc": "2.0", "id": message["id"], "result": result});
        let events = format!(": ping\r\n\r\ndata: {other}\n\nevent: message\ndata: {ours}\n\n: more\n\n");
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
        Reply::Drip(format!("{head}{events}").into_bytes(), Duration::from_micros(200))
    })
    .await;
    let view = stage.examined().await;
    assert_eq!(found(&view, Item::Identity), Finding::SamePerson);
}

#[tokio::test]
async fn an_address_for_the_mcp_server_is_looked_at_before_it_is_kept() {
    let stage = Stage::with(|seen| answered(seen, &json!({"protocolVersion": "2025-06-18"}))).await;
    let other = CannedServer::start(|seen: &Seen| match &*seen.path {
        "/closed" => Reply::json(403, "{}"),
        "/moved" => Reply::with(307, &[("location", "/mcp")], ""),
        "/mcp" => answered(seen, &json!({"protocolVersion": "2025-06-18"})),
        _ => Reply::json(404, "{}"),
    })
    .await;
    let look = async |typed: String| stage.core.look_at_mcp(&String::from("7").into(), &typed).await;
    let at = |path: &str| format!("{}{path}", other.url().to_string().trim_end_matches('/'));
    for (path, found) in [
        ("/mcp", AtMcpAddress::Server),
        ("/moved", AtMcpAddress::Server),
        ("/closed", AtMcpAddress::Closed),
        ("/", AtMcpAddress::SomethingElse),
    ] {
        let view = look(at(path)).await.unwrap();
        assert_eq!(view.found, found, "{path}");
        assert_eq!(view.redirected_to, (path == "/moved").then(|| at("/mcp")), "{path}");
    }
    assert_eq!(look("http://127.0.0.1:1/mcp".into()).await.unwrap_err().code(), ErrorCode::Unreachable);
    assert_eq!(look("ftp://x/mcp".into()).await.unwrap_err().code(), ErrorCode::InvalidAddress);
    let kept = stage.core.show_instance(&String::from("7").into()).unwrap().mcp_url.unwrap();
    assert!(kept.starts_with(&stage.server.url().to_string()), "nothing is kept: {kept}");
}
