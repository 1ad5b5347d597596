//! A computer, its clock, and a server that keeps keys as Superset does.

use crate::access_token::token;
use crate::canned_server::{CannedServer, Reply, Seen};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, MutexGuard};
use superset_keys_core::actions::{Credentials, RotateRequest, RotationView};
use superset_keys_core::api_key::NewApiKey;
use superset_keys_core::clock::{Now, WallTime};
use superset_keys_core::ids::{ApiKeyId, InstanceId};
use superset_keys_core::key_use::{KeyUse, LastUse, Purpose};
use superset_keys_core::places::{Computer, Places};
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::{Keep, MemoryStore};
use superset_keys_core::store::{Instance, KeyRecord, Rotation, Store};
use superset_keys_core::{Core, CoreParts, Result, SystemRandom, TimeoutsWanted};
use tempfile::TempDir;

pub const KEYS: &str = "/api/v1/security/api_keys/";
pub const PROGRAM: &str = "/usr/bin/superset-keys";

pub struct Key {
    pub uuid: String,
    pub text: String,
    pub name: String,
    pub scopes: Value,
    pub last_used: Option<Timestamp>,
    pub expires: Option<String>,
    pub revoked: Option<Timestamp>,
}

#[allow(clippy::struct_excessive_bools, reason = "what a server can be like")]
pub struct World {
    /// The server's.
    pub now: Timestamp,
    /// This computer's.
    pub here: Timestamp,
    pub keys: Vec<Key>,
    /// The Public role has permissions.
    pub is_public: bool,
    /// What a stranger is answered in place of that.
    pub strangers: Option<u16>,
    /// The MCP server is down.
    pub mcp_is_down: bool,
    /// The MCP server, if there is one, notes uses.
    pub mcp_notes: bool,
    /// What lists are answered with in place of a list.
    pub lists: Option<u16>,
    /// No key is taken.
    pub takes_no_key: bool,
    /// What a create is answered with, after it was done.
    pub creates: Option<Vec<u8>>,
}

