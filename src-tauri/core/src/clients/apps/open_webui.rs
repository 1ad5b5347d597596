//! Open WebUI, since 0.6.31.
//!
//! Only an admin can add a server. With any other type than this one the page hangs.

use crate::clients::location::Location;
use crate::clients::note::SnippetNote as Note;
use crate::clients::table::{Check, ClientKind, Document, Evidence, Forms, Knowledge, McpClient, Ways};

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "open-webui",
    name: "Open WebUI",
    kind: ClientKind::Web,
    programs: &[],
    locations: &[Location::told("Admin Settings → External Tools → Add Connection")],
    file: None,
    checks: &[Check::Open("Admin Settings → External Tools")],
    notes: &[Note::ReloadNotNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-21",
        sources: &["https://docs.openwebui.com/features/mcp"],
    },
    ways: Ways::NONE.plaintext(Forms::new(|target, key| {
        Document::Fields(vec![
            ("Type", "MCP (Streamable HTTP)".to_owned()),
            ("URL", target.url.clone()),
            ("Auth", "Bearer".to_owned()),
            ("Key", key.to_owned()),
            ("ID", target.name.to_owned()),
            ("Name", "Superset".to_owned()),
        ])
    })),
};
