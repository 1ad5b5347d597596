//! Each place that a client reads is known, and which of them is written is told.

use super::{Desk, KEY, by, prod, to, with_key};
use serde_json::{Value, json};
use superset_keys_core::ErrorCode;
use superset_keys_core::actions::{Beside, ConnectRequest, FoundFile, LocationBeside};
use superset_keys_core::clients::{CLIENTS, Delivery, Scope, SnippetNote};
use superset_keys_core::ids::ApiKeyId;

/// An entry of the instance with the key in it, as many instructions have it.
fn with_key_in_it() -> Value {
    json!({ "type": "http", "url": "https://prod.example.com/mcp", "headers": { "Authorization": format!("Bearer {KEY}") } })
}

fn files(desk: &Desk, client: &str) -> Vec<FoundFile> {
    let found = desk.core.find_clients(None).unwrap();
    found.into_iter().find(|found| found.client == client).unwrap().files
}

fn told(desk: &Desk, request: &ConnectRequest) -> Vec<(String, Beside)> {
    let preview = desk.core.preview_connect(&prod(), request, super::PROGRAM).unwrap();
    preview.beside.into_iter().map(|LocationBeside { path, what, .. }| (path, what)).collect()
}

fn uses(desk: &Desk) -> Vec<String> {
    let uses = desk.core.clients_that_use(&prod(), &ApiKeyId::new("7-laptop")).unwrap();
    uses.into_iter().map(|one| one.path).collect()
}

#[tokio::test]
async fn what_claude_code_keeps_for_one_folder_is_known_and_changed_when_asked() {
    let desk = Desk::new();
    let project = desk.path("report");
    std::fs::create_dir_all(project.join("deep/.cache")).unwrap();
    std::fs::create_dir(project.join(".git")).unwrap();
    let folder = project.canonicalize().unwrap().display().to_string();
    desk.put(
        ".claude.json",
        json!({ "projects": { &*folder: { "mcpServers": { "superset": with_key_in_it() } }, "/other": {} } })
            .to_string(),
    );
    let local: Vec<_> =
        files(&desk, "claude-code").into_iter().filter(|file| file.scope == Scope::Local).collect();
    let [file] = local.as_slice() else { panic!("{local:#?}") };
    assert_eq!(
        (file.folder.as_deref(), file.entries[0].delivery),
        (Some(&*folder), Some(Delivery::Plaintext))
    );
    assert_eq!(uses(&desk), ["~/.claude.json"], "a revoke names it");

    let written = desk.connect(&to("claude-code")).await.unwrap();
    let [beside] = written.beside.as_slice() else { panic!("{written:#?}") };
    assert_eq!(
        (beside.what, beside.scope, beside.folder.as_deref()),
        (Beside::GoesFirst, Scope::Local, Some(&*folder))
    );
    assert!(desk.text(".claude.json").contains(KEY), "it was not asked for");

    // Claude Code names the folder by the top of its repository.
    let inside = project.join("deep").display().to_string();
    let request = ConnectRequest { scope: Scope::Local, project: Some(inside), ..to("claude-code") };
    let written = desk.connect(&request).await.unwrap();
    assert_eq!((written.folder.as_deref(), written.beside.len()), (Some(&*folder), 0));
    let file: Value = serde_json::from_str(&desk.text(".claude.json")).unwrap();
    let entry = &file["projects"][&folder]["mcpServers"]["superset"];
    assert_eq!(entry, &json!({ "type": "stdio", "command": super::PROGRAM, "args": ["bridge", "prod"] }));
    assert!(told(&desk, &to("claude-code")).is_empty(), "both say the same now");
    desk.core.disconnect_client(&prod(), &request, None).await.unwrap();
    assert!(files(&desk, "claude-code").iter().all(|file| file.scope != Scope::Local));
}

