//! LangChain's adapters (0.3.2, run 2026-11-20), which cannot be imported beside `mcp` 2.

use super::entry::Target;
use super::note::SnippetNote as Note;
use super::snippet::Language;
use super::table::{ClientKind, Document, Evidence, Knowledge, McpClient, Ways};
use serde_json::json;

pub(super) const CLIENT: McpClient = McpClient {
    id: "langchain",
    name: "LangChain",
    kind: ClientKind::Library,
    programs: &[],
    locations: &[],
    file: None,
    checks: &[],
    notes: &[Note::Install { name: "pip install langchain-mcp-adapters 'mcp<2'" }],
    knowledge: Knowledge {
        evidence: Evidence::Ran("0.3.2"),
        checked: "2026-11-21",
        sources: &["https://github.com/langchain-ai/langchain-mcp-adapters"],
    },
    ways: Ways::code(|target, name| Document::Code(Language::Python, code(target, name))),
};

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
