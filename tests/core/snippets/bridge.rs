//! The bridge: every client starts our program, in its own shape, and is given no secret.

use super::*;

/// A client's configuration of the bridge, as JSON whatever it was written in.
fn entry(client: &str, given: &Given, platform: Platform) -> Value {
    let client = find(client).unwrap();
    let snippet = client.snippet(&given.entry(Delivery::Bridge), SnippetForm::Config, platform).unwrap();
    entry_in(client, snippet.text.expose())
}

/// The program and its arguments, as one list.
fn words_of(entry: &Value) -> Vec<String> {
    let list = |value: &Value| match value {
        Value::Array(words) => words.iter().map(|word| word.as_str().unwrap().to_owned()).collect(),
        Value::String(word) => vec![word.clone()],
        _ => Vec::new(),
    };
    ["command", "cmd", "args"].iter().flat_map(|key| list(&entry[key])).collect()
}

fn notes(
    client: &str,
    given: &Given,
    delivery: Delivery,
    form: SnippetForm,
    platform: Platform,
) -> Vec<String> {
    let snippet = find(client).unwrap().snippet(&given.entry(delivery), form, platform).unwrap();
    snippet.notes.iter().map(code).collect()
}

#[test]
fn each_client_is_told_what_to_start_in_its_own_shape() {
    let given = Given::usual();
    let program = "/usr/bin/superset-keys";
    let args = ["bridge", "production", "--key", "laptop"];
    let bare = json!({ "command": program, "args": args });
    let typed = json!({ "type": "stdio", "command": program, "args": args });
    for (client, expected) in [
        ("claude-code", &typed),
        ("vscode", &typed),
        ("claude-desktop", &bare),
        ("cursor", &bare),
        ("gemini", &bare),
        ("codex", &bare),
        ("zed", &bare),
        ("crush", &typed),
    ] {
        assert_eq!(&entry(client, &given, Platform::Macos), expected, "{client}");
    }
    let one = json!({ "type": "local", "command": ["/usr/bin/superset-keys", "bridge", "production", "--key", "laptop"], "enabled": true });
    assert_eq!(entry("opencode", &given, Platform::Macos), one);
    assert_eq!(entry("goose", &given, Platform::Macos)["cmd"], program);
    assert_eq!(entry("continue", &given, Platform::Macos), typed, "in a list, each names itself");
}

#[test]
fn codex_on_linux_passes_on_where_the_keychain_is() {
    let given = Given::usual();
    let passed = entry("codex", &given, Platform::Linux)["env_vars"].clone();
    assert!(passed.as_array().unwrap().contains(&json!("DBUS_SESSION_BUS_ADDRESS")), "{passed}");
    for platform in [Platform::Macos, Platform::Windows] {
        assert_eq!(entry("codex", &given, platform)["env_vars"], Value::Null);
    }
    // Its command cannot say that, so the person is told.
    let said = |form, platform| notes("codex", &given, Delivery::Bridge, form, platform);
    let note = "config_passes_variables".to_owned();
    assert!(said(SnippetForm::Command, Platform::Linux).contains(&note));
    assert!(!said(SnippetForm::Command, Platform::Macos).contains(&note));
    assert!(!said(SnippetForm::Config, Platform::Linux).contains(&note));
}

#[test]
fn links_carry_the_whole_entry() {
    let given = Given::usual();
    let link = Url::parse(&given.text("cursor", Delivery::Bridge, SnippetForm::Link)).unwrap();
    let query: std::collections::HashMap<_, _> = link.query_pairs().into_owned().collect();
    assert_eq!(query["name"], "superset");
    let carried: Value = serde_json::from_slice(&BASE64_STANDARD.decode(&query["config"]).unwrap()).unwrap();
    assert_eq!(carried, entry("cursor", &given, Platform::Linux));

    let link = given.text("vscode", Delivery::Bridge, SnippetForm::Link);
    let mut carried: Value =
        serde_json::from_str(&decode(link.strip_prefix("vscode:mcp/install?").unwrap())).unwrap();
    assert_eq!(carried.as_object_mut().unwrap().remove("name"), Some("superset".into()));
    assert_eq!(carried, entry("vscode", &given, Platform::Linux));
}

