//! Somebody's keys are let rest, and woken: the account is what a server says of it afterwards, whatever it answers.

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
use superset_keys_core::actions::Credentials;
use superset_keys_core::clock::SystemNow;
use superset_keys_core::ids::InstanceId;
use superset_keys_core::places::{Computer, Places};
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::MemoryStore;
use superset_keys_core::store::{Instance, Store};
use superset_keys_core::{Core, CoreParts, Error, SystemRandom, TimeoutsWanted};
use tempfile::TempDir;

const USERS: &str = "/api/v1/security/users/";

struct World {
    /// User names, and whether they are active; the first is who signs in.
    people: Vec<(&'static str, bool)>,
    /// What a change is answered with in place of doing it.
    instead: Option<(u16, &'static str)>,
    changes: Vec<(String, Value)>,
}

impl World {
    fn reply(&mut self, seen: &Seen) -> Reply {
        match (seen.method.as_str(), seen.path.as_str()) {
            ("POST", "/api/v1/security/login") => {
                Reply::json(200, &json!({"access_token": token(), "refresh_token": "r"}).to_string())
            }
            ("GET", "/api/v1/me/") => Reply::json(200, r#"{"result":{"id":1,"username":"admin"}}"#),
            ("GET", "/api/v1/me/roles/") => Reply::json(200, r#"{"result":{"roles":{}}}"#),
            ("GET", USERS) => {
                let rows = self.people.iter().enumerate();
                let rows = rows.map(
                    |(place, (name, active))| json!({"id": place + 1, "username": name, "active": active}),
                );
                Reply::json(200, &json!({"result": rows.collect::<Vec<_>>()}).to_string())
            }
            ("PUT", path) if path.starts_with(USERS) => {
                let sent: Value = serde_json::from_slice(&seen.body).unwrap();
                self.changes.push((path.to_owned(), sent.clone()));
                if let Some((status, body)) = self.instead {
                    return Reply::json(status, body);
                }
                let place: usize = path.trim_start_matches(USERS).parse().unwrap();
                self.people[place - 1].1 = sent["active"].as_bool().unwrap();
                Reply::json(200, r#"{"result":{"active":true}}"#)
            }
            // No road to an audit.
            _ => Reply::json(403, r#"{"message":"Forbidden"}"#),
        }
    }
}

struct Stage {
    _home: TempDir,
    world: Arc<Mutex<World>>,
    _server: CannedServer,
    core: Core,
    id: InstanceId,
}

async fn stage() -> Stage {
    let people = vec![("admin", true), ("Jane", false), ("jane", true)];
    let world = Arc::new(Mutex::new(World { people, instead: None, changes: Vec::new() }));
    let answering = Arc::clone(&world);
    let server = CannedServer::start(move |seen| answering.lock().unwrap().reply(seen)).await;
    let home = tempfile::tempdir().unwrap();
    let id = InstanceId::from_random(7);
    let instance = Instance::new(id.clone(), "test".into(), "Test".into(), server.url());
    let store = Store::new(Places::under(home.path()));
    store
        .change(|state| {
            state.instances.push(instance);
            Ok(())
        })
        .unwrap();
    let core = Core::new(CoreParts {
        store,
        keychain: Arc::new(MemoryStore::default()),
        timeouts: TimeoutsWanted::default(),
        now: Arc::new(SystemNow),
        random: Arc::new(SystemRandom),
        computer: Computer::default(),
    });
    let credentials =
        Credentials::Password { username: "admin".into(), password: Secret::new("secret"), stay: false };
    core.sign_in(&id, credentials).await.unwrap();
    Stage { _home: home, world, _server: server, core, id }
}

#[tokio::test]
async fn only_whether_they_are_active_is_changed_of_the_one_who_is_meant() {
    let stage = stage().await;
    let done = stage.core.set_person_active(&stage.id, "jane", false).await.unwrap();
    assert_eq!((done.active, done.already, done.audit_agrees), (false, false, None));
    let again = stage.core.set_person_active(&stage.id, "jane", false).await.unwrap();
    assert!(again.already);
    let back = stage.core.set_person_active(&stage.id, "jane", true).await.unwrap();
    assert_eq!((back.active, back.already), (true, false));
    let changes = stage.world.lock().unwrap().changes.clone();
    let sent = |active| (format!("{USERS}3"), json!({"active": active}));
    assert_eq!(changes, [sent(false), sent(true)], "capitals count, and nothing is sent twice");
}

#[tokio::test]
async fn nobody_shuts_themselves_out_and_a_stranger_is_nobody() {
    let stage = stage().await;
    let own = stage.core.set_person_active(&stage.id, "admin", false).await;
    assert!(matches!(own, Err(Error::OwnAccount)), "{own:?}");
    for name in ["JANE", "john", "jane'),(x:1"] {
        let nobody = stage.core.set_person_active(&stage.id, name, false).await;
        assert!(matches!(nobody, Err(Error::NoSuchAccount { .. })), "{name}: {nobody:?}");
    }
    assert!(stage.world.lock().unwrap().changes.is_empty());
}

#[tokio::test]
async fn what_the_server_says_is_looked_at_again() {
    let stage = stage().await;
    stage.world.lock().unwrap().instead = Some((200, r#"{"result":{"active":false}}"#));
    let lied = stage.core.set_person_active(&stage.id, "jane", false).await;
    assert!(matches!(lied, Err(Error::AccountUnchanged { .. })), "{lied:?}");
    stage.world.lock().unwrap().instead = Some((403, r#"{"message":"Forbidden"}"#));
    let refused = stage.core.set_person_active(&stage.id, "jane", false).await;
    assert!(matches!(refused, Err(Error::SetUpForbidden { .. })), "{refused:?}");
    stage.world.lock().unwrap().instead = Some((500, r#"{"message":"Fatal error"}"#));
    let faulty = stage.core.set_person_active(&stage.id, "jane", false).await;
    assert!(matches!(faulty, Err(Error::AccountUnchanged { .. })), "{faulty:?}");
}
