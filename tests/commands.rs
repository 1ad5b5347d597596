//! The real command table on a runtime without a window.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use superset_keys_core::clock::SystemNow;
use superset_keys_core::ids::{ApiKeyId, SecretId};
use superset_keys_core::places::{Computer, Places};
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::{MemoryStore, SecretStore};
use superset_keys_core::store::Store;
use superset_keys_core::{Core, CoreParts, SystemRandom, TimeoutsWanted};
use superset_keys_desktop::AppVault;
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
    app_with(MemoryStore::default())
}

fn app_with(keychain: MemoryStore) -> App {
    let home = tempfile::tempdir().unwrap();
    let person = home.path().join("person");
    let places = Places::under(home.path());
    let vault = AppVault::new(&places);
    let core = Core::with_vault(
        CoreParts {
            keychain: Arc::new(keychain),
            store: Store::new(places),
            timeouts: TimeoutsWanted::default(),
            now: Arc::new(SystemNow),
            random: Arc::new(SystemRandom),
            computer: Computer { home: person, ..Computer::default() },
        },
        vault.store(),
    );
    let mut app = superset_keys_desktop::build(mock_builder(), Arc::new(core), vault)
        .build(mock_context(noop_assets()))
        .unwrap();
    // Set up as the real one is, without a loop of events.
    #[allow(deprecated)]
    app.run_iteration(|_, _| {});
    let window =
        tauri::WebviewWindowBuilder::new(&app, "main", tauri::WebviewUrl::default()).build().unwrap();
    App { window, home, _running: app }
}

