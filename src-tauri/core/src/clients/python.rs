//! The Python SDK, `mcp` 2.x, where `streamablehttp_client` is gone (2.3.0, run 2026-11-21).

use super::entry::Target;
use super::note::SnippetNote as Note;
use super::snippet::Language;
use super::table::{ClientKind, Document, Evidence, Knowledge, McpClient, Ways};
use serde_json::json;

pub(super) const CLIENT: McpClient = McpClient {
    id: "python",
    name: "Python SDK (mcp 2)",
    kind: ClientKind::Library,
    programs: &[],
    locations: &[],
    file: None,
    checks: &[],
    notes: &[Note::Install { name: "pip install 'mcp>=2,<3'" }],
    knowledge: Knowledge {
        evidence: Evidence::Ran("2.3.0"),
        checked: "2026-11-21",
        sources: &["https://github.com/modelcontextprotocol/python-sdk"],
    },
    ways: Ways::code(|target, name| Document::Code(Language::Python, code(target, name))),
};

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
