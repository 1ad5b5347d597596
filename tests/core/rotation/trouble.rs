//! What gets in between.

use crate::stage::{Stage, quiet_for};
use superset_keys_core::ErrorCode;
use superset_keys_core::actions::RotationChange;
use superset_keys_core::error::KeychainProblem;
use superset_keys_core::rotation::RotationEnd;
use superset_keys_core::store::{CreateIntent, RotationStep};
use superset_keys_core::{Error, Result};

fn code<T>(result: Result<T>) -> Option<ErrorCode> {
    result.err().map(|error| error.code())
}

#[tokio::test]
async fn a_new_key_that_the_server_does_not_take_gets_no_place() {
    let stage = Stage::new().await;
    stage.world().takes_no_key = true;
    assert_eq!(code(stage.rotate(&quiet_for(60)).await), Some(ErrorCode::KeyRejected));
    let stuck = stage.shown();
    assert_eq!((stuck.step, stuck.problem), (RotationStep::Proving, Some(ErrorCode::KeyRejected)));
    assert_eq!(stage.record("laptop").id, stage.old, "AI clients use what works");
    assert_eq!(stage.instance().default_key, Some(stage.old.clone()));

    let back = stage.core.change_rotation(&stage.id, &stuck.id, RotationChange::GoBack).await.unwrap();
    assert_eq!(back.end, Some(RotationEnd::WentBack));
    assert_eq!(stage.world().active(), ["uuid-1"]);
}

#[tokio::test]
async fn it_goes_on_when_the_server_takes_the_new_key_after_all() {
    let stage = Stage::new().await;
    stage.world().takes_no_key = true;
    stage.rotate(&quiet_for(60)).await.unwrap_err();
    stage.world().takes_no_key = false;
    let moved = stage.go_on().await;
    assert_eq!((moved.step, moved.problem), (RotationStep::Watching, None));
    assert_eq!(stage.world().keys.len(), 2);
}

#[tokio::test]
async fn the_old_key_stays_when_the_new_one_was_revoked() {
    let stage = Stage::new().await;
    stage.rotate(&quiet_for(60)).await.unwrap();
    let now = stage.world().now;
    stage.world().key("uuid-2").revoked = Some(now);
    stage.pass(1_000);
    let stuck = stage.go_on().await;
    assert_eq!((stuck.step, stuck.problem), (RotationStep::Watching, Some(ErrorCode::KeyUnusable)));
    let now = stage.core.change_rotation(&stage.id, &stuck.id, RotationChange::RevokeNow).await;
    assert_eq!(code(now), Some(ErrorCode::KeyUnusable));
    assert_eq!(stage.world().active(), ["uuid-1"]);
}

#[tokio::test]
async fn the_old_key_stays_when_the_new_one_is_not_on_this_computer_any_more() {
    let stage = Stage::new().await;
    let new = stage.rotate(&quiet_for(60)).await.unwrap().new.unwrap().id;
    stage.core.forget_secret(&stage.id, &new).await.unwrap();
    stage.pass(1_000);
    assert_eq!(stage.go_on().await.problem, Some(ErrorCode::KeyUnusable));
    assert_eq!(stage.world().active(), ["uuid-1", "uuid-2"]);
}

#[tokio::test]
async fn another_computer_that_was_quicker_ends_it_calmly() {
    let stage = Stage::new().await;
    stage.rotate(&quiet_for(60)).await.unwrap();
    let now = stage.world().now;
    stage.world().key("uuid-1").revoked = Some(now);
    let done = stage.go_on().await;
    assert_eq!((done.end, done.problem), (Some(RotationEnd::RevokedElsewhere), None));
    assert!(stage.record("laptop-old").revoked);
    assert_eq!(stage.world().active(), ["uuid-2"]);
    assert_eq!(stage.world().key("uuid-1").revoked, Some(now), "it is not revoked a second time");
}

#[tokio::test]
async fn a_list_that_cannot_be_read_is_no_quiet() {
    let stage = Stage::new().await;
    stage.rotate(&quiet_for(60)).await.unwrap();
    stage.pass(1_000);
    stage.world().lists = Some(500);
    let stuck = stage.go_on().await;
    assert_eq!((stuck.step, stuck.problem), (RotationStep::Watching, Some(ErrorCode::ServerFault)));
    stage.world().lists = None;
    // Nobody saw what was between: the two looks around it say that nothing was.
    assert_eq!(stage.go_on().await.end, Some(RotationEnd::Revoked));
}