#[tokio::test]
async fn a_folder_that_is_gone_can_still_be_named() {
    let desk = Desk::new();
    desk.put(
        ".claude.json",
        json!({ "projects": { "/gone": { "mcpServers": { "superset": with_key_in_it() } } } }).to_string(),
    );
    let request = ConnectRequest { scope: Scope::Local, project: Some("/gone".into()), ..to("claude-code") };
    desk.connect(&request).await.unwrap();
    assert!(!desk.text(".claude.json").contains(KEY));
    let missing = ConnectRequest { project: Some("/never".into()), ..request };
    assert_eq!(desk.connect(&missing).await.unwrap_err().code(), ErrorCode::FolderUnusable);
    let no_such = ConnectRequest {
        client: "cursor".into(),
        project: Some(desk.path("").display().to_string()),
        ..missing
    };
    assert_eq!(desk.connect(&no_such).await.unwrap_err().code(), ErrorCode::ScopeUnsupported);
}

#[tokio::test]
async fn a_file_of_earlier_versions_that_is_read_first_is_the_one() {
    let desk = Desk::new();
    desk.put(".claude.json", json!({ "mcpServers": { "superset": with_key_in_it() } }).to_string());
    desk.put(".claude/.config.json", "{}");
    let written = desk.connect(&to("claude-code")).await.unwrap();
    assert_eq!(written.path, "~/.claude/.config.json");
    let other = files(&desk, "claude-code").into_iter().find(|file| file.path == "~/.claude.json").unwrap();
    assert!(!other.is_read, "{other:#?}");
}

#[tokio::test]
async fn each_profile_of_vs_code_is_told_and_can_be_written() {
    const PROFILE: &str = ".config/Code/User/profiles/-1f3a/mcp.json";
    let desk = Desk::new();
    let list = json!({ "userDataProfiles": [
        { "location": "-1f3a", "name": "Work" },
        { "location": "2b", "name": "Shares", "useDefaultFlags": { "mcp": true } } ] });
    desk.put(".config/Code/User/globalStorage/storage.json", list.to_string());
    desk.put(".config/Code/User/profiles/2b/settings.json", "{}");
    desk.put(PROFILE, json!({ "servers": { "mine": with_key_in_it() } }).to_string());
    let profile = files(&desk, "vscode").into_iter().find(|file| file.scope == Scope::Profile).unwrap();
    assert_eq!((profile.profile.as_deref(), profile.entries.len()), (Some("Work"), 1));
    assert_eq!(uses(&desk), [format!("~/{PROFILE}")]);
    assert_eq!(told(&desk, &to("vscode")), [(format!("~/{PROFILE}"), Beside::ReadInstead)]);
    let request = ConnectRequest { file: Some(format!("~/{PROFILE}")), ..to("vscode") };
    let written = desk.connect(&request).await.unwrap();
    assert_eq!((written.entry.as_str(), written.profile.as_deref()), ("mine", Some("Work")));
    assert!(!desk.text(PROFILE).contains(KEY) && !desk.path(".config/Code/User/mcp.json").exists());
    assert!(told(&desk, &to("vscode")).is_empty(), "it has the entry now");
}

