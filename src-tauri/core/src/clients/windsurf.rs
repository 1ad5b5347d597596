//! Windsurf up to June 2026; after that it is Devin Desktop, with a file elsewhere.
//!
//! The address is called `serverUrl`.

use super::delivery::CannotTake;
use super::edit::Dialect;
use super::note::SnippetNote as Note;
use super::shapes::{at, started};
use super::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, Location, McpClient, Way, Ways,
};

pub(super) const CLIENT: McpClient = McpClient {
    id: "windsurf",
    name: "Windsurf",
    kind: ClientKind::Editor,
    programs: &["windsurf"],
    locations: &[Location::in_home(
        "~/.codeium/windsurf/mcp_config.json",
        "%USERPROFILE%\\.codeium\\windsurf\\mcp_config.json",
    )],
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
    ways: Ways {
        bridge: Way::Takes(Forms::new(|_target, call| Document::Entry(started(call)))),
        helper: Way::Cannot(CannotTake::NoHelper),
        prompt: Way::Cannot(CannotTake::NoPrompt),
        variable: Way::Takes(
            Forms::new(|target, name| Document::Entry(at("serverUrl", target, &format!("${{env:{name}}}"))))
                .notes(&[Note::GuiAppsDontSeeShellVariables]),
        ),
        plaintext: Way::Takes(Forms::new(|target, key| Document::Entry(at("serverUrl", target, key)))),
    },
};
