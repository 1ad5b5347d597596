//! What was done stands in the record: once each, without a secret, and whatever becomes of the record.

use crate::{Stage, wanted};
use std::sync::Arc;
use superset_keys_core::Core;
use superset_keys_core::actions::{HandedTo, RecordRequest, RecordState};
use superset_keys_core::deed::DeedKind;
use superset_keys_core::error::KeychainProblem;
use superset_keys_core::ids::SecretId;
use superset_keys_core::secrets::{Keep, MemoryStore, SecretStore};

fn told(core: &Core) -> Vec<DeedKind> {
    let rows = core.show_record(&RecordRequest::default()).unwrap().rows;
    rows.iter().rev().map(|row| row.deed).collect()
}

#[tokio::test]
async fn each_deed_is_told_once_and_proven_by_another_process() {
    let stage = Stage::new().await;
    let core = stage.process_of("jane").await;
    let made = core.create_key(&stage.id, wanted("laptop"), Keep::Keychain).await.unwrap();
    for to in [HandedTo::Clipboard, HandedTo::Window, HandedTo::Output, HandedTo::Command("make")] {
        core.read_secret(&stage.id, &made.key.id, to).await.unwrap();
    }
    // What only looks is nobody's deed.
    core.list_keys(&stage.id).await.unwrap();
    core.revoke_key(&stage.id, &made.key.id).await.unwrap();
    core.revoke_key(&stage.id, &made.key.id).await.unwrap();
    let second = core.create_key(&stage.id, wanted("second"), Keep::Keychain).await.unwrap();
    core.forget_secret(&stage.id, &second.key.id).await.unwrap();
    core.sign_out(&stage.id).await.unwrap();
    core.sign_out(&stage.id).await.unwrap();
    core.remove_instance(&stage.id, true).await.unwrap();
    assert_eq!(
        told(&core),
        [
            DeedKind::SignedIn,
            DeedKind::KeyCreated,
            DeedKind::KeyCopied,
            DeedKind::KeyRevealed,
            DeedKind::KeyPrinted,
            DeedKind::KeyGiven,
            DeedKind::KeyRevoked,
            DeedKind::KeyCreated,
            DeedKind::KeyForgotten,
            DeedKind::SignedOut,
            DeedKind::InstanceRemoved,
        ]
    );
    let rows = core.show_record(&RecordRequest::default()).unwrap().rows;
    let given = rows.iter().find(|row| row.deed == DeedKind::KeyGiven).unwrap();
    assert_eq!((given.name.as_deref(), given.how.as_deref()), (Some("laptop"), Some("make")));
    assert!(rows.iter().all(|row| row.instance_name.as_deref() == Some("test")), "also when it is gone");
    let lines = core.record_lines().unwrap();
    assert!(!lines.contains("sst_plaintext") && !lines.contains("refresh-1"), "{lines}");
    assert_eq!(lines.lines().count(), rows.len());
    let other = stage.process();
    let checked = other.verify_record().await.unwrap();
    assert_eq!((checked.state, checked.proven, checked.past_head), (RecordState::Holds, 11, 0));
    assert!(!core.take_not_noted());
    // Somebody else's hand.
    let path = other.store().record_path();
    std::fs::write(&path, lines.replacen("key_copied", "key_created", 1)).unwrap();
    let checked = other.verify_record().await.unwrap();
    assert_eq!((checked.state, checked.broken, checked.breaks[0].line), (RecordState::Broken, 1, Some(3)));
}

#[tokio::test]
async fn a_record_that_cannot_be_written_stops_nothing_and_is_said_once() {
    let stage = Stage::new().await;
    let core = stage.process();
    let path = core.store().record_path();
    std::fs::create_dir_all(&path).unwrap();
    drop(core);
    let core = stage.process_of("jane").await;
    let made = core.create_key(&stage.id, wanted("laptop"), Keep::Keychain).await.unwrap();
    core.read_secret(&stage.id, &made.key.id, HandedTo::Output).await.unwrap();
    assert!(core.take_not_noted());
    assert!(!core.take_not_noted());
    std::fs::remove_dir(&path).unwrap();
    core.sign_out(&stage.id).await.unwrap();
    assert_eq!(told(&core), [DeedKind::SignedOut], "nothing is claimed afterwards");
    assert_eq!(core.verify_record().await.unwrap().state, RecordState::Holds);
}

#[tokio::test]
async fn with_the_store_away_lines_are_not_chained_and_that_is_said() {
    let keychain = Arc::new(MemoryStore::default());
    let stage = Stage::with(keychain.clone(), tempfile::tempdir().unwrap()).await;
    let core = stage.process_of("jane").await;
    keychain.fail_with(Some(KeychainProblem::Locked));
    core.sign_out(&stage.id).await.unwrap();
    let view = core.show_record(&RecordRequest::default()).unwrap();
    assert_eq!((view.rows.len(), view.unchained), (2, 1));
    assert_eq!(core.verify_record().await.unwrap().state, RecordState::StoreAway);
    keychain.fail_with(None);
    let checked = core.verify_record().await.unwrap();
    assert_eq!((checked.state, checked.proven, checked.unchained), (RecordState::Holds, 1, 1));
    // Another keychain: nothing of the old lines is proven, and nothing is called broken.
    keychain.delete(&SecretId::record_chain()).unwrap();
    let checked = core.verify_record().await.unwrap();
    assert_eq!((checked.state, checked.of_another_key), (RecordState::NotProven, 1));
}

#[tokio::test]
async fn an_instance_and_a_time_are_asked_for() {
    let stage = Stage::new().await;
    let core = stage.process_of("jane").await;
    let asked = |instance, hours| core.show_record(&RecordRequest { instance, hours }).unwrap().rows.len();
    assert_eq!(asked(Some(stage.id.clone()), Some(1)), 1);
    assert_eq!(asked(Some(superset_keys_core::ids::InstanceId::from_random(99)), None), 0);
}