#[tokio::test]
async fn what_variables_move_is_written_where_the_client_looks() {
    for (client, variables, path) in [
        ("copilot", &[("COPILOT_HOME", "~/c")] as &[_], "~/c/mcp-config.json"),
        ("gemini", &[("GEMINI_CLI_HOME", "~/g")], "~/g/.gemini/settings.json"),
        ("opencode", &[("OPENCODE_CONFIG", "~/o.json")], "~/o.json"),
        ("codex", &[("CODEX_HOME", "~/x")], "~/x/config.toml"),
        ("claude-code", &[("CLAUDE_CONFIG_DIR", "~/cc")], "~/cc/.claude.json"),
        ("qwen", &[("QWEN_HOME", "~/q")], "~/q/settings.json"),
        ("droid", &[("FACTORY_HOME_OVERRIDE", "~/d")], "~/d/.factory/mcp.json"),
        ("kilo", &[("KILO_CONFIG", "~/k.json")], "~/k.json"),
        ("cline", &[("CLINE_DIR", "~/l")], "~/l/data/settings/cline_mcp_settings.json"),
        ("cline", &[("CLINE_DIR", "~/l"), ("CLINE_DATA_DIR", "~/m")], "~/m/settings/cline_mcp_settings.json"),
        ("cline", &[("CLINE_MCP_SETTINGS_PATH", "~/n.json")], "~/n.json"),
        ("continue", &[("CONTINUE_GLOBAL_DIR", "~/n")], "~/n/config.yaml"),
        ("goose", &[("GOOSE_PATH_ROOT", "~/r")], "~/r/config/config.yaml"),
        ("crush", &[("CRUSH_GLOBAL_CONFIG", "~/r")], "~/r/crush.json"),
        ("amp", &[("AMP_SETTINGS_FILE", "~/a.json")], "~/a.json"),
        ("mcporter", &[("MCPORTER_CONFIG", "~/p.json")], "~/p.json"),
        ("mcporter", &[("XDG_CONFIG_HOME", "~/xdg")], "~/xdg/mcporter/mcporter.json"),
        ("lm-studio", &[("LMSTUDIO_HOME", "~/s")], "~/s/mcp.json"),
        ("vscode", &[("XDG_CONFIG_HOME", "~/xdg")], "~/xdg/Code/User/mcp.json"),
        ("vscode", &[("VSCODE_PORTABLE", "~/v")], "~/v/user-data/User/mcp.json"),
        // A relative path means nothing here, and an empty one is none.
        ("gemini", &[("GEMINI_CLI_HOME", "g")], "~/.gemini/settings.json"),
        ("copilot", &[("COPILOT_HOME", "")], "~/.copilot/mcp-config.json"),
    ] {
        let desk = Desk::with_variables(variables);
        let written = desk.connect(&to(client)).await.unwrap();
        assert_eq!(written.path, path, "{client} {variables:?}");
        let found = files(&desk, client);
        let entries: Vec<_> = found.iter().filter(|file| !file.entries.is_empty()).collect();
        assert!(entries.len() == 1 && entries[0].path == path, "{client}: {found:#?}");
        desk.core.disconnect_client(&prod(), &to(client), None).await.unwrap();
    }
}

#[tokio::test]
async fn of_several_files_that_are_merged_the_one_that_goes_first_is_told() {
    let desk = Desk::new();
    desk.put(
        ".opencode/opencode.json",
        json!({ "mcp": { "superset": { "type": "local", "command": ["theirs"] } } }).to_string(),
    );
    desk.put(".config/opencode/opencode.json", "{}");
    let request = ConnectRequest { file: Some("~/.config/opencode/opencode.json".into()), ..to("opencode") };
    assert_eq!(told(&desk, &request), [("~/.opencode/opencode.json".to_owned(), Beside::GoesFirst)]);
    desk.connect(&request).await.unwrap();
    let ours = files(&desk, "opencode").into_iter().find(|file| !file.entries.is_empty()).unwrap();
    assert_eq!(ours.entries[0].hidden_by.as_deref(), Some("~/.opencode/opencode.json"));
}

#[tokio::test]
async fn a_project_s_entry_of_the_same_name_goes_first_where_one_is() {
    for (client, inside) in
        [("droid", ".factory/mcp.json"), ("claude-code", ".mcp.json"), ("gemini", ".gemini/settings.json")]
    {
        let desk = Desk::new();
        desk.put(
            &format!("work/{inside}"),
            json!({ "mcpServers": { "superset": { "command": "theirs" } } }).to_string(),
        );
        let here = |folder: &str| {
            std::fs::create_dir_all(desk.path(folder)).unwrap();
            ConnectRequest { project: Some(desk.path(folder).display().to_string()), ..to(client) }
        };
        let expected = (format!("~/work/{inside}"), Beside::GoesFirst);
        assert_eq!(told(&desk, &here("work")), std::slice::from_ref(&expected), "{client}");
        // Some look into the folders above, too.
        let above = if client == "gemini" { vec![] } else { vec![expected] };
        assert_eq!(told(&desk, &here("work/deep")), above, "{client}");
        assert!(told(&desk, &here("elsewhere")).is_empty(), "{client}");
    }
}

