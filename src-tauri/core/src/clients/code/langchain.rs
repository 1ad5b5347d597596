//! LangChain's adapters (0.3.2, run 2026-11-20), which cannot be imported beside `mcp` 2.

use super::shape::program;
use crate::clients::entry::Target;
use crate::clients::language::Language;
use crate::clients::note::SnippetNote as Note;
use crate::clients::table::{Document, Evidence, Knowledge, McpClient};
use serde_json::json;

pub(in crate::clients) const CLIENT: McpClient = program(
    "langchain",
    "LangChain",
    &[Note::Install { name: "pip install langchain-mcp-adapters 'mcp<2'" }],
    Knowledge {
        evidence: Evidence::Ran("0.3.2"),
        checked: "2026-11-21",
        sources: &["https://github.com/langchain-ai/langchain-mcp-adapters"],
    },
    |target, name| Document::Code(Language::Python, code(target, name)),
);

fn code(target: &Target<'_>, name: &str) -> String {
    let url = json!(target.url);
    format!(
        r#"import asyncio
import os

from langchain_mcp_adapters.client import MultiServerMCPClient


async def main():
    client = MultiServerMCPClient({{
        "superset": {{
            "transport": "streamable_http",
            "url": {url},
            "headers": {{"Authorization": f"Bearer {{os.environ['{name}']}}"}},
        }},
    }})
    for tool in await client.get_tools():
        print(tool.name)


asyncio.run(main())
"#
    )
}
