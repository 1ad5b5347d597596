//! A key only goes where it was asked to go, and nobody else's is shown.

use super::{Desk, KEY, by, in_project, prod, to};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Command;
use superset_keys_core::ErrorCode;
use superset_keys_core::actions::{ConnectRequest, ScanRequest};
use superset_keys_core::client_files::Digest;
use superset_keys_core::clients::Delivery;
use superset_keys_core::error::KeychainProblem;
use superset_keys_core::ids::{ApiKeyId, SecretId};
use superset_keys_core::secrets::SecretStore;

#[cfg(unix)]
#[tokio::test]
async fn a_key_in_a_file_is_for_its_owner_alone_and_undoing_opens_the_file_again() {
    let desk = Desk::new();
    let path = desk.put(".cursor/mcp.json", "{}\n");
    super::set_mode(&path, 0o644);
    let request = by("cursor", Delivery::Plaintext);
    let preview = desk.core.preview_connect(&prod(), &request, super::PROGRAM).unwrap();
    assert!(preview.holds_secret && !format!("{preview:?}").contains(KEY));
    assert!(format!("{preview:?}").contains("Bearer sst_…SQIS"), "{preview:?}");
    desk.connect(&request).await.unwrap();
    assert!(desk.text(".cursor/mcp.json").contains(&format!("Bearer {KEY}")));
    assert_eq!(super::mode(&path), 0o600);
    desk.core.restore_client("cursor").await.unwrap();
    assert_eq!((desk.text(".cursor/mcp.json").as_str(), super::mode(&path)), ("{}\n", 0o644));
}

#[tokio::test]
async fn no_key_is_ever_in_a_file_of_ours_and_undoing_gives_it_back_all_the_same() {
    let desk = Desk::new();
    let mut versions = Vec::new();
    for delivery in [Delivery::Bridge, Delivery::Variable, Delivery::Plaintext, Delivery::Bridge] {
        desk.connect(&by("cursor", delivery)).await.unwrap();
        versions.push(desk.text(".cursor/mcp.json"));
        assert_eq!(
            desk.text(".cursor/mcp.json").contains(KEY),
            delivery == Delivery::Plaintext,
            "{delivery}"
        );
    }
    assert_eq!(desk.of_ours_holding(KEY), [] as [PathBuf; 0]);
    for backup in desk.core.list_backups("cursor").unwrap() {
        assert!(Path::new(&backup.kept_as).is_file());
        #[cfg(unix)]
        assert_eq!(super::mode(Path::new(&backup.kept_as)), 0o600);
    }
    #[cfg(unix)]
    assert_eq!(super::mode(&desk.backups()), 0o700);
    let shown = format!("{:?}", desk.core.preview_restore("cursor").unwrap());
    assert!(!shown.contains(KEY) && shown.contains("Bearer"), "{shown}");
    for version in versions.iter().rev().skip(1) {
        desk.core.restore_client("cursor").await.unwrap();
        assert_eq!(desk.text(".cursor/mcp.json"), *version);
    }
}

/// One of the usual shape that nobody here knows.
const STRANGERS: &str = "sst_PNHkqdrcN3FhhTsEjG0RASQIS_JFXo8EvdZoFtKDlPI";

/// How many secrets there are, but for what chains the record.
fn kept(desk: &Desk) -> usize {
    desk.keychain.ids().into_iter().filter(|id| *id != SecretId::record_chain()).count()
}

fn with_a_stranger_s() -> String {
    let entry = |name: &str| format!("\"{name}\": {{ \"url\": \"https://x\", \"note\": \"{STRANGERS}\" }}");
    format!("{{ \"mcpServers\": {{ {}, {} }} }}\n", entry("a"), entry("b"))
}

#[tokio::test]
async fn a_key_that_nobody_here_knows_is_in_no_file_of_ours_either() {
    let desk = Desk::new();
    let before = with_a_stranger_s();
    desk.put(".cursor/mcp.json", &before);
    let stored = kept(&desk);
    desk.connect(&to("cursor")).await.unwrap();
    assert_eq!(desk.of_ours_holding(STRANGERS), [] as [PathBuf; 0]);
    assert_eq!(kept(&desk), stored + 1, "once, although it stands there twice");
    desk.core.restore_client("cursor").await.unwrap();
    assert_eq!(desk.text(".cursor/mcp.json"), before);
    assert_eq!(kept(&desk), stored, "nothing is kept for a backup that is gone");

    // And those of backups that are too old to be kept.
    for round in 0..12 {
        let delivery = [Delivery::Bridge, Delivery::Variable][round % 2];
        desk.connect(&by("cursor", delivery)).await.unwrap();
    }
    assert_eq!(kept(&desk), stored + 5);
}

