//! What goes wrong between two steps, between two processes and between two people, and is not lost.

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
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use superset_keys_core::actions::Credentials;
use superset_keys_core::api_key::{ApiKeyId, Keep, KeyListView, NewApiKey, Presence};
use superset_keys_core::clock::{ServerClock, SystemNow};
use superset_keys_core::error::KeychainProblem;
use superset_keys_core::http::Timeouts;
use superset_keys_core::instance::{Environment, Instance, InstanceId, SessionState};
use superset_keys_core::places::Places;
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::{KeychainState, MemoryStore, SecretId, SecretStore};
use superset_keys_core::store::Store;
use superset_keys_core::{Core, CoreParts, Error, Result, SystemRandom};
use tempfile::TempDir;

const KEYS: &str = "/api/v1/security/api_keys/";
const JANE: i32 = 1;
const JOHN: i32 = 2;

/// A server with two people, who share one list of keys; and what shall go wrong there.
#[derive(Default)]
struct World {
    keys: Vec<Value>,
    /// Creates are answered with nothing, and are done later.
    slow: bool,
}

impl World {
    fn reply(&mut self, seen: &Seen) -> Reply {
        match (seen.method.as_str(), seen.path.as_str()) {
            ("POST", "/api/v1/security/login") => {
                let login: Value = serde_json::from_slice(&seen.body).unwrap();
                let user = if login["username"] == "jane" { JANE } else { JOHN };
                let tokens = json!({"access_token": token(user), "refresh_token": format!("refresh-{user}")});
                Reply::json(200, &tokens.to_string())
            }
            ("POST", "/api/v1/security/refresh") => {
                Reply::json(200, &json!({"access_token": token(who(seen))}).to_string())
            }
            ("GET", "/api/v1/me/") => {
                let me = json!({"result": {"id": who(seen), "username": name(who(seen))}});
                Reply::json(200, &me.to_string())
            }
            ("GET", "/api/v1/me/roles/") => Reply::json(200, r#"{"result":{"roles":{}}}"#),
            ("GET", KEYS) => self.list(),
            ("POST", KEYS) if self.slow => Reply::Bytes(Vec::new()),
            ("POST", KEYS) => {
                let wanted: Value = serde_json::from_slice(&seen.body).unwrap();
                let mut key =
                    listed(&format!("uuid-{}", self.keys.len() + 1), wanted["name"].as_str().unwrap());
                self.keys.push(key.clone());
                key["key"] = format!("sst_plaintext-{}", self.keys.len()).into();
                Reply::json(201, &json!({"result": key}).to_string())
            }
            ("GET", path) => {
                let key = self.keys.iter().find(|key| path.ends_with(key["uuid"].as_str().unwrap()));
                Reply::json(200, &json!({"result": key.unwrap()}).to_string())
            }
            ("DELETE", path) => {
                let key = self.keys.iter_mut().find(|key| path.ends_with(key["uuid"].as_str().unwrap()));
                key.unwrap()["revoked_on"] = "2026-11-20T20:56:50".into();
                Reply::json(200, "{}")
            }
            other => panic!("{other:?}"),
        }
    }

    fn list(&self) -> Reply {
        let headers = [("content-type", "application/json"), ("date", "Fri, 20 Nov 2026 20:56:50 GMT")];
        Reply::with(200, &headers, &json!({"result": self.keys}).to_string())
    }
}

fn listed(uuid: &str, name: &str) -> Value {
    json!({"uuid": uuid, "name": name, "key_prefix": "sst_"})
}

fn token(user: i32) -> String {
    let encode = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
    let claims = json!({"sub": user.to_string(), "exp": 4_000_000_000_i64}).to_string();
    format!("{}.{}.c2ln", encode(r#"{"alg":"HS256"}"#), encode(&claims))
}

/// Whose bearer it is; a key is Jane's.
fn who(seen: &Seen) -> i32 {
    let bearer = seen.header("authorization").unwrap();
    if bearer.contains(&token(JOHN)) || bearer.ends_with("refresh-2") { JOHN } else { JANE }
}

fn name(user: i32) -> &'static str {
    if user == JANE { "jane" } else { "john" }
}

/// One computer, its keychain, and a server.
struct Stage {
    home: TempDir,
    keychain: Arc<dyn SecretStore>,
    world: Arc<Mutex<World>>,
    server: CannedServer,
    id: InstanceId,
}

impl Stage {
    async fn new() -> Self {
        Self::with(Arc::new(MemoryStore::default()), tempfile::tempdir().unwrap()).await
    }

    async fn with(keychain: Arc<dyn SecretStore>, home: TempDir) -> Self {
        let world = Arc::new(Mutex::new(World::default()));
        let answering = Arc::clone(&world);
        let server = CannedServer::start(move |seen| answering.lock().unwrap().reply(seen)).await;
        let stage = Self { home, keychain, world, server, id: InstanceId::from_random(7) };
        let instance = stage.instance();
        Store::new(Places::under(stage.home.path()))
            .change(|state| {
                state.instances.push(instance);
                Ok(())
            })
            .unwrap();
        stage
    }

    fn instance(&self) -> Instance {
        Instance {
            id: self.id.clone(),
            short_name: "test".into(),
            former_short_names: Vec::new(),
            name: "Test".into(),
            environment: Environment::Development,
            url: self.server.url(),
            allow_http: false,
            mcp_url: None,
            version: None,
            signed_in: None,
            last_username: None,
            clock: ServerClock::default(),
            default_key: None,
            keys: Vec::new(),
            intents: Vec::new(),
        }
    }

    /// Another process on this computer.
    fn process(&self) -> Core {
        Core::new(CoreParts {
            store: Store::new(Places::under(self.home.path())),
            keychain: Arc::clone(&self.keychain),
            timeouts: Timeouts::default(),
            now: Arc::new(SystemNow),
            random: Arc::new(SystemRandom),
            computer: superset_keys_core::places::Computer::default(),
        })
    }

    async fn process_of(&self, username: &str) -> Core {
        let core = self.process();
        let password = Secret::new("secret");
        let credentials = Credentials::Password { username: username.into(), password, stay: true };
        core.sign_in(&self.id, credentials).await.unwrap();
        core
    }

    fn last_bearer_is_of(&self, method: &str) -> i32 {
        who(self.server.seen().iter().rfind(|seen| seen.method == method && seen.path == KEYS).unwrap())
    }

    fn intents(&self, core: &Core) -> usize {
        core.store().read().unwrap().instance(&self.id).unwrap().intents.len()
    }
}

fn wanted(name: &str) -> NewApiKey {
    serde_json::from_value(json!({"name": name, "expiry": {"kind": "never"}})).unwrap()
}

fn presence(list: &KeyListView, id: &ApiKeyId) -> Presence {
    list.keys.iter().find(|key| key.id == *id).unwrap().presence
}

/// A keychain during whose work a newer program takes over the state file.
struct Overtaken {
    inner: MemoryStore,
    state: PathBuf,
}

impl SecretStore for Overtaken {
    fn name(&self) -> String {
        self.inner.name()
    }
    fn state(&self) -> KeychainState {
        self.inner.state()
    }
    fn unlock(&self) -> Result<()> {
        self.inner.unlock()
    }
    fn get(&self, id: &SecretId) -> Result<Option<Secret>> {
        self.inner.get(id)
    }
    fn set(&self, id: &SecretId, secret: &Secret) -> Result<()> {
        if matches!(id, SecretId::ApiKey(..)) {
            replace(&self.state, "\"version\": 1", "\"version\": 99");
        }
        self.inner.set(id, secret)
    }
    fn delete(&self, id: &SecretId) -> Result<()> {
        self.inner.delete(id)
    }
}

fn replace(file: &PathBuf, old: &str, new: &str) {
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains(old), "{text}");
    std::fs::write(file, text.replacen(old, new, 1)).unwrap();
}

#[tokio::test]
async fn a_key_that_could_not_be_recorded_is_shown_and_found_again() {
    let home = tempfile::tempdir().unwrap();
    let file = Store::new(Places::under(home.path())).path();
    let stage =
        Stage::with(Arc::new(Overtaken { inner: MemoryStore::default(), state: file.clone() }), home).await;
    let core = stage.process_of("jane").await;
    let made = core.create_key(&stage.id, wanted("laptop"), Keep::Keychain).await.unwrap();
    assert_eq!(made.key.presence, Presence::Memory);
    let secret = core.read_secret(&stage.id, &made.key.id).await.unwrap();
    assert_eq!(secret.expose(), "sst_plaintext-1");
    drop(core);

    replace(&file, "\"version\": 99", "\"version\": 1");
    let core = stage.process();
    let list = core.list_keys(&stage.id).await.unwrap();
    assert!(list.unaccounted.is_empty());
    assert_eq!(presence(&list, &made.key.id), Presence::Keychain);
    assert_eq!(stage.intents(&core), 0);
}

#[tokio::test]
async fn revoked_is_revoked_although_it_could_not_be_noted() {
    let stage = Stage::new().await;
    let core = stage.process_of("jane").await;
    let made = core.create_key(&stage.id, wanted("laptop"), Keep::Keychain).await.unwrap();
    replace(&core.store().path(), "\"version\": 1", "\"version\": 99");
    let revoked = core.revoke_key(&stage.id, &made.key.id).await.unwrap();
    assert!(revoked.key.revoked.is_some() && !revoked.already);
}

#[tokio::test]
async fn somebody_else_signed_in_by_another_process_is_who_makes_the_key() {
    let stage = Stage::new().await;
    let first = stage.process_of("jane").await;
    first.list_keys(&stage.id).await.unwrap();
    let second = stage.process_of("john").await;
    first.create_key(&stage.id, wanted("laptop"), Keep::Keychain).await.unwrap();
    assert_eq!(stage.last_bearer_is_of("POST"), JOHN);
    let record = first.store().read().unwrap().instance(&stage.id).unwrap().keys[0].clone();
    assert_eq!(record.owner.unwrap().id, JOHN);

    second.sign_out(&stage.id).await.unwrap();
    assert!(matches!(first.list_keys(&stage.id).await, Err(Error::SignedOut)));
}

#[tokio::test]
async fn a_token_of_somebody_else_is_no_session() {
    let stage = Stage::new().await;
    stage.process_of("jane").await;
    // A sign-in of John's that died before it was written down.
    let entry = SecretId::RefreshToken(stage.id.clone());
    stage.keychain.set(&entry, &Secret::new("refresh-2")).unwrap();
    assert!(matches!(stage.process().list_keys(&stage.id).await, Err(Error::SessionOver)));
}

#[tokio::test]
async fn a_create_that_happens_after_its_answer_was_lost_is_named() {
    let stage = Stage::new().await;
    let core = stage.process_of("jane").await;
    stage.world.lock().unwrap().slow = true;
    let lost = core.create_key(&stage.id, wanted("late"), Keep::Keychain).await;
    assert!(matches!(lost, Err(Error::CreateUnclear { found: None })), "{lost:?}");
    assert!(core.list_keys(&stage.id).await.unwrap().unaccounted.is_empty());
    stage.world.lock().unwrap().keys.push(listed("uuid-late", "late"));
    let unaccounted = core.list_keys(&stage.id).await.unwrap().unaccounted;
    assert_eq!(unaccounted[0].key, Some(ApiKeyId::new("uuid-late")));
}

#[tokio::test]
async fn a_key_that_waits_in_memory_is_not_removed_with_its_instance_unasked() {
    let stage = Stage::new().await;
    let core = stage.process_of("jane").await;
    let made = core.create_key(&stage.id, wanted("by hand"), Keep::Memory).await.unwrap();
    let refused = core.remove_instance(&stage.id, false).await;
    assert!(matches!(refused, Err(Error::KeysWouldBeForgotten { count: 1 })), "{refused:?}");
    core.read_secret(&stage.id, &made.key.id).await.unwrap();
    core.remove_instance(&stage.id, true).await.unwrap();
    assert!(core.read_secret(&stage.id, &made.key.id).await.is_err());
}

#[tokio::test]
async fn a_key_only_in_memory_is_forgotten_without_a_keychain_and_not_called_lost() {
    let keychain = Arc::new(MemoryStore::default());
    let stage = Stage::with(keychain.clone(), tempfile::tempdir().unwrap()).await;
    let core = stage.process_of("jane").await;
    let made = core.create_key(&stage.id, wanted("by hand"), Keep::Memory).await.unwrap();
    keychain.fail_with(Some(KeychainProblem::NoBus));
    core.forget_secret(&stage.id, &made.key.id).await.unwrap();
    assert_eq!(stage.intents(&core), 0);
}

#[tokio::test]
async fn pasting_a_forgotten_key_brings_it_back() {
    let stage = Stage::new().await;
    let core = stage.process_of("jane").await;
    let made = core.create_key(&stage.id, wanted("laptop"), Keep::Keychain).await.unwrap();
    core.forget_secret(&stage.id, &made.key.id).await.unwrap();
    stage.world.lock().unwrap().keys[0]["last_used_on"] = "2026-11-20T20:56:49.900000".into();
    let key = Secret::new("sst_plaintext-1");
    core.sign_in(&stage.id, Credentials::ApiKey { key }).await.unwrap();
    let list = core.list_keys(&stage.id).await.unwrap();
    assert_eq!(presence(&list, &made.key.id), Presence::Keychain);
    assert_eq!(list.keys.len(), 1);
    core.read_secret(&stage.id, &made.key.id).await.unwrap();
}

/// The window lists instances whenever the state file changes, in the middle of a sign-in too.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_recorded_as_signed_in_has_a_session() {
    let stage = Stage::new().await;
    let core = Arc::new(stage.process());
    for _ in 0..20 {
        let (watching, done) = (Arc::clone(&core), Arc::new(AtomicBool::new(false)));
        let ended = Arc::clone(&done);
        let watcher = std::thread::spawn(move || {
            let mut seen = Vec::new();
            while !ended.load(Ordering::Relaxed) {
                let session = watching.list_instances().unwrap()[0].session;
                if seen.last() != Some(&session) {
                    seen.push(session);
                }
            }
            seen
        });
        let password = Secret::new("secret");
        let credentials = Credentials::Password { username: "jane".into(), password, stay: false };
        core.sign_in(&stage.id, credentials).await.unwrap();
        done.store(true, Ordering::Relaxed);
        let seen = watcher.join().unwrap();
        assert!(!seen.contains(&SessionState::Over), "{seen:?}");
        core.sign_out(&stage.id).await.unwrap();
    }
}
