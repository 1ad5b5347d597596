//! What went through this computer, and which uses of a key nothing on it explains: a server, a bridge and a clock.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

mod access_token;
#[allow(dead_code, reason = "shared with tests that look closer")]
mod canned_server;

use access_token::token;
use canned_server::{CannedServer, Reply, Seen};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use superset_keys_core::actions::{
    ActivityRequest, ActivityView, BridgeRequest, Credentials, LastUseBy, WhyNotKnown,
};
use superset_keys_core::activity::{HEADERS, Outcome};
use superset_keys_core::clock::Now;
use superset_keys_core::credential::AccessKind;
use superset_keys_core::guard::Guard;
use superset_keys_core::ids::{ApiKeyId, InstanceId, SecretId};
use superset_keys_core::mcp::Voice;
use superset_keys_core::places::{Computer, Places};
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::{MemoryStore, SecretStore};
use superset_keys_core::settings::Setting;
use superset_keys_core::store::Store;
use superset_keys_core::{Core, CoreParts, Error, ErrorCode, SystemRandom, TimeoutsWanted};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, Lines};
use tokio::task::JoinHandle;

const KEY: &str = "sst_PNHkqdrcN3FhhTsEjG0RArT8vWmZ2bKx5yLqC7dSQIS";
const KEYS: &str = "/api/v1/security/api_keys/";
const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// A server in New York, and one key on it.
struct World {
    now: Timestamp,
    last_used: Option<Timestamp>,
}

