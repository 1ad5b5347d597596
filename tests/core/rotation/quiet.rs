//! When nothing may be called quiet.

use crate::stage::{Stage, quiet_for};
use jiff::SignedDuration;
use superset_keys_core::actions::RotationChange;
use superset_keys_core::rotation::{BlindSpot, RotationEnd};
use superset_keys_core::store::RotationStep;

#[tokio::test]
async fn uses_that_a_public_role_hides_are_a_persons_to_judge() {
    let stage = Stage::new().await;
    stage.world().is_public = true;
    let begun = stage.rotate(&quiet_for(60)).await.unwrap();
    assert_eq!(begun.blind_spots, [BlindSpot::PublicRole]);
    stage.pass(1_000);
    assert_eq!(stage.go_on().await.step, RotationStep::Watching);
    let done =
        stage.core.change_rotation(&stage.id, &begun.id, RotationChange::AcceptBlindSpots).await.unwrap();
    assert_eq!(done.end, Some(RotationEnd::Revoked));
}

#[tokio::test]
async fn a_role_that_was_mended_hides_nothing_any_more() {
    let stage = Stage::new().await;
    stage.world().is_public = true;
    stage.rotate(&quiet_for(60)).await.unwrap();
    stage.pass(60);
    stage.world().is_public = false;
    let seen = stage.go_on().await;
    assert_eq!(
        (seen.step, seen.watch.unwrap().quiet),
        (RotationStep::Watching, 0),
        "nobody could have seen a use"
    );
    stage.pass(60);
    assert_eq!(stage.go_on().await.end, Some(RotationEnd::Revoked));
}

#[tokio::test]
async fn a_server_that_says_nothing_of_strangers_is_not_called_quiet() {
    for status in [403, 404, 500, 200] {
        let stage = Stage::new().await;
        stage.rotate(&quiet_for(60)).await.unwrap();
        stage.pass(1_000);
        stage.world().strangers = Some(status);
        let stuck = stage.go_on().await;
        assert_eq!(stuck.step, RotationStep::Watching, "{status}");
        assert!(stuck.problem.is_some() && stuck.watch.unwrap().quiet == 0, "{status}");
        stage.world().strangers = None;
        assert_eq!(stage.go_on().await.end, Some(RotationEnd::Revoked), "{status}");
    }
}

#[tokio::test]
async fn an_mcp_server_that_could_not_be_asked_holds_the_end_until_it_answers() {
    for (notes, held_by) in [(true, None), (false, Some(BlindSpot::Mcp))] {
        let stage = Stage::new().await;
        let mcp = format!("{}/mcp", stage.server.url());
        stage.change(|instance| instance.mcp_url = Some(mcp.parse().unwrap()));
        stage.world().mcp_notes = notes;
        stage.world().mcp_is_down = true;
        let begun = stage.rotate(&quiet_for(60)).await.unwrap();
        assert_eq!(begun.blind_spots, [BlindSpot::McpUnclear]);
        stage.pass(1_000);
        assert_eq!(stage.go_on().await.step, RotationStep::Watching, "nobody knows what it notes");
        stage.world().mcp_is_down = false;
        let seen = stage.go_on().await;
        assert_eq!(seen.blind_spots, held_by.into_iter().collect::<Vec<_>>());
        assert_eq!(seen.end, notes.then_some(RotationEnd::Revoked));
    }
}

#[tokio::test]
async fn an_mcp_server_that_notes_no_use_is_told_from_one_that_does() {
    for (notes, expected) in [(true, vec![]), (false, vec![BlindSpot::Mcp])] {
        let stage = Stage::new().await;
        let mcp = format!("{}/mcp", stage.server.url());
        stage.change(|instance| instance.mcp_url = Some(mcp.parse().unwrap()));
        stage.world().mcp_notes = notes;
        let begun = stage.rotate(&quiet_for(60)).await.unwrap();
        assert_eq!(begun.blind_spots, expected, "notes: {notes}");
    }
}

#[tokio::test]
async fn a_clock_that_jumps_makes_no_time() {
    let stage = Stage::new().await;
    stage.rotate(&quiet_for(3_600)).await.unwrap();
    stage.world().here += SignedDuration::from_hours(24 * 365);
    assert_eq!(stage.go_on().await.step, RotationStep::Watching, "this computer's clock");
    stage.world().here -= SignedDuration::from_hours(24 * 365);
    assert_eq!(stage.go_on().await.step, RotationStep::Watching);
    stage.world().now += SignedDuration::from_hours(24);
    assert_eq!(stage.go_on().await.step, RotationStep::Watching, "the server's");
    stage.pass(3_600);
    assert_eq!(stage.go_on().await.end, Some(RotationEnd::Revoked));
}

#[tokio::test]
async fn a_pause_that_is_longer_than_the_wait_is_said() {
    let stage = Stage::new().await;
    stage.somebody(&stage.old);
    stage.pass(3 * 86_400);
    let begun = stage.rotate(&quiet_for(86_400)).await.unwrap();
    assert!(begun.shorter_than_a_pause, "{begun:?}");
    let longer = RotationChange::QuietFor { seconds: 4 * 86_400 };
    let waits = stage.core.change_rotation(&stage.id, &begun.id, longer).await.unwrap();
    assert!(!waits.shorter_than_a_pause);
}

#[tokio::test]
async fn a_key_that_has_ended_is_not_waited_for() {
    let stage = Stage::new().await;
    let ends = (stage.record("laptop").expires.unwrap() - stage.world().here).as_secs();
    stage.pass(ends + 60);
    let begun = stage.rotate(&quiet_for(86_400)).await.unwrap();
    assert_eq!(begun.step, RotationStep::Watching, "clocks and zones are known by half");
    // Nobody goes by this computer's clock.
    stage.world().here += SignedDuration::from_hours(24);
    assert_eq!(stage.go_on().await.step, RotationStep::Watching);
    stage.world().here -= SignedDuration::from_hours(24);
    stage.pass(3_600);
    let done = stage.go_on().await;
    assert_eq!(done.end, Some(RotationEnd::Revoked));
    assert_eq!(stage.world().active(), ["uuid-2"]);
}

#[tokio::test]
async fn a_key_that_has_ended_is_let_go_although_it_was_used_until_then() {
    let stage = Stage::new().await;
    let ends = (stage.record("laptop").expires.unwrap() - stage.world().here).as_secs();
    stage.pass(ends - 60);
    stage.rotate(&quiet_for(86_400)).await.unwrap();
    stage.somebody(&stage.old);
    stage.pass(3_600 + 120);
    assert_eq!(stage.go_on().await.end, Some(RotationEnd::Revoked));
}
