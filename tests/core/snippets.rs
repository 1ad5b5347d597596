//! Snippets for AI clients: golden files, and proof that programs read them back as meant.
//!
//! `UPDATE_GOLDEN=1 cargo test -p superset-keys-core --test snippets` writes the golden files anew; read the
//! difference before keeping it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use base64::{Engine, prelude::BASE64_STANDARD};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::PathBuf;
use superset_keys_core::Error;
use superset_keys_core::clients::{
    CLIENTS, CannotTake, ClientKind, ClientView, Credential, Delivery, Entry, Evidence, Language, McpClient,
    NotWritten, Platform, ProgramCall, Snippet, SnippetForm, SnippetNote, edit, find,
};
use superset_keys_core::secret::{KeyHint, Secret};
use url::Url;

#[path = "snippets/bridge.rs"]
mod bridge;
#[cfg(unix)]
#[path = "../executable.rs"]
mod executable;
#[cfg(unix)]
#[path = "snippets/in_a_real_shell.rs"]
mod in_a_real_shell;

const KEY: &str = "sst_an-example-and-no-key-of-anybody-9fQ2";
const MASK: &str = "sst_…9fQ2";

struct Given {
    url: Url,
    key: Secret,
    hint: KeyHint,
    helper: ProgramCall,
    bridge: ProgramCall,
}

impl Given {
    fn new(url: &str, key: &str) -> Self {
        let key = Secret::new(key);
        let hint = KeyHint::of(&key, "sst_");
        let call = |command: &str| ProgramCall {
            program: "/usr/bin/superset-keys".into(),
            args: [command, "production", "--key", "laptop"].map(String::from).into(),
            env: Vec::new(),
        };
        Self { url: Url::parse(url).unwrap(), key, hint, helper: call("headers"), bridge: call("bridge") }
    }

    fn usual() -> Self {
        Self::new("https://superset.example.com/mcp/", KEY)
    }

    fn entry(&self, delivery: Delivery) -> Entry<'_> {
        let credential = match delivery {
            Delivery::Plaintext => Credential::Plaintext { key: &self.key, hint: &self.hint },
            Delivery::Variable => Credential::Variable,
            Delivery::Prompt => Credential::Prompt,
            Delivery::Helper => Credential::Helper(&self.helper),
            Delivery::Bridge => Credential::Bridge(&self.bridge),
        };
        Entry { name: "superset", url: &self.url, credential }
    }

    fn snippet(&self, client: &str, delivery: Delivery, form: SnippetForm) -> Result<Snippet, Error> {
        find(client)?.snippet(&self.entry(delivery), form, Platform::Linux)
    }

    fn text(&self, client: &str, delivery: Delivery, form: SnippetForm) -> String {
        self.snippet(client, delivery, form).unwrap().text.expose().to_owned()
    }
}

fn every_combination() -> impl Iterator<Item = (&'static McpClient, Delivery, SnippetForm)> {
    CLIENTS.iter().flat_map(|&client| {
        Delivery::ALL
            .iter()
            .flat_map(move |&delivery| SnippetForm::ALL.iter().map(move |&form| (client, delivery, form)))
    })
}

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/snippets")
}

fn assert_golden(name: &str, text: &str) {
    let path = fixtures().join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(fixtures()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(golden, text, "{name}");
}

fn ending(language: Language) -> &'static str {
    match language {
        Language::Json => "json",
        Language::Toml => "toml",
        Language::Yaml => "yaml",
        Language::Python => "py",
        Language::Typescript => "ts",
        Language::Shell => "sh",
        Language::Text => "txt",
    }
}

