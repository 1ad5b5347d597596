//! A folder that a person names is searched; one that cannot be is said to be so before anything happens.

use crate::matching::{INSTANCE, record};
use crate::{Computer, KEY, OTHER};
use serde_json::json;
use superset_keys_core::scan::{FileKind, ScanView};
use superset_keys_core::{Error, error::FolderProblem};

async fn found(computer: &Computer, folder: &str) -> ScanView {
    let request = computer.core.scan_request(Some(folder)).unwrap();
    computer.show(&computer.core.scan(request).await.unwrap())
}

fn refused(computer: &Computer, folder: &str) -> FolderProblem {
    match computer.core.scan_request(Some(folder)) {
        Err(Error::FolderUnusable { problem, .. }) => problem,
        other => panic!("{folder}: {other:?}"),
    }
}

#[tokio::test]
async fn all_of_it_is_searched_and_nothing_else() {
    let computer = Computer::new();
    computer.tree.write("work/deep/down/notes.txt", KEY);
    computer.tree.write(".env", OTHER);
    for folder in ["~/work", "~/work/", " ~/work ", &computer.tree.path().join("work").display().to_string()]
    {
        let view = found(&computer, folder).await;
        let shown: Vec<_> = view.keys.iter().flat_map(|key| &key.spots).map(|spot| &*spot.shown).collect();
        assert_eq!(shown, ["~/work/deep/down/notes.txt"], "{folder}");
    }
    assert_eq!(found(&computer, "~").await.keys.len(), 2);
}

#[test]
fn spaces_around_a_folders_name_are_its_own_if_it_has_them() {
    let computer = Computer::new();
    for folder in ["work", "work ", " "] {
        computer.tree.write(&format!("{folder}/file"), "");
    }
    for (typed, meant) in [("work ", "work "), ("work", "work"), ("work  ", "work"), (" ", " ")] {
        let typed = computer.tree.path().join(typed).display().to_string();
        assert_eq!(computer.core.find_folder(&typed).unwrap(), computer.tree.path().join(meant), "{typed:?}");
    }
}

#[test]
fn what_cannot_be_searched_is_told_apart() {
    let computer = Computer::new();
    computer.tree.write("file", "");
    assert_eq!(refused(&computer, ""), FolderProblem::Empty);
    assert_eq!(refused(&computer, "  "), FolderProblem::Empty);
    assert_eq!(refused(&computer, "work"), FolderProblem::Relative);
    assert_eq!(refused(&computer, "~work"), FolderProblem::Relative, "somebody else's home");
    assert_eq!(refused(&computer, "~/work"), FolderProblem::Missing);
    assert_eq!(refused(&computer, "~/file"), FolderProblem::NoFolder);
}

#[test]
#[cfg(unix)]
fn a_closed_folder_is_said_to_be_closed() {
    use std::os::unix::fs::PermissionsExt;
    let computer = Computer::new();
    computer.tree.write("closed/file", "");
    let folder = computer.tree.path().join("closed");
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o000)).unwrap();
    // Nothing is closed to root.
    if std::fs::read_dir(&folder).is_err() {
        assert_eq!(refused(&computer, "~/closed"), FolderProblem::Denied);
    }
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700)).unwrap();
}

#[tokio::test]
async fn a_key_in_a_projects_client_file_can_be_moved_there() {
    let instance = json!({"id": INSTANCE, "short_name": "production", "name": "production", "url": "https://bi.example.com",
        "mcp_url": "https://bi.example.com/mcp", "keys": [record("laptop", "sst_…DlPI")]});
    let computer = Computer::with(&json!({"version": 1, "instances": [instance]}));
    computer.keep("laptop", KEY);
    let entry = json!({"mcpServers": {"superset": {"url": "https://bi.example.com/mcp",
        "headers": {"Authorization": format!("Bearer {KEY}")}}}});
    let file = computer.tree.write("work/.cursor/mcp.json", entry.to_string());
    let request = computer.core.scan_request(Some("~/work")).unwrap();
    let scan = computer.core.scan(request).await.unwrap();
    let spot = &computer.show(&scan).keys[0].spots[0];
    assert_eq!((&spot.kind, spot.movable), (&FileKind::AiClient { client: "cursor".into() }, true));
    let moved = computer.core.move_found_key(&scan, (0, 0), "/usr/bin/superset-keys").await;
    let moved = moved.unwrap().unwrap();
    assert!(moved.written.is_some(), "{moved:?}");
    let content = std::fs::read_to_string(file).unwrap();
    assert!(!content.contains(KEY) && content.contains("\"bridge\""), "{content}");
}
