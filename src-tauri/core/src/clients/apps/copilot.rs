//! GitHub Copilot CLI.
//!
//! Without `tools` an entry offers none. `${NAME}` is expanded in headers; what VS Code calls `${input:…}` is not
//! known here. `local` is what its documentation calls a program to start; it gets the whole environment. Tools that
//! it was once given it offers also when the server refuses them by now (1.0.102, tried 2026-11-21). `COPILOT_HOME` moves
//! its file, `XDG_CONFIG_HOME` does not. Of one name a project's goes first, the nearest before those above it, once the
//! folder is trusted (1.0.102, tried 2026-11-29).

use crate::clients::edit::Dialect;
use crate::clients::entry::Target;
use crate::clients::location::{Location, Move};
use crate::clients::note::SnippetNote as Note;
use crate::clients::shapes::{at_as, started_as, told, told_to_start, with};
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};
use serde_json::json;

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "copilot",
    name: "GitHub Copilot CLI",
    kind: ClientKind::Terminal,
    programs: &["copilot"],
    locations: &[
        Location::in_project("<project>/.mcp.json").and_above(),
        Location::in_project("<project>/.github/mcp.json"),
        Location::in_home("~/.copilot/mcp-config.json", "%USERPROFILE%\\.copilot\\mcp-config.json")
            .moved(&[Move::by("COPILOT_HOME", "~/.copilot")]),
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
    ways: Ways::NONE
        .bridge(
            Forms::new(|_target, call| {
                Document::Entry(with(started_as("local", call), "tools", json!(["*"])))
            })
            .command(|target, call| {
                told_to_start(&["copilot", "mcp", "add", target.name, "--"], target, call)
            }),
        )
        .variable(
            Forms::new(|target, name| {
                Document::Entry(with(at_as("http", target, &format!("${{{name}}}")), "tools", json!(["*"])))
            })
            .command(|target, name| add(target, &format!("${{{name}}}"))),
        )
        .plaintext(
            Forms::new(|target, key| {
                Document::Entry(with(at_as("http", target, key), "tools", json!(["*"])))
            })
            .command(add),
        ),
};

fn add(target: &Target<'_>, key: &str) -> Vec<String> {
    let header = format!("Authorization: Bearer {key}");
    let head = ["copilot", "mcp", "add", "--transport", "http", "--header"];
    told(&head, &[&header, target.name, &target.url])
}
