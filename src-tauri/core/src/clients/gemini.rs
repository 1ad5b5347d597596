//! Gemini CLI.
//!
//! `httpUrl` means streamable HTTP. `$NAME` is expanded in headers, which its documentation does not say.
//! `gemini mcp add` would take the project's file and stdio if not told otherwise. In a folder that is not
//! trusted, entries stay off. A program it starts gets the environment without names such as `…KEY…` and
//! `…CERT…` (0.61.0, tried 2026-11-20); the D-Bus address is among what it gets.

use super::delivery::CannotTake;
use super::edit::Dialect;
use super::entry::{ProgramCall, Target};
use super::note::SnippetNote as Note;
use super::shapes::{at, started, told};
use super::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, Location, McpClient, Scope, Way,
    Ways,
};
use serde_json::Value;

pub(super) const CLIENT: McpClient = McpClient {
    id: "gemini",
    name: "Gemini CLI",
    kind: ClientKind::Terminal,
    programs: &["gemini"],
    locations: &[
        Location {
            scope: Scope::User,
            linux: "~/.gemini/settings.json",
            macos: "~/.gemini/settings.json",
            windows: "%USERPROFILE%\\.gemini\\settings.json",
        },
        Location::in_project("<project>/.gemini/settings.json"),
    ],
    file: Some(ConfigFile::new(Dialect::Json, &["mcpServers"])),
    checks: &[Check::Run("gemini mcp list")],
    notes: &[Note::TrustFolderFirst, Note::NewSessionNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Ran("0.61.0"),
        checked: "2026-11-20",
        sources: &["https://github.com/google-gemini/gemini-cli/blob/main/docs/tools/mcp-server.md"],
    },
    ways: Ways {
        bridge: Way::Takes(Forms {
            config: |_target, call| Document::Entry(started(call)),
            command: Some(start),
            link: None,
            notes: &[],
        }),
        helper: Way::Cannot(CannotTake::NoHelper),
        prompt: Way::Cannot(CannotTake::NoPrompt),
        variable: Way::Takes(Forms {
            config: |target, name| Document::Entry(with_header(target, &format!("${name}"))),
            command: Some(|target, name| add(target, &format!("${name}"))),
            link: None,
            notes: &[],
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
    at("httpUrl", target, key)
}

/// What follows `--` is not for Gemini itself, whatever options it may learn; the program may not.
fn start(target: &Target<'_>, call: &ProgramCall) -> Vec<String> {
    let head = ["gemini", "mcp", "add", "--scope", "user", target.name, &call.program, "--"];
    head.into_iter().map(String::from).chain(call.args.iter().cloned()).collect()
}

/// The flags come first: `--header` would take the words after it.
fn add(target: &Target<'_>, key: &str) -> Vec<String> {
    let header = format!("Authorization: Bearer {key}");
    let head = ["gemini", "mcp", "add", "--scope", "user", "--transport", "http", "--header"];
    told(&head, &[&header, target.name, &target.url])
}
