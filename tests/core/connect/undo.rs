//! Undoing, newest first, and never over what somebody else wrote.

use super::{Desk, by, in_project, stage, to};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::sync::{Arc, Mutex};
use superset_keys_core::ErrorCode;
use superset_keys_core::clients::{Delivery, DiffKind};
use superset_keys_core::clock::Now;

struct SetClock(Mutex<Timestamp>);

impl Now for SetClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
    fn local_zone(&self) -> TimeZone {
        TimeZone::UTC
    }
}

#[tokio::test]
async fn changes_are_undone_one_by_one_and_a_new_file_goes_again() {
    let desk = Desk::new();
    let mut versions = Vec::new();
    for delivery in [Delivery::Bridge, Delivery::Variable, Delivery::Bridge] {
        desk.connect(&by("codex", delivery)).await.unwrap();
        versions.push(desk.text(".codex/config.toml"));
    }
    for version in versions.iter().rev().skip(1) {
        assert!(!desk.core.restore_client("codex").await.unwrap().was_new);
        assert_eq!(desk.text(".codex/config.toml"), *version);
    }
    assert!(desk.core.restore_client("codex").await.unwrap().was_new);
    assert!(!desk.path(".codex/config.toml").exists());
    let refused = desk.core.restore_client("codex").await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::NothingToUndo);
}

#[tokio::test]
async fn a_project_that_is_gone_stands_in_nobody_s_way() {
    let desk = Desk::new();
    desk.put(".cursor/mcp.json", "{}");
    desk.put("project/.cursor/mcp.json", "{}");
    desk.connect(&to("cursor")).await.unwrap();
    desk.connect(&in_project("cursor", &desk.path("project"))).await.unwrap();
    std::fs::remove_dir_all(desk.path("project")).unwrap();
    desk.core.restore_client("cursor").await.unwrap();
    assert_eq!(desk.text(".cursor/mcp.json"), "{}");
    assert!(!desk.path("project").exists());
}

#[tokio::test]
async fn what_somebody_wrote_since_stays_and_stands_in_the_way() {
    let desk = Desk::new();
    desk.put(".cursor/mcp.json", "{}\n");
    desk.connect(&to("cursor")).await.unwrap();
    let edited = desk.text(".cursor/mcp.json").replace("{\n", "{\n  \"theirs\": 1,\n");
    desk.put(".cursor/mcp.json", &edited);
    let found = desk.core.find_clients(None).unwrap();
    assert!(found.iter().find(|found| found.client == "cursor").unwrap().undo.is_none());
    let preview = desk.core.preview_restore("cursor").unwrap();
    assert!(!preview.backup.can_be_undone);
    assert!(preview.lines.iter().any(|line| line.kind == DiffKind::Removed && line.text.contains("theirs")));
    let refused = desk.core.restore_client("cursor").await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ClientFileChanged);
    assert_eq!(desk.text(".cursor/mcp.json"), edited);
    assert_eq!(desk.core.list_backups("cursor").unwrap().len(), 1, "the backup is still there");
}

#[tokio::test]
async fn five_backups_are_kept_for_each_client() {
    let desk = Desk::new();
    for round in 0..4 {
        let deliveries = [Delivery::Bridge, Delivery::Variable];
        for delivery in deliveries {
            desk.connect(&by("cursor", delivery)).await.unwrap();
        }
        desk.core
            .connect_client(&stage(), &by("codex", deliveries[round % 2]), super::PROGRAM, None)
            .await
            .unwrap();
    }
    assert_eq!(desk.core.list_backups("cursor").unwrap().len(), 5);
    assert_eq!(desk.core.list_backups("codex").unwrap().len(), 4);
    let times: Vec<_> =
        desk.core.list_backups("cursor").unwrap().into_iter().map(|backup| backup.at).collect();
    assert!(times.is_sorted_by(|newer, older| newer >= older), "{times:?}");
}

#[tokio::test]
async fn the_newest_change_is_undone_first_whatever_the_clock_says() {
    let clock = Arc::new(SetClock(Mutex::new(Timestamp::now())));
    let desk = Desk::at(clock.clone());
    desk.put(".cursor/mcp.json", "{}\n");
    // More than are kept, and all in one second.
    for round in 0..7 {
        let delivery = [Delivery::Bridge, Delivery::Variable][round % 2];
        desk.connect(&by("cursor", delivery)).await.unwrap();
    }
    assert!(desk.core.preview_restore("cursor").unwrap().backup.can_be_undone);
    let before = desk.text(".cursor/mcp.json");
    *clock.0.lock().unwrap() = Timestamp::UNIX_EPOCH;
    desk.connect(&by("cursor", Delivery::Variable)).await.unwrap();
    let undone = desk.core.restore_client("cursor").await.unwrap();
    assert_eq!((desk.text(".cursor/mcp.json"), &*undone.at), (before, "1970-01-01T00:00:00Z"));
}

#[tokio::test]
async fn a_change_that_is_undone_already_stands_in_no_way() {
    let desk = Desk::new();
    desk.put(".cursor/mcp.json", "{}\n");
    desk.connect(&by("cursor", Delivery::Bridge)).await.unwrap();
    let first = desk.text(".cursor/mcp.json");
    desk.connect(&by("cursor", Delivery::Variable)).await.unwrap();
    // As after a death in the middle of it, or by hand.
    desk.put(".cursor/mcp.json", &first);
    let found = desk.core.find_clients(None).unwrap();
    assert!(found.iter().find(|found| found.client == "cursor").unwrap().undo.is_some());
    assert!(desk.core.preview_restore("cursor").unwrap().backup.can_be_undone);
    desk.core.restore_client("cursor").await.unwrap();
    assert_eq!(desk.text(".cursor/mcp.json"), "{}\n");
}
