//! The Python SDK, `mcp` 1.x (1.30.0, run 2026-11-21).

use super::shape::program;
use crate::clients::entry::Target;
use crate::clients::language::Language;
use crate::clients::note::SnippetNote as Note;
use crate::clients::table::{Document, Evidence, Knowledge, McpClient};
use serde_json::json;

pub(in crate::clients) const CLIENT: McpClient = program(
    "python-1",
    "Python SDK (mcp 1)",
    &[Note::Install { name: "pip install 'mcp>=1.9,<2'" }],
    Knowledge {
        evidence: Evidence::Ran("1.30.0"),
        checked: "2026-11-21",
        sources: &["https://github.com/modelcontextprotocol/python-sdk/tree/v1.x"],
    },
    |target, name| Document::Code(Language::Python, code(target, name)),
);

fn code(target: &Target<'_>, name: &str) -> String {
    let url = json!(target.url);
    format!(
        r#"import asyncio
import os

from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client


async def main():
    headers = {{"Authorization": f"Bearer {{os.environ['{name}']}}"}}
    async with streamablehttp_client({url}, headers=headers) as (read, write, _):
        async with ClientSession(read, write) as session:
            await session.initialize()
            for tool in (await session.list_tools()).tools:
                print(tool.name)


asyncio.run(main())
"#
    )
}
