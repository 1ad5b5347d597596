//! Postman: an MCP request.
//!
//! A request that starts a program takes its command line, one that calls an address has an Authorization tab.

use crate::clients::delivery::{CannotTake, Delivery};
use crate::clients::location::Location;
use crate::clients::note::SnippetNote as Note;
use crate::clients::table::{Check, ClientKind, Document, Evidence, Forms, Knowledge, McpClient, Ways};

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "postman",
    name: "Postman",
    kind: ClientKind::App,
    programs: &["postman"],
    locations: &[Location::told("New → MCP")],
    file: None,
    checks: &[Check::Open("Connect")],
    notes: &[Note::ReloadNotNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-21",
        sources: &["https://learning.postman.com/docs/use/send-requests/protocols/mcp-requests/manage"],
    },
    ways: Ways::NONE
        .bridge(Forms::new(|target, call| {
            Document::Fields(vec![("Transport", "STDIO".to_owned()), ("Command", call.line(target.platform))])
        }))
        .cannot(Delivery::Variable, CannotTake::VariablesUnconfirmed)
        .plaintext(Forms::new(|target, key| {
            Document::Fields(vec![
                ("Transport", "HTTP".to_owned()),
                ("URL", target.url.clone()),
                ("Auth Type", "Bearer Token".to_owned()),
                ("Token", key.to_owned()),
            ])
        })),
};
