//! The keychain program dies in the middle of a create.

use crate::hooked::Hooked;
use crate::private_session::{inside, soon, start_keyring_program};
use crate::{Arc, KeptOpen, Keychain, Presence, SecretId, SecretStore, Stage, StoreState, presence, wanted};
use std::process::Command;
use superset_keys_core::ErrorCode;
use superset_keys_core::actions::HandedTo;
use superset_keys_core::error::KeychainProblem;
use superset_keys_core::secrets::Keep;

async fn dies_and_comes_back() {
    let home = tempfile::tempdir().unwrap();
    let dying = Hooked::when_a_key_comes(Keychain::new(None), |keychain| {
        let program = std::env::var("KEYRING_PID").unwrap();
        if keychain.state() == StoreState::Ready {
            assert!(Command::new("kill").args(["-KILL", &program]).status().unwrap().success());
            assert!(soon(|| keychain.state() == StoreState::Problem(KeychainProblem::Absent)));
        }
    });
    let stage = Stage::with(Arc::new(dying), home).await;
    let core = stage.process_of("jane").await;
    let made = core.create_key(&stage.id, wanted("laptop"), Keep::Keychain).await.unwrap();
    assert_eq!((made.key.presence, made.store_problem), (Presence::Memory, Some(ErrorCode::KeychainAbsent)));
    let key = core.read_secret(&stage.id, &made.key.id, HandedTo::Output).await.unwrap();
    assert_eq!(key.expose(), "sst_plaintext-1");
    assert_eq!(
        core.kept_open_by(),
        Some(KeptOpen::Unsaved { instance: stage.id.clone(), key: made.key.id.clone() }),
        "it is nowhere else"
    );
    // As long as nothing can be looked into, nothing is called lost.
    assert!(core.list_keys(&stage.id).await.unwrap().unaccounted.is_empty());

    start_keyring_program();
    // By a process of its own: this one kills it again.
    let keychain = Keychain::new(None);
    assert!(soon(|| keychain.state() == StoreState::Ready));
    let entry = SecretId::api_key(&stage.id, &made.key.id);
    assert!(keychain.get(&entry).unwrap().is_none());
    keychain.set(&entry, &key).unwrap();
    drop(core);
    let core = stage.process_of("jane").await;
    let list = core.list_keys(&stage.id).await.unwrap();
    assert!(list.unaccounted.is_empty());
    assert_eq!(presence(&list, &made.key.id), Presence::Keychain);
    assert_eq!(list.keys.len(), 1, "one key, once");
    assert_eq!(stage.intents(&core), 0);
}

#[test]
fn a_keychain_that_dies_in_a_create_loses_no_key() {
    inside(&[], "a_keychain_that_dies_in_a_create_loses_no_key", || {
        tokio::runtime::Runtime::new().unwrap().block_on(dies_and_comes_back());
    });
}