impl World {
    fn reply(&mut self, seen: &Seen) -> Reply {
        let with_key = seen.header("authorization").is_some_and(|bearer| bearer.ends_with(KEY));
        if with_key {
            self.last_used = Some(self.now);
        }
        match (seen.method.as_str(), seen.path.as_str()) {
            (_, "/mcp") if with_key => {
                let asked: Value = serde_json::from_slice(&seen.body).unwrap();
                let answer = json!({"result": {"content": []}, "jsonrpc": "2.0", "id": asked["id"]});
                Reply::json(200, &answer.to_string())
            }
            ("POST", "/api/v1/security/login") => {
                let tokens = json!({"access_token": token(), "refresh_token": "refresh"});
                Reply::json(200, &tokens.to_string())
            }
            (_, "/api/v1/me/") => Reply::json(200, r#"{"result":{"id":1,"username":"jane"}}"#),
            (_, "/api/v1/me/roles/") => Reply::json(200, r#"{"result":{"roles":{}}}"#),
            (_, KEYS) if seen.header("authorization").is_some() => {
                Reply::json(200, &json!({"result": [self.key()]}).to_string())
            }
            _ => Reply::json(401, r#"{"msg":"Missing Authorization Header"}"#),
        }
    }

    fn key(&self) -> Value {
        let wall = |instant: Timestamp| {
            (instant - SignedDuration::from_hours(5)).strftime("%Y-%m-%dT%H:%M:%S").to_string()
        };
        json!({"uuid": "uuid-1", "name": "Laptop", "key_prefix": "sst_", "last_used_on": self.last_used.map(wall)})
    }
}

struct Clock(Arc<Mutex<World>>);

impl Now for Clock {
    fn now(&self) -> Timestamp {
        self.0.lock().unwrap().now
    }

    fn local_zone(&self) -> TimeZone {
        TimeZone::UTC
    }
}

struct Codes;

impl Voice for Codes {
    fn words(&self, error: &Error) -> String {
        format!("{:?}", error.code())
    }

    fn note(&self, _: &str) {}
}

struct Stage {
    home: TempDir,
    core: Arc<Core>,
    world: Arc<Mutex<World>>,
    id: InstanceId,
    _server: CannedServer,
}

impl Stage {
    /// Somebody who is signed in, has listed their keys, and has waited since: there is a record.
    async fn new() -> Self {
        Self::with(json!({"source": "learned", "offset_minutes": -300, "at": "2026-11-20T20:00:00Z"})).await
    }

    async fn with(clock: Value) -> Self {
        let now = "2026-11-20T20:56:50Z".parse().unwrap();
        let world = Arc::new(Mutex::new(World { now, last_used: None }));
        let answering = Arc::clone(&world);
        let server = CannedServer::start(move |seen| answering.lock().unwrap().reply(seen)).await;
        let home = tempfile::tempdir().unwrap();
        let key = json!({"id": "uuid-1", "alias": "laptop", "name": "Laptop", "hint": "sst_…SQIS",
                         "stored_at": "2026-11-20T20:00:00Z", "stored": true});
        let instance = json!({"id": "7", "short_name": "prod", "name": "Prod", "url": server.url().to_string(),
            "mcp_url": format!("{}/mcp", server.url()), "clock": clock, "default_key": "uuid-1", "keys": [key]});
        std::fs::create_dir_all(home.path().join("config")).unwrap();
        std::fs::write(
            home.path().join("config/state.json"),
            json!({"version": 1, "instances": [instance]}).to_string(),
        )
        .unwrap();
        let keychain = Arc::new(MemoryStore::default());
        let id: InstanceId = String::from("7").into();
        keychain.set(&SecretId::api_key(&id, &ApiKeyId::new("uuid-1")), &Secret::new(KEY)).unwrap();
        let core = Arc::new(Core::new(CoreParts {
            store: Store::new(Places::under(home.path())),
            computer: Computer { home: home.path().join("person"), ..Computer::default() },
            keychain,
            timeouts: TimeoutsWanted::default(),
            now: Arc::new(Clock(Arc::clone(&world))),
            random: Arc::new(SystemRandom),
        }));
        let credentials =
            Credentials::Password { username: "jane".into(), password: Secret::new("secret"), stay: false };
        core.sign_in(&id, credentials).await.unwrap();
        let stage = Self { home, core, world, id, _server: server };
        stage.listed().await;
        stage.pass(HOUR);
        stage
    }

    /// Who made the last use, by the list and by the kept one.
    async fn listed(&self) -> Option<LastUseBy> {
        let list = self.core.list_keys(&self.id).await.unwrap();
        let kept = self.core.kept_keys(&self.id).unwrap().unwrap();
        assert_eq!(list.keys[0].last_used_by, kept.keys[0].last_used_by);
        list.keys.into_iter().next().unwrap().last_used_by
    }

    fn pass(&self, seconds: i64) {
        self.world.lock().unwrap().now += SignedDuration::from_secs(seconds);
    }

    fn somebody(&self) {
        let mut world = self.world.lock().unwrap();
        world.last_used = Some(world.now);
    }

    fn activity(&self) -> ActivityView {
        self.core.activity(&ActivityRequest::default()).unwrap()
    }

    fn file(&self) -> PathBuf {
        self.home.path().join("state/activity.jsonl")
    }

    fn bridge(&self, guard: Guard) -> Cursor {
        let (input, stdin) = tokio::io::duplex(1 << 16);
        let (stdout, output) = tokio::io::duplex(1 << 16);
        let request =
            BridgeRequest { guard: Ok(guard), started_by: Some("node".into()), ..BridgeRequest::to("prod") };
        let bridge = Arc::clone(&self.core).run_bridge(
            request,
            Box::new(Codes),
            stdin,
            stdout,
            std::future::pending(),
        );
        Cursor { input, lines: BufReader::new(output).lines(), bridge: tokio::spawn(bridge) }
    }
}

/// A client on a bridge.
struct Cursor {
    input: DuplexStream,
    lines: Lines<BufReader<DuplexStream>>,
    bridge: JoinHandle<()>,
}

impl Cursor {
    async fn ask(&mut self, line: &str) -> Value {
        self.input.write_all(format!("{line}\n").as_bytes()).await.unwrap();
        let line =
            tokio::time::timeout(Duration::from_secs(20), self.lines.next_line()).await.expect("an answer");
        serde_json::from_str(&line.unwrap().unwrap()).unwrap()
    }

    async fn hello(&mut self) {
        self.ask(r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"cursor-vscode","version":"1.2"}}}"#).await;
    }

    async fn call(&mut self, tool: &str) -> Value {
        self.ask(&format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"call_tool","arguments":{{"name":"{tool}","arguments":{{"sql":"SELECT canary"}}}}}}}}"#)).await
    }

    /// All is noted by then.
    async fn end(self) {
        let Self { input, lines, bridge } = self;
        drop(input);
        tokio::time::timeout(Duration::from_secs(20), bridge).await.expect("the end").unwrap();
        drop(lines);
    }
}

