//! n8n: the MCP Client node and the MCP Client Tool node.
//!
//! The key goes into a credential, which n8n keeps encrypted. It runs on a server.

use crate::clients::delivery::{CannotTake, Delivery};
use crate::clients::location::Location;
use crate::clients::note::SnippetNote as Note;
use crate::clients::table::{Check, ClientKind, Document, Evidence, Forms, Knowledge, McpClient, Ways};

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "n8n",
    name: "n8n",
    kind: ClientKind::Web,
    programs: &[],
    locations: &[Location::told("MCP Client or MCP Client Tool node")],
    file: None,
    checks: &[Check::Open("MCP Client → Tool")],
    notes: &[Note::ReloadNotNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-21",
        sources: &[
            "https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-langchain.mcpclient/",
            "https://docs.n8n.io/integrations/builtin/credentials/httprequest/",
        ],
    },
    ways: Ways::NONE.cannot(Delivery::Variable, CannotTake::VariablesUnconfirmed).plaintext(Forms::new(
        |target, key| {
            Document::Fields(vec![
                ("Server Transport", "HTTP Streamable".to_owned()),
                ("MCP Endpoint URL", target.url.clone()),
                ("Authentication", "Bearer Auth".to_owned()),
                ("Bearer Token", key.to_owned()),
            ])
        },
    )),
};