#[tokio::test]
async fn what_only_another_installation_reads_is_written_there() {
    let flatpak = ".var/app/com.visualstudio.code/config/Code/User";
    let desk = Desk::new();
    std::fs::create_dir_all(desk.path(flatpak)).unwrap();
    let written = desk.connect(&to("vscode")).await.unwrap();
    assert_eq!(written.path, format!("~/{flatpak}/mcp.json"));
    let file: Value = serde_json::from_str(&desk.text(&format!("{flatpak}/mcp.json"))).unwrap();
    assert_eq!(
        file["servers"]["superset"],
        json!({ "type": "stdio", "command": "flatpak-spawn", "args": ["--host", super::PROGRAM, "bridge", "prod"] })
    );
    assert!(written.notes.contains(&SnippetNote::StartedOutsideSandbox));
    let found = desk.core.find_clients(None).unwrap();
    assert!(found.iter().any(|found| found.client == "vscode" && found.installed));
    assert_eq!(uses(&desk), std::slice::from_ref(&written.path), "what it starts is known again");

    // With the usual one beside it, each is told of.
    std::fs::create_dir_all(desk.path(".config/Code/User")).unwrap();
    std::fs::create_dir_all(desk.path(".config/VSCodium/User")).unwrap();
    let preview = desk.core.preview_connect(&prod(), &to("vscode"), super::PROGRAM).unwrap();
    assert_eq!(preview.path, "~/.config/Code/User/mcp.json");
    assert_eq!(
        told(&desk, &to("vscode")),
        [("~/.config/VSCodium/User/mcp.json".to_owned(), Beside::ReadInstead)],
        "the Flatpak has the entry"
    );
    let zed = Desk::new();
    std::fs::create_dir_all(zed.path(".var/app/dev.zed.Zed/config/zed")).unwrap();
    assert_eq!(
        zed.connect(&to("zed")).await.unwrap().path,
        "~/.var/app/dev.zed.Zed/config/zed/settings.json"
    );
}

#[tokio::test]
async fn a_snap_is_told_where_our_folders_are() {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.path("snap/code/current/.config/Code/User")).unwrap();
    desk.connect(&to("vscode")).await.unwrap();
    let file = desk.text("snap/code/current/.config/Code/User/mcp.json");
    let folder = desk.path(".config/superset-keys").display().to_string();
    assert!(file.contains("--config-folder") && file.contains(&folder), "{file}");
}

#[tokio::test]
async fn lm_studio_s_home_is_where_it_says() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path(".lmstudio")).unwrap();
    assert_eq!(desk.connect(&to("lm-studio")).await.unwrap().path, "~/.lmstudio/mcp.json");
    std::fs::create_dir_all(desk.path(".cache/lm-studio")).unwrap();
    let preview =
        |desk: &Desk| desk.core.preview_connect(&prod(), &to("lm-studio"), super::PROGRAM).unwrap().path;
    assert_eq!(preview(&desk), "~/.cache/lm-studio/mcp.json");
    desk.put(".lmstudio-home-pointer", format!("{}\n", desk.path("models").display()));
    assert_eq!(preview(&desk), "~/models/mcp.json");
}

#[tokio::test]
async fn what_clients_still_read_is_known_and_never_written() {
    let desk = Desk::new();
    let older = ".config/Code/User/globalStorage/kilocode.kilo-code/settings/mcp_settings.json";
    desk.put(older, json!({ "mcpServers": { "superset": with_key_in_it() } }).to_string());
    assert_eq!(uses(&desk), [format!("~/{older}")]);
    let request = ConnectRequest { file: Some(format!("~/{older}")), ..to("kilo") };
    let error = desk.connect(&request).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::WritingUnsupported);
    let request = ConnectRequest { file: Some("~/elsewhere.json".into()), ..to("kilo") };
    assert_eq!(desk.connect(&request).await.unwrap_err().code(), ErrorCode::WritingUnsupported);
    assert!(desk.text(older).contains(KEY));
}