#[tokio::test]
async fn a_use_is_told_by_the_call_that_made_it() {
    let stage = Stage::new().await;
    assert_eq!(stage.listed().await, None);
    let mut cursor = stage.bridge(Guard::default());
    cursor.hello().await;
    stage.pass(MINUTE);
    cursor.call("execute_sql").await;
    cursor.end().await;
    stage.pass(HOUR);
    let Some(LastUseBy::Call { client, tool, at, .. }) = stage.listed().await else { panic!() };
    assert_eq!((client.as_deref(), tool.as_deref()), (Some("Cursor"), Some("execute_sql")));
    assert_eq!(at, "2026-11-20T21:57:50Z");
    let view = stage.activity();
    assert_eq!(view.rows.len(), 1, "{:#?}", view.rows);
    let row = &view.rows[0];
    assert_eq!(
        (row.outcome, row.key_name.as_deref(), row.instance_name.as_deref()),
        (Outcome::Done, Some("Laptop"), Some("Prod"))
    );
    let client = row.client.as_ref().unwrap();
    assert_eq!(
        (client.id, client.version.as_deref(), client.program.as_deref()),
        (Some("cursor"), Some("1.2"), Some("node"))
    );
    assert!(view.unexplained.is_empty());
    assert!(
        !std::fs::read_to_string(stage.file()).unwrap().contains("canary"),
        "what was asked is nobody's business"
    );
}

#[tokio::test]
async fn a_use_by_nothing_here_stands_out_until_a_person_says_it_was_them() {
    let stage = Stage::new().await;
    let mut cursor = stage.bridge(Guard::default());
    cursor.call("list_charts").await;
    cursor.end().await;
    stage.pass(5 * HOUR);
    stage.somebody();
    stage.pass(HOUR);
    let Some(LastUseBy::Nothing { id, mine: false }) = stage.listed().await else { panic!() };
    // A later call hides it from the server's list, not from ours.
    let mut cursor = stage.bridge(Guard::default());
    cursor.call("list_charts").await;
    cursor.end().await;
    stage.pass(MINUTE);
    assert!(matches!(stage.listed().await, Some(LastUseBy::Call { .. })));
    let view = stage.activity();
    let [used] = &view.unexplained[..] else { panic!("{:#?}", view.unexplained) };
    assert_eq!((used.id.as_str(), used.key_name.as_deref()), (id.as_str(), Some("Laptop")));
    assert_eq!(
        (used.used.utc.as_str(), used.used.server.as_str()),
        ("2026-11-21T02:56:50Z", "2026-11-20T21:56:50")
    );
    assert_eq!(used.last_call_before.as_deref(), Some("2026-11-20T21:56:50Z"));
    assert_eq!(used.first_call_after.as_deref(), Some("2026-11-21T03:56:50Z"));
    stage.core.acknowledge_use(&id).await.unwrap();
    assert!(stage.activity().unexplained.is_empty());
    assert_eq!(stage.core.acknowledge_use("7/other/2026").await.unwrap_err().code(), ErrorCode::NoSuchUse);
    // That one, and no other.
    stage.pass(HOUR);
    stage.somebody();
    stage.pass(HOUR);
    let Some(LastUseBy::Nothing { id: another, mine: false }) = stage.listed().await else { panic!() };
    assert_ne!(another, id);
    stage.core.acknowledge_use(&another).await.unwrap();
    assert_eq!(stage.listed().await, Some(LastUseBy::Nothing { id: another, mine: true }));
}

#[tokio::test]
async fn nothing_is_claimed_where_nothing_was_noted() {
    let why = |by: Option<LastUseBy>| match by {
        Some(LastUseBy::NotKnown { why }) => why,
        other => panic!("{other:?}"),
    };
    // Before there was a record.
    let stage = Stage::new().await;
    stage.world.lock().unwrap().last_used = Some("2026-11-20T20:00:00Z".parse().unwrap());
    assert_eq!(why(stage.listed().await), WhyNotKnown::NoRecord);
    // While it was off, and for as long as that is so.
    stage.core.set_setting(Setting::KeepActivity, Some(0)).await.unwrap();
    stage.pass(HOUR);
    stage.somebody();
    let mut cursor = stage.bridge(Guard::default());
    cursor.call("list_charts").await;
    cursor.end().await;
    stage.pass(HOUR);
    assert_eq!(why(stage.listed().await), WhyNotKnown::NoRecord);
    assert!(stage.activity().rows.is_empty() && !stage.activity().is_on);
    stage.core.set_setting(Setting::KeepActivity, None).await.unwrap();
    assert_eq!(why(stage.listed().await), WhyNotKnown::NoRecord);
    stage.pass(HOUR);
    stage.somebody();
    stage.pass(1);
    assert_eq!(why(stage.listed().await), WhyNotKnown::JustNow);
    stage.pass(MINUTE);
    assert!(matches!(stage.listed().await, Some(LastUseBy::Nothing { .. })));
    // By a clock that nobody has told.
    let stage = Stage::with(json!({"source": "assumed"})).await;
    stage.somebody();
    stage.pass(HOUR);
    assert_eq!(why(stage.listed().await), WhyNotKnown::ClockAssumed);
}

