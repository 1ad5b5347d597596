//! What is written, and what stays.

use super::{Desk, by, in_project, prod, stage, to, with_key};
use superset_keys_core::ErrorCode;
use superset_keys_core::clients::{CLIENTS, Delivery, DiffKind, SnippetNote};

const VSCODE: &str = ".config/Code/User/mcp.json";

#[tokio::test]
async fn one_entry_is_added_and_every_other_byte_stays() {
    let desk = Desk::new();
    let before = "\u{feff}{\r\n\t// mine\r\n\t\"servers\": {\r\n\t\t\"gh\": { \"command\": \"gh\" }, // keep\r\n\t},\r\n}";
    desk.put(VSCODE, before);
    let preview = desk.core.preview_connect(&prod(), &to("vscode"), super::PROGRAM).unwrap();
    assert_eq!((preview.others, preview.removed, preview.exists), (1, 0, true));
    assert!(
        preview.lines.iter().any(|line| line.kind == DiffKind::Added && line.text.contains("superset-keys"))
    );
    assert_eq!(desk.text(VSCODE), before, "a preview writes nothing");

    let written =
        desk.core.connect_client(&prod(), &to("vscode"), super::PROGRAM, Some(preview.seen)).await.unwrap();
    assert!(written.changed && written.backup.is_some());
    assert_eq!(
        desk.text(VSCODE),
        "\u{feff}{\r\n\t// mine\r\n\t\"servers\": {\r\n\t\t\"gh\": { \"command\": \"gh\" }, // keep\r\n\t\t\"superset\": {\r\n\t\t\t\"type\": \"stdio\",\r\n\t\t\t\"command\": \"/usr/bin/superset-keys\",\r\n\t\t\t\"args\": [\"bridge\", \"prod\"]\r\n\t\t},\r\n\t},\r\n}"
    );

    let again = desk.connect(&to("vscode")).await.unwrap();
    assert!(!again.changed && again.backup.is_none());
    assert_eq!(desk.core.list_backups("vscode").unwrap().len(), 1, "nothing written, nothing kept");

    desk.core.disconnect_client(&prod(), &to("vscode"), None).await.unwrap();
    assert_eq!(desk.text(VSCODE), before);
}

#[tokio::test]
async fn every_client_and_delivery_is_written_found_again_and_taken_out() {
    for client in CLIENTS.iter().filter(|client| client.file.is_some()) {
        for &delivery in Delivery::ALL {
            let desk = Desk::new();
            let request = by(client.id, delivery);
            let Ok(preview) = desk.core.preview_connect(&prod(), &request, super::PROGRAM) else { continue };
            let written = desk
                .connect(&request)
                .await
                .unwrap_or_else(|error| panic!("{} {delivery}: {error}", client.id));
            assert_eq!((&written.path, written.delivery), (&preview.path, Some(delivery)));
            let found = desk.core.find_clients(None).unwrap();
            let found = found.iter().find(|found| found.client == client.id).unwrap();
            let entries: Vec<_> = found.files.iter().flat_map(|file| &file.entries).collect();
            let [entry] = entries.as_slice() else { panic!("{} {delivery}: {found:#?}", client.id) };
            assert_eq!((&entry.instance, entry.delivery), (&prod(), Some(delivery)), "{}", client.id);
            desk.core.disconnect_client(&prod(), &to(client.id), None).await.unwrap();
            let found = desk.core.find_clients(None).unwrap();
            assert!(
                found.iter().flat_map(|found| &found.files).all(|file| file.entries.is_empty()),
                "{}",
                client.id
            );
        }
    }
}

#[tokio::test]
async fn an_entry_of_ours_changes_its_way_and_keeps_what_a_person_added() {
    let desk = Desk::new();
    desk.put(
        ".cursor/mcp.json",
        "{\"mcpServers\": {\"superset\": {\"url\": \"https://prod.example.com/mcp/\", \"headers\": {\"Authorization\": \"Bearer sst_old\"}, \"disabled\": true}}}",
    );
    desk.connect(&to("cursor")).await.unwrap();
    let bridged = desk.text(".cursor/mcp.json");
    assert!(bridged.contains("\"disabled\": true") && bridged.contains("superset-keys"), "{bridged}");
    assert!(
        !bridged.contains("sst_old") && !bridged.contains("https://"),
        "two answers in one entry: {bridged}"
    );

    desk.put(
        ".cursor/mcp.json",
        bridged.replace("\"disabled\": true", "\"env\": {\"HTTPS_PROXY\": \"http://p\"}"),
    );
    desk.connect(&with_key("cursor", "ci")).await.unwrap();
    let renewed = desk.text(".cursor/mcp.json");
    assert!(renewed.contains("HTTPS_PROXY") && renewed.contains("\"--key\", \"ci\""), "{renewed}");
}