/// Whole, as our programs write: the app looks as soon as there is something.
fn put(path: &Path, text: &str) {
    let beside = path.with_extension("beside");
    std::fs::write(&beside, text).unwrap();
    std::fs::rename(beside, path).unwrap();
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
    put(&app.home.path().join("config/state.json"), &state.to_string());
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

#[test]
fn a_locked_app_hands_nothing_out_until_it_is_unlocked() {
    let app = app();
    let not = json!({"id": "nobody", "key": "none"});
    assert_eq!(app.call("lock_state", json!({})).unwrap()["locked"], Value::Null);
    assert_eq!(
        app.code(
            "sign_in",
            json!({"id": "nobody", "credentials": {"way": "api_key", "key": "sst_x", "stay": false}})
        ),
        "no_such_instance"
    );
    let outcome = app.call("lock_app", json!({"discard": false})).unwrap();
    assert_eq!((&outcome["outcome"], &outcome["view"]["reason"]), (&json!("locked"), &json!("by_hand")));
    for (command, arguments) in [
        (
            "sign_in",
            json!({"id": "nobody", "credentials": {"way": "api_key", "key": "sst_x", "stay": false}}),
        ),
        ("detect_instance", json!({"address": "http://127.0.0.1:1", "allowHttp": false})),
        ("create_key", json!({"id": "nobody", "wanted": {"name": "x"}, "keep": "memory"})),
    ] {
        assert_eq!(app.code(command, arguments), "app_locked", "{command}");
    }
    assert_ne!(app.call("lock_state", json!({})).unwrap()["locked"], Value::Null);
    assert_eq!(app.call("unlock_app", json!({})).unwrap()["locked"], Value::Null);
    assert_eq!(app.code("reveal_secret", not), "no_such_instance");
}

/// Whatever stands where on this computer: in the keychain, in a client's file, in a file that a scan reads.
#[test]
#[allow(clippy::too_many_lines, reason = "a table: what each command is asked with")]
fn one_command_alone_answers_a_plaintext() {
    const KEY: &str = "sst_canary-9Xw2Lm4Qt7Rv1Zb5Nc8Hd3Jf6Kg0Ps2Ty4Ua9V";
    const SIGNING: &str = "canary-3Kd8Vn1Yb6Xq4Zt9Mf2Rw7Lh5Pc0Gs";
    const PASSPHRASE: &str = "canary-Wx5Kd8Yt2Qm7Jb4Nf6Zr1Hs9";
    const OAUTH: &str = "canary-Pq7Wn3Zt5Vb9Xc1Ld8Rf4Kg6";
    const INSTANCE: &str = "00000000000000000000000000000001";
    let keychain = MemoryStore::default();
    let id = SecretId::api_key(&String::from(INSTANCE).into(), &ApiKeyId::new("key-1"));
    keychain.set(&id, &Secret::new(KEY)).unwrap();
    let signing = SecretId::signing_secret(&String::from(INSTANCE).into());
    keychain.set(&signing, &Secret::new(SIGNING)).unwrap();
    for name in [SecretId::oauth_access, SecretId::oauth_refresh, SecretId::oauth_client_secret] {
        keychain.set(&name(&String::from(INSTANCE).into()), &Secret::new(OAUTH)).unwrap();
    }
    let app = app_with(keychain);
    let state = json!({"version": 1, "instances": [{"id": INSTANCE, "short_name": "test", "name": "Test",
        "url": "http://127.0.0.1:1/", "mcp_url": "http://127.0.0.1:1/mcp", "default_key": "key-1",
        "signing": {"issuer": "a", "audience": "b", "since": "2026-11-20T20:56:50Z", "stored": "keychain"},
        "oauth": {"id": "1", "issuer": "http://127.0.0.1:1", "client_id": "keys", "has_secret": true, "grant": "code",
            "scopes": [], "resource": "http://127.0.0.1:1/mcp", "since": "2026-11-20T20:56:50Z",
            "signed_in": {"subject": "jane", "at": "2026-11-20T20:56:50Z", "renews": true}}, "keys": [
            {"id": "key-1", "alias": "laptop", "name": "Laptop", "hint": "sst_…Ua9V",
             "stored_at": "2026-11-20T20:56:50Z", "stored": true}]}]});
    let work = app.home.path().join("work");
    for (path, text) in [
        (app.home.path().join("config/state.json"), state.to_string()),
        (
            app.home.path().join("person/.cursor/mcp.json"),
            json!({"mcpServers": {"superset": {"url": "http://127.0.0.1:1/mcp",
                "headers": {"Authorization": format!("Bearer {KEY}")}},
                "other": {"command": "other", "args": ["--key", KEY]}}})
            .to_string(),
        ),
        (work.join(".env"), format!("SUPERSET_API_KEY={KEY}\n")),
    ] {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        put(&path, &text);
    }
    let request =
        |delivery: &str| json!({"client": "cursor", "key": "key-1", "delivery": delivery, "form": "config"});
    let credentials = json!({"way": "api_key", "key": KEY, "stay": true});
    let new = json!({"address": "127.0.0.1:1", "name": "New", "environment": "production", "mcp_url": null,
        "allow_http": false, "username": null});
    let page = json!({"title": "a word", "text": "a word"});
    // A command takes what it knows of these.
    let everything = |delivery: &str| {
        json!({"id": INSTANCE, "key": "key-1", "keys": ["key-1"], "address": "127.0.0.1:1", "allowHttp": true, "instance": new,
            "name": "test", "forgetKeys": false, "typed": "http://127.0.0.1:1/mcp", "credentials": credentials,
            "wanted": {"name": "New"}, "keep": "keychain", "wrong": "key-1", "client": "cursor",
            "request": request(delivery), "seen": "0", "intent": "none", "title": "a word", "project": null, "folder": work, "text": "a word",
            "rotation": "none", "change": {"kind": "keep_both"}, "on": true, "trustDatabase": false, "user": 7, "dialect": "postgresql", "username": "somebody", "active": false,
            "guard": {"allow": ["read"], "deny": []}, "access": {"kind": "signed", "subject": "jane"}, "server": null,
            "signing": {"replace": false, "secret": SIGNING}, "pasted": {"token": null}, "moving": {},
            "issuer": "http://127.0.0.1:1", "oauth": {"issuer": "http://127.0.0.1:1", "client_secret": OAUTH},
            "pages": {"done": page, "refused": page, "unknown": page}})
    };
    // Those open a window of the system's, or take away what the others are asked about.
    let last = ["forget_secret", "remove_instance"];
    let dialogs = [
        "choose_folder",
        "choose_export",
        "choose_file",
        "export_audit",
        "export_record",
        "open_client_file",
        "open_list_folder",
        "close_window",
        "notify",
        "sign_in_in_browser",
    ];
    // A person who runs this keeps what is on their clipboard.
    let has_screen = cfg!(not(target_os = "linux"))
        || ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    let is_left_out = |name: &&str| dialogs.contains(name) || (has_screen && name.starts_with("copy_"));
    let commands = include_str!("../src-tauri/commands.txt").lines();
    let asked = commands.filter(|name| !last.contains(name) && !is_left_out(name)).chain(last);
    let mut telling = Vec::new();
    for command in asked {
        for delivery in ["plaintext", "bridge"] {
            let mut arguments = everything(delivery);
            let of_the_vault = json!({"passphrase": {"text": PASSPHRASE}, "old": {"text": PASSPHRASE},
                "next": {"text": PASSPHRASE}, "to": "vault", "store": "vault", "path": work.join("out.vault")});
            arguments.as_object_mut().unwrap().extend(of_the_vault.as_object().unwrap().clone());
            match command {
                "move_scanned_key" => (arguments["key"], arguments["spot"]) = (json!(0), json!(0)),
                "make_audit_dataset" => arguments["database"] = json!(1),
                "mint_token" => arguments["wanted"] = json!({"user": "jane", "hours": 1, "scope": null}),
                "change_vault_passphrase" => arguments["wanted"] = json!({"text": PASSPHRASE}),
                "lock_app" => arguments["discard"] = json!(false),
                "embed_dashboard" | "end_embedding" => {
                    (arguments["dashboard"], arguments["sites"]) = (json!(7), json!(["https://a.example"]));
                    arguments["anySite"] = json!(false);
                }
                "check_embedding" => {
                    (arguments["dashboard"], arguments["site"]) = (json!(7), json!("https://a.example"));
                }
                "embedding_snippet" => {
                    (arguments["dashboard"], arguments["wanted"]) = (json!(7), json!("html"));
                    arguments["look"] = json!({"hide_title": true, "filters_open": false});
                }
                "make_minter" => {
                    arguments["wanted"] = json!({"role": "Guest minter", "username": "embed", "key_name": "New",
                        "expires": {"kind": "never"}});
                }
                "list_datasets" => arguments["dashboard"] = json!(7),
                "mint_guest_token" | "prove_rows" => arguments["wanted"] = json!({"dashboard": 7}),
                "open_preview" => {
                    arguments["wanted"] = json!({"dashboard": 7});
                    let mut words = json!({"refused": {}});
                    for name in ["heading", "note", "waiting", "shown", "silent", "no_token"] {
                        words[name] = json!("a word");
                    }
                    for name in [
                        "not_there",
                        "site_not_listed",
                        "frame_ancestors",
                        "frame_options",
                        "page_missing",
                        "token_refused",
                        "role_missing",
                        "role_lacks_user",
                        "role_lacks_dashboard",
                        "role_lacks_chart",
                    ] {
                        words["refused"][name] = json!("a word");
                    }
                    arguments["words"] = words;
                }
                "note_notified" => arguments["reminder"] = json!("week"),
                "set_setting" => arguments["name"] = json!("clipboard-seconds"),
                _ => {}
            }
            let answer = match app.call(command, arguments) {
                Ok(answer) => answer.to_string(),
                Err(refused) => refused.to_string(),
            };
            let is_earnest = !answer.contains("invalid args") && !answer.contains("state not managed");
            assert!(is_earnest, "{command} was not asked in earnest: {answer}");
            let holds_another = [&SIGNING[7..], &OAUTH[7..], &PASSPHRASE[7..], "eyJ"]
                .iter()
                .any(|secret| answer.contains(secret));
            assert!(!holds_another, "{command}: {answer}");
            if answer.contains(&KEY[8..]) && !telling.contains(&command) {
                telling.push(command);
            }
        }
    }
    assert_eq!(telling, ["reveal_secret"]);
}