#[tokio::test]
async fn a_create_without_a_clear_end_is_never_sent_again() {
    let stage = Stage::new().await;
    stage.world().creates = Some(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n".to_vec());
    assert_eq!(code(stage.rotate(&quiet_for(60)).await), Some(ErrorCode::CreateUnclear));
    assert!(stage.core.rotations(None).unwrap().is_empty(), "the old key is as it was");
    assert_eq!(stage.record("laptop").id, stage.old);
    stage.core.continue_rotations().await.unwrap();
    assert_eq!(stage.world().keys.len(), 2);
    let list = stage.core.list_keys(&stage.id).await.unwrap();
    assert_eq!(list.unaccounted.len(), 1, "what was made is named");
}

#[tokio::test]
async fn somebody_else_who_signs_in_does_not_go_on_with_it() {
    let stage = Stage::new().await;
    stage.rotate(&quiet_for(60)).await.unwrap();
    stage.change(|instance| instance.signed_in.as_mut().unwrap().user.as_mut().unwrap().id = 2);
    stage.pass(1_000);
    assert!(stage.go_on().await.problem.is_some());
    assert_eq!(stage.world().active(), ["uuid-1", "uuid-2"]);
}

#[tokio::test]
async fn what_is_decided_is_done_whoever_comes() {
    let stage = Stage::new().await;
    stage.rotate(&quiet_for(60)).await.unwrap();
    // As a process that died right after it decided left it.
    stage.change_rotation(|rotation| rotation.decided_at = Some(rotation.started_at));
    let other = stage.process();
    assert_eq!(other.continue_rotations().await.unwrap().rotations[0].end, Some(RotationEnd::Revoked));
    assert_eq!(stage.world().active(), ["uuid-2"]);
}

#[tokio::test]
async fn a_new_key_whose_text_is_lost_is_replaced_by_one_that_is_here() {
    let stage = Stage::new().await;
    stage.world().takes_no_key = true;
    stage.rotate(&quiet_for(60)).await.unwrap_err();
    stage.world().takes_no_key = false;
    let lost = stage.shown().new.unwrap().id;
    stage.core.forget_secret(&stage.id, &lost).await.unwrap();
    let moved = stage.go_on().await;
    assert_eq!(moved.step, RotationStep::Watching);
    assert_ne!(moved.new.as_ref().unwrap().id, lost);
    assert_eq!(stage.world().active(), ["uuid-1", "uuid-3"], "the lost one is of no use to anybody");
}

#[tokio::test]
async fn a_removed_rotation_is_named() {
    let stage = Stage::new().await;
    let missing = stage.core.change_rotation(&stage.id, "none", RotationChange::GoBack).await;
    assert!(matches!(missing, Err(Error::NotRotating { .. })));
}

#[tokio::test]
async fn what_is_decided_is_not_done_beside_a_new_key_that_is_good_for_nothing() {
    for is_back in [false, true] {
        let stage = Stage::new().await;
        let begun = stage.rotate(&quiet_for(60)).await.unwrap();
        if is_back {
            stage.core.change_rotation(&stage.id, &begun.id, RotationChange::GoBack).await.unwrap();
        }
        stage.change_rotation(|rotation| rotation.decided_at = Some(rotation.started_at));
        let (gone, left) = if is_back { ("uuid-1", "uuid-2") } else { ("uuid-2", "uuid-1") };
        let now = stage.world().now;
        stage.world().key(gone).revoked = Some(now);
        let stuck = stage.go_on().await;
        assert_eq!((stuck.step, stuck.problem), (RotationStep::Watching, Some(ErrorCode::KeyUnusable)));
        assert_eq!(stage.world().active(), [left], "some key works");
    }
}

#[tokio::test]
async fn a_use_after_it_was_decided_keeps_the_key() {
    let stage = Stage::new().await;
    stage.rotate(&quiet_for(60)).await.unwrap();
    stage.change_rotation(|rotation| rotation.decided_at = Some(rotation.started_at));
    stage.pass(10);
    stage.somebody(&stage.old);
    let seen = stage.go_on().await;
    assert_eq!((seen.step, seen.decided), (RotationStep::Watching, None));
    assert_eq!(stage.world().active(), ["uuid-1", "uuid-2"]);
    stage.pass(60);
    assert_eq!(stage.go_on().await.end, Some(RotationEnd::Revoked));
}

#[tokio::test]
async fn a_create_that_another_process_died_over_is_waited_out() {
    let stage = Stage::new().await;
    died_over_a_create(&stage).await;
    assert_eq!(stage.go_on().await.problem, Some(ErrorCode::StateBusy));
    assert_eq!(stage.world().keys.len(), 1, "what was sent may still arrive");
    stage.pass(121);
    assert_eq!(stage.go_on().await.step, RotationStep::Watching);
    assert_eq!(stage.world().keys.len(), 2);
}

#[tokio::test]
async fn a_keychain_that_cannot_be_read_may_hold_the_new_key() {
    let stage = Stage::new().await;
    died_over_a_create(&stage).await;
    // It was done, and stored; the record did not reach the disk.
    let made = stage.create("Laptop").await;
    stage.change(|instance| instance.keys.retain(|key| key.id != made));
    stage.pass(300);
    stage.keychain.fail_with(Some(KeychainProblem::Locked));
    assert_eq!(stage.go_on().await.problem, Some(ErrorCode::KeychainLocked));
    assert_eq!(stage.world().keys.len(), 2, "none is made beside it");
    stage.keychain.fail_with(None);
    let moved = stage.go_on().await;
    assert_eq!((moved.step, moved.new.unwrap().id), (RotationStep::Watching, made));
    assert_eq!(stage.world().keys.len(), 2);
}

/// As a process that died right after it sent the create left it.
async fn died_over_a_create(stage: &Stage) {
    stage.world().takes_no_key = true;
    stage.rotate(&quiet_for(60)).await.unwrap_err();
    stage.world().takes_no_key = false;
    let new = stage.shown().new.unwrap().id;
    stage.world().keys.retain(|key| key.uuid != new.as_str());
    let started_at = stage.world().here;
    stage.change(|instance| {
        instance.keys.retain(|key| key.id != new);
        let rotation = instance.rotations.last_mut().unwrap();
        (rotation.new, rotation.created_at) = (None, None);
        let (replaces, name) = (Some(rotation.old.clone()), rotation.name.clone());
        let owner = instance.keys[0].owner.clone();
        let seen = vec![rotation.old.clone()];
        let rest = serde_json::Map::new();
        let intent =
            CreateIntent { id: "died".into(), name, owner, started_at, seen, created: None, replaces, rest };
        instance.intents.push(intent);
    });
}
