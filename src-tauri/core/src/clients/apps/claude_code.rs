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
//! A plain `claude mcp add` writes what counts in one folder alone, in the same file: `projects`, by the top folder of
//! the repository or, without one, by the folder itself. Of one name that goes first, then a project's file, the nearest
//! before those above it, then what counts everywhere. An administrator's file is the only one that is read. Where
//! `.config.json` of earlier versions is there, that is its file (2.1.330, tried 2026-11-29).
//!
//! Its header is sent with every request, from the first one on, also where the server announces OAuth: lists and
//! sessions (2.1.330, tried 2026-11-21).

use crate::clients::edit::Dialect;
use crate::clients::entry::Target;
use crate::clients::location::{FileForm, Location, Move};
use crate::clients::note::SnippetNote as Note;
use crate::clients::shapes::{at_as, started_as, told, told_to_start};
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, OwnCommand, Ways,
};
use serde_json::{Value, json};

const FOR_FOLDERS: FileForm = FileForm::new(Dialect::Json, &["projects", "*", "mcpServers"]);
const USUAL: Location = Location::in_home("~/.claude.json", "%USERPROFILE%\\.claude.json")
    .moved(&[Move::by("CLAUDE_CONFIG_DIR", "~")]);
const OLDER: Location = Location::in_home("~/.claude/.config.json", "%USERPROFILE%\\.claude\\.config.json")
    .moved(&[Move::by("CLAUDE_CONFIG_DIR", "~/.claude")])
    .only_if_there()
    .alone();

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "claude-code",
    name: "Claude Code",
    kind: ClientKind::Terminal,
    programs: &["claude"],
    locations: &[
        Location::of_system(
            "/etc/claude-code/managed-mcp.json",
            "/Library/Application Support/ClaudeCode/managed-mcp.json",
            "C:\\Program Files\\ClaudeCode\\managed-mcp.json",
        )
        .exclusive(),
        OLDER.for_folders(FOR_FOLDERS),
        USUAL.for_folders(FOR_FOLDERS),
        Location::in_project("<project>/.mcp.json").and_above(),
        OLDER,
        USUAL,
    ],
    file: Some(ConfigFile::new(Dialect::Json, &["mcpServers"]).written_by(OwnCommand {
        add: |name, entry| ["mcp", "add-json", name, entry, "--scope", "user"].map(String::from).into(),
        remove: |name| ["mcp", "remove", name, "--scope", "user"].map(String::from).into(),
    })),
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
    ways: Ways::NONE
        .bridge(Forms::new(|_target, call| Document::Entry(started_as("stdio", call))).command(
            |target, call| {
                told_to_start(&["claude", "mcp", "add", "--scope", "user", target.name, "--"], target, call)
            },
        ))
        .helper(Forms::new(|target, line| Document::Entry(helped(target, line))).command(|target, line| {
            let entry = helped(target, line).to_string();
            ["claude", "mcp", "add-json", target.name, &entry, "--scope", "user"].map(String::from).into()
        }))
        .variable(
            Forms::new(|target, name| Document::Entry(with_header(target, &format!("${{{name}}}"))))
                .command(|target, name| add(target, &format!("${{{name}}}")))
                .notes(&[Note::VariablesMayFailOnWindows]),
        )
        .plaintext(Forms::new(|target, key| Document::Entry(with_header(target, key))).command(add)),
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
