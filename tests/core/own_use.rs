//! A check-up uses a key, and a scan may; nobody is told that somebody did.

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
use superset_keys_core::actions::{ApiKeyView, CheckupWith, Credentials, ScanRequest};
use superset_keys_core::clock::Now;
use superset_keys_core::ids::{ApiKeyId, InstanceId, SecretId};
use superset_keys_core::key_use::BeforeOwnUse;
use superset_keys_core::places::{Computer, Places};
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::{MemoryStore, SecretStore};
use superset_keys_core::store::Store;
use superset_keys_core::{Core, CoreParts, SystemRandom, TimeoutsWanted};
use tempfile::TempDir;

const KEY: &str = "sst_PNHkqdrcN3FhhTsEjG0RArT8vWmZ2bKx5yLqC7dSQIS";
const KEYS: &str = "/api/v1/security/api_keys/";
const MINUTE: i64 = 60;
const DAY: i64 = 24 * 60 * MINUTE;

/// A server in New York that keeps whole seconds, and one key on it. Each request takes a while.
struct World {
    now: Timestamp,
    last_used: Option<Timestamp>,
    /// The tool is never done.
    stuck: bool,
}

impl World {
    fn reply(&mut self, seen: &Seen) -> Reply {
        self.now += SignedDuration::from_millis(300);
        let with_key = seen.header("authorization").is_some_and(|bearer| bearer.ends_with(KEY));
        if with_key {
            self.last_used = Some(self.now);
        }
        match (seen.method.as_str(), seen.path.as_str()) {
            (_, "/mcp") if with_key => {
                let asked: Value = serde_json::from_slice(&seen.body).unwrap();
                let text = json!({"current_user": {"username": "jane", "roles": []}}).to_string();
                let result = match asked["method"].as_str().unwrap() {
                    "tools/list" => json!({"tools": [{}]}),
                    _ if self.stuck => return Reply::Silence(Vec::new()),
                    _ => json!({"content": [{"type": "text", "text": text}]}),
                };
                let answer = json!({"result": result, "jsonrpc": "2.0", "id": asked["id"]});
                Reply::json(200, &answer.to_string())
            }
            (_, "/mcp") => Reply::json(401, "{}"),
            (_, "/health") => Reply::with(200, &[("content-type", "text/plain")], "OK"),
            ("POST", "/api/v1/security/login") => {
                let tokens = json!({"access_token": token(), "refresh_token": "refresh"});
                Reply::json(200, &tokens.to_string())
            }
            (_, "/api/v1/me/") => Reply::json(200, r#"{"result":{"id":1,"username":"jane"}}"#),
            (_, "/api/v1/me/roles/") => Reply::json(200, r#"{"result":{"roles":{}}}"#),
            (_, KEYS) if seen.header("authorization").is_some() => {
                Reply::json(200, &json!({"result": [self.key()]}).to_string())
            }
            (_, path) if path.starts_with(KEYS) && path != KEYS => {
                Reply::json(200, &json!({"result": self.key()}).to_string())
            }
            _ => Reply::json(401, r#"{"msg":"Missing Authorization Header"}"#),
        }
    }

    fn key(&self) -> Value {
        let wall = |instant: Timestamp| {
            let there = instant - SignedDuration::from_hours(5);
            there.strftime("%Y-%m-%dT%H:%M:%S").to_string()
        };
        json!({"uuid": "uuid-1", "name": "Laptop", "key_prefix": "sst_", "last_used_on": self.last_used.map(wall)})
    }
}

/// Time as it passes in the world.
struct Clock(Arc<Mutex<World>>);

impl Now for Clock {
    fn now(&self) -> Timestamp {
        self.0.lock().unwrap().now
    }

    fn local_zone(&self) -> TimeZone {
        TimeZone::UTC
    }
}

struct Stage {
    home: TempDir,
    core: Core,
    world: Arc<Mutex<World>>,
    server: CannedServer,
    id: InstanceId,
}

impl Stage {
    async fn new() -> Self {
        let now = "2026-11-20T20:56:50Z".parse().unwrap();
        let world = Arc::new(Mutex::new(World { now, last_used: None, stuck: false }));
        let answering = Arc::clone(&world);
        let server = CannedServer::start(move |seen| answering.lock().unwrap().reply(seen)).await;
        let home = tempfile::tempdir().unwrap();
        let key = json!({"id": "uuid-1", "alias": "laptop", "name": "Laptop", "hint": "sst_…SQIS",
                         "stored_at": "2026-11-20T20:00:00Z", "stored": true});
        let clock = json!({"source": "learned", "offset_minutes": -300, "at": "2026-11-20T20:00:00Z"});
        let instance = json!({"id": "7", "short_name": "prod", "name": "Prod", "url": server.url().to_string(),
            "mcp_url": format!("{}/mcp", server.url()), "clock": clock, "default_key": "uuid-1", "keys": [key]});
        std::fs::create_dir_all(home.path().join("config")).unwrap();
        let state = json!({"version": 1, "instances": [instance]}).to_string();
        std::fs::write(home.path().join("config/state.json"), state).unwrap();
        let keychain = Arc::new(MemoryStore::default());
        let id: InstanceId = String::from("7").into();
        let entry = SecretId::api_key(&id, &ApiKeyId::new("uuid-1"));
        keychain.set(&entry, &Secret::new(KEY)).unwrap();
        let core = Core::new(CoreParts {
            store: Store::new(Places::under(home.path())),
            computer: Computer::default(),
            keychain,
            timeouts: TimeoutsWanted::default(),
            now: Arc::new(Clock(Arc::clone(&world))),
            random: Arc::new(SystemRandom),
        });
        Self { home, core, world, server, id }
    }

    async fn signed_in() -> Self {
        let stage = Self::new().await;
        stage.sign_in().await;
        stage
    }

    async fn sign_in(&self) {
        let credentials =
            Credentials::Password { username: "jane".into(), password: Secret::new("secret"), stay: false };
        self.core.sign_in(&self.id, credentials).await.unwrap();
    }

    async fn check(&self) {
        let view = self.core.checkup(&self.id, CheckupWith::DefaultKey, &|_| {}).await.unwrap();
        assert_eq!(view.requests_with_key, 3, "{view:#?}");
    }

    async fn listed(&self) -> ApiKeyView {
        let list = self.core.list_keys(&self.id).await.unwrap();
        let kept = self.core.kept_keys(&self.id).unwrap().unwrap();
        assert_eq!(list.keys, kept.keys, "the kept list says the same");
        list.keys.into_iter().next().unwrap()
    }

    fn pass(&self, seconds: i64) {
        self.world.lock().unwrap().now += SignedDuration::from_secs(seconds);
    }

    /// Somebody uses the key. Answers when, in UTC.
    fn somebody(&self) -> String {
        let mut world = self.world.lock().unwrap();
        world.last_used = Some(world.now);
        world.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    fn journal(&self) -> PathBuf {
        self.home.path().join("state/journal.jsonl")
    }
}

fn time(before: Option<&BeforeOwnUse>) -> &str {
    match before {
        Some(BeforeOwnUse::At { time }) => &time.utc,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_key_that_only_check_ups_used_was_never_used() {
    let stage = Stage::signed_in().await;
    assert_eq!(stage.listed().await.before_own_use, None);
    for _ in 0..3 {
        stage.check().await;
        let listed = stage.listed().await;
        assert_eq!(listed.before_own_use, Some(BeforeOwnUse::Never));
        assert!(listed.last_used.is_some(), "what the server shows stays");
        stage.pass(DAY);
    }
}

#[tokio::test]
async fn what_somebody_did_before_and_after_is_told() {
    let stage = Stage::signed_in().await;
    let before = stage.somebody();
    stage.pass(DAY);
    for _ in 0..2 {
        stage.check().await;
        assert_eq!(time(stage.listed().await.before_own_use.as_ref()), before);
        stage.pass(MINUTE);
    }
    let after = stage.somebody();
    let listed = stage.listed().await;
    assert_eq!((listed.before_own_use, listed.last_used.unwrap().utc), (None, after.clone()));
    stage.pass(MINUTE);
    stage.check().await;
    assert_eq!(time(stage.listed().await.before_own_use.as_ref()), after);
}

#[tokio::test]
async fn what_nobody_could_be_asked_is_not_known() {
    let stage = Stage::new().await;
    stage.check().await;
    stage.sign_in().await;
    assert_eq!(stage.listed().await.before_own_use, Some(BeforeOwnUse::Unknown));
    stage.pass(DAY);
    stage.check().await;
    assert_eq!(stage.listed().await.before_own_use, Some(BeforeOwnUse::Unknown));
}

#[tokio::test]
async fn a_scan_that_asked_is_nobody() {
    let stage = Stage::new().await;
    let file = stage.home.path().join("notes.txt");
    std::fs::write(&file, KEY).unwrap();
    let request = ScanRequest { paths: vec![file], usual: false, current: None };
    let mut scan = stage.core.scan(request).await.unwrap();
    stage.core.check_alive(&mut scan).await.unwrap();
    assert!(stage.world.lock().unwrap().last_used.is_some(), "the key was used: {scan:?}");
    stage.sign_in().await;
    assert_eq!(stage.listed().await.before_own_use, Some(BeforeOwnUse::Unknown));
}

#[tokio::test]
async fn a_check_up_that_was_cut_off_counts_as_well() {
    let stage = Stage::signed_in().await;
    stage.world.lock().unwrap().stuck = true;
    let is_call = |seen: &Seen| String::from_utf8_lossy(&seen.body).contains("\"tools/call\"");
    let called = async {
        while !stage.server.seen().iter().any(is_call) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let noted_so_far = tokio::select! {
        _ = stage.core.checkup(&stage.id, CheckupWith::DefaultKey, &|_| {}) => panic!("it ended"),
        () = called => std::fs::read(stage.journal()).unwrap(),
    };
    assert_eq!(stage.listed().await.before_own_use, Some(BeforeOwnUse::Never), "it was stopped");
    std::fs::write(stage.journal(), noted_so_far).unwrap();
    assert_eq!(stage.listed().await.before_own_use, Some(BeforeOwnUse::Never), "the app was killed");
}

#[tokio::test]
async fn lines_that_cannot_be_read_change_nothing() {
    let stage = Stage::signed_in().await;
    stage.check().await;
    let good = std::fs::read_to_string(stage.journal()).unwrap();
    let newer =
        good.replace("\"checkup\"", "\"something newer\"").replace("\"never\"", "{\"at\":\"yesterday\"}");
    let somebody_s = good.replace("uuid-1", "uuid-2");
    let elsewhere = good.replace("\"7\"", "\"8\"");
    let bad = format!("{{\n\n[1]\n{newer}{}\n", "x".repeat(10_000));
    std::fs::write(stage.journal(), format!("{bad}{good}{somebody_s}{elsewhere}{bad}{}", &good[..40]))
        .unwrap();
    std::fs::write(stage.home.path().join("state/journal.jsonl.1"), b"\xff\xfe\0\n{}").unwrap();
    assert_eq!(stage.listed().await.before_own_use, Some(BeforeOwnUse::Never));

    std::fs::write(stage.home.path().join("state/journal.jsonl.1"), &good).unwrap();
    std::fs::write(stage.journal(), &bad).unwrap();
    assert_eq!(stage.listed().await.before_own_use, Some(BeforeOwnUse::Never), "the older file counts");

    std::fs::remove_file(stage.home.path().join("state/journal.jsonl.1")).unwrap();
    std::fs::remove_file(stage.journal()).unwrap();
    std::fs::create_dir(stage.journal()).unwrap();
    assert_eq!(stage.listed().await.before_own_use, None);
}
