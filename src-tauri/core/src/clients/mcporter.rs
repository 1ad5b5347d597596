//! mcporter, which calls MCP servers from the terminal and from TypeScript.
//!
//! `${NAME}` is expanded in headers, and a program it starts gets the whole environment (0.12.3, tried 2026-11-21).

use super::delivery::CannotTake;
use super::edit::Dialect;
use super::note::SnippetNote as Note;
use super::shapes::{at, started};
use super::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, Location, McpClient, Way, Ways,
};

pub(super) const CLIENT: McpClient = McpClient {
    id: "mcporter",
    name: "mcporter",
    kind: ClientKind::Terminal,
    programs: &["mcporter"],
    locations: &[
        Location::in_home("~/.mcporter/mcporter.json", "%USERPROFILE%\\.mcporter\\mcporter.json"),
        Location::in_project("<project>/config/mcporter.json"),
    ],
    file: Some(ConfigFile::new(Dialect::Jsonc, &["mcpServers"])),
    checks: &[Check::Run("mcporter list superset")],
    notes: &[Note::ReloadNotNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Ran("0.12.3"),
        checked: "2026-11-21",
        sources: &["https://github.com/steipete/mcporter/blob/main/docs/config.md"],
    },
    ways: Ways {
        bridge: Way::Takes(Forms::new(|_target, call| Document::Entry(started(call)))),
        helper: Way::Cannot(CannotTake::NoHelper),
        prompt: Way::Cannot(CannotTake::NoPrompt),
        variable: Way::Takes(Forms::new(|target, name| {
            Document::Entry(at("url", target, &format!("${{{name}}}")))
        })),
        plaintext: Way::Takes(Forms::new(|target, key| Document::Entry(at("url", target, key)))),
    },
};