#[test]
fn what_is_said_about_headers_and_node_is_not_said_of_the_bridge() {
    let given = Given::usual();
    let said = |client, delivery| notes(client, &given, delivery, SnippetForm::Config, Platform::Linux);
    let expect = |client, delivery, note: &str, there| {
        let notes = said(client, delivery);
        assert_eq!(notes.iter().any(|one| one == note), there, "{client} {delivery} {note}: {notes:?}");
    };
    for delivery in [Delivery::Bridge, Delivery::Variable] {
        let header = delivery != Delivery::Bridge;
        expect("cursor", delivery, &code(&SnippetNote::OauthMetadataMayDropHeader), header);
    }
    expect("claude-desktop", Delivery::Bridge, "needs_node", false);
    expect("claude-desktop", Delivery::Bridge, "restart_needed", true);
    expect("claude-desktop", Delivery::Plaintext, "needs_node", true);
}

#[test]
fn an_address_in_the_open_is_pointed_out() {
    let given = Given::new("http://superset.internal/mcp", KEY);
    let notes = notes("cursor", &given, Delivery::Bridge, SnippetForm::Config, Platform::Linux);
    assert!(notes.contains(&"not_encrypted".to_owned()), "{notes:?}");
}

#[test]
fn a_program_that_a_build_left_is_pointed_out() {
    for (program, built) in [
        ("/usr/bin/superset-keys", false),
        ("/home/jane/release/bin/superset-keys", false),
        ("/home/jane/superset-keys/target/debug/superset-keys", true),
        ("/tmp/elsewhere/release/superset-keys", true),
    ] {
        let mut given = Given::usual();
        given.bridge.program = program.into();
        given.helper.program = program.into();
        for delivery in [Delivery::Bridge, Delivery::Helper] {
            let notes = notes("claude-code", &given, delivery, SnippetForm::Config, Platform::Linux);
            assert_eq!(notes.contains(&"program_in_build_folder".to_owned()), built, "{program}: {notes:?}");
        }
        let others = notes("claude-code", &given, Delivery::Variable, SnippetForm::Config, Platform::Linux);
        assert!(!others.contains(&"program_in_build_folder".to_owned()));
    }
}

#[test]
fn a_space_in_a_path_is_pointed_out_on_windows_alone() {
    let mut given = Given::usual();
    let said = |given: &Given, platform| {
        notes("claude-desktop", given, Delivery::Bridge, SnippetForm::Config, platform)
            .contains(&"space_in_path_on_windows".to_owned())
    };
    assert!(!said(&given, Platform::Windows));
    given.bridge.program = r"C:\Program Files\Superset Keys\superset-keys.exe".into();
    assert!(said(&given, Platform::Windows));
    assert!(!said(&given, Platform::Macos));
    let command = entry("claude-desktop", &given, Platform::Windows)["command"].clone();
    assert_eq!(command, given.bridge.program, "no quotes of ours: clients add what they need");
}

#[cfg(unix)]
#[test]
fn a_client_starts_the_program_with_these_very_words_whatever_its_path() {
    use super::in_a_real_shell::{PATHS, our_program_in, run, words};

    for name in PATHS {
        let folder = tempfile::tempdir().unwrap();
        let program = our_program_in(&folder.path().join(name));
        let program = program.to_str().unwrap();
        let mut given = Given::usual();
        given.bridge.program = program.into();
        given.bridge.args =
            ["--home", "it's $HOME", "bridge", "production", "--key", "a*"].map(String::from).into();
        let args = given.bridge.args.as_slice();

        for client in CLIENTS.iter().filter(|client| client.file.is_some()) {
            if client.can_take(Delivery::Bridge).is_err() {
                continue;
            }
            let started = words_of(&entry(client.id, &given, Platform::Linux));
            let output = std::process::Command::new(&started[0]).args(&started[1..]).output().unwrap();
            assert_eq!(words(&output.stdout), args, "{}", client.id);
        }

        let command = |client| run(&given.text(client, Delivery::Bridge, SnippetForm::Command), "");
        let told = |head: &[&str]| -> Vec<String> {
            head.iter().map(|word| (*word).to_owned()).chain(args.iter().cloned()).collect()
        };
        assert_eq!(command("codex"), told(&["mcp", "add", "superset", "--", program]));
        assert_eq!(
            command("claude-code"),
            told(&["mcp", "add", "--scope", "user", "superset", "--", program])
        );
        assert_eq!(command("gemini"), told(&["mcp", "add", "--scope", "user", "superset", program, "--"]));
        let code = command("vscode");
        assert_eq!(code[0], "--add-mcp");
        assert_eq!(
            serde_json::from_str::<Value>(&code[1]).unwrap(),
            json!({ "name": "superset", "type": "stdio", "command": program, "args": args })
        );
    }
}
