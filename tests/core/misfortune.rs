//! What goes wrong between two steps, between two processes and between two people, and is not lost.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

mod canned_server;
mod hooked;
#[cfg(target_os = "linux")]
#[path = "dying_keychain.rs"]
mod linux;
mod moving;
mod noted;
#[cfg(target_os = "linux")]
#[allow(dead_code, reason = "shared with the keychain's own tests")]
mod private_session;

use base64::Engine;
use canned_server::{CannedServer, Reply, Seen};
use hooked::{Asked, Hooked};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use superset_keys_core::actions::{Credentials, HandedTo, KeptOpen, KeyListView, Presence, SessionState};
use superset_keys_core::api_key::NewApiKey;
use superset_keys_core::clock::SystemNow;
use superset_keys_core::error::KeychainProblem;
use superset_keys_core::http::SessionCookie;
use superset_keys_core::ids::{ApiKeyId, InstanceId, SecretId, SecretKind};
use superset_keys_core::instance::Environment;
use superset_keys_core::places::Places;
use superset_keys_core::secret::{Secret, StoreKind};
use superset_keys_core::secrets::{Keep, Keychain, MemoryStore, SecretStore, StoreState};
use superset_keys_core::store::{Instance, KeyRecord, Store};
use superset_keys_core::{Core, CoreParts, Error, Result, SystemRandom, TimeoutsWanted};
use tempfile::TempDir;

const KEYS: &str = "/api/v1/security/api_keys/";
const JANE: i32 = 1;
const JOHN: i32 = 2;

/// A server with two people, who share one list of keys; and what shall go wrong there.
#[derive(Default)]
struct World {
    keys: Vec<Value>,
    /// What creates and revokes are answered with while they are done later.
    given_up: Option<Vec<u8>>,
    /// No browser's session is known any more.
    has_ended: bool,
}

