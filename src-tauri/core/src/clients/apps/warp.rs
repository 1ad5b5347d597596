//! Warp.
//!
//! It reads the common notation. That environment variables are supported is documented; that headers are among where
//! they are is not.

use crate::clients::delivery::{CannotTake, Delivery};
use crate::clients::edit::Dialect;
use crate::clients::location::Location;
use crate::clients::note::SnippetNote as Note;
use crate::clients::shapes::{at, started};
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};

pub(in crate::clients) const CLIENT: McpClient = McpClient {
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
    ways: Ways::NONE
        .bridge(Forms::new(|_target, call| Document::Entry(started(call))))
        .cannot(Delivery::Variable, CannotTake::VariablesUnconfirmed)
        .plaintext(Forms::new(|target, key| Document::Entry(at("url", target, key)))),
};
