//! AI Assistant in the editors of JetBrains.
//!
//! Its settings take pasted JSON. A program to start is documented; an address is said to be taken, with headers nobody has
//! shown.

use crate::clients::delivery::{CannotTake, Delivery, NotWritten};
use crate::clients::edit::Dialect;
use crate::clients::location::Location;
use crate::clients::note::SnippetNote as Note;
use crate::clients::shapes::{at, started};
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "jetbrains",
    name: "JetBrains AI Assistant",
    kind: ClientKind::Editor,
    programs: &[],
    locations: &[Location::told(
        "Settings → Tools → AI Assistant → Model Context Protocol (MCP) → Add → As JSON",
    )],
    file: Some(ConfigFile::new(Dialect::Json, &["mcpServers"]).by_hand(NotWritten::Unconfirmed)),
    checks: &[Check::Open("Settings → Tools → AI Assistant → Model Context Protocol (MCP)")],
    notes: &[Note::ReloadNotNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-21",
        sources: &[
            "https://www.jetbrains.com/help/ai-assistant/mcp.html",
            "https://www.developersdigest.tech/mcp-servers/clients/jetbrains-ai-assistant",
        ],
    },
    ways: Ways::NONE
        .bridge(Forms::new(|_target, call| Document::Entry(started(call))))
        .cannot(Delivery::Variable, CannotTake::VariablesUnconfirmed)
        .plaintext(Forms::new(|target, key| Document::Entry(at("url", target, key)))),
};