impl World {
    fn reply(&mut self, seen: &Seen) -> Reply {
        if self.has_ended && seen.header("cookie").is_some() {
            return Reply::json(401, r#"{"msg":"Missing Authorization Header"}"#);
        }
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
            ("POST", KEYS) | ("DELETE", _) if self.given_up.is_some() => {
                Reply::Bytes(self.given_up.clone().unwrap())
            }
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

/// Whose bearer it is; a key is Jane's, and so is a browser.
fn who(seen: &Seen) -> i32 {
    let bearer = seen.header("authorization").or(seen.header("cookie")).unwrap();
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
            environment: Environment::Development,
            ..Instance::new(self.id.clone(), "test".into(), "Test".into(), self.server.url())
        }
    }

    /// Another process on this computer.
    fn process(&self) -> Core {
        Core::new(CoreParts {
            store: Store::new(Places::under(self.home.path())),
            keychain: Arc::clone(&self.keychain),
            timeouts: TimeoutsWanted::default(),
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

fn replace(file: &PathBuf, old: &str, new: &str) {
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains(old), "{text}");
    std::fs::write(file, text.replacen(old, new, 1)).unwrap();
}

#[tokio::test]
async fn a_key_that_could_not_be_recorded_is_shown_and_found_again() {
    let home = tempfile::tempdir().unwrap();
    let file = Store::new(Places::under(home.path())).path();
    // A newer program takes over the state file meanwhile.
    let theirs = file.clone();
    let overtaken = Hooked::when_a_key_comes(MemoryStore::default(), move |_| {
        replace(&theirs, "\"version\": 2", "\"version\": 99");
    });
    let stage = Stage::with(Arc::new(overtaken), home).await;
    let core = stage.process_of("jane").await;
    let made = core.create_key(&stage.id, wanted("laptop"), Keep::Keychain).await.unwrap();
    assert_eq!(made.key.presence, Presence::Memory);
    let secret = core.read_secret(&stage.id, &made.key.id, HandedTo::Output).await.unwrap();
    assert_eq!(secret.expose(), "sst_plaintext-1");
    drop(core);

    replace(&file, "\"version\": 99", "\"version\": 2");
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
    replace(&core.store().path(), "\"version\": 2", "\"version\": 99");
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

/// A browser's session ends by itself on the server, and a call is what finds out.
#[tokio::test]
async fn a_browser_s_session_that_is_over_is_over_for_all_who_ask() {
    let stage = Stage::new().await;
    let core = stage.process();
    let cookie = |value: &str| SessionCookie::pasted(&Secret::new(value), None).unwrap();
    let provider = || Some("keycloak".to_owned());
    core.sign_in_with_browser(&stage.id, cookie("first"), provider(), None).await.unwrap();
    let session = || core.show_instance(&stage.id).unwrap().session;
    assert_eq!(session(), SessionState::SignedIn);
    stage.world.lock().unwrap().has_ended = true;
    assert!(matches!(core.list_keys(&stage.id).await, Err(Error::SessionOver)));
    assert_eq!(session(), SessionState::Over);
    // Nothing goes on with it.
    let before = stage.server.seen().len();
    assert!(matches!(core.list_keys(&stage.id).await, Err(Error::SessionOver)));
    assert_eq!(stage.server.seen().len(), before);
    stage.world.lock().unwrap().has_ended = false;
    core.sign_in_with_browser(&stage.id, cookie("second"), provider(), None).await.unwrap();
    assert_eq!(session(), SessionState::SignedIn);
    core.list_keys(&stage.id).await.unwrap();
}

#[tokio::test]
async fn a_token_of_somebody_else_is_no_session() {
    let stage = Stage::new().await;
    stage.process_of("jane").await;
    // A sign-in of John's that died before it was written down.
    let entry = SecretId::refresh_token(&stage.id);
    stage.keychain.set(&entry, &Secret::new("refresh-2")).unwrap();
    assert!(matches!(stage.process().list_keys(&stage.id).await, Err(Error::SessionOver)));
}

/// A gateway's word is none of Superset's: whatever it says, the server may still be at it.
#[tokio::test]
async fn a_create_that_happens_after_its_answer_was_lost_is_named() {
    let page = |status: u16| answered(status, "text/html", "<title>origin is slow</title>");
    let mut lost = vec![("nothing", Vec::new())];
    lost.extend([408, 499, 500].map(|status| ("a page", page(status))));
    lost.extend((520..=527).chain([502, 503, 504, 530, 403, 200]).map(|status| ("a page", page(status))));
    let json = |status, body| ("JSON of another program", answered(status, "application/json", body));
    lost.extend([
        json(500, r#"{"error":"upstream"}"#),
        json(524, r#"{"title":"Error 524"}"#),
        json(504, r#"{"message":"Endpoint request timed out"}"#),
        json(200, r#"{"result":{}}"#),
        json(201, r#"{"ok":true}"#),
        json(201, "{"),
        ("a created page", page(201)),
        ("half an answer", b"HTTP/1.1 201 X\r\nContent-Length: 400\r\n\r\n{".to_vec()),
        ("more than is read", b"HTTP/1.1 201 X\r\nContent-Length: 99000000\r\n\r\n{".to_vec()),
    ]);
    for (what, answer) in lost {
        let shown = format!("{what}: {}", String::from_utf8_lossy(&answer));
        let stage = Stage::new().await;
        let core = stage.process_of("jane").await;
        stage.world.lock().unwrap().given_up = Some(answer);
        let lost = core.create_key(&stage.id, wanted("late"), Keep::Keychain).await;
        assert!(matches!(lost, Err(Error::CreateUnclear { found: None })), "{shown}: {lost:?}");
        assert!(core.list_keys(&stage.id).await.unwrap().unaccounted.is_empty(), "{shown}");
        stage.world.lock().unwrap().keys.push(listed("uuid-late", "late"));
        let unaccounted = core.list_keys(&stage.id).await.unwrap().unaccounted;
        assert_eq!(unaccounted.len(), 1, "{shown}");
        assert_eq!(unaccounted[0].key, Some(ApiKeyId::new("uuid-late")), "{shown}");
    }
}

#[tokio::test]
async fn a_revoke_that_happens_after_its_answer_was_lost_is_not_called_refused() {
    let stage = Stage::new().await;
    let core = stage.process_of("jane").await;
    let made = core.create_key(&stage.id, wanted("laptop"), Keep::Keychain).await.unwrap();
    stage.world.lock().unwrap().given_up = Some(answered(524, "text/html", "<title>slow</title>"));
    let lost = core.revoke_key(&stage.id, &made.key.id).await;
    assert!(matches!(lost, Err(Error::RevokeUnclear)), "{lost:?}");
    // What can be read again stays until the end is seen.
    core.read_secret(&stage.id, &made.key.id, HandedTo::Output).await.unwrap();
}

/// Signed in with the key that is to go, a refusal looks like the end of that key. Something on the way may refuse as well.
#[tokio::test]
async fn a_refused_revoke_of_the_key_that_signs_in_is_no_proof() {
    for (status, body) in
        [(401, r#"{"msg":"no such method"}"#), (422, r#"{"msg":"no"}"#), (403, r#"{"message":"Forbidden"}"#)]
    {
        let stage = Stage::new().await;
        let core = stage.process_of("jane").await;
        let made = core.create_key(&stage.id, wanted("laptop"), Keep::Keychain).await.unwrap();
        let pasted = Credentials::ApiKey { key: Secret::new("sst_plaintext-1"), stay: true };
        core.sign_in(&stage.id, pasted).await.unwrap();
        stage.world.lock().unwrap().given_up = Some(answered(status, "application/json", body));
        let refused = core.revoke_key(&stage.id, &made.key.id).await;
        assert!(refused.is_err(), "{status}: {refused:?}");
        core.read_secret(&stage.id, &made.key.id, HandedTo::Output).await.expect("it still works");
    }
}

/// Whoever is stopped while a keychain asks leaves nothing that has no name.
#[tokio::test]
async fn a_sign_out_notes_its_token_before_it_is_deleted() {
    let keychain = Arc::new(MemoryStore::default());
    let stage = Stage::with(keychain.clone(), tempfile::tempdir().unwrap()).await;
    let core = stage.process_of("jane").await;
    keychain.fail_with(Some(KeychainProblem::Locked));
    let out = core.sign_out(&stage.id).await.unwrap();
    assert_eq!(out.left_behind, 1);
    let token = SecretId::refresh_token(&stage.id);
    assert!(core.store().read().unwrap().left_behind.contains(&token));
    keychain.fail_with(None);
    let again = stage.process();
    again.sign_out(&stage.id).await.unwrap();
    assert!(keychain.get(&token).unwrap().is_none());
    assert!(again.store().read().unwrap().left_behind.is_empty());
}

/// Superset's own refusals say that nothing was made, and nothing is remembered of them.
#[tokio::test]
async fn a_create_that_superset_itself_refused_is_forgotten() {
    let refusals = [
        (201, r#"{"result":{}}"#),
        (400, r#"{"message":{"name":["Length must be between 1 and 256."]}}"#),
        (403, r#"{"message":"Forbidden"}"#),
        (404, r#"{"errors":[{"message":"404 Not Found"}]}"#),
        (500, r#"{"message":"Fatal error"}"#),
        (500, r#"{"errors":[{"message":"OperationalError"}]}"#),
    ];
    for (status, body) in refusals {
        let stage = Stage::new().await;
        let core = stage.process_of("jane").await;
        stage.world.lock().unwrap().given_up = Some(answered(status, "application/json", body));
        let refused = core.create_key(&stage.id, wanted("never"), Keep::Keychain).await.unwrap_err();
        assert!(!matches!(refused, Error::CreateUnclear { .. }), "{status} {body}: {refused:?}");
        assert_eq!(stage.intents(&core), 0, "{status} {body}: {refused:?}");
    }
}

fn answered(status: u16, media: &str, body: &str) -> Vec<u8> {
    let Reply::Bytes(bytes) = Reply::with(status, &[("content-type", media)], body) else { unreachable!() };
    bytes
}

#[tokio::test]
async fn a_key_that_waits_in_memory_is_not_removed_with_its_instance_unasked() {
    let stage = Stage::new().await;
    let core = stage.process_of("jane").await;
    let made = core.create_key(&stage.id, wanted("by hand"), Keep::Memory).await.unwrap();
    let refused = core.remove_instance(&stage.id, false).await;
    assert!(matches!(refused, Err(Error::KeysWouldBeForgotten { count: 1 })), "{refused:?}");
    core.read_secret(&stage.id, &made.key.id, HandedTo::Output).await.unwrap();
    core.remove_instance(&stage.id, true).await.unwrap();
    assert!(core.read_secret(&stage.id, &made.key.id, HandedTo::Output).await.is_err());
}

#[tokio::test]
async fn a_program_that_is_creating_a_key_or_alone_has_it_is_not_to_be_ended() {
    let stage = Stage::new().await;
    let core = stage.process_of("jane").await;
    assert_eq!(core.kept_open_by(), None);
    core.creates_ended().await;
    let made = core.create_key(&stage.id, wanted("slow"), Keep::Memory);
    let seen_meanwhile = async { core.kept_open_by() };
    let (made, (seen, ())) = tokio::join!(made, async { (seen_meanwhile.await, core.creates_ended().await) });
    assert!(matches!(seen, Some(KeptOpen::Creating { .. })), "{seen:?}");
    let key = made.unwrap().key.id;
    let alone = KeptOpen::Unsaved { instance: stage.id.clone(), key: key.clone() };
    assert_eq!(core.kept_open_by(), Some(alone));
    core.acknowledge_saved(&stage.id, &key).await.unwrap();
    assert_eq!(core.kept_open_by(), None);
}

/// Of a window that closes in between, two keys would be left.
#[tokio::test]
async fn a_key_that_is_replaced_is_under_way_until_the_wrong_one_is_gone() {
    let stage = Stage::new().await;
    let core = stage.process_of("jane").await;
    let wrong = core.create_key(&stage.id, wanted("wrong"), Keep::Keychain).await.unwrap().key.id;
    let replaced = core.replace_key(&stage.id, &wrong, wanted("right"), Keep::Keychain);
    let is_revoked_when_ended = async {
        core.creates_ended().await;
        stage.world.lock().unwrap().keys[0].get("revoked_on").is_some()
    };
    let (replaced, is_revoked) = tokio::join!(replaced, is_revoked_when_ended);
    assert!(replaced.unwrap().replaced_still_active.is_none() && is_revoked);
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
    core.sign_in(&stage.id, Credentials::ApiKey { key, stay: true }).await.unwrap();
    let list = core.list_keys(&stage.id).await.unwrap();
    assert_eq!(presence(&list, &made.key.id), Presence::Keychain);
    assert_eq!(list.keys.len(), 1);
    core.read_secret(&stage.id, &made.key.id, HandedTo::Output).await.unwrap();
}

#[tokio::test]
async fn a_pasted_key_signs_in_without_a_keychain_for_as_long_as_the_program_runs() {
    let keychain = Arc::new(MemoryStore::default());
    let stage = Stage::with(keychain.clone(), tempfile::tempdir().unwrap()).await;
    stage.process_of("jane").await.create_key(&stage.id, wanted("laptop"), Keep::Keychain).await.unwrap();
    keychain.fail_with(Some(KeychainProblem::NoBus));
    let core = stage.process();
    let pasted = |stay| Credentials::ApiKey { key: Secret::new("sst_plaintext-1"), stay };
    let refused = core.sign_in(&stage.id, pasted(true)).await;
    assert!(matches!(refused, Err(Error::KeychainNoBus { .. })), "{refused:?}");
    let signed_in = core.sign_in(&stage.id, pasted(false)).await.unwrap();
    assert_eq!(signed_in.session, SessionState::SignedIn);
    assert_eq!(core.list_keys(&stage.id).await.unwrap().keys.len(), 1, "no row of its own");
    // Another day the keychain is back, and does not have it.
    keychain.fail_with(None);
    let later = stage.process().list_keys(&stage.id).await;
    assert!(matches!(later, Err(Error::SessionOver)), "{later:?}");
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

/// A state file that cannot be written: held by another program, on a full disk, of a newer version.
#[tokio::test]
async fn a_sign_in_that_could_not_be_recorded_leaves_nothing_in_the_keychain() {
    let keychain = Arc::new(MemoryStore::default());
    let stage = Stage::with(keychain.clone(), tempfile::tempdir().unwrap()).await;
    let core = stage.process();
    replace(&core.store().path(), "\"version\": 2", "\"version\": 99");
    let password = Credentials::Password { username: "jane".into(), password: Secret::new("p"), stay: true };
    let pasted = Credentials::ApiKey { key: Secret::new("sst_plaintext-1"), stay: true };
    for credentials in [password, pasted] {
        let refused = core.sign_in(&stage.id, credentials).await;
        assert!(matches!(refused, Err(Error::StateNewer { .. })), "{refused:?}");
    }
    let left: Vec<_> = keychain.ids().into_iter().filter(|id| id.of.as_ref() == Some(&stage.id)).collect();
    assert!(left.is_empty(), "{left:?}");
}

/// Reading decrypts, and on macOS asks the person; whether a plaintext is still there needs no reading.
#[tokio::test]
async fn a_list_reads_no_plaintext() {
    let reads = Arc::<AtomicUsize>::default();
    let counted = Arc::clone(&reads);
    let keychain = Arc::new(Hooked::new(MemoryStore::default(), move |asked, _| {
        counted.fetch_add(usize::from(matches!(asked, Asked::Get)), Ordering::SeqCst);
        true
    }));
    let stage = Stage::with(Arc::clone(&keychain) as _, tempfile::tempdir().unwrap()).await;
    let core = stage.process_of("jane").await;
    for name in ["one", "two", "three"] {
        core.create_key(&stage.id, wanted(name), Keep::Keychain).await.unwrap();
    }
    let gone = core.list_keys(&stage.id).await.unwrap().keys[0].id.clone();
    keychain.inner.delete(&SecretId::api_key(&stage.id, &gone)).unwrap();
    // Younger ones may be in another process's hands.
    let read = |core: &Core| core.store().read().unwrap().instance(&stage.id).unwrap().clone();
    core.store()
        .change(|state| {
            for key in &mut state.instance_mut(&stage.id)?.keys {
                key.stored_at -= jiff::SignedDuration::from_secs(120);
            }
            Ok(())
        })
        .unwrap();
    reads.store(0, Ordering::SeqCst);
    core.list_keys(&stage.id).await.unwrap();
    assert_eq!(reads.load(Ordering::SeqCst), 0);
    let stored = read(&core).keys.iter().filter(|key| key.is_stored()).count();
    assert_eq!(stored, 2, "what is gone is noticed all the same");
}

#[tokio::test]
async fn of_many_revoked_keys_the_latest_are_remembered() {
    let stage = Stage::new().await;
    let core = stage.process_of("jane").await;
    core.create_key(&stage.id, wanted("kept"), Keep::Keychain).await.unwrap();
    let now = jiff::Timestamp::now();
    core.store()
        .change(|state| {
            let instance = state.instance_mut(&stage.id)?;
            let template = instance.keys[0].clone();
            for number in 0..300_i64 {
                let mut key = template.clone();
                key.id = ApiKeyId::new(format!("old-{number}"));
                key.alias = format!("old-{number}");
                (key.stored, key.revoked) = (None, true);
                key.stored_at = now - jiff::SignedDuration::from_hours(number);
                instance.keys.push(key);
            }
            Ok(())
        })
        .unwrap();
    core.list_keys(&stage.id).await.unwrap();
    let kept = core.store().read().unwrap();
    let keys = &kept.instance(&stage.id).unwrap().keys;
    assert_eq!(keys.len(), 201);
    assert!(keys.iter().any(KeyRecord::is_stored) && keys.iter().any(|key| key.alias == "old-0"));
    assert!(!keys.iter().any(|key| key.alias == "old-299"));
}

#[tokio::test]
async fn a_store_that_is_tried_is_left_as_it_was_and_believed_by_nothing_but_what_it_does() {
    // It says yes to everything, and does less.
    let (keeps_nothing, keeps_all) = (Arc::<AtomicBool>::default(), Arc::<AtomicBool>::default());
    let forgetful = (Arc::clone(&keeps_nothing), Arc::clone(&keeps_all));
    let keychain = Arc::new(Hooked::new(MemoryStore::default(), move |asked, _| match asked {
        Asked::Get => true,
        Asked::Set(_) => !forgetful.0.load(Ordering::SeqCst),
        Asked::Delete => !forgetful.1.load(Ordering::SeqCst),
    }));
    let stage = Stage::with(Arc::clone(&keychain) as _, tempfile::tempdir().unwrap()).await;
    let core = stage.process_of("jane").await;
    core.create_key(&stage.id, wanted("laptop"), Keep::Keychain).await.unwrap();
    let sorted = || {
        let mut ids = keychain.inner.ids();
        ids.sort();
        ids
    };
    let before = sorted();
    core.try_store(StoreKind::Keychain).await.unwrap();
    assert_eq!(sorted(), before);

    keeps_nothing.store(true, Ordering::SeqCst);
    assert!(core.try_store(StoreKind::Keychain).await.is_err(), "nothing came back");
    assert_eq!(sorted(), before);
    keeps_nothing.store(false, Ordering::SeqCst);
    keeps_all.store(true, Ordering::SeqCst);
    assert!(core.try_store(StoreKind::Keychain).await.is_err(), "it is still there");

    keychain.inner.fail_with(Some(KeychainProblem::Locked));
    let refused = core.try_store(StoreKind::Keychain).await.unwrap_err();
    assert_eq!(refused.keychain_problem(), Some(KeychainProblem::Locked));
    assert!(matches!(core.try_store(StoreKind::Vault).await, Err(Error::VaultNotBuiltIn)));
}
