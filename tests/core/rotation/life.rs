//! From a new key to the old one's end.

use crate::stage::{Stage, quiet_for};
use serde_json::json;
use superset_keys_core::ErrorCode;
use superset_keys_core::actions::{Credentials, HandedTo, RotateRequest, RotationChange};
use superset_keys_core::credential::SignIn;
use superset_keys_core::ids::ApiKeyId;
use superset_keys_core::reminders::Reminder;
use superset_keys_core::rotation::{RevokeWhen, RotationEnd};
use superset_keys_core::secret::Secret;
use superset_keys_core::settings::Setting;
use superset_keys_core::store::RotationStep;

#[tokio::test]
async fn the_new_key_takes_the_place_and_the_old_one_goes_when_it_is_quiet() {
    let stage = Stage::new().await;
    let begun = stage.rotate(&quiet_for(60)).await.unwrap();
    assert_eq!((begun.step, begun.problem), (RotationStep::Watching, None));
    let new = begun.new.unwrap().id;
    assert_ne!(new, stage.old);
    assert_eq!((stage.record("laptop").id, stage.record("laptop-old").id), (new.clone(), stage.old.clone()));
    assert_eq!(stage.instance().default_key, Some(new.clone()));
    {
        let mut world = stage.world();
        let old = (world.key("uuid-1").name.clone(), world.key("uuid-1").scopes.clone());
        let made = (world.key("uuid-2").name.clone(), world.key("uuid-2").scopes.clone());
        assert_eq!(made, old, "the same name and scopes");
        assert!(world.key("uuid-2").last_used.is_some(), "it was tried");
        assert_eq!(world.active(), ["uuid-1", "uuid-2"], "both work");
    }
    stage.pass(59);
    assert_eq!(stage.go_on().await.step, RotationStep::Watching);
    assert_eq!(stage.world().active(), ["uuid-1", "uuid-2"]);
    stage.pass(1);
    let done = stage.go_on().await;
    assert_eq!((done.step, done.end), (RotationStep::Ended, Some(RotationEnd::Revoked)));
    assert_eq!(stage.world().active(), ["uuid-2"]);
    assert!(stage.record("laptop-old").revoked && !stage.record("laptop-old").is_stored());
    assert!(stage.record("laptop").is_stored());
}

#[tokio::test]
async fn whatever_is_used_keeps_the_old_key_and_a_check_of_ours_does_not() {
    let stage = Stage::new().await;
    stage.rotate(&quiet_for(60)).await.unwrap();
    for _ in 0..3 {
        stage.pass(50);
        stage.somebody(&stage.old);
        let seen = stage.go_on().await;
        assert_eq!((seen.step, seen.watch.unwrap().quiet), (RotationStep::Watching, 0));
    }
    stage.pass(40);
    stage.check_of_ours(&stage.old);
    assert_eq!(stage.go_on().await.watch.unwrap().quiet, 40);
    stage.pass(20);
    assert_eq!(stage.go_on().await.end, Some(RotationEnd::Revoked));
}

#[tokio::test]
async fn a_key_that_is_signed_in_with_is_never_what_looks() {
    let stage = Stage::new().await;
    let key = stage.core.read_secret(&stage.id, &stage.old, HandedTo::Output).await.unwrap();
    let text = key.expose().to_owned();
    stage
        .core
        .sign_in(&stage.id, Credentials::ApiKey { key: Secret::new(text.clone()), stay: true })
        .await
        .unwrap();
    let begun = stage.rotate(&quiet_for(60)).await.unwrap();
    let new = begun.new.unwrap().id;
    let how = stage.instance().signed_in.unwrap().how;
    assert_eq!(how, SignIn::ApiKey { key: new }, "the sign-in outlives the old key");
    let since = stage.server.seen().len();
    stage.pass(60);
    assert_eq!(stage.go_on().await.end, Some(RotationEnd::Revoked));
    assert_eq!(stage.asked_with(&text, since), 0);
    assert!(stage.core.list_keys(&stage.id).await.is_ok());
}

