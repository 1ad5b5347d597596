//! Warp.
//!
//! It reads the common notation. That environment variables are supported is documented; that headers are among where
//! they are is not.

use super::delivery::CannotTake;
use super::edit::Dialect;
use super::note::SnippetNote as Note;
use super::shapes::{at, started};
use super::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, Location, McpClient, Way, Ways,
};

pub(super) const CLIENT: McpClient = McpClient {
    id: "warp",
    name: "Warp",
    kind: ClientKind::Terminal,
    programs: &["warp-terminal", "warp"],
    locations: &[
        Location::in_home("~/.warp/.mcp.json", "%USERPROFILE%\\.warp\\.mcp.json"),
        Location::in_project("<project>/.warp/.mcp.json"),
    ],
    file: Some(ConfigFile::new(Dialect::Json, &["mcpServers"])),
    checks: &[Check::Open("Settings → Agents → MCP servers")],
    notes: &[Note::ReloadNotNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-21",
        sources: &["https://docs.warp.dev/agents/capabilities/mcp"],
    },
    ways: Ways {
        bridge: Way::Takes(Forms::new(|_target, call| Document::Entry(started(call)))),
        helper: Way::Cannot(CannotTake::NoHelper),
        prompt: Way::Cannot(CannotTake::NoPrompt),
        variable: Way::Cannot(CannotTake::VariablesUnconfirmed),
        plaintext: Way::Takes(Forms::new(|target, key| Document::Entry(at("url", target, key)))),
    },
};