impl World {
    fn reply(&mut self, seen: &Seen) -> Reply {
        let bearer =
            seen.header("authorization").map(|bearer| bearer.trim_start_matches("Bearer ").to_owned());
        let is_key = bearer.as_deref().is_some_and(|bearer| bearer.starts_with("sst_"));
        let is_mcp = seen.path == "/mcp";
        if is_mcp {
            // Otherwise two uses fall into one second.
            self.now += SignedDuration::from_secs(1);
        }
        let now = self.now;
        if is_key {
            let key = self.keys.iter_mut().find(|key| Some(&key.text) == bearer.as_ref());
            match key.filter(|key| key.revoked.is_none()) {
                Some(key) if !self.takes_no_key => {
                    if !is_mcp || self.mcp_notes {
                        key.last_used = Some(now);
                    }
                }
                _ => return Reply::json(401, r#"{"message":"Not authorized"}"#),
            }
        }
        match (seen.method.as_str(), seen.path.as_str()) {
            ("POST", "/mcp") if self.mcp_is_down => Reply::json(503, "{}"),
            ("POST", "/mcp") => mcp(&seen.body),
            ("POST", "/api/v1/security/login") => {
                Reply::json(200, &json!({"access_token": token(), "refresh_token": "refresh"}).to_string())
            }
            ("POST", "/api/v1/security/refresh") => {
                Reply::json(200, &json!({"access_token": token()}).to_string())
            }
            ("GET", "/api/v1/me/") if bearer.is_none() && self.strangers.is_some() => {
                Reply::json(self.strangers.unwrap(), r#"{"message":"Fatal error"}"#)
            }
            ("GET", "/api/v1/me/") if self.is_public => {
                Reply::json(200, r#"{"result":{"is_active":false,"is_anonymous":true}}"#)
            }
            _ if bearer.is_none() => Reply::json(401, r#"{"msg":"Missing Authorization Header"}"#),
            ("GET", "/api/v1/me/") => Reply::json(200, r#"{"result":{"id":1,"username":"jane"}}"#),
            ("GET", "/api/v1/me/roles/") => Reply::json(200, r#"{"result":{"roles":{}}}"#),
            ("GET", KEYS) if self.lists.is_some() => {
                Reply::json(self.lists.unwrap(), r#"{"message":"Fatal error"}"#)
            }
            ("GET", KEYS) => self.dated(json!(self.keys.iter().map(shown).collect::<Vec<_>>())),
            ("GET", path) => match self.keys.iter().find(|key| path.ends_with(&key.uuid)) {
                Some(key) => self.dated(shown(key)),
                None => Reply::json(404, r#"{"message":"Not found"}"#),
            },
            ("POST", KEYS) => self.create(&serde_json::from_slice(&seen.body).unwrap()),
            ("DELETE", path) => {
                let key = self.keys.iter_mut().find(|key| path.ends_with(&key.uuid));
                key.unwrap().revoked = Some(now);
                Reply::json(200, r#"{"message":"API key revoked"}"#)
            }
            other => panic!("{other:?}"),
        }
    }

    fn create(&mut self, wanted: &Value) -> Reply {
        let number = self.keys.len() + 1;
        let key = Key {
            uuid: format!("uuid-{number}"),
            text: format!("sst_{}{number:04}", "k".repeat(39)),
            name: wanted["name"].as_str().unwrap().to_owned(),
            scopes: wanted["scopes"].clone(),
            last_used: None,
            expires: wanted["expires_on"].as_str().map(str::to_owned),
            revoked: None,
        };
        let mut made = shown(&key);
        made["key"] = key.text.clone().into();
        made["created_on"] = wall(self.now).into();
        self.keys.push(key);
        if let Some(answer) = &self.creates {
            return Reply::Bytes(answer.clone());
        }
        Reply::json(201, &json!({"result": made}).to_string())
    }

    #[allow(clippy::needless_pass_by_value, reason = "it is made for the call")]
    fn dated(&self, result: Value) -> Reply {
        let date = self.now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let headers = [("content-type", "application/json"), ("date", &*date)];
        Reply::with(200, &headers, &json!({"result": result}).to_string())
    }

    pub fn key(&mut self, uuid: &str) -> &mut Key {
        self.keys.iter_mut().find(|key| key.uuid == uuid).unwrap()
    }

    pub fn active(&self) -> Vec<&str> {
        self.keys.iter().filter(|key| key.revoked.is_none()).map(|key| key.uuid.as_str()).collect()
    }
}

fn mcp(body: &[u8]) -> Reply {
    let asked: Value = serde_json::from_slice(body).unwrap();
    let text = json!({"current_user": {"username": "jane", "roles": []}}).to_string();
    let result = match asked["method"].as_str().unwrap() {
        "tools/list" => json!({"tools": [{}]}),
        _ => json!({"content": [{"type": "text", "text": text}]}),
    };
    Reply::json(200, &json!({"result": result, "jsonrpc": "2.0", "id": asked["id"]}).to_string())
}

fn shown(key: &Key) -> Value {
    json!({"uuid": key.uuid, "name": key.name, "key_prefix": "sst_", "scopes": key.scopes,
        "last_used_on": key.last_used.map(wall), "expires_on": key.expires, "revoked_on": key.revoked.map(wall)})
}

fn wall(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

struct Clock(Arc<Mutex<World>>);

impl Now for Clock {
    #[allow(clippy::misnamed_getters, reason = "the world's own clock is another")]
    fn now(&self) -> Timestamp {
        self.0.lock().unwrap().here
    }

    fn local_zone(&self) -> TimeZone {
        TimeZone::UTC
    }
}

pub struct Stage {
    pub home: TempDir,
    pub keychain: Arc<MemoryStore>,
    world: Arc<Mutex<World>>,
    pub server: CannedServer,
    pub core: Core,
    pub id: InstanceId,
    pub old: ApiKeyId,
}

impl Stage {
    /// Jane is signed in, and has one key, `laptop`, which is the default.
    pub async fn new() -> Self {
        let stage = Self::without_keys().await;
        stage.sign_in().await;
        let old = stage.create("Laptop").await;
        Self { old, ..stage }
    }

    async fn without_keys() -> Self {
        let now = "2026-11-20T20:00:00Z".parse().unwrap();
        let world = Arc::new(Mutex::new(World {
            now,
            here: now,
            keys: Vec::new(),
            is_public: false,
            strangers: None,
            mcp_is_down: false,
            mcp_notes: true,
            lists: None,
            takes_no_key: false,
            creates: None,
        }));
        let answering = Arc::clone(&world);
        let server = CannedServer::start(move |seen| answering.lock().unwrap().reply(seen)).await;
        let home = tempfile::tempdir().unwrap();
        let id = InstanceId::from_random(7);
        let keychain = Arc::new(MemoryStore::default());
        let instance = Instance::new(id.clone(), "prod".into(), "Prod".into(), server.url());
        Store::new(Places::under(home.path()))
            .change(|state| {
                state.instances.push(instance);
                Ok(())
            })
            .unwrap();
        let core = process(&home, &keychain, &world);
        Self { home, keychain, world, server, core, id, old: ApiKeyId::new("none") }
    }

    /// Another process on this computer.
    pub fn process(&self) -> Core {
        process(&self.home, &self.keychain, &self.world)
    }

    pub async fn sign_in(&self) {
        let password = Secret::new("secret");
        let credentials = Credentials::Password { username: "jane".into(), password, stay: true };
        self.core.sign_in(&self.id, credentials).await.unwrap();
    }

    pub async fn create(&self, name: &str) -> ApiKeyId {
        let new = NewApiKey {
            scopes: Some("read".into()),
            ..serde_json::from_value(json!({"name": name})).unwrap()
        };
        self.core.create_key(&self.id, new, Keep::Keychain).await.unwrap().key.id
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    pub fn pass(&self, seconds: i64) {
        let mut world = self.world();
        world.now += SignedDuration::from_secs(seconds);
        world.here += SignedDuration::from_secs(seconds);
    }

    /// Somebody uses the key.
    pub fn somebody(&self, key: &ApiKeyId) {
        let now = self.world().now;
        self.world().key(key.as_str()).last_used = Some(now);
    }

    /// A check-up uses the key, and notes it.
    pub fn check_of_ours(&self, key: &ApiKeyId) {
        let (now, before) = {
            let mut world = self.world();
            let now = world.now;
            (now, world.key(key.as_str()).last_used.replace(now))
        };
        let before = before.map_or(LastUse::Never, |last| LastUse::At(WallTime::parse(&wall(last)).unwrap()));
        let ours = KeyUse {
            instance: self.id.clone(),
            key: key.clone(),
            what: Purpose::Checkup,
            began: now,
            ended: now,
            before: Some(before),
            requests: Vec::new(),
        };
        self.core.store().note_key_use(&ours);
    }

    pub async fn rotate(&self, request: &RotateRequest) -> Result<RotationView> {
        self.core.rotate_key(&self.id, &self.old, request, PROGRAM).await.map(|rotated| rotated.rotation)
    }

    /// The one rotation, after it was gone on with.
    pub async fn go_on(&self) -> RotationView {
        self.core.continue_rotations().await.unwrap();
        self.shown()
    }

    pub fn shown(&self) -> RotationView {
        self.core.rotations(None).unwrap().into_iter().next().expect("a rotation")
    }

    pub fn instance(&self) -> Instance {
        self.core.store().read().unwrap().instance(&self.id).unwrap().clone()
    }

    pub fn record(&self, alias: &str) -> KeyRecord {
        self.instance().keys.into_iter().find(|key| key.alias == alias).unwrap_or_else(|| panic!("{alias}"))
    }

    pub fn change(&self, change: impl FnOnce(&mut Instance)) {
        let changed = self.core.store().change(|state| {
            change(state.instance_mut(&self.id)?);
            Ok(())
        });
        changed.unwrap();
    }

    pub fn change_rotation(&self, change: impl FnOnce(&mut Rotation)) {
        self.change(|instance| change(instance.rotations.last_mut().unwrap()));
    }

    /// Since a moment, by what the request says: its number among all that were seen.
    pub fn asked_with(&self, text: &str, since: usize) -> usize {
        let seen = self.server.seen();
        seen.iter().skip(since).filter(|seen| seen.head.contains(text)).count()
    }
}

fn process(home: &TempDir, keychain: &Arc<MemoryStore>, world: &Arc<Mutex<World>>) -> Core {
    Core::new(CoreParts {
        store: Store::new(Places::under(home.path())),
        keychain: Arc::clone(keychain) as Arc<_>,
        timeouts: TimeoutsWanted::default(),
        now: Arc::new(Clock(Arc::clone(world))),
        random: Arc::new(SystemRandom),
        computer: Computer { home: home.path().join("person"), ..Computer::default() },
    })
}

pub fn quiet_for(seconds: u32) -> RotateRequest {
    RotateRequest { quiet_for: seconds, ..RotateRequest::default() }
}