#[test]
fn every_place_of_the_table_is_one() {
    let desk = Desk::new();
    let project = desk.path("project");
    for client in CLIENTS {
        for location in client.locations {
            for text in [location.linux, location.macos, location.windows] {
                let is_project = text.starts_with("<project>/");
                assert_eq!(is_project, location.scope == Scope::Project, "{} {text}", client.id);
                assert!(!text.contains("//") && !text.ends_with(['/', '\\']), "{} {text}", client.id);
            }
        }
        let places = client.all_located(
            &superset_keys_core::places::Computer { home: desk.path(""), ..Default::default() },
            Some(&project),
        );
        for (at, place) in places.iter().enumerate() {
            assert!(
                !places[..at].iter().any(|other| other.is_same(place)),
                "{}: {place:#?} twice",
                client.id
            );
        }
    }
}

#[tokio::test]
async fn the_key_named_is_kept_at_each_place() {
    let desk = Desk::new();
    let project = desk.path("report");
    std::fs::create_dir(&project).unwrap();
    let request = ConnectRequest {
        scope: Scope::Local,
        project: Some(project.display().to_string()),
        delivery: Some(Delivery::Helper),
        ..with_key("claude-code", "ci")
    };
    desk.connect(&request).await.unwrap();
    desk.connect(&by("claude-code", Delivery::Bridge)).await.unwrap();
    let local = files(&desk, "claude-code").into_iter().find(|file| file.scope == Scope::Local).unwrap();
    assert_eq!(
        (local.entries[0].key.as_ref(), local.entries[0].delivery),
        (Some(&ApiKeyId::new("7-ci")), Some(Delivery::Helper))
    );
}

#[tokio::test]
async fn an_entry_is_changed_and_taken_out_where_it_stands_and_what_is_left_is_told() {
    let desk = Desk::new();
    desk.put(".config/opencode/opencode.json", "{}");
    desk.connect(&to("opencode")).await.unwrap();
    // It goes first, and is what a new entry would be written to.
    desk.put(".config/opencode/opencode.jsonc", "{}");
    let written = desk.connect(&with_key("opencode", "ci")).await.unwrap();
    assert_eq!(written.path, "~/.config/opencode/opencode.json");
    desk.core.disconnect_client(&prod(), &to("opencode"), None).await.unwrap();
    assert!(files(&desk, "opencode").iter().all(|file| file.entries.is_empty()));

    desk.put(
        ".claude.json",
        json!({ "projects": { "/work": { "mcpServers": { "superset": with_key_in_it() } } } }).to_string(),
    );
    desk.connect(&to("claude-code")).await.unwrap();
    let left = desk.core.disconnect_client(&prod(), &to("claude-code"), None).await.unwrap();
    let [still] = left.beside.as_slice() else { panic!("{left:#?}") };
    assert_eq!((still.what, still.folder.as_deref()), (Beside::StillConnects, Some("/work")));
}

#[test]
fn every_variable_that_moves_a_file_is_documented() {
    let docs = include_str!("../../../docs/clients.md");
    for variable in superset_keys_core::clients::variables() {
        assert!(docs.contains(&format!("`{variable}`")), "{variable}");
    }
}

#[test]
fn what_is_only_read_is_listed_for_an_entry_of_ours_alone() {
    let desk = Desk::new();
    desk.put(".config/Code/User/settings.json", "{ broken");
    let paths = |desk: &Desk| files(desk, "vscode").into_iter().map(|file| file.path).collect::<Vec<_>>();
    assert_eq!(paths(&desk), ["~/.config/Code/User/mcp.json"]);
    desk.put(
        ".config/Code/User/settings.json",
        json!({ "mcp": { "servers": { "s": with_key_in_it() } } }).to_string(),
    );
    assert_eq!(paths(&desk), ["~/.config/Code/User/mcp.json", "~/.config/Code/User/settings.json"]);
}
