//! Cline: its terminal client and its editor extension share one file.
//!
//! Without `type` the address is taken for SSE, with `http` the entry is not loaded; nothing in a header is expanded.
//! Its documentation names another file than the one it reads. A program it starts gets the whole environment. Where a
//! server refuses the key it notes that as `oauth.lastError` in the entry (3.0.65, tried 2026-11-21).

use super::delivery::CannotTake;
use super::edit::Dialect;
use super::note::SnippetNote as Note;
use super::shapes::{at_as, started, told, with};
use super::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, Location, McpClient, Way, Ways,
};

pub(super) const CLIENT: McpClient = McpClient {
    id: "cline",
    name: "Cline",
    kind: ClientKind::Editor,
    programs: &["cline"],
    locations: &[Location::in_home(
        "~/.cline/data/settings/cline_mcp_settings.json",
        "%USERPROFILE%\\.cline\\data\\settings\\cline_mcp_settings.json",
    )],
    file: Some(ConfigFile::new(Dialect::Json, &["mcpServers"])),
    checks: &[Check::Open("MCP Servers")],
    notes: &[Note::ReloadNotNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Ran("3.0.65"),
        checked: "2026-11-21",
        sources: &["https://docs.cline.bot/mcp/mcp-overview"],
    },
    ways: Ways {
        bridge: Way::Takes(Forms::new(|_target, call| {
            Document::Entry(with(started(call), "disabled", false))
        })),
        helper: Way::Cannot(CannotTake::NoHelper),
        prompt: Way::Cannot(CannotTake::NoPrompt),
        variable: Way::Cannot(CannotTake::NoVariables),
        plaintext: Way::Takes(
            Forms::new(|target, key| {
                Document::Entry(with(at_as("streamableHttp", target, key), "disabled", false))
            })
            .command(|target, key| {
                told(
                    &["cline", "mcp", "add", target.name, &target.url, "--transport", "http", "--header"],
                    &[&format!("Authorization: Bearer {key}"), "--yes"],
                )
            }),
        ),
    },
};
