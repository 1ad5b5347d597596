//! Claude Code writes its file all the time, so its own program is asked first.

use super::{Desk, KEY, by, prod, to};
use crate::executable::executable;
use std::path::Path;
use superset_keys_core::clients::Delivery;

/// Notes what it is told, and does what `script` says. `$4` is the entry.
fn claude(folder: &Path, script: &str) {
    let program = folder.join("claude");
    let text = format!("#!/bin/sh\necho \"$@\" >> \"{}\"\n{script}\n", folder.join("told").display());
    executable(&program, &text);
}

fn told(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("told")).unwrap_or_default()
}

const WRITES: &str = r#"case "$2" in
  add-json) printf '{"theirs":2,"mcpServers":{"superset":%s}}' "$4" > "$HOME/.claude.json" ;;
  remove) printf '{"theirs":1,"mcpServers":{}}' > "$HOME/.claude.json" ;;
esac"#;

#[tokio::test]
async fn its_own_program_adds_changes_and_removes_and_is_told_no_key() {
    let bin = tempfile::tempdir().unwrap();
    claude(bin.path(), WRITES);
    let desk = Desk::with_programs(Some(bin.path()));
    desk.put(".claude.json", "{\"theirs\":0}");
    desk.connect(&to("claude-code")).await.unwrap();
    assert!(desk.text(".claude.json").starts_with("{\"theirs\":2,"), "the program wrote it");
    desk.connect(&by("claude-code", Delivery::Helper)).await.unwrap();
    assert!(desk.text(".claude.json").contains("headersHelper"));
    desk.core.disconnect_client(&prod(), &to("claude-code"), None).await.unwrap();
    assert_eq!(desk.text(".claude.json"), "{\"theirs\":1,\"mcpServers\":{}}");
    let told = told(bin.path());
    let verbs: Vec<_> = told.lines().map(|line| line.split(' ').nth(1).unwrap()).collect();
    assert_eq!(verbs, ["add-json", "remove", "add-json", "remove"], "{told}");
    assert!(told.lines().all(|line| line.ends_with("--scope user")), "{told}");
    desk.core.restore_client("claude-code").await.expect("what it wrote can be undone");
    assert!(desk.text(".claude.json").contains("headersHelper"));

    desk.connect(&by("claude-code", Delivery::Plaintext)).await.unwrap();
    assert!(desk.text(".claude.json").contains(KEY));
    assert!(!self::told(bin.path()).contains(KEY), "arguments are for everybody to read");
}