#[tokio::test]
async fn what_cannot_be_given_back_is_said_and_nothing_is_changed() {
    // No keychain while it was cut out; it stays where it is.
    let desk = Desk::new();
    desk.put(".cursor/mcp.json", with_a_stranger_s());
    desk.keychain.fail_with(Some(KeychainProblem::Absent));
    desk.connect(&to("cursor")).await.unwrap();
    assert!(desk.text(".cursor/mcp.json").contains(STRANGERS));
    desk.keychain.fail_with(None);
    assert_eq!(desk.of_ours_holding(STRANGERS), [] as [PathBuf; 0]);
    desk.cannot_be_undone(ErrorCode::BackupKeyGone).await;

    // The key is forgotten, or the keychain is locked.
    for forgets in [true, false] {
        let desk = Desk::new();
        desk.connect(&by("cursor", Delivery::Plaintext)).await.unwrap();
        desk.connect(&by("cursor", Delivery::Bridge)).await.unwrap();
        if forgets {
            desk.core.forget_secret(&prod(), &ApiKeyId::new("7-laptop")).await.unwrap();
            desk.cannot_be_undone(ErrorCode::BackupKeyGone).await;
        } else {
            desk.keychain.fail_with(Some(KeychainProblem::Locked));
            desk.cannot_be_undone(ErrorCode::KeychainLocked).await;
            desk.keychain.fail_with(None);
            desk.core.restore_client("cursor").await.expect("once it is unlocked");
            assert!(desk.text(".cursor/mcp.json").contains(KEY));
        }
    }
}

/// Without a keychain nothing could give it back.
#[tokio::test]
async fn a_key_that_stands_in_the_file_alone_goes_only_when_that_is_said() {
    let desk = Desk::new();
    let entry = |header: &str| json!({"mcpServers": {"superset": {"url": "https://prod.example.com/mcp", "headers": {"Authorization": header}}}});
    let before = entry(&format!("Bearer {STRANGERS}")).to_string();
    for (problem, reason) in [
        (KeychainProblem::Absent, ErrorCode::KeyWouldBeLost),
        (KeychainProblem::Locked, ErrorCode::KeychainLocked),
    ] {
        desk.put(".cursor/mcp.json", &before);
        desk.keychain.fail_with(Some(problem));
        let connects = by("cursor", Delivery::Variable);
        let refused = desk.connect(&connects).await.unwrap_err();
        assert_eq!(refused.code(), reason);
        assert!(reason != ErrorCode::KeyWouldBeLost || refused.params()["hint"] == "sst_…DlPI");
        let refused = desk.core.disconnect_client(&prod(), &to("cursor"), None).await.unwrap_err();
        assert_eq!(refused.code(), reason);
        assert_eq!(desk.text(".cursor/mcp.json"), before);
        assert_eq!(desk.core.list_backups("cursor").unwrap(), [], "nothing was begun");
    }
    let mut drops = to("cursor");
    drops.drop_key = true;
    desk.core.disconnect_client(&prod(), &drops, None).await.unwrap();
    assert!(!desk.text(".cursor/mcp.json").contains(STRANGERS));
    // With one it is kept, and nothing needs to be said.
    desk.keychain.fail_with(None);
    desk.put(".cursor/mcp.json", &before);
    desk.connect(&by("cursor", Delivery::Variable)).await.unwrap();
    desk.core.restore_client("cursor").await.unwrap();
    assert_eq!(desk.text(".cursor/mcp.json"), before);
}

impl Desk {
    async fn cannot_be_undone(&self, why: ErrorCode) {
        let before = self.text(".cursor/mcp.json");
        let refused = self.core.restore_client("cursor").await.unwrap_err();
        assert_eq!((refused.code(), self.text(".cursor/mcp.json")), (why, before));
        assert!(!self.core.list_backups("cursor").unwrap().is_empty());
    }

    /// As version 0.1 kept what a file was.
    fn keeps_a_backup_of_old(&self, content: &str) -> PathBuf {
        let folder = self.backups().join("cursor/20261120T205650-00000");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("content"), content).unwrap();
        let path = self.put(".cursor/mcp.json", "{}");
        let digest = Digest::of(Some(b"{}"));
        let note = json!({"version": 1, "client": "cursor", "at": "2026-11-20T20:56:50Z", "path": path,
                          "entry": "superset", "existed": true, "mode": 0o600, "written": digest});
        std::fs::write(folder.join("about.json"), note.to_string()).unwrap();
        folder
    }
}

