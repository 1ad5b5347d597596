//! Many keys ended together, on servers that agree, lie, ask for patience, or go away.

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
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use superset_keys_core::actions::{Credentials, RevokeOutcome, RevokeProgress, RevokedKeysView};
use superset_keys_core::api_key::NewApiKey;
use superset_keys_core::clean_up::{KeyFilter, LeftBecause};
use superset_keys_core::clock::SystemNow;
use superset_keys_core::glob::Glob;
use superset_keys_core::ids::{ApiKeyId, InstanceId, SecretId};
use superset_keys_core::places::{Computer, Places};
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::{Keep, MemoryStore, SecretStore};
use superset_keys_core::store::{Instance, Store};
use superset_keys_core::{Core, CoreParts, Error, ErrorCode, SystemRandom, TimeoutsWanted};
use tempfile::TempDir;

const KEYS: &str = "/api/v1/security/api_keys/";
const LATE: &str = "2030-01-01T00:00:00";

/// What is done with a revoke of one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Agrees,
    /// "revoked", and nothing happened.
    Lies,
    /// No answer, and nothing happened.
    HangsUp,
    /// No answer, and it happened.
    DoesAndHangsUp,
    /// 500 in Superset's own words.
    Faults,
}

struct World {
    keys: Vec<Value>,
    ways: Vec<(String, Way)>,
    /// So many more revokes until the server wants a rest; then, for how many seconds, if it tells.
    until_tired: Option<(usize, Option<&'static str>)>,
    /// It is rested by the time it was asked so often.
    rested_after: usize,
    /// The list is not to be had after the first revoke.
    list_fails: bool,
    /// So often it is refused after the first revoke, because the revokes used up what is allowed.
    list_limited: usize,
    deletes: usize,
    tells_date: bool,
    revoked_times: Vec<String>,
}

impl World {
    fn of(keys: Vec<Value>) -> Self {
        Self {
            keys,
            ways: Vec::new(),
            until_tired: None,
            rested_after: 0,
            list_fails: false,
            list_limited: 0,
            deletes: 0,
            tells_date: true,
            revoked_times: Vec::new(),
        }
    }

