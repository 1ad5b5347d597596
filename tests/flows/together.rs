//! Two apps and three command lines at once on one home: they create, rename, connect and move, and nothing is lost, nothing
//! is there twice, and every file is whole.

use crate::cli::Terminal;
use crate::kills::{SERVER, accounted, state_is_whole, text_of};
use crate::person::wanted;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use superset_keys_core::actions::{CreatedKeyView, HandedTo};
use superset_keys_core::places::Places;
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::{Keep, VaultStore};
use superset_keys_core::{Core, CoreParts, SystemRandom};
use superset_keys_vault::agent::Serving;
use superset_keys_vault::{Cost, Vault, engine};

const PASSPHRASE: &str = "correct horse";
const EACH: usize = 3;
const CURSOR: &str = r#"{"mcpServers":{"fetch":{"command":"uvx","args":["mcp-server-fetch"]}}}"#;

/// What the desktop program has of core: it stays, and has the vault open itself.
struct App {
    core: Core,
    vault: Arc<Vault>,
}

impl App {
    fn at(home: &Path) -> Self {
        let parts = CoreParts::at(Places::under(home));
        let vault = Vault::new(parts.store.places(), engine, Cost::NOW, Arc::new(SystemRandom));
        let vault = Arc::new(vault);
        vault.open(&Secret::new(PASSPHRASE)).unwrap();
        Self { core: Core::with_vault(parts, Arc::clone(&vault) as Arc<dyn VaultStore>), vault }
    }

    /// Creates and reads back, and calls the instance something else.
    async fn works(&self, app: &str) {
        let id = self.core.find_instance("test").unwrap();
        for number in 0..EACH {
            let key = wanted(&format!("{app} {number}"));
            let made: CreatedKeyView = self.core.create_key(&id, key, Keep::Keychain).await.unwrap();
            assert_eq!(made.store_problem, None, "{app}");
            self.core.read_secret(&id, &made.key.id, HandedTo::Output).await.unwrap();
            self.core.rename_instance(&id, &format!("{app} {number}")).await.unwrap();
        }
        self.core.list_keys(&id).await.unwrap();
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn two_apps_and_three_command_lines_lose_nothing() {
    let terminal = &Terminal::signed_in(&SERVER.url, "alpha");
    terminal.json(&["instances", "mcp-url", "test", "http://127.0.0.1:9/mcp"]);
    terminal.json(&["keys", "create", "test", "--name", "before", "--alias", "before"]);
    let before = text_of(terminal, "before").unwrap();
    let cursor = terminal.home().join(".cursor/mcp.json");
    std::fs::create_dir_all(cursor.parent().unwrap()).unwrap();
    std::fs::write(&cursor, CURSOR).unwrap();
    let made = terminal.run_with(&["vault", "create", "--passphrase-stdin"], &format!("{PASSPHRASE}\n"));
    assert!(made.status.success());
    terminal.json(&["vault", "lock"]);
    let apps = [App::at(terminal.home()), App::at(terminal.home())];
    // One of them answers for the vault, as of two windows.
    let serving = Serving::begin(Arc::clone(&apps[0].vault)).unwrap();
    assert!(Serving::begin(Arc::clone(&apps[1].vault)).is_err());

    std::thread::scope(|threads| {
        for (app, name) in apps.iter().zip(["first app", "second app"]) {
            threads.spawn(move || runtime().block_on(app.works(name)));
        }
        threads.spawn(|| {
            for number in 0..EACH {
                terminal.json(&["keys", "create", "test", "--name", &format!("command line {number}")]);
            }
        });
        threads.spawn(|| {
            for to in ["move-in", "move-out", "move-in", "move-out", "move-in"] {
                let moved = terminal.json(&["vault", to]);
                assert_eq!((&moved["left"], &moved["stopped"]), (&json!(0), &json!(false)), "{to}");
            }
        });
        threads.spawn(|| {
            for number in 0..EACH {
                terminal.json(&["connect", "cursor", "test"]);
                terminal.json(&["instances", "rename", "test", &format!("Renamed {number}")]);
                terminal.json(&["disconnect", "cursor", "test"]);
                terminal.json(&["signing", "create", "test"]);
                terminal.json(&["signing", "forget", "test"]);
            }
        });
    });

    for name in ["first app", "second app", "command line"] {
        for number in 0..EACH {
            let name = format!("{name} {number}");
            assert_eq!(accounted(terminal, &name, "together"), 1, "{name}");
        }
    }
    assert_eq!(terminal.json(&["keys", "list", "test"])["unaccounted"], json!([]));
    assert_eq!(text_of(terminal, "before"), Some(before));
    let state = state_is_whole(terminal, "together");
    assert_eq!(state["instances"].as_array().unwrap().len(), 1);
    assert_eq!(state["instances"][0]["keys"].as_array().unwrap().len(), 1 + 3 * EACH);
    let cursor: Value = serde_json::from_slice(&std::fs::read(&cursor).unwrap()).unwrap();
    assert_eq!(cursor, serde_json::from_str::<Value>(CURSOR).unwrap());
    let verified = terminal.run(&["record", "verify"]);
    assert_eq!(verified.status.code(), Some(0), "{}", String::from_utf8_lossy(&verified.stdout));
    drop(serving);
    // Nobody answers any more, and nobody waits for it.
    let began = std::time::Instant::now();
    terminal.run(&["headers", "test"]);
    assert!(began.elapsed() < Duration::from_secs(10));
}
