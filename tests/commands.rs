//! The real command table on a runtime without a window.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

use serde_json::{Value, json};
use std::sync::Arc;
use superset_keys_core::clock::SystemNow;
use superset_keys_core::http::Timeouts;
use superset_keys_core::places::Places;
use superset_keys_core::secrets::MemoryStore;
use superset_keys_core::store::Store;
use superset_keys_core::{Core, CoreParts, SystemRandom};
use tauri::WebviewWindow;
use tauri::ipc::{CallbackFn, InvokeBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder, mock_context, noop_assets};
use tauri::webview::InvokeRequest;
use tempfile::TempDir;

struct App {
    window: WebviewWindow<MockRuntime>,
    home: TempDir,
    _running: tauri::App<MockRuntime>,
}

fn app() -> App {
    let home = tempfile::tempdir().unwrap();
    let core = Core::new(CoreParts {
        keychain: Arc::new(MemoryStore::default()),
        store: Store::new(Places::under(home.path())),
        timeouts: Timeouts::default(),
        now: Arc::new(SystemNow),
        random: Arc::new(SystemRandom),
        computer: superset_keys_core::places::Computer::default(),
    });
    let app = superset_keys_desktop::build(mock_builder(), Arc::new(core))
        .build(mock_context(noop_assets()))
        .unwrap();
    let window =
        tauri::WebviewWindowBuilder::new(&app, "main", tauri::WebviewUrl::default()).build().unwrap();
    App { window, home, _running: app }
}

impl App {
    fn call(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        let request = InvokeRequest {
            cmd: command.into(),
            callback: CallbackFn(0),
            error: CallbackFn(1),
            url: "tauri://localhost".parse().unwrap(),
            body: InvokeBody::Json(arguments),
            headers: tauri::http::HeaderMap::default(),
            invoke_key: INVOKE_KEY.to_string(),
        };
        get_ipc_response(&self.window, request).map(|answer| answer.deserialize::<Value>().unwrap())
    }

    fn code(&self, command: &str, arguments: Value) -> String {
        let refused = self.call(command, arguments).expect_err(command);
        refused["code"].as_str().unwrap_or_else(|| panic!("{command}: {refused}")).to_owned()
    }
}

#[test]
fn a_new_computer_has_no_instances_and_says_what_keeps_secrets() {
    let app = app();
    assert_eq!(app.call("list_instances", json!({})).unwrap(), json!([]));
    let keychain = app.call("keychain_state", json!({})).unwrap();
    assert_eq!(keychain["ready"], true);
    assert_eq!(
        app.call("list_clients", json!({})).unwrap().as_array().unwrap().len(),
        superset_keys_core::clients::CLIENTS.len()
    );
}

#[test]
fn refusals_are_codes_with_values() {
    let app = app();
    let refused = app.call("detect_instance", json!({"address": "ftp://x", "allowHttp": false})).unwrap_err();
    assert_eq!(refused, json!({"code": "invalid_address", "params": {"problem": "scheme"}}));
    let refused = app
        .call("detect_instance", json!({"address": "http://example.com", "allowHttp": false}))
        .unwrap_err();
    assert_eq!(refused, json!({"code": "insecure_address", "params": {"host": "example.com"}}));
    assert_eq!(app.code("list_keys", json!({"id": "nobody"})), "no_such_instance");
    assert_eq!(app.code("reveal_secret", json!({"id": "nobody", "key": "none"})), "no_such_instance");
    let new = json!({"address": "127.0.0.1:1", "name": null, "environment": "production", "mcp_url": null,
        "allow_http": false, "username": null});
    assert_eq!(app.code("add_instance", json!({"instance": new})), "unreachable");
    assert!(!app.home.path().join("config/state.json").exists(), "a refusal wrote something");
}

#[test]
fn every_command_of_the_table_is_there() {
    let app = app();
    for command in include_str!("../src-tauri/commands.txt").lines() {
        // Without its arguments each command answers, if only that one is missing.
        if let Err(refused) = app.call(command, json!({})) {
            let text = refused.to_string();
            assert!(!text.contains("not found"), "{command}: {text}");
        }
    }
    let unknown = app.call("no_such_command", json!({})).unwrap_err();
    assert!(unknown.to_string().contains("not found"), "{unknown}");
}

#[test]
fn only_what_a_scan_found_is_asked_about_or_moved() {
    let app = app();
    let place = json!({"key": 0, "spot": 0});
    assert_eq!(app.call("check_scanned_keys", json!({})).unwrap(), Value::Null);
    assert_eq!(app.call("move_scanned_key", place.clone()).unwrap(), Value::Null);
    assert_eq!(app.call("scan_keys", json!({})).unwrap()["keys"], json!([]));
    assert_eq!(app.call("move_scanned_key", place).unwrap(), Value::Null);
    assert_eq!(app.call("stop_scan", json!({})).unwrap(), Value::Null);
}

#[test]
fn a_folder_that_is_not_there_is_refused_and_not_made() {
    let app = app();
    let state = json!({"version": 1, "instances": [{"id": "00000000000000000000000000000001", "short_name": "test",
        "name": "Test", "url": "https://bi.example.com", "mcp_url": "https://bi.example.com/mcp", "keys": []}]});
    std::fs::create_dir_all(app.home.path().join("config")).unwrap();
    std::fs::write(app.home.path().join("config/state.json"), state.to_string()).unwrap();
    let missing = app.home.path().join("missing");
    let file = app.home.path().join("config/state.json");
    for (folder, problem) in [(&missing, "missing"), (&file, "no_folder")] {
        let params = json!({"path": folder, "problem": problem});
        let refused = json!({"code": "folder_unusable", "params": params});
        let request = json!({"client": "cursor", "key": null, "delivery": "bridge", "scope": "project", "project": folder});
        let arguments = json!({"id": "00000000000000000000000000000001", "request": request, "seen": "0"});
        for command in [
            "preview_connect",
            "connect_client",
            "preview_disconnect",
            "disconnect_client",
            "open_client_file",
        ] {
            assert_eq!(app.call(command, arguments.clone()).unwrap_err(), refused, "{command}");
        }
        assert_eq!(app.call("find_clients", json!({"project": folder})).unwrap_err(), refused);
        assert_eq!(app.call("scan_keys", json!({"folder": folder})).unwrap_err(), refused);
    }
    assert!(!missing.exists());
}

#[test]
fn only_a_clients_own_file_is_opened_and_only_if_it_is_there() {
    let app = app();
    let request = json!({"client": "cursor", "key": null, "delivery": null, "scope": "project", "project": app.home.path()});
    let refused =
        app.call("open_client_file", json!({"request": request, "path": "/etc/passwd"})).unwrap_err();
    assert_eq!(refused["code"], "client_file_unreadable");
    assert_eq!(refused["params"]["path"], json!(app.home.path().join(".cursor/mcp.json")));
    let request = json!({"client": "/etc/passwd", "key": null, "delivery": null});
    assert_eq!(app.code("open_client_file", json!({"request": request})), "no_such_client");
}

#[test]
fn a_password_never_comes_back() {
    let app = app();
    let canary = "canary-8d1f";
    let credentials = json!({"way": "password", "username": "jane", "password": canary, "stay": true});
    let refused = app.call("sign_in", json!({"id": "nobody", "credentials": credentials})).unwrap_err();
    assert!(!refused.to_string().contains(canary));
    let broken = json!({"way": "password", "username": 5, "password": canary});
    let refused = app.call("sign_in", json!({"id": "nobody", "credentials": broken})).unwrap_err();
    assert!(!refused.to_string().contains(canary), "{refused}");
}
