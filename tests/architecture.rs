//! The house's rules about who may know whom.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

#[path = "architecture/core_files.rs"]
mod core_files;

use serde_json::Value;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &str, endings: &[&str]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| endings.iter().any(|wanted| ending == *wanted)) {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    assert!(!found.is_empty());
    found
}

/// The crates that `package` needs, at any depth, on any platform.
fn needs(package: &str) -> HashSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let name_of = |id: &str| {
        let packages = metadata["packages"].as_array().unwrap();
        packages.iter().find(|p| p["id"] == id).unwrap()["name"].as_str().unwrap().to_owned()
    };
    let mut open: Vec<&str> =
        nodes.iter().filter_map(|node| node["id"].as_str()).filter(|id| name_of(id) == package).collect();
    let mut seen = HashSet::new();
    while let Some(id) = open.pop() {
        if seen.insert(id) {
            let node = nodes.iter().find(|node| node["id"] == id).unwrap();
            for need in node["deps"].as_array().unwrap() {
                let at_run_time =
                    need["dep_kinds"].as_array().unwrap().iter().any(|kind| kind["kind"] != "dev");
                if at_run_time {
                    open.push(need["pkg"].as_str().unwrap());
                }
            }
        }
    }
    seen.into_iter().map(name_of).collect()
}

#[test]
fn core_and_command_line_have_never_heard_of_a_window() {
    for package in ["superset-keys-core", "superset-keys"] {
        let windows: Vec<_> = needs(package)
            .into_iter()
            .filter(|name| {
                ["tauri", "wry", "webkit2gtk", "gtk"].iter().any(|w| name == w || name.starts_with("tauri-"))
            })
            .collect();
        assert!(windows.is_empty(), "{package} needs {windows:?}");
    }
}

/// The parts of the core, and which of them each may know besides the nouns, which are the files at its top that no
/// part stands for. What is not named here is combined by actions alone.
const PARTS: [(&str, &[&str]); 17] = [
    ("audit", &[]),
    ("checkup", &["embedding", "mcp", "superset"]),
    ("client_files", &[]),
    ("clients", &[]),
    ("clipboard", &[]),
    ("embedding", &[]),
    ("git", &[]),
    ("http", &["transport"]),
    ("mcp", &["http", "transport"]),
    ("oauth", &["http", "transport"]),
    ("scan", &["git"]),
    ("secrets", &[]),
    ("session", &["http", "superset", "transport"]),
    ("settings", &["transport"]),
    ("store", &["audit", "checkup", "settings"]),
    ("superset", &["http", "transport"]),
    ("transport", &[]),
];

#[test]
fn only_actions_combine_the_parts_of_the_core() {
    let files = core_files::imports();
    let part_of = |file: &str| {
        let first = file.split("::").next().unwrap_or_default();
        PARTS.iter().find(|(part, _)| *part == first).copied()
    };
    for (file, known) in &files {
        if file.is_empty() || file == "actions" || file.starts_with("actions::") {
            continue;
        }
        for other in known {
            assert!(!other.starts_with("actions"), "{file} knows {other}");
            let Some((other_part, _)) = part_of(other) else { continue };
            let allowed = match part_of(file) {
                Some((part, allowed)) => part == other_part || allowed.contains(&other_part),
                // A noun knows no part.
                None => false,
            };
            assert!(allowed, "{file} knows {other}");
        }
    }
}

#[test]
fn no_files_of_core_import_each_other_in_a_circle() {
    let files = core_files::imports();
    let mut done = HashSet::new();
    for start in files.keys() {
        let mut way = Vec::new();
        let circle = core_files::circle(&files, start, &mut way, &mut done);
        assert!(circle.is_none(), "{circle:?}");
    }
}

#[test]
fn one_command_hands_a_plaintext_to_the_window() {
    let exposing: Vec<_> = sources("src-tauri/src", &["rs"])
        .into_iter()
        .flat_map(|(path, text)| {
            let calls = text.lines().filter(|line| line.contains(".expose()")).count();
            vec![path.file_name().unwrap().to_string_lossy().into_owned(); calls]
        })
        .collect();
    assert_eq!(exposing, ["secrets.rs"]);
}

