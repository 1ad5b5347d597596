//! Files that cannot be edited, and files that change under our hands.

use super::{Desk, PROGRAM, prod, to};
use superset_keys_core::ErrorCode;

#[tokio::test]
async fn a_project_that_is_not_there_is_not_made() {
    let desk = Desk::new();
    desk.put("file", "");
    for (folder, problem) in [("nowhere", "missing"), ("file", "no_folder")] {
        let request = super::in_project("cursor", &desk.path(folder));
        let refused = desk.connect(&request).await.unwrap_err();
        assert_eq!(
            (refused.code(), refused.params()["problem"].as_str()),
            (ErrorCode::FolderUnusable, problem)
        );
    }
    assert!(!desk.path("nowhere").exists());
}

#[tokio::test]
async fn a_file_its_client_could_not_read_is_never_touched() {
    for (client, path, content, line) in [
        ("cursor", ".cursor/mcp.json", "{\n  // no comments here\n  \"mcpServers\": {}\n}", "2"),
        ("vscode", ".config/Code/User/mcp.json", "{\n  \"servers\": {}\n  \"inputs\": []\n}", "3"),
        ("codex", ".codex/config.toml", "a = 1\na = 2\n", "2"),
        ("cursor", ".cursor/mcp.json", "{\"mcpServers\": []}", "1"),
    ] {
        let desk = Desk::new();
        desk.put(path, content);
        let refused = desk.connect(&to(client)).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::ClientFileNotUnderstood, "{content}");
        assert_eq!(refused.params()["line"], line, "{content}");
        assert_eq!(desk.text(path), content);
        assert!(!desk.backups().exists(), "nothing was changed, so nothing is kept");
    }
}

#[tokio::test]
async fn a_file_that_changed_since_it_was_shown_stays_as_it_is() {
    let desk = Desk::new();
    desk.put(".cursor/mcp.json", "{}");
    let preview = desk.core.preview_connect(&prod(), &to("cursor"), PROGRAM).unwrap();
    desk.put(".cursor/mcp.json", "{ }");
    let refused =
        desk.core.connect_client(&prod(), &to("cursor"), PROGRAM, Some(preview.seen)).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ClientFileChanged);
    assert_eq!(desk.text(".cursor/mcp.json"), "{ }");
    // A file that was not there and is now.
    let preview = desk.core.preview_connect(&prod(), &to("codex"), PROGRAM).unwrap();
    desk.put(".codex/config.toml", "# new\n");
    let refused =
        desk.core.connect_client(&prod(), &to("codex"), PROGRAM, Some(preview.seen)).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ClientFileChanged);
    assert_eq!(desk.text(".codex/config.toml"), "# new\n");
}

#[cfg(unix)]
#[tokio::test]
async fn a_read_only_file_stays_so() {
    let desk = Desk::new();
    let path = desk.put(".cursor/mcp.json", "{}");
    super::set_mode(&path, 0o444);
    let refused = desk.connect(&to("cursor")).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ClientFileReadOnly);
    assert_eq!((desk.text(".cursor/mcp.json").as_str(), super::mode(&path)), ("{}", 0o444));
    assert_eq!(desk.core.list_backups("cursor").unwrap(), [], "nothing was changed, so nothing is kept");
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_stays_its_owners_whoever_runs_this() {
    use std::os::unix::fs::{MetadataExt, chown};
    let desk = Desk::new();
    let path = desk.put(".cursor/mcp.json", "{}");
    super::set_mode(&path, 0o600);
    let owner = |path: &std::path::Path| path.metadata().map(|found| (found.uid(), found.gid())).unwrap();
    // Only root can give a file away, and only root can take one away by replacing it.
    if chown(&path, Some(4321), Some(4322)).is_err() {
        return;
    }
    desk.connect(&to("cursor")).await.unwrap();
    assert!(desk.text(".cursor/mcp.json").contains("superset"));
    assert_eq!((owner(&path), super::mode(&path)), ((4321, 4322), 0o600));
    desk.core.restore_client("cursor").await.unwrap();
    assert_eq!(
        (owner(&path), super::mode(&path), &*desk.text(".cursor/mcp.json")),
        ((4321, 4322), 0o600, "{}")
    );
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_no_plain_file_is_not_opened() {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.path(".cursor/mcp.json")).unwrap();
    let pipe = desk.put(".codex/x", "").with_file_name("config.toml");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    std::os::unix::fs::symlink("loop", desk.path("loop")).unwrap();
    std::fs::create_dir_all(desk.path(".gemini")).unwrap();
    std::os::unix::fs::symlink("settings.json", desk.path(".gemini/settings.json")).unwrap();
    for client in ["cursor", "codex", "gemini"] {
        let refused = desk.connect(&to(client)).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::ClientFileUnreadable, "{client}");
    }
}

#[tokio::test]
async fn a_backup_that_cannot_be_kept_stops_everything() {
    let desk = Desk::new();
    desk.put(".cursor/mcp.json", "{}");
    let state = &desk.core.store().places().state;
    std::fs::create_dir_all(state).unwrap();
    std::fs::write(state.join("backups"), "in the way").unwrap();
    let refused = desk.connect(&to("cursor")).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::BackupUnwritable);
    assert_eq!(desk.text(".cursor/mcp.json"), "{}");
}

#[tokio::test]
async fn many_at_once_lose_nothing() {
    let desk = std::sync::Arc::new(Desk::new());
    desk.put(".cursor/mcp.json", "{\"mcpServers\": {}}");
    let runs: Vec<_> = ["7", "8", "7", "8", "7", "8"]
        .into_iter()
        .map(|id| {
            let desk = std::sync::Arc::clone(&desk);
            tokio::spawn(async move {
                desk.core.connect_client(&String::from(id).into(), &to("cursor"), PROGRAM, None).await
            })
        })
        .collect();
    for run in runs {
        run.await.unwrap().unwrap();
    }
    let file: serde_json::Value = serde_json::from_str(&desk.text(".cursor/mcp.json")).unwrap();
    assert_eq!(file["mcpServers"].as_object().unwrap().len(), 2, "{file}");
}

#[tokio::test]
async fn without_a_key_to_use_nothing_is_written() {
    let desk = Desk::new();
    let path = desk.core.store().path();
    let state = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, state.replace("\"default_key\":\"7-laptop\"", "\"default_key\":null")).unwrap();
    let refused = desk.connect(&to("cursor")).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::NoDefaultKey);
    assert!(!desk.path(".cursor").exists());
    let named = super::writing::with_key("cursor", "ci");
    desk.connect(&named).await.expect("a key that is named needs no default");
}