#[tokio::test]
async fn what_a_person_added_stays_and_is_in_nobodys_arguments() {
    let bin = tempfile::tempdir().unwrap();
    claude(bin.path(), WRITES);
    let desk = Desk::with_programs(Some(bin.path()));
    let entry = r#"{"mcpServers":{"superset":{"command":"/usr/bin/superset-keys","args":["bridge","old-prod"],"env":{"X":"hunter2"}}}}"#;
    desk.put(".claude.json", entry);
    desk.connect(&to("claude-code")).await.unwrap();
    let file = desk.text(".claude.json");
    assert!(file.contains("hunter2"), "{file}");
    assert!(
        [r#"["bridge","prod"]"#, r#"["bridge", "prod"]"#].iter().any(|words| file.contains(words)),
        "{file}"
    );
    assert!(!told(bin.path()).contains("hunter2"), "{}", told(bin.path()));
}

#[tokio::test]
async fn where_it_does_nothing_or_fails_the_file_is_edited() {
    for script in ["exit 1", "exit 0", "printf '{\"theirs\":3}' > \"$HOME/.claude.json\"; exit 1"] {
        let bin = tempfile::tempdir().unwrap();
        claude(bin.path(), script);
        let desk = Desk::with_programs(Some(bin.path()));
        desk.put(".claude.json", "{\"theirs\":3}");
        desk.connect(&to("claude-code")).await.unwrap_or_else(|error| panic!("{script}: {error}"));
        let file = desk.text(".claude.json");
        assert!(file.contains("\"theirs\":3") && file.contains("superset-keys"), "{script}: {file}");
        assert!(!told(bin.path()).is_empty());
    }
}

#[tokio::test]
async fn where_it_spoils_the_file_what_was_there_comes_back_with_our_edit() {
    let before = r#"{"mcpServers":{"other":{"command":"theirs"},"superset":{"command":"/usr/bin/superset-keys","args":["bridge","prod"]}}}"#;
    let garbage = r#"echo "{" > "$HOME/.claude.json""#;
    let only_removes = r#"[ "$2" = remove ] && printf '{"mcpServers":{"other":{"command":"theirs"}}}' > "$HOME/.claude.json""#;
    for spoils in [WRITES, r#"rm -f "$HOME/.claude.json""#, garbage, only_removes] {
        let bin = tempfile::tempdir().unwrap();
        claude(bin.path(), spoils);
        let desk = Desk::with_programs(Some(bin.path()));
        desk.put(".claude.json", before);
        desk.connect(&by("claude-code", Delivery::Helper)).await.unwrap();
        let file = desk.text(".claude.json");
        assert!(file.contains("theirs") && file.contains("headersHelper"), "{spoils}: {file}");
        desk.core.restore_client("claude-code").await.unwrap();
        assert_eq!(desk.text(".claude.json"), before, "{spoils}");
        desk.core.disconnect_client(&prod(), &to("claude-code"), None).await.unwrap();
        let file = desk.text(".claude.json");
        assert!(file.contains("theirs") && !file.contains("superset"), "{spoils}: {file}");
    }
}

/// Another of its windows adds a server and a project while it writes.
const MEANWHILE: &str = r#"case "$2" in
  add-json) printf '{"projects":{"/p":{"history":["kept"]}},"mcpServers":{"other":{"command":"theirs"},"new":{"command":"added"},"superset":%s}}' "$4" > "$HOME/.claude.json" ;;
esac"#;
/// The same, and what was there is gone and changed.
const MEANWHILE_SPOILT: &str = r#"case "$2" in
  add-json) printf '{"projects":{"/p":{"history":["kept"]}},"mcpServers":{"new":{"command":"added"},"second":{"command":"spoilt","x":1},"superset":%s}}' "$4" > "$HOME/.claude.json" ;;
esac"#;

#[tokio::test]
async fn what_another_window_adds_meanwhile_stays() {
    let others = [("other", "theirs"), ("second", "untouched")];
    for (script, others) in [(MEANWHILE, &others[..1]), (MEANWHILE_SPOILT, &others[..])] {
        let bin = tempfile::tempdir().unwrap();
        claude(bin.path(), script);
        let desk = Desk::with_programs(Some(bin.path()));
        let entries: serde_json::Map<_, _> = others
            .iter()
            .map(|(name, command)| ((*name).to_owned(), serde_json::json!({ "command": command })))
            .collect();
        desk.put(".claude.json", serde_json::json!({ "mcpServers": entries }).to_string());
        desk.connect(&to("claude-code")).await.unwrap();
        let text = desk.text(".claude.json");
        let file: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(file["projects"]["/p"]["history"][0], "kept", "{text}");
        let servers = &file["mcpServers"];
        assert_eq!(servers["new"]["command"], "added", "{text}");
        assert_eq!(servers["superset"]["command"], super::PROGRAM, "{text}");
        for (name, _) in others {
            assert_eq!(servers[name], entries[*name], "{text}");
        }
        if script == MEANWHILE {
            let refused = desk.core.restore_client("claude-code").await.unwrap_err();
            assert_eq!(refused.code(), superset_keys_core::ErrorCode::ClientFileChanged);
            assert_eq!(desk.text(".claude.json"), text, "undoing would take the other server away");
        }
    }
}
