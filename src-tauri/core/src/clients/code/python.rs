//! The Python SDK, `mcp` 2.x, where `streamablehttp_client` is gone (2.3.0, run 2026-11-21).

use super::shape::program;
use crate::clients::entry::Target;
use crate::clients::language::Language;
use crate::clients::note::SnippetNote as Note;
use crate::clients::table::{Document, Evidence, Knowledge, McpClient};
use serde_json::json;

pub(in crate::clients) const CLIENT: McpClient = program(
    "python",
    "Python SDK (mcp 2)",
    &[Note::Install { name: "pip install 'mcp>=2,<3'" }],
    Knowledge {
        evidence: Evidence::Ran("2.3.0"),
        checked: "2026-11-21",
        sources: &["https://github.com/modelcontextprotocol/python-sdk"],
    },
    |target, name| Document::Code(Language::Python, code(target, name)),
);

fn code(target: &Target<'_>, name: &str) -> String {
    let url = json!(target.url);
    format!(
        r#"import asyncio
import os

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client


async def main():
    headers = {{"Authorization": f"Bearer {{os.environ['{name}']}}"}}
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        async with Client(streamable_http_client({url}, http_client=http)) as client:
            for tool in (await client.list_tools()).tools:
                print(tool.name)


asyncio.run(main())
"#
    )
}
