//! What a person may want otherwise meanwhile.

use crate::stage::{Stage, quiet_for};
use superset_keys_core::Error;
use superset_keys_core::actions::{RotateRequest, RotationChange};
use superset_keys_core::ids::ApiKeyId;
use superset_keys_core::rotation::{RevokeWhen, RotationEnd};
use superset_keys_core::store::RotationStep;

#[tokio::test]
async fn the_old_key_gets_its_place_back_and_the_new_one_goes_when_it_is_quiet() {
    let stage = Stage::new().await;
    let begun = stage.rotate(&quiet_for(60)).await.unwrap();
    let new = begun.new.unwrap().id;
    stage.pass(30);
    let back = stage.core.change_rotation(&stage.id, &begun.id, RotationChange::GoBack).await.unwrap();
    assert!(back.back && back.step == RotationStep::Watching);
    assert_eq!((stage.record("laptop").id, stage.record("laptop-new").id), (stage.old.clone(), new.clone()));
    assert_eq!(stage.instance().default_key, Some(stage.old.clone()));
    stage.pass(59);
    stage.somebody(&new);
    assert_eq!(stage.go_on().await.step, RotationStep::Watching);
    stage.pass(60);
    assert_eq!(stage.go_on().await.end, Some(RotationEnd::WentBack));
    assert_eq!(stage.world().active(), ["uuid-1"]);
}

#[tokio::test]
async fn both_keys_are_kept_if_that_is_wanted_before_or_meanwhile() {
    let stage = Stage::new().await;
    let never = RotateRequest { revoke: RevokeWhen::Never, ..RotateRequest::default() };
    assert_eq!(stage.rotate(&never).await.unwrap().end, Some(RotationEnd::KeptBoth));

    let stage = Stage::new().await;
    let begun = stage.rotate(&quiet_for(60)).await.unwrap();
    let kept = stage.core.change_rotation(&stage.id, &begun.id, RotationChange::KeepBoth).await.unwrap();
    assert_eq!(kept.end, Some(RotationEnd::KeptBoth));
    stage.pass(1_000);
    stage.go_on().await;
    assert_eq!(stage.world().active(), ["uuid-1", "uuid-2"]);
    let again = stage.core.change_rotation(&stage.id, &begun.id, RotationChange::RevokeNow).await;
    assert!(matches!(again, Err(Error::NotRotating { .. })));
}

#[tokio::test]
async fn what_waits_may_be_ended_at_once() {
    let stage = Stage::new().await;
    stage.world().is_public = true;
    let begun = stage.rotate(&quiet_for(60)).await.unwrap();
    let done = stage.core.change_rotation(&stage.id, &begun.id, RotationChange::RevokeNow).await.unwrap();
    assert_eq!(done.end, Some(RotationEnd::Revoked));
}

#[tokio::test]
async fn asking_again_makes_no_second_key() {
    let stage = Stage::new().await;
    stage.rotate(&quiet_for(60)).await.unwrap();
    let new = ApiKeyId::new("uuid-2");
    for key in [stage.old.clone(), new] {
        let again = stage.core.rotate_key(&stage.id, &key, &quiet_for(60), "").await.unwrap().rotation;
        assert_eq!(again.step, RotationStep::Watching);
    }
    assert_eq!(stage.world().keys.len(), 2);
}

#[tokio::test]
async fn two_processes_at_once_make_one_key() {
    let stage = Stage::new().await;
    let other = stage.process();
    let request = quiet_for(60);
    let (one, two) =
        tokio::join!(stage.rotate(&request), other.rotate_key(&stage.id, &stage.old, &request, ""));
    assert_eq!(one.unwrap().id, two.unwrap().rotation.id);
    assert_eq!(stage.world().keys.len(), 2);
}

#[tokio::test]
async fn what_cannot_be_is_refused_before_anything_is_sent() {
    let stage = Stage::new().await;
    let since = stage.server.seen().len();
    for seconds in [0, 9, 400 * 86_400 + 1] {
        let refused = stage.rotate(&quiet_for(seconds)).await;
        assert!(matches!(refused, Err(Error::SettingOutOfBounds { .. })), "{seconds}");
    }
    let past: RotateRequest = serde_json::from_str(r#"{"expiry":{"kind":"in_days","days":0}}"#).unwrap();
    assert!(matches!(stage.rotate(&past).await, Err(Error::ExpiryPast)));
    let pasted = stage.core.rotate_key(&stage.id, &ApiKeyId::pasted(1), &quiet_for(60), "").await;
    assert!(matches!(pasted, Err(Error::CannotRevokePasted)));
    assert_eq!(stage.server.seen().len(), since);
    let unknown = stage.core.rotate_key(&stage.id, &ApiKeyId::new("uuid-9"), &quiet_for(60), "").await;
    assert!(matches!(unknown, Err(Error::NoSuchKey { .. })));
    assert!(stage.core.rotations(None).unwrap().is_empty());
}

#[tokio::test]
async fn there_is_no_way_back_to_a_key_that_somebody_else_revoked() {
    let stage = Stage::new().await;
    let begun = stage.rotate(&quiet_for(60)).await.unwrap();
    let now = stage.world().now;
    stage.world().key("uuid-1").revoked = Some(now);
    let back = stage.core.change_rotation(&stage.id, &begun.id, RotationChange::GoBack).await;
    assert!(matches!(back, Err(Error::KeyUnusable { .. })), "{back:?}");
    assert_eq!(stage.record("laptop").id, ApiKeyId::new("uuid-2"), "it keeps its place");
    assert!(!stage.shown().back);
    assert_eq!(stage.world().active(), ["uuid-2"]);
}

#[tokio::test]
async fn what_was_asked_for_the_old_key_is_not_done_to_the_new_one() {
    let stage = Stage::new().await;
    let begun = stage.rotate(&quiet_for(60)).await.unwrap();
    // As a process that died over a revoke at once left it.
    stage.change_rotation(|rotation| rotation.revoke = RevokeWhen::Now);
    let back = stage.core.change_rotation(&stage.id, &begun.id, RotationChange::GoBack).await.unwrap();
    assert_eq!((back.step, back.revoke), (RotationStep::Watching, RevokeWhen::WhenQuiet));
    assert_eq!(stage.world().active(), ["uuid-1", "uuid-2"]);
}

#[tokio::test]
async fn a_longer_wait_is_waited_although_the_end_was_decided() {
    let stage = Stage::new().await;
    let begun = stage.rotate(&quiet_for(60)).await.unwrap();
    stage.change_rotation(|rotation| rotation.decided_at = Some(rotation.started_at));
    let longer = RotationChange::QuietFor { seconds: 600 };
    let waits = stage.core.change_rotation(&stage.id, &begun.id, longer).await.unwrap();
    assert_eq!((waits.step, waits.decided), (RotationStep::Watching, None));
    assert_eq!(stage.world().active(), ["uuid-1", "uuid-2"]);
}
