//! VS Code Insiders: VS Code with a folder, a program and a scheme for links of its own.

use super::vscode::{file_that_asks, named, prompting, server_file, user_file};
use crate::clients::delivery::{CannotTake, Delivery};
use crate::clients::edit::Dialect;
use crate::clients::location::{FileForm, Installation, Location};
use crate::clients::note::SnippetNote as Note;
use crate::clients::quote::uri_component;
use crate::clients::shapes::{at_as, started_as, told};
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};
use serde_json::Value;

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "vscode-insiders",
    name: "VS Code Insiders",
    kind: ClientKind::Editor,
    programs: &["code-insiders"],
    locations: &[
        Location::of_app(
            "~/.config/Code - Insiders/User/mcp.json",
            "~/Library/Application Support/Code - Insiders/User/mcp.json",
            "%APPDATA%\\Code - Insiders\\User\\mcp.json",
        ),
        user_file!("Code - Insiders", "profiles/*/mcp.json").of_profile(),
        Location::of_app(
            "~/.var/app/com.visualstudio.code.insiders/config/Code - Insiders/User/mcp.json",
            "",
            "",
        )
        .by(Installation::Flatpak("com.visualstudio.code.insiders")),
        Location::of_app("~/snap/code-insiders/current/.config/Code - Insiders/User/mcp.json", "", "")
            .by(Installation::Snap("code-insiders")),
        server_file!(".vscode-server-insiders").by(Installation::Product("VS Code Server - Insiders")),
        Location::in_project("<project>/.vscode/mcp.json"),
        Location::in_project("<project>/.mcp.json").form(FileForm::COMMON).never_written(),
    ],
    file: Some(ConfigFile::new(Dialect::Jsonc, &["servers"])),
    checks: &[Check::Open("MCP: List Servers")],
    notes: &[Note::AsksForTrust, Note::ReloadNotNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-21",
        sources: &["https://code.visualstudio.com/docs/copilot/reference/mcp-configuration"],
    },
    ways: Ways::NONE
        .bridge(
            Forms::new(|_target, call| Document::Entry(started_as("stdio", call)))
                .command(|target, call| add(&named(target, &started_as("stdio", call))))
                .link(|target, call| link(&named(target, &started_as("stdio", call)))),
        )
        .prompt(
            Forms::new(|target, input| Document::File(file_that_asks(target, input)))
                .command(|target, input| add(&prompting(target, input)))
                .link(|target, input| link(&prompting(target, input)))
                .notes(&[Note::AsksOnFirstStart]),
        )
        .cannot(Delivery::Variable, CannotTake::VariablesUnconfirmed)
        .plaintext(
            Forms::new(|target, key| Document::Entry(at_as("http", target, key)))
                .command(|target, key| add(&named(target, &at_as("http", target, key))))
                .link(|target, key| link(&named(target, &at_as("http", target, key)))),
        ),
};

fn add(entry: &Value) -> Vec<String> {
    told(&["code-insiders", "--add-mcp"], &[&entry.to_string()])
}

fn link(entry: &Value) -> String {
    format!("vscode-insiders:mcp/install?{}", uri_component(&entry.to_string()))
}
