//! VS Code Insiders: VS Code with a folder, a program and a scheme for links of its own.

use super::delivery::CannotTake;
use super::edit::Dialect;
use super::note::SnippetNote as Note;
use super::quote::uri_component;
use super::shapes::{at_as, started_as, told};
use super::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, Location, McpClient, Scope, Way,
    Ways,
};
use super::vscode::{file_that_asks, named, prompting};
use serde_json::Value;

pub(super) const CLIENT: McpClient = McpClient {
    id: "vscode-insiders",
    name: "VS Code Insiders",
    kind: ClientKind::Editor,
    programs: &["code-insiders"],
    locations: &[
        Location {
            scope: Scope::User,
            linux: "~/.config/Code - Insiders/User/mcp.json",
            macos: "~/Library/Application Support/Code - Insiders/User/mcp.json",
            windows: "%APPDATA%\\Code - Insiders\\User\\mcp.json",
        },
        Location::in_project("<project>/.vscode/mcp.json"),
    ],
    file: Some(ConfigFile::new(Dialect::Jsonc, &["servers"])),
    checks: &[Check::Open("MCP: List Servers")],
    notes: &[Note::AsksForTrust, Note::ReloadNotNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-21",
        sources: &["https://code.visualstudio.com/docs/copilot/reference/mcp-configuration"],
    },
    ways: Ways {
        bridge: Way::Takes(
            Forms::new(|_target, call| Document::Entry(started_as("stdio", call)))
                .command(|target, call| add(&named(target, &started_as("stdio", call))))
                .link(|target, call| link(&named(target, &started_as("stdio", call)))),
        ),
        helper: Way::Cannot(CannotTake::NoHelper),
        prompt: Way::Takes(
            Forms::new(|target, input| Document::File(file_that_asks(target, input)))
                .command(|target, input| add(&prompting(target, input)))
                .link(|target, input| link(&prompting(target, input)))
                .notes(&[Note::AsksOnFirstStart]),
        ),
        variable: Way::Cannot(CannotTake::VariablesUnconfirmed),
        plaintext: Way::Takes(
            Forms::new(|target, key| Document::Entry(at_as("http", target, key)))
                .command(|target, key| add(&named(target, &at_as("http", target, key))))
                .link(|target, key| link(&named(target, &at_as("http", target, key)))),
        ),
    },
};

fn add(entry: &Value) -> Vec<String> {
    told(&["code-insiders", "--add-mcp"], &[&entry.to_string()])
}

fn link(entry: &Value) -> String {
    format!("vscode-insiders:mcp/install?{}", uri_component(&entry.to_string()))
}
