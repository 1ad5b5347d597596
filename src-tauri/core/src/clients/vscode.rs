//! VS Code.
//!
//! The root is `servers`, not `mcpServers`. What `inputs` ask for is asked once, when the entry first starts,
//! and kept encrypted. The command and the link write the person's own file, never a project's.

use super::delivery::CannotTake;
use super::edit::Dialect;
use super::entry::Target;
use super::note::SnippetNote as Note;
use super::quote::uri_component;
use super::shapes::{at_as, started_as, told};
use super::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, Location, McpClient, Scope, Way,
    Ways,
};
use serde_json::{Map, Value, json};

pub(super) const CLIENT: McpClient = McpClient {
    id: "vscode",
    name: "VS Code",
    kind: ClientKind::Editor,
    programs: &["code"],
    locations: &[
        Location {
            scope: Scope::User,
            linux: "~/.config/Code/User/mcp.json",
            macos: "~/Library/Application Support/Code/User/mcp.json",
            windows: "%APPDATA%\\Code\\User\\mcp.json",
        },
        Location::in_project("<project>/.vscode/mcp.json"),
    ],
    file: Some(ConfigFile::new(Dialect::Jsonc, &["servers"])),
    checks: &[Check::Open("MCP: List Servers")],
    notes: &[Note::AsksForTrust, Note::ReloadNotNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-20",
        sources: &["https://code.visualstudio.com/docs/copilot/reference/mcp-configuration"],
    },
    ways: Ways {
        bridge: Way::Takes(Forms {
            config: |_target, call| Document::Entry(started_as("stdio", call)),
            command: Some(|target, call| add(&named(target, &started_as("stdio", call)))),
            link: Some(|target, call| link(&named(target, &started_as("stdio", call)))),
            notes: &[],
        }),
        helper: Way::Cannot(CannotTake::NoHelper),
        prompt: Way::Takes(Forms {
            config: |target, input| Document::File(file_that_asks(target, input)),
            command: Some(|target, input| add(&prompting(target, input))),
            link: Some(|target, input| link(&prompting(target, input))),
            notes: &[Note::AsksOnFirstStart],
        }),
        variable: Way::Cannot(CannotTake::VariablesUnconfirmed),
        plaintext: Way::Takes(Forms {
            config: |target, key| Document::Entry(at_as("http", target, key)),
            command: Some(|target, key| add(&named(target, &at_as("http", target, key)))),
            link: Some(|target, key| link(&named(target, &at_as("http", target, key)))),
            notes: &[],
        }),
    },
};

fn asked(input: &str) -> String {
    format!("${{input:{input}}}")
}

fn inputs(input: &str) -> Value {
    json!([{ "type": "promptString", "id": input, "description": "Superset API key", "password": true }])
}

pub(super) fn file_that_asks(target: &Target<'_>, input: &str) -> Value {
    let servers = json!({ target.name: at_as("http", target, &asked(input)) });
    json!({ "servers": servers, "inputs": inputs(input) })
}

/// The entry as the command and the link take it: with its name inside.
pub(super) fn named(target: &Target<'_>, entry: &Value) -> Value {
    let mut named = Map::new();
    named.insert("name".into(), target.name.into());
    if let Value::Object(entry) = entry {
        named.extend(entry.clone());
    }
    Value::Object(named)
}

pub(super) fn prompting(target: &Target<'_>, input: &str) -> Value {
    let mut entry = named(target, &at_as("http", target, &asked(input)));
    entry["inputs"] = inputs(input);
    entry
}

fn add(entry: &Value) -> Vec<String> {
    told(&["code", "--add-mcp"], &[&entry.to_string()])
}

fn link(entry: &Value) -> String {
    format!("vscode:mcp/install?{}", uri_component(&entry.to_string()))
}
