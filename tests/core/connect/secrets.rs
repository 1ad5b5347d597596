//! A key only goes where it was asked to go, and nobody else's is shown.

use super::{Desk, KEY, by, in_project, prod, to};
use std::path::Path;
use std::process::Command;
use superset_keys_core::ErrorCode;
use superset_keys_core::actions::ConnectRequest;
use superset_keys_core::clients::Delivery;

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
async fn no_key_but_a_plaintext_one_is_ever_in_the_file_or_its_backup() {
    let desk = Desk::new();
    for delivery in [Delivery::Bridge, Delivery::Variable, Delivery::Plaintext, Delivery::Bridge] {
        desk.connect(&by("cursor", delivery)).await.unwrap();
        assert_eq!(
            desk.text(".cursor/mcp.json").contains(KEY),
            delivery == Delivery::Plaintext,
            "{delivery}"
        );
    }
    // What the original held, its backup holds, and no more.
    let mut holding = 0;
    for backup in desk.core.list_backups("cursor").unwrap() {
        let kept = std::fs::read_to_string(&backup.kept_as).unwrap();
        holding += usize::from(kept.contains(KEY));
        #[cfg(unix)]
        assert_eq!(super::mode(Path::new(&backup.kept_as)), 0o600);
    }
    assert_eq!(holding, 1, "the one that was taken while the key stood in the file");
    #[cfg(unix)]
    assert_eq!(super::mode(&desk.backups()), 0o700);
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