#[tokio::test]
async fn in_an_emergency_all_is_done_at_once() {
    let stage = Stage::new().await;
    stage.somebody(&stage.old);
    let request = RotateRequest { revoke: RevokeWhen::Now, ..RotateRequest::default() };
    let done = stage.rotate(&request).await.unwrap();
    assert_eq!(done.end, Some(RotationEnd::Revoked));
    assert_eq!(stage.world().active(), ["uuid-2"]);
    assert_eq!(stage.record("laptop").id, ApiKeyId::new("uuid-2"));
}

#[tokio::test]
async fn clients_that_hold_the_old_key_get_the_new_one_before_it_is_revoked() {
    let stage = Stage::new().await;
    stage.change(|instance| instance.mcp_url = Some("http://127.0.0.1:1/mcp".parse().unwrap()));
    let held =
        |stage: &Stage| std::fs::read_to_string(stage.home.path().join("person/.cursor/mcp.json")).unwrap();
    let old = stage.core.read_secret(&stage.id, &stage.old, HandedTo::Output).await.unwrap();
    let entry = json!({"mcpServers": {"superset": {"url": "http://127.0.0.1:1/mcp",
        "headers": {"Authorization": format!("Bearer {}", old.expose())}}}});
    std::fs::create_dir_all(stage.home.path().join("person/.cursor")).unwrap();
    std::fs::write(stage.home.path().join("person/.cursor/mcp.json"), entry.to_string()).unwrap();

    let begun = stage.rotate(&quiet_for(60)).await.unwrap();
    let carrying = stage.core.clients_of_rotation(&stage.id, &begun.id).unwrap();
    assert_eq!(carrying.iter().map(|used| used.client.as_str()).collect::<Vec<_>>(), ["cursor"]);
    assert!(held(&stage).contains(old.expose()), "nothing is written unasked");

    let request = RotateRequest { rewrite_clients: true, ..quiet_for(60) };
    let rotated =
        stage.core.rotate_key(&stage.id, &stage.old, &request, "/usr/bin/superset-keys").await.unwrap();
    assert_eq!((rotated.rewritten.len(), rotated.rewritten[0].problem), (1, None), "{rotated:#?}");
    let new = stage.core.read_secret(&stage.id, &begun.new.unwrap().id, HandedTo::Output).await.unwrap();
    assert!(held(&stage).contains(new.expose()) && !held(&stage).contains(old.expose()));
    assert!(stage.core.clients_of_rotation(&stage.id, &begun.id).unwrap().is_empty());
}

#[tokio::test]
async fn a_key_may_be_replaced_again_and_again() {
    let stage = Stage::new().await;
    for round in 0..3 {
        let key = stage.record("laptop").id;
        let begun = stage.core.rotate_key(&stage.id, &key, &quiet_for(10), "").await.unwrap().rotation;
        assert_eq!((begun.old.id, begun.step), (key.clone(), RotationStep::Watching), "{round}");
        assert_eq!(stage.record("laptop-old").id, key, "{round}");
        stage.pass(10);
        assert_eq!(stage.go_on().await.end, Some(RotationEnd::Revoked));
    }
    assert_eq!(stage.core.rotations(None).unwrap().len(), 3);
}

#[tokio::test]
async fn a_key_is_replaced_in_time_if_that_is_set() {
    let stage = Stage::new().await;
    let ends = stage.record("laptop").expires.unwrap();
    let due = (ends - stage.world().here).as_secs() - 14 * 86_400;
    stage.pass(due - 1);
    stage.core.set_replace_in_time(&stage.id, &stage.old, true).await.unwrap();
    assert!(stage.core.continue_rotations().await.unwrap().rotations.is_empty());
    assert!(stage.core.reminders().unwrap().is_empty());
    stage.pass(1);
    assert_eq!(stage.core.reminders().unwrap().len(), 1);
    let done = stage.core.continue_rotations().await.unwrap();
    assert_eq!((done.rotations.len(), done.rotations[0].step), (1, RotationStep::Watching));
    assert!(stage.record("laptop").replace_in_time && !stage.record("laptop-old").replace_in_time);
    assert!(stage.core.reminders().unwrap().is_empty(), "it is being replaced");
    let life = stage.record("laptop").expires.unwrap() - stage.world().here;
    assert_eq!(life.as_hours(), 90 * 24, "it lives as long as the one before");
    assert_eq!(stage.core.continue_rotations().await.unwrap().rotations.len(), 1, "once");
}

