//! The core in this process, with everything that any library of ours logs, down to the last detail.

use crate::room::search;
use crate::server::{password, server};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::sync::{Arc, Mutex};
use superset_keys_core::actions::{CheckupWith, Credentials, HandedTo, NewInstance, RotateRequest};
use superset_keys_core::api_key::NewApiKey;
use superset_keys_core::expiry::Expiry;
use superset_keys_core::instance::Environment;
use superset_keys_core::places::Places;
use superset_keys_core::rotation::RevokeWhen;
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::Keep;
use superset_keys_core::{Core, CoreParts};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

#[derive(Clone)]
struct File(Arc<Mutex<fs::File>>);

impl Write for File {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test canary"]
async fn no_library_logs_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let file = File(Arc::new(Mutex::new(fs::File::create(folder.path().join("trace.log")).unwrap())));
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(move || file.clone());
    tracing_subscriber::registry().with(lines).with(LevelFilter::TRACE).init();
    let mut secrets = BTreeMap::from([("password".to_owned(), password("alpha"))]);
    let home = tempfile::tempdir().unwrap();
    let core = Core::new(CoreParts::at(Places::under(home.path())));
    let new = NewInstance {
        address: server("main").url.clone(),
        name: Some("Test".into()),
        environment: Environment::Development,
        mcp_url: server("main").mcp_url.clone(),
        allow_http: false,
        username: None,
    };
    let id = core.add_instance(new).await.unwrap().instance.id;
    for text in ["wrong-canary-8Hd3", &password("alpha")] {
        let password = Secret::new(text);
        let _ =
            core.sign_in(&id, Credentials::Password { username: "alpha".into(), password, stay: true }).await;
    }
    secrets.insert("wrong password".into(), "wrong-canary-8Hd3".into());
    let wanted =
        NewApiKey { name: "traced".into(), expiry: Expiry::InDays { days: 3 }, scopes: None, alias: None };
    let made = core.create_key(&id, wanted, Keep::Keychain).await.unwrap();
    let key = core.read_secret(&id, &made.key.id, HandedTo::Output).await.unwrap();
    // EXPOSE: to look for it.
    secrets.insert("key".into(), key.expose()[4..].to_owned());
    core.checkup(&id, CheckupWith::default(), &|_| ()).await.unwrap();
    let request = RotateRequest { revoke: RevokeWhen::Now, ..RotateRequest::default() };
    let rotated = core.rotate_key(&id, &made.key.id, &request, "superset-keys").await.unwrap();
    let new = rotated.rotation.new.unwrap().id;
    let key = core.read_secret(&id, &new, HandedTo::Output).await.unwrap();
    // EXPOSE: to look for it.
    secrets.insert("new key".into(), key.expose()[4..].to_owned());
    core.sign_in(&id, Credentials::ApiKey { key, stay: true }).await.unwrap();
    core.list_keys(&id).await.unwrap();
    core.revoke_key(&id, &new).await.unwrap();
    core.sign_out(&id).await.unwrap();
    let log = fs::metadata(folder.path().join("trace.log")).unwrap().len();
    assert!(log > 10_000, "only {log} bytes were logged");
    let folders = BTreeMap::from([
        ("log".to_owned(), folder.path().to_owned()),
        ("ours".to_owned(), home.path().to_owned()),
    ]);
    let told = search(&secrets, &folders, &[]);
    assert_eq!(told["found"], serde_json::json!([]));
}
