//! Windsurf up to June 2026; after that it is Devin Desktop, with a file elsewhere.
//!
//! The address is called `serverUrl`.

use crate::clients::edit::Dialect;
use crate::clients::location::{Installation, Location};
use crate::clients::note::SnippetNote as Note;
use crate::clients::shapes::{at, started};
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "windsurf",
    name: "Windsurf",
    kind: ClientKind::Editor,
    programs: &["windsurf"],
    locations: &[
        Location::in_home(
            "~/.codeium/windsurf/mcp_config.json",
            "%USERPROFILE%\\.codeium\\windsurf\\mcp_config.json",
        ),
        Location::in_home(
            "~/.codeium/windsurf-next/mcp_config.json",
            "%USERPROFILE%\\.codeium\\windsurf-next\\mcp_config.json",
        )
        .by(Installation::Product("Windsurf Next")),
        Location::in_home("~/.codeium/mcp_config.json", "%USERPROFILE%\\.codeium\\mcp_config.json")
            .by(Installation::Product("Windsurf in other editors")),
    ],
    file: Some(ConfigFile::new(Dialect::Json, &["mcpServers"])),
    checks: &[Check::Open("MCP servers")],
    notes: &[Note::RestartNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Reported,
        checked: "2026-11-21",
        sources: &[
            "https://docs.sevalla.com/ai-agents/windsurf",
            "https://github.com/confluentinc/mcp-confluent/blob/master/docs/configuring-windsurf.md",
        ],
    },
    ways: Ways::NONE
        .bridge(Forms::new(|_target, call| Document::Entry(started(call))))
        .variable(
            Forms::new(|target, name| Document::Entry(at("serverUrl", target, &format!("${{env:{name}}}"))))
                .notes(&[Note::GuiAppsDontSeeShellVariables]),
        )
        .plaintext(Forms::new(|target, key| Document::Entry(at("serverUrl", target, key)))),
};
