//! Junie, JetBrains' agent.
//!
//! Its documentation shows programs to start and nothing else; where its file lies was read in other people's words.

use super::delivery::CannotTake;
use super::edit::Dialect;
use super::note::SnippetNote as Note;
use super::shapes::started;
use super::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, Location, McpClient, Way, Ways,
};

pub(super) const CLIENT: McpClient = McpClient {
    id: "junie",
    name: "Junie",
    kind: ClientKind::Editor,
    programs: &["junie"],
    locations: &[
        Location::in_home("~/.junie/mcp/mcp.json", "%USERPROFILE%\\.junie\\mcp\\mcp.json"),
        Location::in_project("<project>/.junie/mcp/mcp.json"),
    ],
    file: Some(ConfigFile::new(Dialect::Json, &["mcpServers"])),
    checks: &[Check::Open("Settings → Tools → Junie → MCP Settings")],
    notes: &[Note::ReloadNotNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Reported,
        checked: "2026-11-21",
        sources: &["https://www.jetbrains.com/help/junie/model-context-protocol-mcp.html"],
    },
    ways: Ways {
        bridge: Way::Takes(Forms::new(|_target, call| Document::Entry(started(call)))),
        helper: Way::Cannot(CannotTake::CommandsOnly),
        prompt: Way::Cannot(CannotTake::CommandsOnly),
        variable: Way::Cannot(CannotTake::CommandsOnly),
        plaintext: Way::Cannot(CannotTake::CommandsOnly),
    },
};
