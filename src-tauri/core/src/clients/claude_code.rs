//! Claude Code, the terminal client.
//!
//! `type` must be `http`: without it, and with the `url` that Superset's own page shows, the entry fails the
//! client's schema and vanishes without a word. `headersHelper` is one line for a shell, with ten seconds to
//! print a JSON object. `${NAME}` is expanded in headers; `$NAME` is not. Everything after `--` belongs to the
//! program that `claude mcp add` is told of. Programs it starts get the whole environment. `claude mcp list` connects,
//! and needs no account; what stands in a project's file waits until a person approves it (2.1.330, tried 2026-11-21).
//!
//! It keeps its own state in the same file and writes it at any time, so its own command goes first. That refuses a
//! name that is there, and drops keys it does not know (2.1.330, tried 2026-11-21).
//!
//! Its header is sent with every request, from the first one on, also where the server announces OAuth: lists and
//! sessions (2.1.330, tried 2026-11-21).

use super::delivery::CannotTake;
use super::edit::Dialect;
use super::entry::Target;
use super::note::SnippetNote as Note;
use super::shapes::{at_as, started_as, told, told_to_start};
use super::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, Location, McpClient, OwnCommand,
    Scope, Way, Ways,
};
use serde_json::{Value, json};

pub(super) const CLIENT: McpClient = McpClient {
    id: "claude-code",
    name: "Claude Code",
    kind: ClientKind::Terminal,
    programs: &["claude"],
    locations: &[
        Location {
            scope: Scope::User,
            linux: "~/.claude.json",
            macos: "~/.claude.json",
            windows: "%USERPROFILE%\\.claude.json",
        },
        Location::in_project("<project>/.mcp.json"),
    ],
    file: Some(
        ConfigFile::new(Dialect::Json, &["mcpServers"]).moved_by("CLAUDE_CONFIG_DIR", "~").written_by(
            OwnCommand {
                add: |name, entry| {
                    ["mcp", "add-json", name, entry, "--scope", "user"].map(String::from).into()
                },
                remove: |name| ["mcp", "remove", name, "--scope", "user"].map(String::from).into(),
            },
        ),
    ),
    checks: &[Check::Run("claude mcp list"), Check::Type("/mcp")],
    notes: &[
        Note::PreferCommandOverFile,
        Note::PathMovedBy { name: "CLAUDE_CONFIG_DIR" },
        Note::NewSessionNeeded,
    ],
    knowledge: Knowledge {
        evidence: Evidence::Ran("2.1.330"),
        checked: "2026-11-21",
        sources: &["https://code.claude.com/docs/en/mcp"],
    },
    ways: Ways {
        bridge: Way::Takes(Forms {
            config: |_target, call| Document::Entry(started_as("stdio", call)),
            command: Some(|target, call| {
                told_to_start(&["claude", "mcp", "add", "--scope", "user", target.name, "--"], call)
            }),
            link: None,
            notes: &[],
        }),
        helper: Way::Takes(Forms {
            config: |target, line| Document::Entry(helped(target, line)),
            command: Some(|target, line| {
                let entry = helped(target, line).to_string();
                ["claude", "mcp", "add-json", target.name, &entry, "--scope", "user"].map(String::from).into()
            }),
            link: None,
            notes: &[],
        }),
        prompt: Way::Cannot(CannotTake::NoPrompt),
        variable: Way::Takes(Forms {
            config: |target, name| Document::Entry(with_header(target, &format!("${{{name}}}"))),
            command: Some(|target, name| add(target, &format!("${{{name}}}"))),
            link: None,
            notes: &[Note::VariablesMayFailOnWindows],
        }),
        plaintext: Way::Takes(Forms {
            config: |target, key| Document::Entry(with_header(target, key)),
            command: Some(add),
            link: None,
            notes: &[],
        }),
    },
};

fn with_header(target: &Target<'_>, key: &str) -> Value {
    at_as("http", target, key)
}

fn helped(target: &Target<'_>, line: &str) -> Value {
    json!({ "type": "http", "url": target.url, "headersHelper": line })
}

/// `--header` takes every word that follows, so it comes last.
fn add(target: &Target<'_>, key: &str) -> Vec<String> {
    let header = format!("Authorization: Bearer {key}");
    let head = ["claude", "mcp", "add", "--scope", "user", "--transport", "http"];
    told(&head, &[target.name, &target.url, "--header", &header])
}
