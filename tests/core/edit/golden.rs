//! Whole files, and what becomes of them.
//!
//! `given/` holds the corpus. `put/` holds each file with our entry, `removed/` without it again, where that is
//! not the file as given.

use super::*;
use std::fs;
use std::path::{Path, PathBuf};

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/edit")
}

/// The dialect by its ending, and the place by the client whose file it is: the name up to the first `-`.
fn read_as(file: &str) -> (Dialect, Place<'static>) {
    let by_name = |path| Place { path, name: "superset", kept: Kept::ByName };
    let (client, ending) = (file.split('-').next().unwrap(), file.rsplit('.').next().unwrap());
    let place = match client {
        "vscode" => by_name(&["servers"]),
        "zed" => by_name(&["context_servers"]),
        "amp" => by_name(&["amp.mcpServers"]),
        "opencode" | "crush" => by_name(&["mcp"]),
        "codex" => by_name(&["mcp_servers"]),
        "goose" => by_name(&["extensions"]),
        "continue" => Place { path: &["mcpServers"], name: "superset", kept: Kept::InList },
        _ => by_name(&["mcpServers"]),
    };
    let dialect = match ending {
        "json" => Dialect::Json,
        "jsonc" => Dialect::Jsonc,
        "toml" => Dialect::Toml,
        "yaml" => Dialect::Yaml,
        other => panic!("no dialect ends in {other}"),
    };
    (dialect, place)
}

fn golden(path: &Path, found: &[u8]) {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, found).unwrap();
    }
    let expected = fs::read(path).unwrap_or_default();
    let show = String::from_utf8_lossy;
    assert!(
        expected == found,
        "{}\n--- expected\n{}\n--- found\n{}",
        path.display(),
        show(&expected),
        show(found)
    );
}

#[test]
fn files_from_real_clients_keep_everything_else() {
    let mut files: Vec<_> =
        fs::read_dir(fixtures().join("given")).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 10, "the corpus is missing");
    for path in files {
        let file = path.file_name().unwrap().to_str().unwrap();
        let (dialect, place) = read_as(file);
        let given = fs::read(&path).unwrap();
        let edited = edit::put(&given, dialect, &place, &bridge(), &["url", "headers"])
            .unwrap_or_else(|problem| panic!("{file}: {problem}"));
        golden(&fixtures().join("put").join(file), &edited.bytes);
        let removed = edit::remove(&edited.bytes, dialect, &place)
            .unwrap_or_else(|problem| panic!("{file} again: {problem}"));
        let other = fixtures().join("removed").join(file);
        if removed.bytes == given {
            assert!(!other.exists(), "{file}: removed/ holds what given/ holds");
        } else {
            golden(&other, &removed.bytes);
        }
        assert_eq!(edit::read(&removed.bytes, dialect, &place), Ok(None), "{file}");
    }
}

#[test]
fn a_huge_file_is_edited_like_a_small_one() {
    let other = json!({ "history": ["\u{1F600} // \" {", 1.5, null], "nested": { "a": [[], {}] } });
    let others: Map<String, Value> = (0..2_000).map(|at| (format!("project-{at}"), other.clone())).collect();
    let tree = json!({ "projects": others, "mcpServers": { "a": {} }, "more": others });
    let given = serde_json::to_string_pretty(&tree).unwrap();
    for dialect in [Dialect::Json, Dialect::Jsonc] {
        let added = edit::put(given.as_bytes(), dialect, &SERVERS, &bridge(), &[]).unwrap();
        assert!(added.before.is_empty() && added.after.len() < 200, "{added:?}");
        assert_eq!(remove(&text(added), dialect, &SERVERS), given);
    }
    let toml = (0..2_000).map(|at| format!("[projects.'/home/{at}']\ntrust_level = \"trusted\" # yes\n\n"));
    let toml = toml.collect::<String>();
    assert_eq!(remove(&put(&toml, Dialect::Toml, &SERVERS, &bridge()), Dialect::Toml, &SERVERS), toml);
    let yaml = (0..2_000).map(|at| format!("project-{at}: # one\n  - a: {{ b: 'c' }}\n    d: |\n      e\n"));
    let yaml = format!("mcpServers: {{}}\n{}", yaml.collect::<String>());
    assert_eq!(remove(&put(&yaml, Dialect::Yaml, &SERVERS, &bridge()), Dialect::Yaml, &SERVERS), yaml);
}
