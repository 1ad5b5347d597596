//! GitHub Copilot CLI.
//!
//! Without `tools` an entry offers none. `${NAME}` is expanded in headers; what VS Code calls `${input:…}` is not
//! known here. `local` is what its documentation calls a program to start; it gets the whole environment. Tools that
//! it was once given it offers also when the server refuses them by now (1.0.102, tried 2026-11-21).

use super::delivery::CannotTake;
use super::edit::Dialect;
use super::entry::Target;
use super::note::SnippetNote as Note;
use super::shapes::{at_as, started_as, told, told_to_start, with};
use super::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, Location, McpClient, Way, Ways,
};
use serde_json::json;

pub(super) const CLIENT: McpClient = McpClient {
    id: "copilot",
    name: "GitHub Copilot CLI",
    kind: ClientKind::Terminal,
    programs: &["copilot"],
    locations: &[
        Location::in_home("~/.copilot/mcp-config.json", "%USERPROFILE%\\.copilot\\mcp-config.json"),
        Location::in_project("<project>/.mcp.json"),
        Location::in_project("<project>/.github/mcp.json"),
    ],
    file: Some(ConfigFile::new(Dialect::Json, &["mcpServers"])),
    checks: &[Check::Type("/mcp show superset")],
    notes: &[Note::NewSessionNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Ran("1.0.102"),
        checked: "2026-11-21",
        sources: &[
            "https://docs.github.com/en/copilot/how-tos/copilot-cli/customize-copilot/add-mcp-servers",
            "https://github.com/github/copilot-cli/issues/3100",
        ],
    },
    ways: Ways {
        bridge: Way::Takes(
            Forms::new(|_target, call| {
                Document::Entry(with(started_as("local", call), "tools", json!(["*"])))
            })
            .command(|target, call| told_to_start(&["copilot", "mcp", "add", target.name, "--"], call)),
        ),
        helper: Way::Cannot(CannotTake::NoHelper),
        prompt: Way::Cannot(CannotTake::NoPrompt),
        variable: Way::Takes(
            Forms::new(|target, name| {
                Document::Entry(with(at_as("http", target, &format!("${{{name}}}")), "tools", json!(["*"])))
            })
            .command(|target, name| add(target, &format!("${{{name}}}"))),
        ),
        plaintext: Way::Takes(
            Forms::new(|target, key| {
                Document::Entry(with(at_as("http", target, key), "tools", json!(["*"])))
            })
            .command(add),
        ),
    },
};

fn add(target: &Target<'_>, key: &str) -> Vec<String> {
    let header = format!("Authorization: Bearer {key}");
    let head = ["copilot", "mcp", "add", "--transport", "http", "--header"];
    told(&head, &[&header, target.name, &target.url])
}
