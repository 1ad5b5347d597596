//! Undoing, newest first, and never over what somebody else wrote.

use super::{Desk, by, stage, to};
use superset_keys_core::ErrorCode;
use superset_keys_core::clients::{Delivery, DiffKind};

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
