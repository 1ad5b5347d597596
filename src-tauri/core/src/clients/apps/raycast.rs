//! Raycast.
//!
//! Entries go into a form. Arguments may be a JSON list, which no space takes apart.

use crate::clients::delivery::{CannotTake, Delivery};
use crate::clients::location::Location;
use crate::clients::note::SnippetNote as Note;
use crate::clients::table::{Check, ClientKind, Document, Evidence, Forms, Knowledge, McpClient, Ways};
use serde_json::json;

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "raycast",
    name: "Raycast",
    kind: ClientKind::App,
    programs: &[],
    locations: &[Location::told("Raycast: Install MCP Server")],
    file: None,
    checks: &[Check::Open("Manage MCP Servers")],
    notes: &[Note::ReloadNotNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-21",
        sources: &["https://manual.raycast.com/ai/model-context-protocol"],
    },
    ways: Ways::NONE
        .bridge(Forms::new(|target, call| {
            Document::Fields(vec![
                ("Name", target.name.to_owned()),
                ("Transport", "Standard Input/Output".to_owned()),
                ("Command", call.program.clone()),
                ("Arguments", json!(call.args).to_string()),
            ])
        }))
        .cannot(Delivery::Variable, CannotTake::VariablesUnconfirmed)
        .plaintext(Forms::new(|target, key| {
            Document::Fields(vec![
                ("Name", target.name.to_owned()),
                ("Transport", "HTTP".to_owned()),
                ("URL", target.url.clone()),
                ("HTTP Headers", format!("Authorization: Bearer {key}")),
            ])
        })),
};
