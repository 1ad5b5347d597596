//! Devin Desktop, which was Windsurf until June 2026.
//!
//! Its file is not where Windsurf's was, and the address is called `url` there.

use super::delivery::CannotTake;
use super::edit::Dialect;
use super::note::SnippetNote as Note;
use super::shapes::{at, started};
use super::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, Location, McpClient, Way, Ways,
};

pub(super) const CLIENT: McpClient = McpClient {
    id: "devin",
    name: "Devin Desktop",
    kind: ClientKind::Editor,
    programs: &["devin"],
    locations: &[
        Location::in_home("~/.config/devin/mcp_config.json", "%APPDATA%\\devin\\mcp_config.json"),
        Location::in_project("<project>/.devin/mcp_config.json"),
    ],
    file: Some(ConfigFile::new(Dialect::Json, &["mcpServers"])),
    checks: &[Check::Open("MCP servers")],
    notes: &[Note::RestartNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Reported,
        checked: "2026-11-21",
        sources: &["https://docs.sevalla.com/ai-agents/windsurf"],
    },
    ways: Ways {
        bridge: Way::Takes(Forms::new(|_target, call| Document::Entry(started(call)))),
        helper: Way::Cannot(CannotTake::NoHelper),
        prompt: Way::Cannot(CannotTake::NoPrompt),
        variable: Way::Cannot(CannotTake::VariablesUnconfirmed),
        plaintext: Way::Takes(Forms::new(|target, key| Document::Entry(at("url", target, key)))),
    },
};