#[tokio::test]
async fn whoever_took_the_key_by_the_helper_may_have_used_it() {
    let stage = Stage::new().await;
    stage.core.note_handed_out(&stage.id, None, AccessKind::ApiKey, HEADERS, Some("codex"));
    stage.pass(3 * HOUR);
    stage.somebody();
    stage.pass(HOUR);
    let by = stage.listed().await;
    assert!(
        matches!(&by, Some(LastUseBy::Handed { client: Some(client), .. }) if client == "Codex"),
        "{by:?}"
    );
    let row = &stage.activity().rows[0];
    assert_eq!((row.method.as_str(), row.tool.as_deref()), (HEADERS, None));
    assert_eq!(stage.activity().counts.calls, 0, "nobody saw a call");
}

#[tokio::test]
async fn a_client_that_has_the_key_in_its_own_file_may_have_used_it() {
    let stage = Stage::new().await;
    stage.somebody();
    stage.pass(HOUR);
    let file = stage.home.path().join("person/.cursor/mcp.json");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let url = stage.core.show_instance(&stage.id).unwrap().mcp_url.unwrap();
    let entry = json!({"url": url, "headers": {"Authorization": format!("Bearer {KEY}")}});
    std::fs::write(&file, json!({"mcpServers": {"superset": entry}}).to_string()).unwrap();
    let by = stage.listed().await;
    assert!(
        matches!(&by, Some(LastUseBy::Handed { client: Some(client), method, at: None }) if client == "Cursor" && method == "file"),
        "{by:?}"
    );
    assert!(stage.activity().unexplained.is_empty());
    std::fs::remove_file(&file).unwrap();
    assert!(matches!(stage.listed().await, Some(LastUseBy::Nothing { .. })));
    assert_eq!(stage.activity().unexplained.len(), 1);
}

#[tokio::test]
async fn what_the_guard_stopped_is_noted_and_explains_no_use() {
    let stage = Stage::new().await;
    let mut cursor = stage.bridge(Guard::reading_only());
    cursor.hello().await;
    stage.pass(HOUR);
    assert_eq!(cursor.call("execute_sql").await["error"]["data"]["reason"], "tool_not_allowed");
    stage.somebody();
    cursor.end().await;
    stage.pass(HOUR);
    assert!(matches!(stage.listed().await, Some(LastUseBy::Nothing { .. })));
    let view = stage.activity();
    assert_eq!((view.counts.calls, view.counts.refused), (1, 1));
    assert_eq!((view.rows[0].tool.as_deref(), view.rows[0].ms), (Some("execute_sql"), None));
}

#[tokio::test]
async fn a_record_that_cannot_be_written_stops_nobody() {
    let stage = Stage::new().await;
    std::fs::remove_file(stage.file()).unwrap();
    std::fs::create_dir(stage.file()).unwrap();
    let mut cursor = stage.bridge(Guard::default());
    assert!(cursor.call("list_charts").await["result"].is_object());
    cursor.end().await;
    stage.listed().await;
    assert!(stage.activity().rows.is_empty());
}

#[tokio::test]
async fn days_clients_and_tools_are_counted() {
    let stage = Stage::new().await;
    let mut cursor = stage.bridge(Guard::default());
    cursor.hello().await;
    for tool in ["list_charts", "list_charts", "execute_sql"] {
        cursor.call(tool).await;
    }
    stage.pass(24 * HOUR);
    cursor.call("execute_sql").await;
    cursor.end().await;
    let view = stage.activity();
    let days: Vec<_> = view.by_day.iter().map(|one| (one.day.as_str(), one.counts.calls)).collect();
    assert_eq!(days.len(), 8);
    assert_eq!(days[6..], [("2026-11-20", 3), ("2026-11-21", 1)]);
    let tools: Vec<_> = view.by_tool.iter().map(|one| (one.tool.as_str(), one.counts.calls)).collect();
    assert_eq!(tools, [("execute_sql", 2), ("list_charts", 2)]);
    assert_eq!(view.by_client[0].client, "Cursor");
    let only = |request: ActivityRequest| stage.core.activity(&request).unwrap().rows.len();
    for (client, rows) in [("cursor", 4), ("Cursor", 4), ("cursor-vscode", 4), ("node", 4), ("codex", 0)] {
        assert_eq!(
            only(ActivityRequest { client: Some(client.into()), ..ActivityRequest::default() }),
            rows,
            "{client}"
        );
    }
    assert_eq!(only(ActivityRequest { hours: Some(1), ..ActivityRequest::default() }), 1);
    stage.core.forget_activity().await.unwrap();
    assert!(stage.activity().rows.is_empty());
}