/// The key's end is 90 days away.
#[tokio::test]
async fn the_desktop_tells_of_each_reminder_once_and_only_if_that_is_set() {
    let stage = Stage::new().await;
    let ends = stage.record("laptop").expires.unwrap();
    let told = |stage: &Stage| {
        let reminders = stage.core.reminders().unwrap();
        reminders.iter().map(|one| (one.reminder, one.is_to_notify)).collect::<Vec<_>>()
    };
    let left = (ends - stage.world().here).as_secs();
    stage.pass(left - 14 * 86_400);
    assert_eq!(told(&stage), [(Reminder::TwoWeeks, false)], "nobody asked for it");
    stage.core.set_setting(Setting::NotifyOfEnds, Some(1)).await.unwrap();
    assert_eq!(told(&stage), [(Reminder::TwoWeeks, true)]);
    stage.core.note_notified(&stage.id, &stage.old, Reminder::TwoWeeks).await.unwrap();
    assert_eq!(told(&stage), [(Reminder::TwoWeeks, false)], "once");
    stage.pass(7 * 86_400);
    assert_eq!(told(&stage), [(Reminder::Week, true)]);
    stage.core.set_replace_in_time(&stage.id, &stage.old, true).await.unwrap();
    assert_eq!(told(&stage), [(Reminder::Week, false)], "it is replaced by itself");
    stage.pass(7 * 86_400);
    assert_eq!(told(&stage), [(Reminder::Ended, true)], "that did not come off");
}

#[tokio::test]
async fn whoever_goes_by_the_name_goes_on_with_the_new_key() {
    let stage = Stage::new().await;
    // The alias is "laptop".
    let name = Some("Laptop");
    let named = |stage: &Stage| stage.core.find_usable_key(&stage.id, name).unwrap();
    stage.world().takes_no_key = true;
    stage.rotate(&quiet_for(60)).await.unwrap_err();
    assert_eq!(named(&stage), stage.old, "the new one has no place yet");
    stage.world().takes_no_key = false;
    let begun = stage.go_on().await;
    let new = begun.new.unwrap().id;
    assert_eq!(named(&stage), new, "both work");
    assert_eq!(stage.core.find_stored_key(&stage.id, name).unwrap(), new);
    stage.core.change_rotation(&stage.id, &begun.id, RotationChange::GoBack).await.unwrap();
    assert_eq!(named(&stage), stage.old, "it has its place again");

    let stage = Stage::new().await;
    let never = RotateRequest { revoke: RevokeWhen::Never, ..RotateRequest::default() };
    let kept = stage.rotate(&never).await.unwrap();
    assert_eq!(named(&stage), kept.new.unwrap().id, "both stay, and one has the place");
    let other = stage.create("Laptop").await;
    assert!(stage.core.find_usable_key(&stage.id, name).is_err(), "{other:?} is another one");
}

#[tokio::test]
async fn a_client_that_goes_by_the_name_carries_the_new_key() {
    let stage = Stage::new().await;
    let entry = json!({"mcpServers": {"superset": {"command": "/usr/bin/superset-keys",
        "args": ["--home", stage.core.store().places().namespace, "bridge", "prod", "--key", "Laptop"]}}});
    std::fs::create_dir_all(stage.home.path().join("person/.cursor")).unwrap();
    std::fs::write(stage.home.path().join("person/.cursor/mcp.json"), entry.to_string()).unwrap();
    let uses = |key: &ApiKeyId| stage.core.clients_that_use(&stage.id, key).unwrap().len();
    assert_eq!(uses(&stage.old), 1);
    let new = stage.rotate(&quiet_for(60)).await.unwrap().new.unwrap().id;
    assert_eq!((uses(&stage.old), uses(&new)), (0, 1));
}