    fn reply(&mut self, seen: &Seen) -> Reply {
        match (seen.method.as_str(), seen.path.as_str()) {
            ("POST", "/api/v1/security/login") => {
                Reply::json(200, &json!({"access_token": token(), "refresh_token": "r"}).to_string())
            }
            ("GET", "/api/v1/me/") => Reply::json(200, r#"{"result":{"id":1,"username":"jane"}}"#),
            ("GET", "/api/v1/me/roles/") => Reply::json(200, r#"{"result":{"roles":{}}}"#),
            ("GET", KEYS) if self.list_fails && self.deletes > 0 => Reply::Bytes(Vec::new()),
            ("GET", KEYS) if self.list_limited > 0 && self.deletes > 0 => {
                self.list_limited -= 1;
                Reply::with(429, &[("content-type", "application/json"), ("retry-after", "0")], "{}")
            }
            ("GET", KEYS) if self.is_own_revoked(seen) => Reply::json(401, r#"{"message":"Not authorized"}"#),
            ("GET", KEYS) => {
                self.use_key(seen);
                let date = jiff::Timestamp::now().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
                let mut headers = vec![("content-type", "application/json")];
                headers.extend(self.tells_date.then_some(("date", date.as_str())));
                Reply::with(200, &headers, &json!({"result": self.keys}).to_string())
            }
            ("POST", KEYS) => {
                let wanted: Value = serde_json::from_slice(&seen.body).unwrap();
                let uuid = format!("uuid-{}", self.keys.len() + 1);
                let mut key = key(&uuid, wanted["name"].as_str().unwrap());
                self.keys.push(key.clone());
                key["key"] = format!("sst_plaintext-of-{uuid}").into();
                Reply::json(201, &json!({"result": key}).to_string())
            }
            ("GET", path) if self.is_own_revoked(seen) => {
                Reply::json(401, &json!({"message": "Not authorized", "path": path}).to_string())
            }
            ("GET", path) => {
                let key = self.keys.iter().find(|key| path.ends_with(key["uuid"].as_str().unwrap()));
                Reply::json(200, &json!({"result": key.unwrap()}).to_string())
            }
            ("DELETE", path) => self.delete(path),
            other => panic!("{other:?}"),
        }
    }

    fn delete(&mut self, path: &str) -> Reply {
        self.deletes += 1;
        if let Some((left, after)) = &mut self.until_tired {
            if *left == 0 && self.deletes < self.rested_after {
                let mut headers = vec![("content-type", "application/json")];
                headers.extend(after.map(|seconds| ("retry-after", seconds)));
                return Reply::with(429, &headers, r#"{"errors":[{"message":"429 Too Many Requests"}]}"#);
            }
            *left = left.saturating_sub(1);
        }
        let uuid = path.rsplit('/').next().unwrap().to_owned();
        let way = self.ways.iter().find(|(of, _)| *of == uuid).map_or(Way::Agrees, |(_, way)| *way);
        let key = self.keys.iter_mut().find(|key| key["uuid"] == *uuid);
        let Some(key) = key else { return Reply::json(404, r#"{"message":"Not found"}"#) };
        if matches!(way, Way::Agrees | Way::DoesAndHangsUp) {
            key["revoked_on"] = LATE.into();
            self.revoked_times.push(uuid);
        }
        match way {
            Way::Agrees | Way::Lies => Reply::json(200, r#"{"message":"API key revoked"}"#),
            Way::HangsUp | Way::DoesAndHangsUp => Reply::Bytes(Vec::new()),
            Way::Faults => Reply::json(500, r#"{"message":"Fatal error"}"#),
        }
    }

    /// The bearer is a key of ours: its number among the keys.
    fn by_key(&self, seen: &Seen) -> Option<usize> {
        let bearer = seen.header("authorization")?;
        let uuid = bearer.split("sst_plaintext-of-").nth(1)?;
        self.keys.iter().position(|key| key["uuid"] == *uuid)
    }

    fn is_own_revoked(&self, seen: &Seen) -> bool {
        self.by_key(seen).is_some_and(|place| !self.keys[place]["revoked_on"].is_null())
    }

    fn use_key(&mut self, seen: &Seen) {
        if let Some(place) = self.by_key(seen) {
            let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S").to_string();
            self.keys[place]["last_used_on"] = now.into();
        }
    }
}

fn key(uuid: &str, name: &str) -> Value {
    json!({"uuid": uuid, "name": name, "key_prefix": "sst_", "created_on": "2020-01-01T00:00:00"})
}

struct Stage {
    home: TempDir,
    keychain: Arc<MemoryStore>,
    world: Arc<Mutex<World>>,
    server: CannedServer,
    id: InstanceId,
}

impl Stage {
    /// Jane is signed in; she has keys `uuid-1` to `uuid-<count>`, called `key 1` and so on.
    async fn with_keys(count: usize) -> (Self, Core) {
        let keys = (1..=count).map(|number| key(&format!("uuid-{number}"), &format!("key {number}")));
        let world = Arc::new(Mutex::new(World::of(keys.collect())));
        let answering = Arc::clone(&world);
        let server = CannedServer::start(move |seen| answering.lock().unwrap().reply(seen)).await;
        let stage = Self {
            home: tempfile::tempdir().unwrap(),
            keychain: Arc::new(MemoryStore::default()),
            world,
            server,
            id: InstanceId::from_random(7),
        };
        let instance = Instance::new(stage.id.clone(), "test".into(), "Test".into(), stage.server.url());
        Store::new(Places::under(stage.home.path()))
            .change(|state| {
                state.instances.push(instance);
                Ok(())
            })
            .unwrap();
        let core = stage.process();
        let password = Secret::new("secret");
        let credentials = Credentials::Password { username: "jane".into(), password, stay: true };
        core.sign_in(&stage.id, credentials).await.unwrap();
        (stage, core)
    }

    fn process(&self) -> Core {
        Core::new(CoreParts {
            store: Store::new(Places::under(self.home.path())),
            keychain: Arc::clone(&self.keychain) as Arc<dyn SecretStore>,
            timeouts: TimeoutsWanted { connect: None, call: Some(Duration::from_secs(5)) },
            now: Arc::new(SystemNow),
            random: Arc::new(SystemRandom),
            computer: Computer::default(),
        })
    }

    fn world(&self) -> std::sync::MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    fn sent(&self, method: &str) -> usize {
        self.server
            .seen()
            .iter()
            .filter(|seen| seen.method == method && seen.path != "/api/v1/security/login")
            .count()
    }

    async fn revoke(&self, core: &Core, numbers: &[usize]) -> RevokedKeysView {
        core.revoke_keys(&self.id, &ids(numbers), &|_| {}).await.unwrap()
    }
}

fn ids(numbers: &[usize]) -> Vec<ApiKeyId> {
    numbers.iter().map(|number| ApiKeyId::new(format!("uuid-{number}"))).collect()
}

fn outcomes(done: &RevokedKeysView) -> Vec<(RevokeOutcome, Option<ErrorCode>)> {
    done.keys.iter().map(|key| (key.outcome, key.problem.as_ref().map(|problem| problem.code))).collect()
}

const REVOKED: (RevokeOutcome, Option<ErrorCode>) = (RevokeOutcome::Revoked, None);
const NOT_TRIED: (RevokeOutcome, Option<ErrorCode>) = (RevokeOutcome::NotTried, None);

fn failed(code: ErrorCode) -> (RevokeOutcome, Option<ErrorCode>) {
    (RevokeOutcome::Failed, Some(code))
}

/// One list before, one call each, one list after; and whoever was revoked before is not revoked anew.
#[tokio::test]
async fn each_is_revoked_once_and_read_back_in_one_list() {
    let (stage, core) = Stage::with_keys(40).await;
    stage.world().keys[2]["revoked_on"] = "2021-01-01T00:00:00".into();
    let all: Vec<_> = (1..=40).collect();
    let told = Mutex::new(Vec::<RevokeProgress>::new());
    let done = core.revoke_keys(&stage.id, &ids(&all), &|at| told.lock().unwrap().push(at)).await.unwrap();
    let mut expected = vec![REVOKED; 40];
    expected[2] = (RevokeOutcome::Already, None);
    assert_eq!((outcomes(&done), done.stopped), (expected, None));
    assert_eq!(stage.sent("DELETE"), 39);
    assert_eq!(
        stage.server.seen().iter().filter(|seen| seen.method == "GET" && seen.path == KEYS).count(),
        2
    );
    assert_eq!(stage.world().keys[2]["revoked_on"], "2021-01-01T00:00:00");
    let told = told.into_inner().unwrap();
    let steps: Vec<_> = told.iter().map(|at| at.done).collect();
    assert_eq!(steps, (0..=39).collect::<Vec<_>>());
    assert!(told.iter().all(|at| at.of == 39 && at.waiting.is_none()));
    // And once more: nothing is left to be done.
    let again = stage.revoke(&core, &all).await;
    assert!(again.keys.iter().all(|key| key.outcome == RevokeOutcome::Already));
    assert_eq!(stage.sent("DELETE"), 39);
}

#[tokio::test]
async fn what_the_server_says_is_not_believed() {
    let (stage, core) = Stage::with_keys(6).await;
    stage.world().ways =
        vec![("uuid-2".into(), Way::Lies), ("uuid-4".into(), Way::Faults), ("uuid-6".into(), Way::Agrees)];
    let done = stage.revoke(&core, &[1, 2, 3, 4, 5, 99]).await;
    assert_eq!(
        outcomes(&done),
        [
            REVOKED,
            failed(ErrorCode::NotRevoked),
            REVOKED,
            failed(ErrorCode::ServerFault),
            REVOKED,
            failed(ErrorCode::NoSuchKey)
        ],
        "one key's trouble stops no other"
    );
    assert_eq!(done.stopped, None);
    assert!(stage.world().keys[5]["revoked_on"].is_null(), "what was not named stays");
}

#[tokio::test]
async fn a_connection_that_breaks_stops_the_rest_and_the_list_tells_what_happened() {
    for (way, expected) in [(Way::HangsUp, failed(ErrorCode::RevokeUnclear)), (Way::DoesAndHangsUp, REVOKED)]
    {
        let (stage, core) = Stage::with_keys(30).await;
        stage.world().ways = vec![("uuid-3".into(), way)];
        let all: Vec<_> = (1..=30).collect();
        let done = stage.revoke(&core, &all).await;
        let told = outcomes(&done);
        assert_eq!(told[2], expected, "{way:?}");
        assert_eq!(told[29], NOT_TRIED, "{way:?}");
        assert!(done.stopped.is_some(), "{way:?}");
        assert!(stage.sent("DELETE") <= 7, "{way:?}: {}", stage.sent("DELETE"));
        for (number, told) in told.iter().enumerate() {
            let is_revoked = !stage.world().keys[number]["revoked_on"].is_null();
            assert_eq!(*told == REVOKED, is_revoked, "{way:?}: key {}", number + 1);
        }
        // The same again goes on.
        stage.world().ways.clear();
        let done = stage.revoke(&core, &all).await;
        assert!(
            done.keys
                .iter()
                .all(|key| matches!(key.outcome, RevokeOutcome::Revoked | RevokeOutcome::Already))
        );
        assert_eq!(stage.world().revoked_times.len(), 30, "none twice");
    }
}

#[tokio::test]
async fn what_cannot_be_read_back_is_not_called_revoked() {
    let (stage, core) = Stage::with_keys(3).await;
    stage.world().list_fails = true;
    let done = stage.revoke(&core, &[1, 2, 3]).await;
    assert_eq!(outcomes(&done), vec![failed(ErrorCode::RevokeUnclear); 3]);
    assert!(done.stopped.is_some());
}

/// What proves it all is asked for again where the revokes used up what the server allows.
#[tokio::test]
async fn a_list_that_is_refused_for_a_while_is_waited_for() {
    let (stage, core) = Stage::with_keys(3).await;
    // Each call asks four times by itself.
    stage.world().list_limited = 6;
    let done = stage.revoke(&core, &[1, 2, 3]).await;
    assert_eq!((outcomes(&done), done.stopped), (vec![REVOKED; 3], None));
}

/// A server that allows so many a minute is waited for, as long as it says, and all get done.
#[tokio::test]
async fn a_server_that_asks_for_a_rest_gets_it() {
    let (stage, core) = Stage::with_keys(8).await;
    stage.world().until_tired = Some((3, Some("1")));
    // More than one call waits by itself: so the pause is one of all.
    stage.world().rested_after = 3 + 4 * 4 + 1;
    let told = Mutex::new(Vec::<RevokeProgress>::new());
    let all: Vec<_> = (1..=8).collect();
    let done = core.revoke_keys(&stage.id, &ids(&all), &|at| told.lock().unwrap().push(at)).await.unwrap();
    assert_eq!((outcomes(&done), done.stopped), (vec![REVOKED; 8], None));
    let waits: Vec<_> = told.into_inner().unwrap().into_iter().filter(|at| at.waiting.is_some()).collect();
    assert_eq!(waits, [RevokeProgress { done: 3, of: 8, waiting: Some(1) }]);
    assert_eq!(stage.world().revoked_times.len(), 8, "none twice");
}

#[tokio::test]
async fn a_server_that_asks_for_too_much_is_told_and_the_rest_is_left() {
    let (stage, core) = Stage::with_keys(8).await;
    stage.world().until_tired = Some((3, Some("3600")));
    stage.world().rested_after = usize::MAX;
    let started = Instant::now();
    let all: Vec<_> = (1..=8).collect();
    let done = stage.revoke(&core, &all).await;
    assert!(started.elapsed() < Duration::from_secs(5), "an hour is not waited");
    assert_eq!(done.stopped.unwrap().code, ErrorCode::RateLimited);
    let count = |outcome| done.keys.iter().filter(|key| key.outcome == outcome).count();
    assert_eq!((count(RevokeOutcome::Revoked), count(RevokeOutcome::NotTried)), (3, 5));
}

/// The plaintext of a key that is revoked goes, also where an earlier run was killed before it could see to that.
#[tokio::test]
async fn plaintexts_go_with_their_keys() {
    let (stage, core) = Stage::with_keys(0).await;
    let mut made = Vec::new();
    for name in ["one", "two", "three"] {
        let wanted: NewApiKey =
            serde_json::from_value(json!({"name": name, "expiry": {"kind": "never"}})).unwrap();
        made.push(core.create_key(&stage.id, wanted, Keep::Keychain).await.unwrap().key.id);
    }
    let holds = |key: &ApiKeyId| stage.keychain.get(&SecretId::api_key(&stage.id, key)).unwrap().is_some();
    assert!(made.iter().all(holds));
    // As after a kill: revoked there, and nothing noted here.
    stage.world().keys[0]["revoked_on"] = LATE.into();
    let done = core.revoke_keys(&stage.id, &made[1..2], &|_| {}).await.unwrap();
    assert_eq!(outcomes(&done), [REVOKED]);
    assert_eq!(made.iter().map(holds).collect::<Vec<_>>(), [false, false, true]);
    let kept = core.store().read().unwrap();
    let record = |key| kept.instance(&stage.id).unwrap().record(key).unwrap();
    assert!(made[..2].iter().all(|key| record(key).revoked && !record(key).is_stored()));
    assert!(!record(&made[2]).revoked && record(&made[2]).is_stored());
}

/// Its end ends the session, so it waits for all others, and stays if one of them did not go.
#[tokio::test]
async fn the_key_one_is_signed_in_with_goes_last() {
    let (stage, core) = Stage::with_keys(3).await;
    let key = Secret::new("sst_plaintext-of-uuid-1");
    core.sign_in(&stage.id, Credentials::ApiKey { key, stay: true }).await.unwrap();
    core.list_keys(&stage.id).await.unwrap();

    let filter = KeyFilter { name: Some(Glob::new("*")), ..KeyFilter::default() };
    let plan = core.plan_clean_up(&stage.id, &filter).await.unwrap();
    assert_eq!(plan.keys.iter().map(|one| one.key.name.as_str()).collect::<Vec<_>>(), ["key 2", "key 3"]);
    assert_eq!((plan.left.len(), plan.left[0].because), (1, LeftBecause::SignedInWith));

    let plan = core.plan_revoke(&stage.id, &ids(&[1, 2])).await.unwrap();
    let order: Vec<_> = plan.keys.iter().map(|one| (one.key.name.as_str(), one.signed_in_with)).collect();
    assert_eq!(order, [("key 2", false), ("key 1", true)]);

    stage.world().ways = vec![("uuid-2".into(), Way::Lies)];
    let done = stage.revoke(&core, &[1, 2]).await;
    assert_eq!(outcomes(&done), [failed(ErrorCode::NotRevoked), NOT_TRIED]);
    stage.world().ways.clear();
    let done = stage.revoke(&core, &[1, 2]).await;
    assert_eq!(outcomes(&done), vec![REVOKED; 2]);
    assert_eq!(stage.world().revoked_times, ["uuid-2", "uuid-1"]);
}

/// A server that does not tell its time in an answer: which key the pasted one is stays unknown.
#[tokio::test]
async fn a_key_that_may_be_the_one_is_not_taken_by_a_filter() {
    let (stage, core) = Stage::with_keys(3).await;
    stage.world().tells_date = false;
    let key = Secret::new("sst_plaintext-of-uuid-2");
    core.sign_in(&stage.id, Credentials::ApiKey { key, stay: true }).await.unwrap();
    stage.world().keys[0]["last_used_on"] = "2021-01-01T00:00:00".into();
    let filter = KeyFilter { name: Some(Glob::new("*")), ..KeyFilter::default() };
    let plan = core.plan_clean_up(&stage.id, &filter).await.unwrap();
    assert_eq!(plan.keys.iter().map(|one| one.key.name.as_str()).collect::<Vec<_>>(), ["key 1", "key 3"]);
    assert_eq!(plan.left.iter().map(|left| left.key.name.as_str()).collect::<Vec<_>>(), ["key 2"]);
}

#[tokio::test]
async fn a_plan_changes_nothing() {
    let (stage, core) = Stage::with_keys(3).await;
    stage.world().keys[1]["expires_on"] = "2021-01-01T00:00:00".into();
    stage.world().keys[2]["revoked_on"] = "2021-01-01T00:00:00".into();
    let expired = KeyFilter { expired: true, ..KeyFilter::default() };
    let plan = core.plan_clean_up(&stage.id, &expired).await.unwrap();
    assert_eq!(plan.keys.iter().map(|one| one.key.name.as_str()).collect::<Vec<_>>(), ["key 2"]);
    let plan = core.plan_revoke(&stage.id, &ids(&[1, 3, 99])).await.unwrap();
    assert_eq!(plan.keys.iter().map(|one| one.key.name.as_str()).collect::<Vec<_>>(), ["key 1"]);
    assert_eq!(plan.left.iter().map(|left| left.because).collect::<Vec<_>>(), [LeftBecause::AlreadyRevoked]);
    assert_eq!(stage.sent("DELETE"), 0);
    core.sign_out(&stage.id).await.unwrap();
    let nobody = core.revoke_keys(&stage.id, &ids(&[1]), &|_| {}).await;
    assert!(matches!(nobody, Err(Error::SignedOut)), "{nobody:?}");
    assert_eq!(stage.sent("DELETE"), 0);
}