#[test]
fn every_look_at_a_secret_says_why() {
    for folder in ["src-tauri/src", "src-tauri/core/src", "src-tauri/cli/src"] {
        for (path, text) in sources(folder, &["rs"]) {
            let lines = core_files::without_tests(&text);
            for (number, line) in lines.iter().enumerate() {
                if line.contains(".expose()") && !line.trim_start().starts_with("//") {
                    let said = lines[number.saturating_sub(4)..number]
                        .iter()
                        .any(|above| above.contains("// EXPOSE:"));
                    assert!(said, "{}:{} has no // EXPOSE: reason", path.display(), number + 1);
                }
            }
        }
    }
}

#[test]
fn only_ipc_touches_tauri_and_features_stay_apart() {
    for (path, text) in sources("ui/src", &["ts", "svelte"]) {
        let place = path.strip_prefix(root().join("ui/src")).unwrap().to_string_lossy().into_owned();
        if place.contains("test") || place.starts_with("ipc/") {
            continue;
        }
        assert!(!text.contains("@tauri-apps/"), "{place} imports Tauri");
        if let Some(own) = place.strip_prefix("features/").and_then(|rest| rest.split('/').next()) {
            let elsewhere = text
                .lines()
                .filter(|line| line.contains("import") && line.contains("features/"))
                .any(|line| !line.contains(&format!("features/{own}/")));
            assert!(!elsewhere, "{place} imports another feature");
        }
    }
}

#[test]
fn the_window_s_permissions_are_the_command_table() {
    let text = std::fs::read_to_string(root().join("src-tauri/capabilities/main.json")).unwrap();
    let capability: Value = serde_json::from_str(&text).unwrap();
    let granted: Vec<_> =
        capability["permissions"].as_array().unwrap().iter().map(|p| p.as_str().unwrap()).collect();
    let events = ["core:event:allow-listen", "core:event:allow-unlisten"];
    let commands: Vec<_> = include_str!("../src-tauri/commands.txt")
        .lines()
        .map(|name| format!("allow-{}", name.replace('_', "-")))
        .collect();
    let expected: Vec<&str> = events.into_iter().chain(commands.iter().map(String::as_str)).collect();
    assert_eq!(granted, expected);
}

/// `./dev` and CI must not send a reader, or a fresh machine, anywhere but the repository.
#[test]
fn the_lock_files_name_no_other_registry() {
    let cargo = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let sources: HashSet<_> = cargo.lines().filter(|line| line.starts_with("source = ")).collect();
    assert_eq!(sources.len(), 1, "{sources:?}");
    let npm = std::fs::read_to_string(root().join("package-lock.json")).unwrap();
    assert!(!npm.contains("\"resolved\": \"http"), "package-lock.json names a registry's address");
}

/// What an action does with a secret, or to somebody's key, by the calls that do it.
const TOUCHES: [&str; 14] = [
    ".secret(",
    ".signing_secret(",
    ".put_secret(",
    ".drop_secrets(",
    ".leave_behind(",
    ".delete_left_behind(",
    ".safe(",
    ".safe.",
    "superset.create_key(",
    "superset.revoke_key(",
    "superset.set_active(",
    "superset.mint_guest_token(",
    "self.write(",
    "revoke_by_function(key)",
];

