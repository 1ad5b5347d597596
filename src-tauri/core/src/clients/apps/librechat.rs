//! LibreChat.
//!
//! It runs on a server, whose environment `${NAME}` is read from. A private address must be allowed by name.

use crate::clients::delivery::{CannotTake, Delivery, NotWritten};
use crate::clients::edit::Dialect;
use crate::clients::location::Location;
use crate::clients::note::SnippetNote as Note;
use crate::clients::shapes::at_as;
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "librechat",
    name: "LibreChat",
    kind: ClientKind::Web,
    programs: &[],
    locations: &[Location::told("librechat.yaml, where LibreChat is installed")],
    file: Some(ConfigFile::new(Dialect::Yaml, &["mcpServers"]).by_hand(NotWritten::PlaceNotKnown)),
    checks: &[Check::Open("MCP Settings")],
    notes: &[
        Note::RestartNeeded,
        Note::AlsoNeeds { name: "version" },
        Note::PrivateAddressListed { name: "mcpSettings.allowedDomains" },
    ],
    knowledge: Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-21",
        sources: &[
            "https://www.librechat.ai/docs/features/mcp",
            "https://www.librechat.ai/docs/configuration/librechat_yaml/object_structure/mcp_servers",
        ],
    },
    ways: Ways::NONE
        .cannot(Delivery::Bridge, CannotTake::RunsElsewhere)
        .variable(Forms::new(|target, name| {
            Document::Entry(at_as("streamable-http", target, &format!("${{{name}}}")))
        }))
        .plaintext(Forms::new(|target, key| Document::Entry(at_as("streamable-http", target, key)))),
};
