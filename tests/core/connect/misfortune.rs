//! Files that cannot be edited, and files that change under our hands.

#[cfg(target_os = "linux")]
use super::mounted::Mounted;
use super::{Desk, PROGRAM, prod, to};
use jiff::Timestamp;
use superset_keys_core::ErrorCode;
use superset_keys_core::actions::BackupView;
use superset_keys_core::clock::{Now, SystemNow};

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
    let named = super::with_key("cursor", "ci");
    desk.connect(&named).await.expect("a key that is named needs no default");
}

/// Claude Code keeps what was said in its own.
#[tokio::test]
async fn a_file_of_megabytes_is_edited_and_one_that_is_endless_is_not_read() {
    let desk = Desk::new();
    let said = format!("    \"{}\"", "what was said on that day. ".repeat(40_000));
    let history = vec![said; 16].join(",\n");
    let before = format!("{{\n  \"mcpServers\": {{}},\n  \"history\": [\n{history}\n  ]\n}}\n");
    assert!(before.len() > 17_000_000);
    desk.put(".cursor/mcp.json", &before);
    desk.connect(&to("cursor")).await.unwrap();
    assert!(desk.text(".cursor/mcp.json").ends_with(&before[before.len() - 17_000_000..]));
    desk.core.restore_client("cursor").await.unwrap();
    assert!(desk.text(".cursor/mcp.json") == before);
    let endless = std::fs::File::create(desk.path(".cursor/mcp.json")).unwrap();
    endless.set_len(200 * 1024 * 1024).unwrap();
    let refused = desk.connect(&to("cursor")).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ClientFileUnreadable);
}

/// Somebody who writes the file at some moment of a change: each moment at which the time is asked for is one.
struct Somebody(std::sync::Mutex<Option<Writing>>);

struct Writing {
    /// How many such moments pass before.
    waits: usize,
    path: std::path::PathBuf,
    content: String,
}

impl Now for Somebody {
    fn now(&self) -> Timestamp {
        let mut writing = self.0.lock().unwrap();
        match writing.as_mut() {
            Some(Writing { waits: 0, path, content }) => {
                std::fs::write(path, content).unwrap();
                *writing = None;
            }
            Some(Writing { waits, .. }) => *waits -= 1,
            None => {}
        }
        SystemNow.now()
    }

    fn local_zone(&self) -> jiff::tz::TimeZone {
        SystemNow.local_zone()
    }
}

/// Five of those would push out what the file was before us.
#[tokio::test]
async fn a_change_that_never_came_about_leaves_no_backup() {
    let somebody = std::sync::Arc::new(Somebody(None.into()));
    let desk = Desk::at(std::sync::Arc::clone(&somebody) as _);
    let path = desk.put(".cursor/mcp.json", "{}");
    desk.connect(&to("cursor")).await.unwrap();
    let before = desk.core.list_backups("cursor").unwrap();
    let theirs = format!("{}\n", desk.text(".cursor/mcp.json"));
    let request = super::with_key("cursor", "ci");
    let places =
        |backups: &[BackupView]| backups.iter().map(|backup| backup.kept_as.clone()).collect::<Vec<_>>();
    let ours = desk.text(".cursor/mcp.json");
    let mut refusals = 0;
    for waits in 0.. {
        let seen = desk.core.preview_connect(&prod(), &request, PROGRAM).unwrap().seen;
        *somebody.0.lock().unwrap() = Some(Writing { waits, path: path.clone(), content: theirs.clone() });
        // Until they come when everything is written.
        let Err(refused) = desk.core.connect_client(&prod(), &request, PROGRAM, Some(seen)).await else {
            break;
        };
        refusals += 1;
        assert_eq!(refused.code(), ErrorCode::ClientFileChanged);
        assert_eq!(desk.text(".cursor/mcp.json"), theirs);
        assert_eq!(places(&desk.core.list_backups("cursor").unwrap()), places(&before), "{waits}");
        desk.put(".cursor/mcp.json", &ours);
    }
    assert!(refusals > 0);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_file_that_still_holds_a_key_is_not_opened_to_others() {
    use superset_keys_core::clients::Delivery;
    let desk = Desk::new();
    let path = desk.put(".cursor/mcp.json", "{}");
    super::set_mode(&path, 0o644);
    let Some(_mounted) = Mounted::over(&path) else { return };
    desk.connect(&super::by("cursor", Delivery::Plaintext)).await.unwrap();
    let with_key = desk.text(".cursor/mcp.json");
    assert!(with_key.contains(super::KEY) && super::mode(&path) == 0o600);

    // No note can be made of what begins.
    let backup = desk.core.list_backups("cursor").unwrap().remove(0);
    let note = std::path::Path::new(&backup.kept_as).with_file_name("about.json");
    let stuck = Mounted::over(&note).unwrap();
    let refused = desk.core.restore_client("cursor").await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::BackupUnwritable);
    assert!(desk.text(".cursor/mcp.json") == with_key);
    assert_eq!(super::mode(&path), 0o600);

    drop(stuck);
    desk.core.restore_client("cursor").await.unwrap();
    assert_eq!((desk.text(".cursor/mcp.json").as_str(), super::mode(&path)), ("{}", 0o644));
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_was_made_is_not_called_refused_for_its_note() {
    use std::sync::atomic::{AtomicBool, Ordering};
    let desk = Desk::new();
    // Long enough at its writing for somebody to come between.
    let said = "what was said on that day. ".repeat(80_000);
    let before = format!("{{\"mcpServers\": {{}}, \"history\": [\"{said}\"]}}");
    let path = desk.put(".cursor/mcp.json", &before);
    let Some(_mounted) = Mounted::over(&path) else { return };
    let (backups, aside) = (desk.backups().join("cursor"), desk.path("aside"));
    let is_being_written = || path.metadata().unwrap().len() != before.len() as u64;
    let mut came_between = false;
    for _ in 0..50 {
        let is_over = AtomicBool::new(false);
        let written = std::thread::scope(|threads| {
            let somebody = threads.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    if is_being_written() {
                        std::fs::rename(&backups, &aside).unwrap();
                        std::fs::write(&backups, "in the way").unwrap();
                        return true;
                    }
                }
                false
            });
            let request = to("cursor");
            let written = tokio::task::block_in_place(|| {
                tokio::runtime::Handle::current().block_on(desk.connect(&request))
            });
            is_over.store(true, Ordering::Relaxed);
            came_between = somebody.join().unwrap();
            written
        });
        assert!(written.unwrap().changed);
        if came_between {
            break;
        }
        desk.core.restore_client("cursor").await.unwrap();
    }
    assert!(came_between, "nothing was tried");
    std::fs::remove_file(&backups).unwrap();
    std::fs::rename(&aside, &backups).unwrap();
    assert!(!desk.connect(&to("cursor")).await.expect("it is whole").changed);
    desk.core.restore_client("cursor").await.unwrap();
    assert!(desk.text(".cursor/mcp.json") == before);
}
