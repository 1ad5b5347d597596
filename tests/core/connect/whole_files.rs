//! The files as they are after connecting, for a person to look at and for `tests/clients/schemas`, which reads them
//! as their clients' makers say they are read.
//!
//! `UPDATE_GOLDEN=1 cargo test -p superset-keys-core --test connect whole_files` writes them anew; read the difference
//! before keeping it.

use super::{Desk, by, prod};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use superset_keys_core::ErrorCode;
use superset_keys_core::actions::ConnectRequest;
use superset_keys_core::clients::{CLIENTS, Delivery, McpClient, Scope, edit::Dialect};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/connect")
}

/// A file that its owner has had before, with another server and, where the client has some, other settings.
fn given(client: &McpClient) -> String {
    let ending = match client.file.unwrap().dialect {
        Dialect::Json | Dialect::Jsonc => "json",
        Dialect::Toml => "toml",
        Dialect::Yaml => "yaml",
    };
    let path = fixtures().join("given").join(format!("{}.{ending}", client.id));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Where the file lies, and what is in it then; nothing where the client cannot take that.
async fn connected(
    client: &McpClient,
    delivery: Delivery,
    scope: Scope,
    before: Option<&str>,
) -> Option<(String, String)> {
    let desk = Desk::new();
    let project = desk.path("project");
    std::fs::create_dir(&project).unwrap();
    let project = (scope == Scope::Project).then(|| project.display().to_string());
    let request = ConnectRequest { scope, project, ..by(client.id, delivery) };
    let preview = match desk.core.preview_connect(&prod(), &request, super::PROGRAM) {
        Ok(preview) => preview,
        Err(error) => {
            let cannot =
                [ErrorCode::DeliveryUnsupported, ErrorCode::WritingUnsupported, ErrorCode::ScopeUnsupported];
            assert!(cannot.contains(&error.code()), "{} {delivery} {scope}: {error}", client.id);
            return None;
        }
    };
    let inside = preview.path.strip_prefix("~/").unwrap();
    if let Some(before) = before {
        desk.put(inside, before);
    }
    let written =
        desk.connect(&request).await.unwrap_or_else(|error| panic!("{} {delivery}: {error}", client.id));
    assert_eq!(written.path, preview.path);
    Some((preview.path.clone(), desk.text(inside)))
}

/// All that is written for one client. Files that are the same are shown once.
async fn all_of(client: &McpClient) -> String {
    let given = given(client);
    let mut texts: Vec<(String, String)> = Vec::new();
    for &delivery in Delivery::ALL {
        for (what, before) in [("a new file", None), ("a file with another server", Some(given.as_str()))] {
            for scope in [Scope::User, Scope::Project] {
                let Some((path, text)) = connected(client, delivery, scope, before).await else { continue };
                assert!(text.ends_with('\n') && !text.contains("\n=== "), "{} {delivery}: {text}", client.id);
                match texts.last_mut() {
                    Some((head, last)) if *last == text => write!(head, ", {path}").unwrap(),
                    _ => texts.push((format!("=== {delivery}, {what}: {path}"), text)),
                }
            }
        }
    }
    texts.iter().flat_map(|(head, text)| [head.as_str(), "\n", text]).collect()
}

#[tokio::test]
async fn every_file_is_as_its_golden_file() {
    let folder = fixtures().join("written");
    let written: Vec<_> = CLIENTS.iter().filter(|client| client.writes().is_ok()).collect();
    for client in &written {
        let text = all_of(client).await;
        let path = folder.join(format!("{}.txt", client.id));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        let golden =
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(golden, text, "{}", client.id);
    }
    let mut expected: Vec<_> = written.iter().map(|client| client.id).collect();
    expected.sort_unstable();
    for (folder, what) in [(folder, "golden files"), (fixtures().join("given"), "files to begin with")] {
        let entries = std::fs::read_dir(folder).unwrap();
        let mut found: Vec<_> = entries
            .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
            .collect();
        found.sort_unstable();
        assert_eq!(found, expected, "{what}");
    }
}
