//! FastMCP, the Python client (4.1.2, run 2026-11-21). `auth` takes the key without `Bearer`.

use super::entry::Target;
use super::note::SnippetNote as Note;
use super::snippet::Language;
use super::table::{ClientKind, Document, Evidence, Knowledge, McpClient, Ways};
use serde_json::json;

pub(super) const CLIENT: McpClient = McpClient {
    id: "fastmcp",
    name: "FastMCP",
    kind: ClientKind::Library,
    programs: &[],
    locations: &[],
    file: None,
    checks: &[],
    notes: &[Note::Install { name: "pip install fastmcp" }],
    knowledge: Knowledge {
        evidence: Evidence::Ran("4.1.2"),
        checked: "2026-11-21",
        sources: &["https://gofastmcp.com/clients/auth/bearer"],
    },
    ways: Ways::code(|target, name| Document::Code(Language::Python, code(target, name))),
};

fn code(target: &Target<'_>, name: &str) -> String {
    let url = json!(target.url);
    format!(
        r#"import asyncio
import os

from fastmcp import Client
from fastmcp.client.transports import StreamableHttpTransport


async def main():
    transport = StreamableHttpTransport({url}, auth=os.environ["{name}"])
    async with Client(transport) as client:
        for tool in await client.list_tools():
            print(tool.name)


asyncio.run(main())
"#
    )
}
