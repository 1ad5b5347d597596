#![no_main]
//! Files that somebody's company hands out: authorities, certificates and keys in PEM and DER, PKCS#12. One that is not taken
//! changes nothing, and nothing of a key is written to the disk.
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use superset_keys_core::actions::{CertificateChange, NetworkChange, TrustedChange};
use superset_keys_core::ids::InstanceId;
use superset_keys_core::instance::InstanceUrl;
use superset_keys_core::places::Places;
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::MemoryStore;
use superset_keys_core::store::{Instance, Store};
use superset_keys_core::{Core, CoreParts};

struct Stage {
    core: Core,
    id: InstanceId,
    file: PathBuf,
    state: PathBuf,
    runtime: tokio::runtime::Runtime,
    _home: tempfile::TempDir,
}

fn stage() -> &'static Stage {
    static STAGE: OnceLock<Stage> = OnceLock::new();
    STAGE.get_or_init(|| {
        let home = tempfile::tempdir().unwrap();
        let places = Places::under(&home.path().join("ours"));
        let id = InstanceId::from_random(7);
        let url = InstanceUrl::parse("https://superset.example.com", false).unwrap();
        let instance = Instance::new(id.clone(), "test".into(), "Test".into(), url);
        Store::new(places.clone()).change(|state| { state.instances.push(instance); Ok(()) }).unwrap();
        let keychain = Arc::new(MemoryStore::default());
        let core = Core::new(CoreParts { keychain, ..CoreParts::at(places.clone()) });
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        Stage { core, id, file: home.path().join("given"), state: places.config.join("state.json"), runtime, _home: home }
    })
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    let stage = stage();
    std::fs::write(&stage.file, bytes).unwrap();
    let file = stage.file.clone();
    let change = match kind % 4 {
        0 => NetworkChange { trusted: Some(TrustedChange::File(file)), ..NetworkChange::default() },
        1 => {
            let certificate = CertificateChange::Pem { certificate: file, key: None };
            NetworkChange { certificate: Some(certificate), ..NetworkChange::default() }
        }
        2 => {
            let certificate = CertificateChange::Pem { certificate: file.clone(), key: Some(file) };
            NetworkChange { certificate: Some(certificate), ..NetworkChange::default() }
        }
        _ => {
            let certificate = CertificateChange::Pkcs12 { file, passphrase: Some(Secret::new("secret")) };
            NetworkChange { certificate: Some(certificate), ..NetworkChange::default() }
        }
    };
    let before = std::fs::read(&stage.state).unwrap();
    let done = stage.runtime.block_on(stage.core.set_network(&stage.id, change));
    let after = std::fs::read(&stage.state).unwrap();
    assert!(done.is_ok() || before == after, "{done:?}");
    assert!(!String::from_utf8_lossy(&after).contains("PRIVATE KEY"));
    if done.is_ok() {
        let nothing = NetworkChange {
            trusted: Some(TrustedChange::Nobody),
            certificate: Some(CertificateChange::None),
            ..NetworkChange::default()
        };
        stage.runtime.block_on(stage.core.set_network(&stage.id, nothing)).unwrap();
    }
});
