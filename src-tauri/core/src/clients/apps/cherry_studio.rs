//! Cherry Studio.
//!
//! Entries go into its settings, as a form or as JSON to import. The address is called `baseUrl`.

use crate::clients::delivery::{CannotTake, Delivery, NotWritten};
use crate::clients::edit::Dialect;
use crate::clients::location::Location;
use crate::clients::note::SnippetNote as Note;
use crate::clients::shapes::{headers, started_as, with};
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};
use serde_json::json;

pub(in crate::clients) const CLIENT: McpClient = McpClient {
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
    ways: Ways::NONE.bridge(Forms::new(|target, call| {
            Document::Entry(with(started_as("stdio", call), "name", target.name))
        })).cannot(Delivery::Variable, CannotTake::VariablesUnconfirmed).plaintext(Forms::new(|target, key| {
            Document::Entry(
                json!({ "type": "streamableHttp", "name": target.name, "baseUrl": target.url, "headers": headers(key) }),
            )
        })),
};