#[tokio::test]
async fn two_instances_stand_side_by_side() {
    let desk = Desk::new();
    desk.connect(&to("codex")).await.unwrap();
    let second = desk.core.connect_client(&stage(), &to("codex"), super::PROGRAM, None).await.unwrap();
    assert_eq!(second.entry, "superset-stage");
    let file = desk.text(".codex/config.toml");
    assert!(
        file.contains("[mcp_servers.superset]") && file.contains("[mcp_servers.superset-stage]"),
        "{file}"
    );
    desk.core.disconnect_client(&prod(), &to("codex"), None).await.unwrap();
    let file = desk.text(".codex/config.toml");
    assert!(
        !file.contains("[mcp_servers.superset]") && file.contains("[mcp_servers.superset-stage]"),
        "{file}"
    );
}

#[tokio::test]
async fn a_project_has_a_file_of_its_own() {
    let desk = Desk::new();
    let project = desk.path("work");
    std::fs::create_dir(&project).unwrap();
    let written = desk.connect(&in_project("claude-code", &project)).await.unwrap();
    assert_eq!(written.path, "~/work/.mcp.json");
    assert!(desk.text("work/.mcp.json").contains("\"bridge\""));
    assert!(!desk.path(".claude.json").exists());
}

#[cfg(unix)]
#[tokio::test]
async fn links_are_followed_and_modes_kept() {
    let desk = Desk::new();
    let real = desk.put("dotfiles/mcp.json", "{}");
    super::set_mode(&real, 0o640);
    std::fs::create_dir(desk.path(".cursor")).unwrap();
    std::os::unix::fs::symlink("../dotfiles/mcp.json", desk.path(".cursor/mcp.json")).unwrap();
    desk.connect(&to("cursor")).await.unwrap();
    assert!(desk.path(".cursor/mcp.json").is_symlink());
    assert!(desk.text("dotfiles/mcp.json").contains("superset-keys"));
    assert_eq!(super::mode(&real), 0o640);
    // A link to what is not there yet.
    std::fs::create_dir_all(desk.path(".config/Code/User")).unwrap();
    std::os::unix::fs::symlink(desk.path("dotfiles/code.json"), desk.path(VSCODE)).unwrap();
    desk.connect(&to("vscode")).await.unwrap();
    assert!(desk.path(VSCODE).is_symlink());
    assert!(desk.text("dotfiles/code.json").contains("superset-keys"));
    assert_eq!(super::mode(&desk.path("dotfiles/code.json")), 0o600);
}

#[tokio::test]
async fn a_new_file_begins_with_what_its_client_asks_of_every_file() {
    const FILE: &str = ".continue/config.yaml";
    let desk = Desk::new();
    let preview = desk.core.preview_connect(&prod(), &to("continue"), super::PROGRAM).unwrap();
    assert!(preview.lines.iter().all(|line| line.kind == DiffKind::Added), "{preview:?}");
    let written = desk.connect(&to("continue")).await.unwrap();
    let text = desk.text(FILE);
    // Continue 1.5.47 stops where either is missing: "Failed to parse config: name: Required, version: Required".
    assert!(
        text.starts_with("name: ") && text.contains("\nversion: ") && text.contains("\nmcpServers:\n"),
        "{text}"
    );
    assert_eq!(preview.lines.len(), text.lines().count());
    let asks = |note: &SnippetNote| matches!(note, SnippetNote::AlsoNeeds { .. });
    assert!(!written.notes.iter().any(asks), "it needs nothing more: {:?}", written.notes);
    assert!(!desk.connect(&to("continue")).await.unwrap().changed);

    desk.put(FILE, "name: Mine\nversion: 0.0.1\n");
    desk.connect(&to("continue")).await.unwrap();
    assert!(desk.text(FILE).starts_with("name: Mine\nversion: 0.0.1\nmcpServers:\n"));
}

#[tokio::test]
async fn no_new_file_takes_the_place_of_an_older_one_that_is_in_use() {
    let desk = Desk::new();
    desk.put(".continue/config.json", r#"{ "models": [{ "title": "Mine" }] }"#);
    let refused = desk.connect(&to("continue")).await.unwrap_err();
    assert_eq!(
        (refused.code(), refused.params()["reason"].as_str()),
        (ErrorCode::WritingUnsupported, "older_file")
    );
    assert!(!desk.path(".continue/config.yaml").exists());
    desk.put(".continue/config.yaml", "name: Mine\nversion: 0.0.1\n");
    desk.connect(&to("continue")).await.unwrap();
}
