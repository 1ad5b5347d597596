//! MCP Inspector 2, the protocol's own tool to try a server.
//!
//! A person says which file it reads (`--config`). A program it starts gets `HOME`, `PATH` and little else, and what
//! `-e NAME=value` hands on besides (2.12.0, tried 2026-11-21).

use crate::clients::delivery::{CannotTake, Delivery, NotWritten};
use crate::clients::edit::Dialect;
use crate::clients::location::Location;
use crate::clients::note::SnippetNote as Note;
use crate::clients::shapes::{at_as, started_as};
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "inspector",
    name: "MCP Inspector",
    kind: ClientKind::Terminal,
    programs: &[],
    locations: &[Location::told("a file for --config, such as mcp.json")],
    file: Some(ConfigFile::new(Dialect::Json, &["mcpServers"]).by_hand(NotWritten::PlaceNotKnown)),
    checks: &[Check::Run(
        "npx @modelcontextprotocol/inspector --cli --config mcp.json --server superset --method tools/list",
    )],
    notes: &[Note::NeedsNode],
    knowledge: Knowledge {
        evidence: Evidence::Ran("2.12.0"),
        checked: "2026-11-21",
        sources: &[
            "https://github.com/modelcontextprotocol/inspector/blob/main/docs/mcp-server-configuration.md",
        ],
    },
    ways: Ways::NONE
        .bridge(Forms::new(|_target, call| Document::Entry(started_as("stdio", call))))
        .cannot(Delivery::Variable, CannotTake::VariablesUnconfirmed)
        .plaintext(Forms::new(|target, key| Document::Entry(at_as("streamable-http", target, key)))),
};