#[tokio::test]
async fn what_an_earlier_version_kept_loses_its_keys_wherever_it_is_met_and_is_given_back_whole() {
    let entry = |key: &str| {
        format!(
            "{{ \"url\": \"https://prod.example.com/mcp\", \"headers\": {{ \"Authorization\": \"Bearer {key}\" }} }}"
        )
    };
    let before =
        format!("{{ \"mcpServers\": {{ \"superset\": {}, \"b\": {} }} }}\n", entry(KEY), entry(STRANGERS));
    for met in ["scan", "connect", "undo"] {
        let desk = Desk::new();
        desk.keeps_a_backup_of_old(&before);
        match met {
            "scan" => {
                let usual = ScanRequest { paths: Vec::new(), usual: true, current: None };
                assert!(desk.core.scan(usual).await.unwrap().keys.is_empty());
            }
            "connect" => drop(desk.connect(&to("codex")).await.unwrap()),
            _ => {}
        }
        if met != "undo" {
            let left = [KEY, STRANGERS].map(|key| desk.of_ours_holding(key));
            assert!(left.iter().all(Vec::is_empty), "{met}: {left:?}");
        }
        desk.core.restore_client("cursor").await.unwrap();
        assert_eq!(desk.text(".cursor/mcp.json"), before, "{met}");
    }
}

#[tokio::test]
async fn while_the_keychain_is_locked_or_away_a_key_in_an_old_backup_is_found_and_not_lost() {
    for problem in [KeychainProblem::Locked, KeychainProblem::NoBus, KeychainProblem::Absent] {
        let desk = Desk::new();
        desk.keeps_a_backup_of_old(&with_a_stranger_s());
        desk.keychain.fail_with(Some(problem));
        let usual = || ScanRequest { paths: Vec::new(), usual: true, current: None };
        assert_eq!(desk.core.scan(usual()).await.unwrap().keys.len(), 1);
        desk.keychain.fail_with(None);
        assert!(desk.core.scan(usual()).await.unwrap().keys.is_empty());
        desk.core.restore_client("cursor").await.unwrap();
        assert_eq!(desk.text(".cursor/mcp.json"), with_a_stranger_s());
    }
}

/// A record outlives a keychain that was made anew.
#[tokio::test]
async fn a_key_that_only_its_record_remembers_is_kept_before_it_is_cut_out() {
    let desk = Desk::new();
    // The other instance has a key of the same last letters.
    desk.core.remove_instance(&super::stage(), true).await.unwrap();
    desk.connect(&by("cursor", Delivery::Plaintext)).await.unwrap();
    let before = desk.text(".cursor/mcp.json");
    assert!(before.contains(KEY));
    desk.keychain.delete(&SecretId::api_key(&prod(), &ApiKeyId::new("7-laptop"))).unwrap();
    desk.core.disconnect_client(&prod(), &to("cursor"), None).await.unwrap();
    desk.core.restore_client("cursor").await.unwrap();
    assert_eq!(desk.text(".cursor/mcp.json"), before);
}

#[tokio::test]
async fn what_we_did_not_put_beside_our_backups_stays() {
    let desk = Desk::new();
    desk.connect(&to("cursor")).await.unwrap();
    let photos = desk.put("photos/2025/p.jpg", "p");
    std::os::unix::fs::symlink(desk.path("photos"), desk.backups().join("photos")).unwrap();
    let own = ["mine/notes.txt", "20261120T205650-00000/notes.txt"]
        .map(|inside| desk.backups().join("cursor").join(inside));
    for file in &own {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, "n").unwrap();
    }
    // And what a death left of ours goes.
    let left = desk.backups().join("cursor/20261120T205650-00001");
    std::fs::create_dir_all(&left).unwrap();
    for name in ["kept", ".writing-abc"] {
        std::fs::write(left.join(name), "x").unwrap();
    }
    let usual = ScanRequest { paths: Vec::new(), usual: true, current: None };
    desk.core.scan(usual).await.unwrap();
    assert!(own.iter().all(|file| file.exists()) && photos.exists());
    assert!(!left.exists());
}

