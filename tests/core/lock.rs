//! A program that is locked: what it hands out, what it waits for, what stops it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

mod canned_server;

use base64::Engine;
use canned_server::{CannedServer, Reply, Seen};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;
use superset_keys_core::actions::{Credentials, HandedTo, LockOutcome, RotateRequest, SessionState};
use superset_keys_core::api_key::NewApiKey;
use superset_keys_core::clock::SystemNow;
use superset_keys_core::error::{ErrorCode, KeychainProblem};
use superset_keys_core::ids::InstanceId;
use superset_keys_core::places::{Computer, Places};
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::{Keep, MemoryStore};
use superset_keys_core::settings::Setting;
use superset_keys_core::store::{Instance, Store};
use superset_keys_core::{Core, CoreParts, LockReason, Result, SystemRandom, TimeoutsWanted};
use tempfile::TempDir;

const KEYS: &str = "/api/v1/security/api_keys/";
const PATIENCE: Duration = Duration::from_secs(10);

/// How the server behaves.
#[derive(Default)]
struct World {
    keys: Vec<Value>,
    /// A create is answered when this says so.
    slow: Option<mpsc::Receiver<()>>,
    /// A list is never answered.
    silent: bool,
}

fn reply(world: &Mutex<World>, seen: &Seen) -> Reply {
    match (seen.method.as_str(), seen.path.as_str()) {
        ("POST", "/api/v1/security/login") => {
            let claims = json!({"sub": "1", "exp": 4_000_000_000_i64, "fresh": true, "type": "access"});
            let part =
                |value: &Value| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string());
            let token = format!("{}.{}.c2ln", part(&json!({"alg": "HS256", "typ": "JWT"})), part(&claims));
            Reply::json(200, &json!({"access_token": token, "refresh_token": "refresh"}).to_string())
        }
        ("POST", "/api/v1/security/refresh") => {
            reply(world, &Seen { path: "/api/v1/security/login".into(), ..seen.clone() })
        }
        ("GET", "/api/v1/me/") => Reply::json(
            200,
            r#"{"result":{"id":1,"username":"jane","first_name":"J","last_name":"J","email":"j@x.y"}}"#,
        ),
        ("GET", "/api/v1/me/roles/") => Reply::json(200, r#"{"result":{"roles":{}}}"#),
        ("GET", KEYS) if world.lock().unwrap().silent => Reply::Silence(Vec::new()),
        ("GET", KEYS) => Reply::json(200, &json!({"result": world.lock().unwrap().keys}).to_string()),
        ("POST", KEYS) => {
            let slow = world.lock().unwrap().slow.take();
            if let Some(slow) = slow {
                tokio::task::block_in_place(|| slow.recv_timeout(PATIENCE)).unwrap();
            }
            let mut world = world.lock().unwrap();
            let uuid = format!("00000000-0000-4000-8000-{:012}", world.keys.len());
            let asked: Value = serde_json::from_slice(&seen.body).unwrap();
            let key = json!({"uuid": uuid, "name": asked["name"], "key_prefix": "sst_", "active": true,
                "created_on": "2026-11-20T20:43:18", "expires_on": null, "revoked_on": null, "last_used_on": null, "scopes": null});
            world.keys.push(key.clone());
            let mut made = key;
            made["key"] = json!("sst_PNHkqdrcN3FhhTsEjG0RASQIS_JFXo8EvdZoFtKDlPI");
            Reply::json(201, &json!({"result": made}).to_string())
        }
        _ => match world
            .lock()
            .unwrap()
            .keys
            .iter()
            .find(|key| seen.path.ends_with(key["uuid"].as_str().unwrap()))
        {
            Some(key) => Reply::json(200, &json!({"result": key}).to_string()),
            None => Reply::json(404, r#"{"message":"Not found"}"#),
        },
    }
}

struct Stage {
    core: Arc<Core>,
    keychain: Arc<MemoryStore>,
    world: Arc<Mutex<World>>,
    server: CannedServer,
    id: InstanceId,
    _home: TempDir,
}

impl Stage {
    async fn signed_in(stay: bool) -> Self {
        let home = tempfile::tempdir().unwrap();
        let world = Arc::new(Mutex::new(World::default()));
        let answering = Arc::clone(&world);
        let server = CannedServer::start(move |seen| reply(&answering, seen)).await;
        let id = InstanceId::from_random(7);
        let store = Store::new(Places::under(home.path()));
        let instance = Instance::new(id.clone(), "test".into(), "Test".into(), server.url());
        store
            .change(|state| {
                state.instances.push(instance);
                Ok(())
            })
            .unwrap();
        let keychain = Arc::new(MemoryStore::default());
        let core = Core::new(CoreParts {
            store,
            keychain: Arc::clone(&keychain) as _,
            timeouts: TimeoutsWanted::default(),
            now: Arc::new(SystemNow),
            random: Arc::new(SystemRandom),
            computer: Computer::default(),
        });
        let password = Secret::new("secret");
        core.sign_in(&id, Credentials::Password { username: "jane".into(), password, stay }).await.unwrap();
        Self { core: Arc::new(core), keychain, world, server, id, _home: home }
    }

    async fn lock(&self) -> LockOutcome {
        self.core.lock(LockReason::ByHand, false).await.unwrap()
    }
}

fn wanted(name: &str) -> NewApiKey {
    serde_json::from_value(json!({"name": name, "expiry": {"kind": "never"}})).unwrap()
}

fn refused<T>(answer: Result<T>) {
    assert_eq!(answer.map(drop).unwrap_err().code(), ErrorCode::AppLocked);
}

#[tokio::test]
async fn locked_it_hands_out_nothing_asks_nobody_and_shows_the_last_list() {
    let stage = Stage::signed_in(true).await;
    let core = &stage.core;
    let made = core.create_key(&stage.id, wanted("laptop"), Keep::Keychain).await.unwrap().key.id;
    core.list_keys(&stage.id).await.unwrap();
    core.read_secret(&stage.id, &made, HandedTo::Window).await.unwrap();
    let asked = stage.server.seen().len();

    assert!(matches!(stage.lock().await, LockOutcome::Locked { .. }));
    assert!(core.is_locked());
    refused(core.read_secret(&stage.id, &made, HandedTo::Window).await);
    refused(core.list_keys(&stage.id).await);
    refused(core.create_key(&stage.id, wanted("another"), Keep::KeychainOrMemory).await);
    refused(core.create_key(&stage.id, wanted("another"), Keep::Memory).await);
    refused(core.replace_key(&stage.id, &made, wanted("another"), Keep::Keychain).await);
    refused(core.rotate_key(&stage.id, &made, &RotateRequest::default(), "").await);
    refused(core.continue_rotations().await);
    refused(core.revoke_key(&stage.id, &made).await);
    refused(core.detect_instance(&stage.server.url().to_string(), false).await);
    refused(core.sign_in(&stage.id, Credentials::ApiKey { key: Secret::new("sst_x"), stay: false }).await);
    assert_eq!(stage.server.seen().len(), asked, "it asked the server");
    assert_eq!(core.kept_keys(&stage.id).unwrap().unwrap().keys.len(), 1);
    assert_eq!(
        core.list_instances().unwrap()[0].session,
        SessionState::SignedIn,
        "it goes on after unlocking"
    );

    core.unlock().await.unwrap();
    assert_eq!(core.lock_view().locked, None);
    core.read_secret(&stage.id, &made, HandedTo::Window).await.unwrap();
    core.list_keys(&stage.id).await.unwrap();
}

#[tokio::test]
async fn who_is_signed_in_in_memory_alone_signs_in_again_and_is_told_so() {
    let stage = Stage::signed_in(false).await;
    let LockOutcome::Locked { view } = stage.lock().await else { panic!("it is not locked") };
    assert_eq!(view.signed_out, ["Test"]);
    stage.core.unlock().await.unwrap();
    assert_eq!(stage.core.list_keys(&stage.id).await.unwrap_err().code(), ErrorCode::SessionOver);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_create_under_way_is_waited_for_and_kept() {
    let stage = Stage::signed_in(true).await;
    let (answer, slow) = mpsc::channel();
    stage.world.lock().unwrap().slow = Some(slow);
    let (core, id) = (Arc::clone(&stage.core), stage.id.clone());
    let creating = tokio::spawn(async move { core.create_key(&id, wanted("slow"), Keep::Keychain).await });
    while stage.core.kept_open_by().is_none() {
        tokio::task::yield_now().await;
    }
    let mut locking = Box::pin(stage.lock());
    let early = tokio::time::timeout(Duration::from_millis(200), &mut locking).await;
    assert!(early.is_err() && !stage.core.is_locked(), "it locked over a create");
    answer.send(()).unwrap();
    let made = tokio::time::timeout(PATIENCE, creating).await.unwrap().unwrap().unwrap();
    assert!(matches!(tokio::time::timeout(PATIENCE, locking).await.unwrap(), LockOutcome::Locked { .. }));
    stage.core.unlock().await.unwrap();
    stage.core.read_secret(&stage.id, &made.key.id, HandedTo::Window).await.unwrap();
}

#[tokio::test]
async fn what_waits_for_a_server_is_not_waited_for() {
    let stage = Stage::signed_in(true).await;
    stage.world.lock().unwrap().silent = true;
    let (core, id) = (Arc::clone(&stage.core), stage.id.clone());
    let asked = stage.server.seen().len();
    let listing = tokio::spawn(async move { core.list_keys(&id).await });
    while stage.server.seen().len() == asked {
        tokio::task::yield_now().await;
    }
    stage.lock().await;
    refused(tokio::time::timeout(Duration::from_secs(2), listing).await.expect("it waits on").unwrap());
}

#[tokio::test]
async fn a_key_that_is_nowhere_else_stops_it_until_it_is_saved_or_given_up() {
    let stage = Stage::signed_in(true).await;
    let core = &stage.core;
    let key = core.create_key(&stage.id, wanted("by hand"), Keep::Memory).await.unwrap().key.id;
    let unsaved = LockOutcome::Unsaved { instance: stage.id.clone(), key: key.clone() };
    assert_eq!(stage.lock().await, unsaved);
    assert!(!core.is_locked());
    core.read_secret(&stage.id, &key, HandedTo::Window).await.unwrap();

    core.lock(LockReason::ByHand, true).await.unwrap();
    core.unlock().await.unwrap();
    assert!(core.read_secret(&stage.id, &key, HandedTo::Window).await.is_err(), "it is still in memory");
    let list = core.list_keys(&stage.id).await.unwrap();
    assert_eq!(list.unaccounted.len(), 1, "a key that nobody has is named");

    let key = core.create_key(&stage.id, wanted("saved"), Keep::Memory).await.unwrap().key.id;
    core.acknowledge_saved(&stage.id, &key).await.unwrap();
    assert!(matches!(stage.lock().await, LockOutcome::Locked { .. }));
}

#[tokio::test]
async fn it_stays_locked_for_as_long_as_its_keychain_does() {
    let stage = Stage::signed_in(true).await;
    stage.lock().await;
    stage.keychain.fail_with(Some(KeychainProblem::Locked));
    assert_eq!(stage.core.unlock().await.unwrap_err().code(), ErrorCode::KeychainLocked);
    assert!(stage.core.is_locked());
    // Without any there is nothing to guard, and what is wrong is shown where keys are.
    stage.keychain.fail_with(Some(KeychainProblem::NoBus));
    stage.core.unlock().await.unwrap();
    assert!(!stage.core.is_locked());
}

#[tokio::test]
async fn when_it_locks_is_set() {
    let stage = Stage::signed_in(true).await;
    let core = &stage.core;
    assert!(core.idle_in().is_some_and(|left| left.as_secs() > 590), "ten minutes where nobody set it");
    assert!(core.locks_on(LockReason::Suspend) && core.locks_on(LockReason::Screen));
    for setting in [Setting::LockAfterMinutes, Setting::LockOnSuspend, Setting::LockWithScreen] {
        core.set_setting(setting, Some(0)).await.unwrap();
    }
    assert_eq!(core.idle_in(), None);
    assert!(!core.locks_on(LockReason::Suspend) && !core.locks_on(LockReason::Screen));
    assert!(core.locks_on(LockReason::ByHand));
}
