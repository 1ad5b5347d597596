//! LibreChat.
//!
//! It runs on a server, whose environment `${NAME}` is read from. A private address must be allowed by name.

use super::delivery::{CannotTake, NotWritten};
use super::edit::Dialect;
use super::note::SnippetNote as Note;
use super::shapes::at_as;
use super::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, Location, McpClient, Way, Ways,
};

pub(super) const CLIENT: McpClient = McpClient {
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
    ways: Ways {
        bridge: Way::Cannot(CannotTake::RunsElsewhere),
        helper: Way::Cannot(CannotTake::NoHelper),
        prompt: Way::Cannot(CannotTake::NoPrompt),
        variable: Way::Takes(Forms::new(|target, name| {
            Document::Entry(at_as("streamable-http", target, &format!("${{{name}}}")))
        })),
        plaintext: Way::Takes(Forms::new(|target, key| {
            Document::Entry(at_as("streamable-http", target, key))
        })),
    },
};