#[test]
fn every_snippet_is_as_its_golden_file() {
    let given = Given::usual();
    let mut outcomes = String::new();
    let mut expected = vec!["outcomes.txt".to_owned()];
    for (client, delivery, form) in every_combination() {
        let outcome = match client.snippet(&given.entry(delivery), form, Platform::Linux) {
            Ok(snippet) => {
                let name = format!("{}.{delivery}.{form}.{}", client.id, ending(snippet.language));
                assert_golden(&name, snippet.text.expose());
                expected.push(name.clone());
                let notes: Vec<_> = snippet.notes.iter().map(code).collect();
                format!("{name} for {}\n    {}", snippet.path_hint, notes.join(" "))
            }
            Err(error) => {
                let code = serde_json::to_value(error.code()).unwrap();
                let reason = error.params().remove("reason").unwrap_or_default();
                format!("{} {reason}", code.as_str().unwrap()).trim_end().to_owned()
            }
        };
        writeln!(outcomes, "{} {delivery} {form}: {outcome}", client.id).unwrap();
    }
    assert_golden("outcomes.txt", &outcomes);

    let mut found: Vec<_> = std::fs::read_dir(fixtures())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected, "golden files that no snippet makes any more");
}

fn code(note: &SnippetNote) -> String {
    serde_json::to_value(note).unwrap()["code"].as_str().unwrap().to_owned()
}

#[test]
fn every_config_parses_and_points_at_the_endpoint() {
    let given = Given::usual();
    // What a client is to start for the bridge is looked at in a file of its own.
    for (client, delivery, form) in every_combination().filter(|(_, way, _)| *way != Delivery::Bridge) {
        let Ok(snippet) = client.snippet(&given.entry(delivery), form, Platform::Linux) else { continue };
        let text = snippet.text.expose();
        match snippet.language {
            Language::Json => {
                let value: Value = serde_json::from_str(text).unwrap();
                assert!(text.ends_with("}\n"));
                assert!(value.is_object());
                assert_points_at_the_endpoint(client, text);
            }
            Language::Toml => {
                let document: toml_edit::DocumentMut = text.parse().unwrap();
                let entry = &document["mcp_servers"]["superset"];
                assert_eq!(entry["url"].as_str(), Some("https://superset.example.com/mcp"));
            }
            Language::Yaml => assert_points_at_the_endpoint(client, text),
            Language::Shell | Language::Text => assert!(text.contains("superset")),
            Language::Python | Language::Typescript => {
                assert_eq!(text.matches("\"https://superset.example.com/mcp\"").count(), 1, "{text}");
                assert!(text.contains("SUPERSET_API_KEY"));
            }
        }
    }
}

/// Some text in our entry is the address, or (for a program that goes there) an argument is.
fn assert_points_at_the_endpoint(client: &McpClient, text: &str) {
    let mut found = Vec::new();
    texts(&entry_in(client, text), &mut found);
    assert!(found.iter().any(|text| text == "https://superset.example.com/mcp"), "{}: {found:?}", client.id);
}

/// Our entry, read out of what is to be put into the client's file.
fn entry_in(client: &McpClient, text: &str) -> Value {
    let file = client.file.unwrap();
    let entry = edit::read(text.as_bytes(), file.dialect, &file.place("superset")).unwrap();
    entry.unwrap_or_else(|| panic!("{} has no entry in {text}", client.id))
}

fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(items) => items.values().for_each(|item| texts(item, found)),
        _ => {}
    }
}

#[test]
fn the_link_of_cursor_holds_the_entry_and_no_key() {
    let link = Given::usual().text("cursor", Delivery::Variable, SnippetForm::Link);
    let url = Url::parse(&link).unwrap();
    assert_eq!(
        (url.scheme(), url.host_str(), url.path()),
        ("cursor", Some("anysphere.cursor-deeplink"), "/mcp/install")
    );
    let query: std::collections::HashMap<_, _> = url.query_pairs().into_owned().collect();
    assert_eq!(query["name"], "superset");
    let entry: Value = serde_json::from_slice(&BASE64_STANDARD.decode(&query["config"]).unwrap()).unwrap();
    assert_eq!(
        entry,
        json!({ "url": "https://superset.example.com/mcp", "headers": { "Authorization": "Bearer ${env:SUPERSET_API_KEY}" } })
    );
}

