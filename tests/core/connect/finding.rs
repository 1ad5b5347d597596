//! Which clients are here, and what uses a key.

use super::{Desk, KEY, by, prod, stage, to};
use superset_keys_core::ErrorCode;
use superset_keys_core::actions::{FileProblem, FoundClient};
use superset_keys_core::clients::Delivery;
use superset_keys_core::ids::ApiKeyId;

fn found(desk: &Desk, client: &str) -> FoundClient {
    desk.core.find_clients(None).unwrap().into_iter().find(|found| found.client == client).unwrap()
}

#[tokio::test]
async fn what_is_here_and_connected_is_told() {
    let desk = Desk::new();
    assert!(
        desk.core.find_clients(None).unwrap().iter().all(|found| !found.installed && found.undo.is_none())
    );
    desk.put(".cursor/mcp.json", "{\"mcpServers\": {\"a\": {}, \"b\": {}}}");
    desk.put(".codex/config.toml", "nonsense");
    desk.connect(&to("cursor")).await.unwrap();
    let cursor = found(&desk, "cursor");
    let [file] = cursor.files.as_slice() else { panic!("{cursor:#?}") };
    assert!(cursor.installed && file.exists && file.others == 2 && cursor.undo.is_some());
    let [entry] = file.entries.as_slice() else { panic!("{file:#?}") };
    assert_eq!(entry.key, Some(ApiKeyId::new("7-laptop")));
    assert!(entry.uses_default);
    let codex = found(&desk, "codex");
    assert!(
        matches!(codex.files[0].problem, Some(FileProblem::NotUnderstood { problem }) if problem.line == 1)
    );
}

#[tokio::test]
async fn a_key_knows_who_uses_it() {
    let desk = Desk::new();
    desk.connect(&to("cursor")).await.unwrap();
    desk.connect(&by("gemini", Delivery::Plaintext)).await.unwrap();
    desk.core.connect_client(&stage(), &to("codex"), super::PROGRAM, None).await.unwrap();
    let clients = |key: &str| {
        let uses = desk.core.clients_that_use(&prod(), &ApiKeyId::new(key)).unwrap();
        uses.into_iter().map(|client| client.client).collect::<Vec<_>>()
    };
    assert_eq!(clients("7-laptop"), ["cursor", "gemini"]);
    let project = desk.path("project");
    std::fs::create_dir(&project).unwrap();
    desk.connect(&super::in_project("vscode", &project)).await.unwrap();
    assert_eq!(clients("7-laptop"), ["cursor", "vscode", "gemini"]);
    std::fs::remove_dir_all(&project).unwrap();
    assert_eq!(clients("7-laptop"), ["cursor", "gemini"]);
    assert_eq!(clients("7-ci"), Vec::<String>::new());
    assert!(!format!("{:?}", desk.core.find_clients(None).unwrap()).contains(KEY));
}

#[cfg(unix)]
#[test]
fn a_link_in_a_project_opens_as_settings_or_not_at_all() {
    let desk = Desk::new();
    let of = |name: &str| {
        let project = desk.path("project");
        let file = project.join(".cursor/mcp.json");
        desk.put(&format!("project/{name}"), "no JSON");
        std::fs::create_dir_all(project.join(".cursor")).unwrap();
        let _ = std::fs::remove_file(&file);
        std::os::unix::fs::symlink(project.join(name), &file).unwrap();
        desk.core.find_client_file(&super::in_project("cursor", &project)).map_err(|error| error.code())
    };
    assert!(of("dots.json").is_ok());
    // macOS would run it in a terminal.
    assert_eq!(of("run.command"), Err(ErrorCode::NotOpened));
    assert_eq!(of("run"), Err(ErrorCode::NotOpened));
}