/// Actions that use or change a secret and do not note it in the record, and why they need not.
const NOT_NOTED: [(&str, &str); 22] = [
    ("checkup.rs", "asks the server with keys; hands none out"),
    ("cut_keys.rs", "keys in backups of files, moved to the keychain by a change that is noted"),
    ("drop_secrets.rs", "the deleting itself: whoever asks for it notes it"),
    ("fingerprint_keys.rs", "a key of this program's own, for recognising others"),
    ("inspect_token.rs", "compares a pasted token; nothing leaves"),
    ("join_records.rs", "looks whether a secret is in memory"),
    ("keep_open.rs", "looks whether a key was saved"),
    ("list_keys.rs", "looks which secrets are there, reads none"),
    ("match_pasted_key.rs", "gives a stored key its uuid; that it was stored is noted"),
    ("mcp_access/api_key.rs", "bridge and helper: activity notes each use"),
    ("mcp_access/signed.rs", "bridge and helper: activity notes each use"),
    ("move_found_keys.rs", "connects a client, which notes it"),
    ("save_held_key.rs", "a key whose creation is noted reaches its store"),
    ("send_revokes.rs", "asks; what is proven of it is noted by revoke_keys"),
    ("show_network.rs", "asks what the store is called"),
    ("show_record.rs", "reads the record's own key"),
    ("sign_in_with_browser.rs", "remember() and create_key note it"),
    ("try_store.rs", "stores, reads and deletes what is made up"),
    ("watch_keychain.rs", "unlocking, which is the system's"),
    ("watch_leaving_key.rs", "asks the server with a key; hands none out"),
    ("watch_moved_keys.rs", "asks the server with a key; hands none out"),
    ("with_session.rs", "goes on with a sign-in that is noted"),
];

#[test]
fn each_action_that_uses_a_secret_is_noted_or_says_why_not() {
    let folder = root().join("src-tauri/core/src/actions");
    let mut exempt: HashSet<&str> = NOT_NOTED.iter().map(|(file, _)| *file).collect();
    for (path, text) in sources("src-tauri/core/src/actions", &["rs"]) {
        let file = path.strip_prefix(&folder).unwrap().to_string_lossy().replace('\\', "/");
        let code = core_files::without_tests(&text).join("\n");
        let touches: Vec<_> = TOUCHES.iter().filter(|call| code.contains(*call)).collect();
        let notes = code.contains("self.note(") || code.contains("self.note_of(");
        let is_exempt = exempt.remove(&*file);
        assert!(touches.is_empty() || notes || is_exempt, "{file} does {touches:?} and notes nothing");
        assert!(!is_exempt || (!notes && !touches.is_empty()), "{file} needs no exemption any more");
    }
    assert!(exempt.is_empty(), "{exempt:?} are no actions");
}

#[test]
fn every_kind_of_deed_is_noted_somewhere() {
    let actions: String =
        sources("src-tauri/core/src/actions", &["rs"]).into_iter().map(|(_, text)| text).collect();
    let deeds = std::fs::read_to_string(root().join("src-tauri/core/src/deed.rs")).unwrap();
    let kinds = deeds.split("pub enum DeedKind {").nth(1).unwrap().split("\n}").next().unwrap();
    let mut count = 0;
    for kind in kinds.lines().map(str::trim).filter(|line| line.starts_with(char::is_uppercase)) {
        let kind = kind.trim_end_matches(',');
        assert!(kind == "Unknown" || actions.contains(&format!("DeedKind::{kind}")), "nothing notes {kind}");
        count += 1;
    }
    assert!(count > 20);
}

/// A face cannot have a key without saying what for: the one way out of the core asks.
#[test]
fn plaintexts_leave_the_core_by_one_door_each() {
    let text = std::fs::read_to_string(root().join("src-tauri/core/src/actions/read_secret.rs")).unwrap();
    assert!(text.contains("pub async fn read_secret(") && text.contains("pub(super) async fn secret("));
    let mut handing = Vec::new();
    for (path, text) in sources("src-tauri/core/src/actions", &["rs"]) {
        let file = syn::parse_file(&text).unwrap();
        for item in file.items {
            let syn::Item::Impl(implemented) = item else { continue };
            if !quoted(&implemented.self_ty).contains(&"Core".to_owned()) {
                continue;
            }
            for item in implemented.items {
                let syn::ImplItem::Fn(function) = item else { continue };
                let syn::ReturnType::Type(_, answers) = &function.sig.output else { continue };
                let answers = quoted(answers);
                if matches!(function.vis, syn::Visibility::Public(_))
                    && ["Secret", "MintedToken", "Pass", "Snippet"]
                        .iter()
                        .any(|it| answers.contains(&(*it).to_owned()))
                {
                    let name = path.file_name().unwrap().to_string_lossy().into_owned();
                    handing.push(format!("{name} {}", function.sig.ident));
                }
            }
        }
    }
    handing.sort();
    assert_eq!(
        handing,
        [
            "mint_token.rs mint_token",
            "mod.rs mcp_pass",
            "read_secret.rs read_secret",
            "render_snippet.rs render_snippet",
            // What lies in a file for anybody is nobody's to note.
            "scan.rs read_spot",
            "signing_config.rs read_signing_secret",
            "signing_config.rs signing_config",
        ]
    );
}

