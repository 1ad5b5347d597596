//! droid, Factory's terminal client.
//!
//! `${NAME}` is expanded in headers, and a program it starts gets the whole environment (0.225.2, tried 2026-11-21).
//! A project's file goes first, the nearest before those above it, and `FACTORY_HOME_OVERRIDE` names another home
//! (0.225.2, tried 2026-11-29). `--no-oauth` keeps it from asking the server for OAuth first.

use crate::clients::edit::Dialect;
use crate::clients::entry::Target;
use crate::clients::location::{Location, Move};
use crate::clients::note::SnippetNote as Note;
use crate::clients::shapes::{at_as, started_as, told};
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "droid",
    name: "droid",
    kind: ClientKind::Terminal,
    programs: &["droid"],
    locations: &[
        Location::in_project("<project>/.factory/mcp.json").and_above(),
        Location::in_home("~/.factory/mcp.json", "%USERPROFILE%\\.factory\\mcp.json")
            .moved(&[Move::by("FACTORY_HOME_OVERRIDE", "~")]),
    ],
    file: Some(ConfigFile::new(Dialect::Json, &["mcpServers"])),
    checks: &[Check::Run("droid mcp list")],
    notes: &[Note::NewSessionNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Ran("0.225.2"),
        checked: "2026-11-21",
        sources: &["https://docs.factory.ai/cli/configuration/mcp"],
    },
    ways: Ways::NONE
        .bridge(Forms::new(|_target, call| Document::Entry(started_as("stdio", call))))
        .variable(
            Forms::new(|target, name| Document::Entry(at_as("http", target, &format!("${{{name}}}"))))
                .command(|target, name| add(target, &format!("${{{name}}}"))),
        )
        .plaintext(Forms::new(|target, key| Document::Entry(at_as("http", target, key))).command(add)),
};

fn add(target: &Target<'_>, key: &str) -> Vec<String> {
    let header = format!("Authorization: Bearer {key}");
    let head = ["droid", "mcp", "add", target.name, &target.url, "--type", "http", "--no-oauth"];
    told(&head, &["--header", &header])
}
