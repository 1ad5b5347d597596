//! Cherry Studio.
//!
//! Entries go into its settings, as a form or as JSON to import. The address is called `baseUrl`.

use super::delivery::{CannotTake, NotWritten};
use super::edit::Dialect;
use super::note::SnippetNote as Note;
use super::shapes::{headers, started_as, with};
use super::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, Location, McpClient, Way, Ways,
};
use serde_json::json;

pub(super) const CLIENT: McpClient = McpClient {
    id: "cherry-studio",
    name: "Cherry Studio",
    kind: ClientKind::App,
    programs: &[],
    locations: &[Location::told("Settings → MCP Servers → Add → Import from JSON")],
    file: Some(ConfigFile::new(Dialect::Json, &["mcpServers"]).by_hand(NotWritten::Form)),
    checks: &[Check::Open("Settings → MCP Servers")],
    notes: &[Note::ReloadNotNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Reported,
        checked: "2026-11-21",
        sources: &["https://zhensherlock.github.io/protocol-launcher/apps/cherry-studio"],
    },
    ways: Ways {
        bridge: Way::Takes(Forms::new(|target, call| {
            Document::Entry(with(started_as("stdio", call), "name", target.name))
        })),
        helper: Way::Cannot(CannotTake::NoHelper),
        prompt: Way::Cannot(CannotTake::NoPrompt),
        variable: Way::Cannot(CannotTake::VariablesUnconfirmed),
        plaintext: Way::Takes(Forms::new(|target, key| {
            Document::Entry(
                json!({ "type": "streamableHttp", "name": target.name, "baseUrl": target.url, "headers": headers(key) }),
            )
        })),
    },
};
