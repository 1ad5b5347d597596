//! Devin Desktop, which was Windsurf until June 2026.
//!
//! Its file is not where Windsurf's was, and the address is called `url` there.

use crate::clients::delivery::{CannotTake, Delivery};
use crate::clients::edit::Dialect;
use crate::clients::location::Location;
use crate::clients::note::SnippetNote as Note;
use crate::clients::shapes::{at, started};
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};

pub(in crate::clients) const CLIENT: McpClient = McpClient {
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
    ways: Ways::NONE
        .bridge(Forms::new(|_target, call| Document::Entry(started(call))))
        .cannot(Delivery::Variable, CannotTake::VariablesUnconfirmed)
        .plaintext(Forms::new(|target, key| Document::Entry(at("url", target, key)))),
};