#[tokio::test]
async fn others_secrets_are_not_shown() {
    let desk = Desk::new();
    let secrets = ["ghp_0123456789abcdefABCDEF", "hunter2", "c2VjcmV0U2VjcmV0U2VjcmV0MQ=="];
    desk.put(
        ".cursor/mcp.json",
        format!(
            "{{\n  \"mcpServers\": {{\n    \"a\": {{\n      \"args\": [\"{}\"],\n      \"env\": {{ \"PASSWORD\": \"{}\" }},\n      \"headers\": {{ \"Authorization\": \"Basic {}\" }} }}\n  }}\n}}\n",
            secrets[0], secrets[1], secrets[2]
        ),
    );
    let connected = desk.core.preview_connect(&prod(), &to("cursor"), super::PROGRAM).unwrap();
    desk.connect(&to("cursor")).await.unwrap();
    let disconnected = desk.core.preview_disconnect(&prod(), &to("cursor")).unwrap();
    let restored = desk.core.preview_restore("cursor").unwrap();
    let shown = format!("{connected:?}{disconnected:?}{restored:?}");
    for secret in secrets {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[tokio::test]
async fn secrets_beside_ours_are_hidden_by_where_they_stand_and_our_own_lines_are_not() {
    for (name, secret) in [
        ("MYSQL_PASS", "hunter2"),
        ("DB_PWD", "hunter2"),
        ("GITHUB_PAT", "hunter2"),
        ("DB_DSN", "root:hunter2@tcp(127.0.0.1:3306)/app"),
        ("CONNECTION_STRING", "Server=db;Uid=sa;Pwd=hunter2"),
        ("WHATEVER", "hunter2"),
    ] {
        let desk = Desk::with_variables(&[("XDG_CONFIG_HOME", "~/xdg")]);
        let entry = format!("{{ \"command\": \"x\", \"env\": {{ \"{name}\": \"{secret}\" }} }}");
        desk.put(".cursor/mcp.json", format!("{{ \"mcpServers\": {{ \"db\": {entry} }} }}\n"));
        desk.put("xdg/keep", "");
        let connected = desk.core.preview_connect(&prod(), &to("cursor"), super::PROGRAM).unwrap();
        desk.connect(&to("cursor")).await.unwrap();
        let disconnected = desk.core.preview_disconnect(&prod(), &to("cursor")).unwrap();
        let restored = desk.core.preview_restore("cursor").unwrap();
        let shown = format!("{connected:?}{disconnected:?}{restored:?}");
        assert!(!shown.contains("hunter2") && shown.contains(name), "{shown}");
        let folder = desk.path("xdg").display().to_string();
        assert!(connected.lines.iter().any(|line| line.text.contains(&folder)), "{connected:?}");
    }
}

fn git(folder: &Path, words: &[&str]) {
    let done = Command::new("git").arg("-C").arg(folder).args(words).output().unwrap();
    assert!(done.status.success(), "{words:?}: {}", String::from_utf8_lossy(&done.stderr));
}

#[cfg(unix)]
#[tokio::test]
async fn no_link_hides_that_git_would_share_a_file() {
    use std::os::unix::fs::symlink;
    let desk = Desk::new();
    desk.put("repo/part/file", "");
    git(&desk.path("repo"), &["init", "-q"]);
    symlink(desk.path("repo/part"), desk.path("part")).unwrap();
    std::fs::create_dir(desk.path("outside")).unwrap();
    symlink("../repo/part", desk.path("outside/.cursor")).unwrap();
    for project in ["part", "outside"] {
        let request = in_project("cursor", &desk.path(project));
        let request = ConnectRequest { delivery: Some(Delivery::Plaintext), ..request };
        let refused = desk.connect(&request).await.map(|written| written.path).map_err(|error| error.code());
        assert_eq!(refused, Err(ErrorCode::KeyWouldBeShared), "{project}");
    }
}

#[tokio::test]
async fn a_key_never_goes_into_a_project_file_that_git_would_share() {
    let desk = Desk::new();
    let project = desk.path("work");
    std::fs::create_dir(&project).unwrap();
    git(&project, &["init", "-q"]);
    let mut request = in_project("claude-code", &project);
    request.delivery = Some(Delivery::Plaintext);
    for tracked in [false, true] {
        if tracked {
            desk.put("work/.mcp.json", "{}");
            git(&project, &["add", ".mcp.json"]);
        }
        let refused = desk.connect(&request).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::KeyWouldBeShared);
    }
    assert_eq!(desk.text("work/.mcp.json"), "{}");
    request.delivery = None;
    desk.connect(&request).await.expect("the bridge's entry holds no key");
    git(&project, &["rm", "-q", "--cached", "-f", ".mcp.json"]);
    desk.put("work/.gitignore", ".mcp.json\n");
    request.delivery = Some(Delivery::Plaintext);
    desk.connect(&request).await.expect("what git ignores is not shared");
    #[cfg(unix)]
    assert_eq!(super::mode(&desk.path("work/.mcp.json")), 0o600);
}

#[tokio::test]
async fn a_key_never_goes_into_a_person_s_own_file_that_git_tracks() {
    let desk = Desk::new();
    desk.put("dotfiles/cursor/mcp.json", "{}");
    git(&desk.path("dotfiles"), &["init", "-q"]);
    std::fs::create_dir(desk.path(".cursor")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("../dotfiles/cursor/mcp.json", desk.path(".cursor/mcp.json")).unwrap();
    let request = by("cursor", Delivery::Plaintext);
    desk.connect(&request).await.expect("whoever keeps dotfiles adds each by name");
    desk.core.restore_client("cursor").await.unwrap();
    git(&desk.path("dotfiles"), &["add", "cursor/mcp.json"]);
    let refused = desk.connect(&request).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::KeyWouldBeShared);
    assert_eq!(desk.text(".cursor/mcp.json"), "{}");
}
