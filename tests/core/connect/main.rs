//! AI clients' own files: our entry put in, changed, taken out and undone, on a computer of the test's own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

mod finding;
mod misfortune;
mod names;
#[cfg(unix)]
mod own_command;
mod secrets;
mod undo;
// Where files lie is another matter elsewhere.
#[cfg(target_os = "linux")]
mod whole_files;
mod writing;

use serde_json::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use superset_keys_core::actions::{ConnectRequest, EntryWritten};
use superset_keys_core::api_key::ApiKeyId;
use superset_keys_core::clients::{Delivery, Scope};
use superset_keys_core::clock::{Now, SystemNow};
use superset_keys_core::http::Timeouts;
use superset_keys_core::instance::InstanceId;
use superset_keys_core::places::{Computer, Places};
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::{MemoryStore, SecretId, SecretStore};
use superset_keys_core::store::Store;
use superset_keys_core::{Core, CoreParts, Result, SystemRandom};
use tempfile::TempDir;

const KEY: &str = "sst_canary_PNHkqdrcN3FhhTsEjG0RASQIS";
const OTHER_KEY: &str = "sst_canary_Zw8kqdrcN3FhhTsEjG0RASxyz";
const PROGRAM: &str = "/usr/bin/superset-keys";

/// A computer with the instances `prod` and `stage`, each with a key in the keychain.
struct Desk {
    home: TempDir,
    _ours: TempDir,
    core: Core,
}

impl Desk {
    fn new() -> Self {
        Self::with(None, Arc::new(SystemNow))
    }

    /// With a `PATH` of its own.
    fn with_programs(path: Option<&Path>) -> Self {
        Self::with(path, Arc::new(SystemNow))
    }

    fn at(now: Arc<dyn Now>) -> Self {
        Self::with(None, now)
    }

    fn with(path: Option<&Path>, now: Arc<dyn Now>) -> Self {
        let (home, ours) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let instance = |id: &str, short_name: &str| {
            let key = |uuid: &str, alias: &str, hint: &str| {
                json!({"id": uuid, "alias": alias, "name": alias, "hint": hint,
                       "stored_at": "2026-11-20T20:56:50Z", "stored": true})
            };
            json!({"id": id, "short_name": short_name, "name": short_name, "url": format!("https://{short_name}.example.com/"),
                "former_short_names": [format!("old-{short_name}")],
                "mcp_url": format!("https://{short_name}.example.com/mcp"), "default_key": format!("{id}-laptop"),
                "keys": [key(&format!("{id}-laptop"), "laptop", "sst_…SQIS"), key(&format!("{id}-ci"), "ci", "sst_…Sxyz")]})
        };
        std::fs::create_dir_all(ours.path().join("config")).unwrap();
        let state = json!({"version": 1, "instances": [instance("7", "prod"), instance("8", "stage")]});
        std::fs::write(ours.path().join("config/state.json"), state.to_string()).unwrap();
        let keychain = Arc::new(MemoryStore::default());
        for (instance, uuid, key) in
            [("7", "7-laptop", KEY), ("7", "7-ci", OTHER_KEY), ("8", "8-laptop", OTHER_KEY)]
        {
            let id = SecretId::ApiKey(String::from(instance).into(), ApiKeyId::new(uuid));
            keychain.set(&id, &Secret::new(key)).unwrap();
        }
        let variables: BTreeMap<_, _> =
            path.map(|path| ("PATH".to_owned(), path.as_os_str().to_owned())).into_iter().collect();
        let mut places = Places::under(ours.path());
        places.namespace = None;
        let core = Core::new(CoreParts {
            store: Store::new(places),
            keychain,
            timeouts: Timeouts::default(),
            now,
            random: Arc::new(SystemRandom),
            computer: Computer { home: home.path().to_owned(), variables },
        });
        Self { home, _ours: ours, core }
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.home.path().join(relative)
    }

    fn put(&self, relative: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(relative);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    fn text(&self, relative: &str) -> String {
        std::fs::read_to_string(self.path(relative)).unwrap()
    }

    async fn connect(&self, request: &ConnectRequest) -> Result<EntryWritten> {
        self.core.connect_client(&prod(), request, PROGRAM, None).await
    }

    fn backups(&self) -> PathBuf {
        self.core.store().places().state.join("backups")
    }
}

fn prod() -> InstanceId {
    String::from("7").into()
}

fn stage() -> InstanceId {
    String::from("8").into()
}

fn to(client: &str) -> ConnectRequest {
    ConnectRequest {
        client: client.into(),
        key: None,
        delivery: None,
        scope: Scope::User,
        project: None,
        if_taken: None,
    }
}

fn by(client: &str, delivery: Delivery) -> ConnectRequest {
    ConnectRequest { delivery: Some(delivery), ..to(client) }
}

fn in_project(client: &str, project: &Path) -> ConnectRequest {
    ConnectRequest { scope: Scope::Project, project: Some(project.display().to_string()), ..to(client) }
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions()) & 0o7777
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
}
