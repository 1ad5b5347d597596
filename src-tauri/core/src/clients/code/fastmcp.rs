//! FastMCP, the Python client (4.1.2, run 2026-11-21). `auth` takes the key without `Bearer`.

use super::shape::program;
use crate::clients::entry::Target;
use crate::clients::language::Language;
use crate::clients::note::SnippetNote as Note;
use crate::clients::table::{Document, Evidence, Knowledge, McpClient};
use serde_json::json;

pub(in crate::clients) const CLIENT: McpClient = program(
    "fastmcp",
    "FastMCP",
    &[Note::Install { name: "pip install fastmcp" }],
    Knowledge {
        evidence: Evidence::Ran("4.1.2"),
        checked: "2026-11-21",
        sources: &["https://gofastmcp.com/clients/auth/bearer"],
    },
    |target, name| Document::Code(Language::Python, code(target, name)),
);

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