#[tokio::test]
async fn a_key_that_leaked_while_it_replaces_another_is_replaced_itself() {
    let stage = Stage::new().await;
    let leaked = stage.rotate(&quiet_for(60)).await.unwrap().new.unwrap().id;
    let now = RotateRequest { revoke: RevokeWhen::Now, ..RotateRequest::default() };
    let done = stage.core.rotate_key(&stage.id, &leaked, &now, "").await.unwrap().rotation;
    assert_eq!((done.old.id, done.end), (leaked, Some(RotationEnd::Revoked)));
    assert_eq!(stage.world().active(), ["uuid-3"]);
    assert_eq!(stage.record("laptop").id, ApiKeyId::new("uuid-3"));
    let ends: Vec<_> = stage.core.rotations(None).unwrap().into_iter().map(|it| it.end).collect();
    assert_eq!(ends, [Some(RotationEnd::Revoked); 2]);
}

#[tokio::test]
async fn a_pasted_key_that_leaked_is_revoked_with_the_one_that_stays() {
    let stage = Stage::new().await;
    let text = stage.world().key("uuid-1").text.clone();
    let other = stage.create("Other").await;
    // Two keys of one moment: it cannot be told which of them was pasted.
    stage.somebody(&other);
    stage.change(|instance| instance.keys.retain(|key| key.id != stage.old));
    let pasted = Credentials::ApiKey { key: Secret::new(text), stay: true };
    stage.core.sign_in(&stage.id, pasted).await.unwrap();
    stage.somebody(&other);
    let is_pasted = |stage: &Stage| matches!(stage.instance().signed_in.unwrap().how, SignIn::ApiKey { key } if key.is_pasted());
    assert!(is_pasted(&stage), "{:?}", stage.instance().signed_in);
    let now = RotateRequest { revoke: RevokeWhen::Now, ..RotateRequest::default() };
    let done = stage.rotate(&now).await.unwrap();
    assert_eq!((done.end, done.problem), (Some(RotationEnd::Revoked), None));
    assert_eq!(stage.world().active(), ["uuid-2", "uuid-3"]);
    let how = stage.instance().signed_in.unwrap().how;
    assert_eq!(how, SignIn::ApiKey { key: ApiKeyId::new("uuid-3") }, "the sign-in went over to the new key");
    assert!(
        stage.core.list_keys(&stage.id).await.is_ok() && stage.process().list_keys(&stage.id).await.is_ok()
    );
    assert!(stage.instance().keys.iter().all(|key| !key.id.is_pasted() || key.revoked));
}

#[tokio::test]
async fn a_replacement_in_time_that_was_taken_back_is_not_begun_again() {
    let stage = Stage::new().await;
    let ends = stage.record("laptop").expires.unwrap();
    let due = (ends - stage.world().here).as_secs() - 14 * 86_400;
    stage.core.set_replace_in_time(&stage.id, &stage.old, true).await.unwrap();
    stage.pass(due);
    let begun = stage.go_on().await;
    stage.core.change_rotation(&stage.id, &begun.id, RotationChange::GoBack).await.unwrap();
    stage.pass(86_400);
    assert_eq!(stage.go_on().await.end, Some(RotationEnd::WentBack));
    stage.core.continue_rotations().await.unwrap();
    assert_eq!(stage.world().active(), ["uuid-1"]);
    assert_eq!(stage.world().keys.len(), 2);
}

#[tokio::test]
async fn a_replacement_in_time_without_a_clear_end_is_not_tried_again_by_itself() {
    let stage = Stage::new().await;
    let ends = stage.record("laptop").expires.unwrap();
    let due = (ends - stage.world().here).as_secs() - 14 * 86_400;
    stage.core.set_replace_in_time(&stage.id, &stage.old, true).await.unwrap();
    stage.pass(due);
    stage.world().creates = Some(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n".to_vec());
    for round in 0..3 {
        let done = stage.core.continue_rotations().await.unwrap();
        assert_eq!(done.not_begun.len(), 1, "{round}");
        assert_eq!(done.not_begun[0].problem, ErrorCode::CreateUnclear, "{round}");
        assert_eq!(stage.world().keys.len(), 2, "{round}: one key that nobody can use is enough");
        stage.pass(300);
    }
    // A person deals with it.
    stage.world().creates = None;
    stage.core.revoke_key(&stage.id, &ApiKeyId::new("uuid-2")).await.unwrap();
    let done = stage.core.continue_rotations().await.unwrap();
    assert_eq!((done.rotations.len(), done.not_begun.len()), (1, 0));
    assert_eq!(stage.world().active(), ["uuid-1", "uuid-3"]);
}