/// The names in a type.
fn quoted(answers: &syn::Type) -> Vec<String> {
    struct Names(Vec<String>);
    impl<'ast> syn::visit::Visit<'ast> for Names {
        fn visit_ident(&mut self, name: &'ast syn::Ident) {
            self.0.push(name.to_string());
        }
    }
    let mut names = Names(Vec::new());
    syn::visit::Visit::visit_type(&mut names, answers);
    names.0
}

/// Each line of it holds something back: one that goes, or one that lets more in, is a decision and no slip.
#[test]
fn the_page_s_policy_is_whole() {
    let text = std::fs::read_to_string(root().join("tauri.conf.json")).unwrap();
    let config: Value = serde_json::from_str(&text).unwrap();
    let security = &config["app"]["security"];
    let policy: Vec<_> = security["csp"].as_str().unwrap().split(';').map(str::trim).collect();
    assert_eq!(
        policy,
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src ipc: http://ipc.localhost",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ]
    );
    assert_eq!(security["freezePrototype"], true);
    // Tauri's own additions, nonces and hashes, stay on.
    assert_eq!(security["dangerousDisableAssetCspModification"], false);
    assert_eq!(security["capabilities"], serde_json::json!(["main"]));
    assert_eq!(security.as_object().unwrap().len(), 4, "{security}");
    assert_eq!(config["app"]["withGlobalTauri"], false);
    let capability = std::fs::read_to_string(root().join("src-tauri/capabilities/main.json")).unwrap();
    let capability: Value = serde_json::from_str(&capability).unwrap();
    assert!(capability.get("remote").is_none(), "a page from elsewhere may call nothing");
    assert_eq!(capability["windows"], serde_json::json!(["main"]));
    // What a page could turn into markup, or into code.
    for (path, text) in sources("ui/src", &["ts", "svelte"]) {
        for word in [
            "{@html",
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
        ] {
            assert!(
                !text.contains(word) || path.to_string_lossy().contains(".test."),
                "{}: {word}",
                path.display()
            );
        }
    }
}

/// The page has no link at all: what there is to be read elsewhere is shown as text, to be copied. One address is opened
/// for a person, that of a sign-in, and core decides it: https, or this computer, by `oauth/metadata.rs`.
#[test]
fn one_address_is_opened_and_core_decides_it() {
    for (path, text) in sources("ui/src", &["ts", "svelte"]) {
        if path.to_string_lossy().contains(".test.") {
            continue;
        }
        for word in [
            "href=",
            "window.open",
            "location.assign",
            "location.replace",
            "location.href",
            "target=\"_blank\"",
        ] {
            assert!(!text.contains(word), "{}: {word}", path.display());
        }
    }
    let mut opening = Vec::new();
    for folder in ["src-tauri/src", "src-tauri/cli/src", "src-tauri/core/src"] {
        for (path, text) in sources(folder, &["rs"]) {
            let calls = text
                .lines()
                .filter(|line| line.contains("open::that") || line.contains("open_address("))
                .count();
            if calls > 0 {
                let place = path.strip_prefix(root().join("src-tauri")).unwrap();
                opening.push(format!("{} {calls}", place.to_string_lossy().replace('\\', "/")));
            }
        }
    }
    opening.sort();
    // A file that core found, and the address of a sign-in or of a page on this computer: desktop.rs has one way for each.
    assert_eq!(
        opening,
        [
            "cli/src/commands/embed/preview.rs 1",
            "cli/src/commands/oauth.rs 1",
            "src/commands/oauth.rs 2",
            "src/commands/preview.rs 1",
            "src/desktop.rs 3"
        ]
    );
}
