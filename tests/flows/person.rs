//! Somebody with a computer of their own: a private home folder, the run's real keychain.

use crate::server::password;
use std::sync::Arc;
use superset_keys_core::actions::{ApiKeyView, CreatedKeyView, Credentials, NewInstance};
use superset_keys_core::api_key::NewApiKey;
use superset_keys_core::clock::SystemNow;
use superset_keys_core::expiry::Expiry;
use superset_keys_core::ids::InstanceId;
use superset_keys_core::instance::Environment;
use superset_keys_core::places::Places;
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::{Keep, Keychain};
use superset_keys_core::store::Store;
use superset_keys_core::{Core, CoreParts, Result, SystemRandom, TimeoutsWanted};
use tempfile::TempDir;

pub struct Person {
    pub home: TempDir,
    pub core: Core,
    pub instance: InstanceId,
}

impl Person {
    /// A computer that knows the instance; nobody is signed in.
    pub async fn at(url: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        let core = core_at(&home);
        let added = core.add_instance(new_instance(url)).await.expect("the instance can be added");
        Self { home, core, instance: added.instance.id }
    }

    pub async fn signed_in(url: &str, user: &str) -> Self {
        let person = Self::at(url).await;
        person.sign_in(user).await.expect("the test users can sign in");
        person
    }

    pub async fn sign_in(&self, user: &str) -> Result<()> {
        let credentials = Credentials::Password {
            username: user.into(),
            password: Secret::new(password(user)),
            stay: true,
        };
        self.core.sign_in(&self.instance, credentials).await.map(drop)
    }

    /// The same computer after a restart: nothing left in memory.
    pub fn restarted(self) -> Self {
        let core = core_at(&self.home);
        Self { core, ..self }
    }

    pub async fn create(&self, name: &str) -> Result<CreatedKeyView> {
        self.core.create_key(&self.instance, wanted(name), Keep::Keychain).await
    }

    pub async fn key(&self, name: &str) -> Option<ApiKeyView> {
        let list = self.core.list_keys(&self.instance).await.expect("the list can be read");
        list.keys.into_iter().find(|key| key.name == name)
    }

    /// Everything this program wrote to disk, as one text.
    pub fn everything_on_disk(&self) -> String {
        fn read(folder: &std::path::Path, all: &mut String) {
            for entry in std::fs::read_dir(folder).unwrap().map(std::result::Result::unwrap) {
                let path = entry.path();
                if path.is_dir() {
                    read(&path, all);
                } else {
                    all.push_str(&String::from_utf8_lossy(&std::fs::read(&path).unwrap()));
                }
            }
        }
        let mut all = String::new();
        read(self.home.path(), &mut all);
        all
    }
}

pub fn core_at(home: &TempDir) -> Core {
    let places = Places::under(home.path());
    Core::new(CoreParts {
        keychain: Arc::new(Keychain::new(places.namespace.clone())),
        store: Store::new(places),
        timeouts: TimeoutsWanted::default(),
        now: Arc::new(SystemNow),
        random: Arc::new(SystemRandom),
        computer: superset_keys_core::places::Computer::default(),
    })
}

pub fn new_instance(url: &str) -> NewInstance {
    NewInstance {
        address: url.into(),
        name: Some("Test".into()),
        environment: Environment::Development,
        mcp_url: None,
        allow_http: false,
        username: None,
    }
}

pub fn wanted(name: &str) -> NewApiKey {
    NewApiKey { name: name.into(), expiry: Expiry::InDays { days: 30 }, scopes: None, alias: None }
}
