//! Junie, JetBrains' agent.
//!
//! Its documentation shows programs to start and nothing else; where its file lies was read in other people's words.

use crate::clients::delivery::{CannotTake, Delivery};
use crate::clients::edit::Dialect;
use crate::clients::location::Location;
use crate::clients::note::SnippetNote as Note;
use crate::clients::shapes::started;
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};

pub(in crate::clients) const CLIENT: McpClient = McpClient {
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
    ways: Ways::NONE
        .bridge(Forms::new(|_target, call| Document::Entry(started(call))))
        .cannot(Delivery::Helper, CannotTake::CommandsOnly)
        .cannot(Delivery::Prompt, CannotTake::CommandsOnly)
        .cannot(Delivery::Variable, CannotTake::CommandsOnly)
        .cannot(Delivery::Plaintext, CannotTake::CommandsOnly),
};
