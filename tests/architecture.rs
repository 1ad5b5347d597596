//! The house's rules about who may know whom.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

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

#[test]
fn only_actions_combine_the_parts_of_the_core() {
    let parts = ["superset", "secrets", "mcp", "clients", "client_files", "store", "scan"];
    for part in parts {
        let folder = root().join("src-tauri/core/src").join(part);
        let texts = if folder.is_dir() {
            sources(&format!("src-tauri/core/src/{part}"), &["rs"])
        } else {
            let file = folder.with_extension("rs");
            vec![(file.clone(), std::fs::read_to_string(file).unwrap())]
        };
        for (path, text) in texts {
            for other in parts.iter().chain(&["actions"]).filter(|other| **other != part) {
                let import = format!("crate::{other}");
                let found =
                    text.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(&import));
                assert!(!found, "{} knows {other}", path.display());
            }
        }
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
            let production = text.split("#[cfg(test)]").next().unwrap();
            let lines: Vec<&str> = production.lines().collect();
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
