//! Whether a found key works is asked when a person said so: the list first, the key at most once, nobody else.

use crate::canned_server::{CannedServer, Reply, Seen};
use crate::{Computer, KEY, OTHER};
use base64::Engine;
use serde_json::json;
use superset_keys_core::ErrorCode;
use superset_keys_core::actions::Credentials;
use superset_keys_core::api_key::NewApiKey;
use superset_keys_core::ids::InstanceId;
use superset_keys_core::instance::Environment;
use superset_keys_core::scan::{KeyMatch, LifeState, Scan, ToldBy};
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::Keep;
use superset_keys_core::store::Instance;

const KEYS: &str = "/api/v1/security/api_keys/";

/// A server that makes KEY when asked, lists it, and takes KEY but not OTHER.
fn reply(seen: &Seen) -> Reply {
    let listed = json!({"uuid": "uuid-1", "name": "laptop", "key_prefix": "sst_"});
    let jwt = |claims: &str| {
        let encode = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.c2ln", encode(r#"{"alg":"HS256"}"#), encode(claims))
    };
    let bearer = seen.header("authorization").unwrap_or_default();
    match (seen.method.as_str(), seen.path.as_str()) {
        ("POST", "/api/v1/security/login") => {
            let token = jwt(r#"{"sub":"1","exp":4000000000}"#);
            Reply::json(200, &json!({"access_token": token, "refresh_token": token}).to_string())
        }
        ("GET", "/api/v1/me/") if bearer.contains(OTHER) => {
            Reply::json(401, r#"{"message":"Not authorized"}"#)
        }
        ("GET", "/api/v1/me/") => Reply::json(200, r#"{"result":{"id":1,"username":"jane"}}"#),
        ("GET", "/api/v1/me/roles/") => Reply::json(200, r#"{"result":{"roles":{}}}"#),
        ("POST", KEYS) => {
            let mut made = listed;
            made["key"] = KEY.into();
            Reply::json(201, &json!({"result": made}).to_string())
        }
        ("GET", KEYS) => Reply::json(200, &json!({"result": [listed]}).to_string()),
        ("GET", _) => Reply::json(200, &json!({"result": listed}).to_string()),
        other => panic!("{other:?}"),
    }
}

struct Stage {
    computer: Computer,
    server: CannedServer,
    id: InstanceId,
}

impl Stage {
    async fn new() -> Self {
        let server = CannedServer::start(reply).await;
        let stage = Self { computer: Computer::new(), server, id: InstanceId::from_random(7) };
        let instance = Instance {
            environment: Environment::Development,
            ..Instance::new(stage.id.clone(), "test".into(), "Test".into(), stage.server.url())
        };
        let put = move |state: &mut superset_keys_core::store::State| {
            state.instances.push(instance);
            Ok(())
        };
        stage.computer.core.store().change(put).unwrap();
        stage
    }

    /// Jane signs in and makes KEY.
    async fn with_key(self) -> Self {
        let core = &self.computer.core;
        let password = Secret::new("secret");
        let credentials = Credentials::Password { username: "jane".into(), password, stay: false };
        core.sign_in(&self.id, credentials).await.unwrap();
        let new: NewApiKey =
            serde_json::from_value(json!({"name": "laptop", "expiry": {"kind": "never"}})).unwrap();
        core.create_key(&self.id, new, Keep::Keychain).await.unwrap();
        self
    }

    async fn asked(&self) -> Scan {
        let mut scan = self.computer.scan().await;
        self.computer.core.check_alive(&mut scan).await.unwrap();
        scan
    }

    /// Requests that carried an API key.
    fn with_keys(&self) -> usize {
        let seen = self.server.seen();
        seen.iter().filter(|seen| seen.header("authorization").is_some_and(|it| it.contains("sst_"))).count()
    }

    fn journal(&self) -> String {
        std::fs::read_to_string(self.computer.home.path().join("state/journal.jsonl")).unwrap_or_default()
    }
}

#[tokio::test]
async fn scanning_asks_no_server() {
    let stage = Stage::new().await.with_key().await;
    stage.computer.tree.write("f", KEY);
    let before = stage.server.seen().len();
    let scan = stage.computer.scan().await;
    assert_eq!(scan.keys[0].matched, KeyMatch::Known, "a key is fingerprinted when it is made");
    assert_eq!(stage.server.seen().len(), before);
    assert_eq!(stage.computer.core.instances_to_ask(&scan).unwrap(), ["Test"]);
}

#[tokio::test]
async fn a_key_that_the_list_shows_is_not_used() {
    let stage = Stage::new().await.with_key().await;
    stage.computer.tree.write("f", KEY);
    let scan = stage.asked().await;
    let life = &scan.keys[0].life;
    assert_eq!((life.state, life.told_by), (LifeState::Active, Some(ToldBy::List)));
    assert_eq!(stage.with_keys(), 0);
    assert_eq!(stage.journal(), "");
}

#[tokio::test]
async fn a_key_that_no_list_shows_is_used_once_and_that_is_noted() {
    let stage = Stage::new().await;
    let beside = stage.server.url();
    stage.computer.tree.write("a", format!("{beside} {KEY} {KEY}\n{OTHER}"));
    stage.computer.tree.write("b", format!("{beside} {KEY}"));
    let scan = stage.asked().await;
    let states: Vec<_> = scan.keys.iter().map(|key| (key.life.state, key.life.told_by)).collect();
    let by_key = Some(ToldBy::Key);
    assert_eq!(states, [(LifeState::Active, by_key), (LifeState::Rejected, by_key)]);
    assert_eq!(stage.with_keys(), 2, "three places of one key and one of another");
    let journal = stage.journal();
    assert_eq!(journal.lines().count(), 4, "each when it begins and when it ends");
    assert!(journal.contains(r#""what":"scan""#) && journal.contains("sst_…DlPI"), "{journal}");
    assert!(!journal.contains(KEY) && !journal.contains(OTHER));
}

#[tokio::test]
async fn a_key_of_an_unknown_server_is_shown_to_nobody() {
    let stage = Stage::new().await;
    stage.computer.tree.write("a", KEY);
    stage.computer.tree.write("b", format!("https://other.example.com {OTHER} {}", stage.server.url()));
    let before = stage.server.seen().len();
    let scan = stage.asked().await;
    assert!(scan.keys.iter().all(|key| key.life.state == LifeState::Unknown));
    assert_eq!(stage.server.seen().len(), before);
    assert!(stage.computer.core.instances_to_ask(&scan).unwrap().is_empty());
}

#[tokio::test]
async fn a_server_that_is_away_leaves_it_open() {
    let stage = Stage::new().await;
    let nowhere = "http://127.0.0.1:1";
    let url = serde_json::from_value(json!(nowhere)).unwrap();
    let move_away = |state: &mut superset_keys_core::store::State| {
        state.instances[0].url = url;
        Ok(())
    };
    stage.computer.core.store().change(move_away).unwrap();
    stage.computer.tree.write("f", format!("{nowhere} {KEY}"));
    let life = stage.asked().await.keys.remove(0).life;
    assert_eq!((life.state, life.problem), (LifeState::Unknown, Some(ErrorCode::Unreachable)));
}

#[tokio::test]
async fn a_pasted_key_is_fingerprinted_too() {
    let stage = Stage::new().await;
    let credentials = Credentials::ApiKey { key: Secret::new(KEY), stay: true };
    stage.computer.core.sign_in(&stage.id, credentials).await.unwrap();
    assert!(stage.computer.state_file().contains("fingerprint"));
    stage.computer.tree.write("f", KEY);
    assert_eq!(stage.computer.scan().await.keys[0].matched, KeyMatch::Known);
}
