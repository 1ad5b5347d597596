//! AI clients' own files: our entry put in, changed, taken out and undone, on a computer of the test's own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot go on says so"
)]

#[cfg(unix)]
#[path = "../../executable.rs"]
mod executable;
mod finding;
mod guarded;
mod keys_anywhere;
#[cfg(unix)]
mod lasting;
mod misfortune;
#[cfg(target_os = "linux")]
#[path = "../../mounted.rs"]
mod mounted;
mod names;
#[cfg(unix)]
mod own_command;
// Where files lie is another matter elsewhere.
#[cfg(target_os = "linux")]
mod locations;
#[cfg(unix)]
mod programs;
mod secrets;
mod undo;
// Where files lie is another matter elsewhere.
#[cfg(target_os = "linux")]
mod whole_files;
mod writing;

use serde_json::json;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use superset_keys_core::actions::{ConnectRequest, EntryWritten};
use superset_keys_core::clients::{Delivery, Scope};
use superset_keys_core::clock::{Now, SystemNow};
use superset_keys_core::ids::{ApiKeyId, InstanceId, SecretId};
use superset_keys_core::places::{Computer, OtherFolders, Places};
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::{MemoryStore, SecretStore};
use superset_keys_core::store::Store;
use superset_keys_core::{Core, CoreParts, Result, SystemRandom, TimeoutsWanted};
use tempfile::TempDir;

const KEY: &str = "sst_canary_PNHkqdrcN3FhhTsEjG0RASQIS";
const OTHER_KEY: &str = "sst_canary_Zw8kqdrcN3FhhTsEjG0RASxyz";
const PROGRAM: &str = "/usr/bin/superset-keys";

/// A computer with the instances `prod` and `stage`, each with a key in the keychain.
struct Desk {
    home: TempDir,
    ours: TempDir,
    keychain: Arc<MemoryStore>,
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
        let variables = path.map(|path| ("PATH".to_owned(), path.as_os_str().to_owned()));
        Self::on(variables.into_iter().collect(), now)
    }

    /// Where these variables are set; `~` in them is its home.
    fn with_variables(variables: &[(&str, &str)]) -> Self {
        let mut desk = Self::new();
        let value = |value: &str| match value.strip_prefix("~/") {
            Some(inside) => desk.path(inside).into_os_string(),
            None => value.into(),
        };
        let variables = variables.iter().map(|(name, text)| ((*name).to_owned(), value(text))).collect();
        let home = desk.home.path().to_owned();
        let computer = Computer { home, variables };
        let mut places = Places::under(desk.ours.path());
        places.namespace = None;
        // Our own files are moved by the same variable.
        if let Some(config) = computer.folder_in("XDG_CONFIG_HOME").map(|folder| folder.join("superset-keys"))
        {
            std::fs::create_dir_all(&config).unwrap();
            std::fs::copy(desk.ours.path().join("config/state.json"), config.join("state.json")).unwrap();
            places = places.at(OtherFolders { config: Some(config), ..Default::default() });
        }
        desk.core = Core::new(CoreParts { computer, ..desk.parts(places) });
        desk
    }

    fn parts(&self, places: Places) -> CoreParts {
        CoreParts {
            store: Store::new(places),
            keychain: Arc::clone(&self.keychain) as _,
            timeouts: TimeoutsWanted::default(),
            now: Arc::new(SystemNow),
            random: Arc::new(SystemRandom),
            computer: Computer::default(),
        }
    }

    fn on(variables: BTreeMap<String, OsString>, now: Arc<dyn Now>) -> Self {
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
            let id = SecretId::api_key(&String::from(instance).into(), &ApiKeyId::new(uuid));
            keychain.set(&id, &Secret::new(key)).unwrap();
        }
        let mut places = Places::under(ours.path());
        places.namespace = None;
        let core = Core::new(CoreParts {
            store: Store::new(places),
            keychain: Arc::clone(&keychain) as _,
            timeouts: TimeoutsWanted::default(),
            now,
            random: Arc::new(SystemRandom),
            computer: Computer { home: home.path().to_owned(), variables },
        });
        Self { home, ours, keychain, core }
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

impl Desk {
    /// Files of our own in which this stands.
    fn of_ours_holding(&self, text: &str) -> Vec<PathBuf> {
        let mut open = vec![self.ours.path().to_owned()];
        let mut holding = Vec::new();
        while let Some(path) = open.pop() {
            if path.is_dir() {
                open.extend(std::fs::read_dir(&path).unwrap().map(|found| found.unwrap().path()));
            } else if memchr::memmem::find(&std::fs::read(&path).unwrap(), text.as_bytes()).is_some() {
                holding.push(path);
            }
        }
        holding
    }
}

fn prod() -> InstanceId {
    String::from("7").into()
}

fn stage() -> InstanceId {
    String::from("8").into()
}

fn to(client: &str) -> ConnectRequest {
    ConnectRequest { client: client.into(), ..ConnectRequest::default() }
}

fn by(client: &str, delivery: Delivery) -> ConnectRequest {
    ConnectRequest { delivery: Some(delivery), ..to(client) }
}

fn in_project(client: &str, project: &Path) -> ConnectRequest {
    ConnectRequest { scope: Scope::Project, project: Some(project.display().to_string()), ..to(client) }
}

fn with_key(client: &str, alias: &str) -> ConnectRequest {
    ConnectRequest { key: Some(ApiKeyId::new(format!("7-{alias}"))), ..to(client) }
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions()) & 0o7777
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
}
