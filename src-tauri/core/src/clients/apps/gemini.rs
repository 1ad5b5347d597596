//! Gemini CLI.
//!
//! `httpUrl` means streamable HTTP. `$NAME` is expanded in headers, which its documentation does not say.
//! `gemini mcp add` would take the project's file and stdio if not told otherwise. In a folder that is not
//! trusted, entries stay off. A program it starts gets the environment without names such as `…KEY…` and
//! `…CERT…` (0.61.0, tried 2026-11-20); the D-Bus address is among what it gets. Of one name the administrators' settings
//! go first, then the project's (of the folder it is started in alone), the person's, and the administrators' defaults;
//! `GEMINI_CLI_HOME` names another home (0.61.0, tried 2026-11-29).

use crate::clients::edit::Dialect;
use crate::clients::entry::Target;
use crate::clients::location::{Location, Move};
use crate::clients::note::SnippetNote as Note;
use crate::clients::program_call::ProgramCall;
use crate::clients::shapes::{at, started, told};
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};
use serde_json::Value;

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "gemini",
    name: "Gemini CLI",
    kind: ClientKind::Terminal,
    programs: &["gemini"],
    locations: &[
        Location::of_system(
            "/etc/gemini-cli/settings.json",
            "/Library/Application Support/GeminiCli/settings.json",
            "C:\\ProgramData\\gemini-cli\\settings.json",
        ),
        Location::in_project("<project>/.gemini/settings.json"),
        Location::in_home("~/.gemini/settings.json", "%USERPROFILE%\\.gemini\\settings.json")
            .moved(&[Move::by("GEMINI_CLI_HOME", "~")]),
        // Of one name, settings go before extensions (its documentation on extensions, 2026-11-29).
        Location::in_home(
            "~/.gemini/extensions/*/gemini-extension.json",
            "%USERPROFILE%\\.gemini\\extensions\\*\\gemini-extension.json",
        )
        .moved(&[Move::by("GEMINI_CLI_HOME", "~")])
        .never_written(),
        Location::of_system(
            "/etc/gemini-cli/system-defaults.json",
            "/Library/Application Support/GeminiCli/system-defaults.json",
            "C:\\ProgramData\\gemini-cli\\system-defaults.json",
        ),
    ],
    file: Some(ConfigFile::new(Dialect::Json, &["mcpServers"])),
    checks: &[Check::Run("gemini mcp list")],
    notes: &[Note::TrustFolderFirst, Note::NewSessionNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Ran("0.61.0"),
        checked: "2026-11-20",
        sources: &["https://github.com/google-gemini/gemini-cli/blob/main/docs/tools/mcp-server.md"],
    },
    ways: Ways::NONE
        .bridge(Forms::new(|_target, call| Document::Entry(started(call))).command(start))
        .variable(
            Forms::new(|target, name| Document::Entry(with_header(target, &format!("${name}"))))
                .command(|target, name| add(target, &format!("${name}"))),
        )
        .plaintext(Forms::new(|target, key| Document::Entry(with_header(target, key))).command(add)),
};

fn with_header(target: &Target<'_>, key: &str) -> Value {
    at("httpUrl", target, key)
}

/// What follows `--` is not for Gemini itself, whatever options it may learn; the program may not.
fn start(target: &Target<'_>, call: &ProgramCall) -> Vec<String> {
    let mut words = call.words_with_environment(target.platform).into_iter();
    let program = words.next().unwrap_or_default();
    let head = ["gemini", "mcp", "add", "--scope", "user", target.name, &program, "--"];
    head.into_iter().map(String::from).chain(words).collect()
}

/// The flags come first: `--header` would take the words after it.
fn add(target: &Target<'_>, key: &str) -> Vec<String> {
    let header = format!("Authorization: Bearer {key}");
    let head = ["gemini", "mcp", "add", "--scope", "user", "--transport", "http", "--header"];
    told(&head, &[&header, target.name, &target.url])
}