#[test]
fn the_link_and_the_command_of_vs_code_hold_the_entry_with_its_name_and_inputs() {
    let given = Given::usual();
    let link = given.text("vscode", Delivery::Prompt, SnippetForm::Link);
    let query = link.strip_prefix("vscode:mcp/install?").unwrap();
    let decoded = decode(query);
    let entry: Value = serde_json::from_str(&decoded).unwrap();
    assert_eq!(
        entry,
        json!({
            "name": "superset",
            "type": "http",
            "url": "https://superset.example.com/mcp",
            "headers": { "Authorization": "Bearer ${input:superset-token}" },
            "inputs": [{ "type": "promptString", "id": "superset-token", "description": "Superset API key", "password": true }],
        })
    );
    let command = given.text("vscode", Delivery::Prompt, SnippetForm::Command);
    assert_eq!(command, format!("code --add-mcp '{decoded}'"));
}

/// JavaScript's `decodeURIComponent`: `+` stays a plus.
fn decode(text: &str) -> String {
    let pairs = format!("x={}", text.replace('+', "%2B"));
    url::form_urlencoded::parse(pairs.as_bytes()).next().unwrap().1.into_owned()
}

#[test]
fn no_command_and_no_link_ever_holds_the_key() {
    let given = Given::usual();
    for (client, delivery, form) in every_combination() {
        match client.snippet(&given.entry(delivery), form, Platform::Linux) {
            Ok(snippet) => {
                let holds = snippet.text.expose().contains(KEY);
                assert_eq!(holds, snippet.holds_secret);
                assert_eq!(holds, delivery == Delivery::Plaintext && form == SnippetForm::Config);
                assert!(!snippet.masked().contains(KEY));
                assert_eq!(snippet.masked().contains(MASK), holds);
                assert_eq!(snippet.text.expose().replace(KEY, MASK), snippet.masked());
            }
            Err(error) => assert!(
                matches!(error, Error::DeliveryUnsupported { .. } | Error::FormUnsupported { .. }),
                "{error:?}"
            ),
        }
    }
}

#[test]
fn what_is_refused_says_why() {
    let given = Given::usual();
    for (client, delivery, form, reason) in [
        ("claude-desktop", Delivery::Helper, SnippetForm::Config, CannotTake::CommandsOnly),
        ("claude-desktop", Delivery::Variable, SnippetForm::Link, CannotTake::CommandsOnly),
        ("claude-code", Delivery::Prompt, SnippetForm::Config, CannotTake::NoPrompt),
        ("cursor", Delivery::Helper, SnippetForm::Config, CannotTake::NoHelper),
        ("vscode", Delivery::Variable, SnippetForm::Config, CannotTake::VariablesUnconfirmed),
        ("cursor", Delivery::Plaintext, SnippetForm::Link, CannotTake::NoKeyInLink),
        ("vscode", Delivery::Plaintext, SnippetForm::Link, CannotTake::NoKeyInLink),
    ] {
        match given.snippet(client, delivery, form).unwrap_err() {
            Error::DeliveryUnsupported { client: named, delivery: how, reason: why } => {
                assert_eq!(
                    (named.as_str(), how.as_str(), why.as_str()),
                    (client, delivery.as_str(), reason.as_str())
                );
            }
            other => panic!("{other:?}"),
        }
    }
    let error = given.snippet("codex", Delivery::Helper, SnippetForm::Command).unwrap_err();
    assert!(matches!(error, Error::FormUnsupported { .. }), "{error:?}");
    assert!(matches!(find("emacs"), Err(Error::NoSuchClient { .. })));
}

#[test]
fn the_best_delivery_keeps_the_key_furthest_away() {
    for client in CLIENTS {
        let best = match client.kind {
            ClientKind::Terminal | ClientKind::Editor | ClientKind::App => Some(Delivery::Bridge),
            ClientKind::Library => Some(Delivery::Variable),
            // They run where this computer's keychain is not.
            ClientKind::Web => match client.id {
                "librechat" => Some(Delivery::Variable),
                "chatgpt" => None,
                _ => Some(Delivery::Plaintext),
            },
        };
        assert_eq!(client.best_delivery(), best, "{}", client.id);
        assert_eq!(ClientView::from(*client).deliveries[0].delivery, Delivery::Bridge, "{}", client.id);
    }
}

