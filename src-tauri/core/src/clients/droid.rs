//! droid, Factory's terminal client.
//!
//! `${NAME}` is expanded in headers, and a program it starts gets the whole environment (0.225.2, tried 2026-11-21).
//! `--no-oauth` keeps it from asking the server for OAuth first.

use super::delivery::CannotTake;
use super::edit::Dialect;
use super::entry::Target;
use super::note::SnippetNote as Note;
use super::shapes::{at_as, started_as, told};
use super::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, Location, McpClient, Way, Ways,
};

pub(super) const CLIENT: McpClient = McpClient {
    id: "droid",
    name: "droid",
    kind: ClientKind::Terminal,
    programs: &["droid"],
    locations: &[
        Location::in_home("~/.factory/mcp.json", "%USERPROFILE%\\.factory\\mcp.json"),
        Location::in_project("<project>/.factory/mcp.json"),
    ],
    file: Some(ConfigFile::new(Dialect::Json, &["mcpServers"])),
    checks: &[Check::Run("droid mcp list")],
    notes: &[Note::NewSessionNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Ran("0.225.2"),
        checked: "2026-11-21",
        sources: &["https://docs.factory.ai/cli/configuration/mcp"],
    },
    ways: Ways {
        bridge: Way::Takes(Forms::new(|_target, call| Document::Entry(started_as("stdio", call)))),
        helper: Way::Cannot(CannotTake::NoHelper),
        prompt: Way::Cannot(CannotTake::NoPrompt),
        variable: Way::Takes(
            Forms::new(|target, name| Document::Entry(at_as("http", target, &format!("${{{name}}}"))))
                .command(|target, name| add(target, &format!("${{{name}}}"))),
        ),
        plaintext: Way::Takes(
            Forms::new(|target, key| Document::Entry(at_as("http", target, key))).command(add),
        ),
    },
};

fn add(target: &Target<'_>, key: &str) -> Vec<String> {
    let header = format!("Authorization: Bearer {key}");
    let head = ["droid", "mcp", "add", target.name, &target.url, "--type", "http", "--no-oauth"];
    told(&head, &["--header", &header])
}
