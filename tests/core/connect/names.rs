//! An entry's name, and names that are taken.

use super::{Desk, prod, stage, to};
use superset_keys_core::ErrorCode;
use superset_keys_core::actions::{ConnectRequest, IfTaken};

const THEIRS: &str = "{\"mcpServers\": {\"superset\": {\"url\": \"https://elsewhere.example.com/mcp\"}}}";

#[tokio::test]
async fn what_is_not_ours_is_only_touched_when_a_person_says_so() {
    let desk = Desk::new();
    desk.put(".cursor/mcp.json", THEIRS);
    let refused = desk.connect(&to("cursor")).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::EntryTaken);
    assert_eq!(refused.params()["entry"], "superset");
    assert_eq!(desk.text(".cursor/mcp.json"), THEIRS);

    let beside = ConnectRequest { if_taken: Some(IfTaken::Beside), ..to("cursor") };
    assert_eq!(desk.connect(&beside).await.unwrap().entry, "superset-prod");
    let both = desk.text(".cursor/mcp.json");
    assert!(both.contains("elsewhere.example.com") && both.contains("superset-prod"), "{both}");
    // From now on that is where ours is.
    assert!(!desk.connect(&to("cursor")).await.unwrap().changed);

    desk.put(".cursor/mcp.json", THEIRS);
    let replace = ConnectRequest { if_taken: Some(IfTaken::Replace), ..to("cursor") };
    assert_eq!(desk.connect(&replace).await.unwrap().entry, "superset");
    assert!(!desk.text(".cursor/mcp.json").contains("elsewhere"));
}

#[tokio::test]
async fn what_is_replaced_leaves_nothing_of_itself() {
    let desk = Desk::new();
    let theirs = r#"{"mcpServers": {"superset": {"command": "theirs", "args": [], "env": {"TOKEN": "hunter2"}, "cwd": "/theirs"}}}"#;
    desk.put(".cursor/mcp.json", theirs);
    let replace = ConnectRequest { if_taken: Some(IfTaken::Replace), ..to("cursor") };
    desk.connect(&replace).await.unwrap();
    let file = desk.text(".cursor/mcp.json");
    assert!(!file.contains("hunter2") && !file.contains("/theirs"), "{file}");
}

#[tokio::test]
async fn replacing_never_takes_the_place_of_another_instance() {
    let desk = Desk::new();
    desk.core.connect_client(&stage(), &to("cursor"), super::PROGRAM, None).await.unwrap();
    let with_theirs = desk.text(".cursor/mcp.json").replacen(
        "\"mcpServers\": {",
        "\"mcpServers\": {\n    \"superset-prod\": { \"command\": \"theirs\" },",
        1,
    );
    desk.put(".cursor/mcp.json", with_theirs);
    let refused = desk.connect(&to("cursor")).await.unwrap_err();
    assert_eq!(
        (refused.code(), refused.params()["entry"].as_str()),
        (ErrorCode::EntryTaken, "superset-prod")
    );
    let replace = ConnectRequest { if_taken: Some(IfTaken::Replace), ..to("cursor") };
    assert_eq!(desk.connect(&replace).await.unwrap().entry, "superset-prod");
    assert!(desk.text(".cursor/mcp.json").contains("\"stage\""), "{}", desk.text(".cursor/mcp.json"));
}

#[tokio::test]
async fn an_entry_is_ours_whatever_it_is_called() {
    let desk = Desk::new();
    let named = "{\"mcpServers\": {\"My dashboards\": {\"command\": \"/usr/bin/superset-keys\", \"args\": [\"bridge\", \"old-prod\"]}}}";
    desk.put(".cursor/mcp.json", named);
    let written = desk.connect(&to("cursor")).await.unwrap();
    assert_eq!(written.entry, "My dashboards");
    assert_eq!(desk.text(".cursor/mcp.json"), named.replace("old-prod", "prod"));
}

#[tokio::test]
async fn a_person_without_an_entry_is_told_so() {
    let desk = Desk::new();
    desk.put(".cursor/mcp.json", THEIRS);
    for (id, client) in [(prod(), "cursor"), (stage(), "codex")] {
        let refused = desk.core.disconnect_client(&id, &to(client), None).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::NotConnected);
    }
    assert_eq!(desk.text(".cursor/mcp.json"), THEIRS);
}