#[test]
fn ids_are_words_and_no_two_are_the_same() {
    let mut ids: Vec<_> = CLIENTS.iter().map(|client| client.id).collect();
    for id in &ids {
        assert!(
            id.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-')
        );
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), CLIENTS.len());
}

#[test]
fn what_only_a_person_writes_says_why() {
    for (client, why) in [
        ("claude-code", None),
        ("continue", None),
        ("windsurf", Some(NotWritten::Unconfirmed)),
        ("antigravity", Some(NotWritten::Unconfirmed)),
        ("devin", Some(NotWritten::Unconfirmed)),
        ("inspector", Some(NotWritten::PlaceNotKnown)),
        ("cherry-studio", Some(NotWritten::Form)),
        ("raycast", Some(NotWritten::Form)),
        ("curl", Some(NotWritten::Code)),
        ("chatgpt", Some(NotWritten::Impossible)),
    ] {
        let client = find(client).unwrap();
        assert_eq!(client.writes().err(), why, "{}", client.id);
        assert_eq!(ClientView::from(client).not_written, why, "{}", client.id);
        let given = Given::usual();
        let entry = client.entry(&given.entry(Delivery::Bridge), Platform::Linux);
        if let Some(why) = why
            && client.can_take(Delivery::Bridge).is_ok()
        {
            let error = entry.err().unwrap();
            assert!(
                matches!(&error, Error::WritingUnsupported { reason, .. } if reason == why.as_str()),
                "{error:?}"
            );
        }
    }
    for client in CLIENTS.iter().filter(|client| client.writes().is_ok()) {
        assert!(!client.locations.is_empty(), "{}", client.id);
        assert_ne!(
            client.knowledge.evidence,
            Evidence::Reported,
            "{}: read in other people's words",
            client.id
        );
    }
}

#[test]
fn the_fields_of_a_form_hold_the_key_as_it_is() {
    let key = r#"sst_a"b\c"#;
    let text = Given::new("https://a.example/mcp", key).text("n8n", Delivery::Plaintext, SnippetForm::Config);
    assert!(text.ends_with(&format!("Bearer Token: {key}\n")), "{text}");
}

#[test]
fn the_listed_forms_are_the_ones_that_work() {
    let given = Given::usual();
    for (client, delivery, form) in every_combination() {
        let view = ClientView::from(client);
        let listed = view.deliveries.iter().find(|one| one.delivery == delivery).unwrap();
        let works = client.snippet(&given.entry(delivery), form, Platform::Linux).is_ok();
        assert_eq!(listed.forms.contains(&form), works, "{} {delivery} {form}", client.id);
        assert_eq!(listed.cannot.is_some(), listed.forms.is_empty());
    }
}

#[test]
fn the_words_people_type_are_the_words_that_travel() {
    for &delivery in Delivery::ALL {
        assert_eq!(serde_json::to_value(delivery).unwrap(), delivery.as_str());
        assert_eq!(delivery.as_str().parse(), Ok(delivery));
    }
    for &form in SnippetForm::ALL {
        assert_eq!(serde_json::to_value(form).unwrap(), form.as_str());
        assert_eq!(form.as_str().parse(), Ok(form));
    }
    for &reason in CannotTake::ALL {
        assert_eq!(serde_json::to_value(reason).unwrap(), reason.as_str());
    }
    assert_eq!("carrier-pigeon".parse::<SnippetForm>().unwrap_err().choices, "config, command, link");
}

#[test]
fn plain_http_is_allowed_to_mcp_remote_only_where_it_asks() {
    for (url, allowed, noted) in [
        ("https://superset.example.com/mcp", false, false),
        ("http://localhost:5008/mcp", false, false),
        ("http://127.0.0.1:5008/mcp", false, false),
        ("http://[::1]:5008/mcp", true, false),
        ("http://superset.internal/mcp", true, true),
    ] {
        let snippet =
            Given::new(url, KEY).snippet("claude-desktop", Delivery::Plaintext, SnippetForm::Config).unwrap();
        assert_eq!(snippet.text.expose().contains("--allow-http"), allowed, "{url}");
        assert_eq!(snippet.notes.contains(&SnippetNote::NotEncrypted), noted, "{url}");
        let config: Value = serde_json::from_str(snippet.text.expose()).unwrap();
        let args = config["mcpServers"]["superset"]["args"].as_array().unwrap();
        assert!(args.iter().all(|arg| !arg.as_str().unwrap().contains(' ')), "{args:?}");
    }
}

#[test]
fn windows_gets_its_own_quotes_paths_and_notes() {
    let mut given = Given::usual();
    given.helper.program = r"C:\Program Files\Superset Keys\superset-keys.exe".into();
    let snippet = find("claude-code")
        .unwrap()
        .snippet(&given.entry(Delivery::Helper), SnippetForm::Config, Platform::Windows)
        .unwrap();
    let config: Value = serde_json::from_str(snippet.text.expose()).unwrap();
    assert_eq!(
        config["mcpServers"]["superset"]["headersHelper"],
        r#""C:\Program Files\Superset Keys\superset-keys.exe" headers production --key laptop"#
    );
    assert_eq!(snippet.path_hint, r"%USERPROFILE%\.claude.json");
    assert!(snippet.notes.contains(&SnippetNote::QuotedPathUntriedOnWindows));
}

#[test]
fn a_key_that_is_no_header_value_is_refused() {
    for key in ["", "sst_two\r\nX-Other: 1", "sst_a b", "sst_é"] {
        let error = Given::new("https://a.example/mcp", key)
            .snippet("cursor", Delivery::Plaintext, SnippetForm::Config)
            .unwrap_err();
        assert!(matches!(error, Error::NotAnApiKey), "{error:?}");
    }
}

#[test]
fn a_command_that_asks_for_the_key_needs_none() {
    for client in ["claude-code", "gemini", "vscode"] {
        let url = "https://superset.example.com/mcp";
        let without = Given::new(url, "").snippet(client, Delivery::Plaintext, SnippetForm::Command).unwrap();
        assert_eq!(
            without.masked(),
            Given::new(url, KEY).text(client, Delivery::Plaintext, SnippetForm::Command)
        );
        assert!(!without.holds_secret);
    }
}

#[test]
fn debug_shows_no_key() {
    let given = Given::usual();
    for (client, delivery, form) in every_combination() {
        let entry = given.entry(delivery);
        let shown = format!("{entry:?} {:?}", client.snippet(&entry, form, Platform::Linux));
        assert!(!shown.contains(KEY), "{shown}");
        assert!(!shown.contains("and-no-key"), "{shown}");
    }
}

proptest! {
    #[test]
    fn the_mask_never_holds_the_key_and_the_text_always_does(key in "sst_[!-~]{8,80}") {
        let given = Given::new("https://superset.example.com/mcp", &key);
        for client in CLIENTS.iter().filter(|client| client.can_take(Delivery::Plaintext).is_ok()) {
            let snippet =
                client.snippet(&given.entry(Delivery::Plaintext), SnippetForm::Config, Platform::Linux).unwrap();
            prop_assert!(snippet.holds_secret);
            prop_assert!(!snippet.masked().contains(&key));
            prop_assert!(snippet.masked().contains(given.hint.as_str()));
            let text = snippet.text.expose();
            if snippet.language == Language::Text {
                prop_assert!(text.contains(&key), "{text}");
                continue;
            }
            let mut values = Vec::new();
            texts(&entry_in(client, text), &mut values);
            let wanted = format!("Bearer {key}");
            prop_assert!(values.contains(&wanted), "{values:?}");
        }
    }

    #[test]
    fn a_key_inside_the_address_is_masked_too(key in "sst_[A-Za-z0-9_-]{24,40}") {
        let given = Given::new(&format!("https://superset.example.com/mcp?key={key}"), &key);
        for &form in SnippetForm::ALL {
            if let Ok(snippet) = given.snippet("gemini", Delivery::Plaintext, form) {
                prop_assert!(snippet.holds_secret);
                prop_assert!(!snippet.masked().contains(&key));
            }
        }
    }
}
