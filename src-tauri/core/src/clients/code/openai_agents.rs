//! The OpenAI Agents SDK for Python (0.24.0, the connection run 2026-11-20). It calls the server from this computer; running the
//! agent takes a key of OpenAI's.

use super::shape::program;
use crate::clients::entry::Target;
use crate::clients::language::Language;
use crate::clients::note::SnippetNote as Note;
use crate::clients::table::{Document, Evidence, Knowledge, McpClient};
use serde_json::json;

pub(in crate::clients) const CLIENT: McpClient = program(
    "openai-agents",
    "OpenAI Agents SDK",
    &[Note::Install { name: "pip install openai-agents" }],
    Knowledge {
        evidence: Evidence::Ran("0.24.0"),
        checked: "2026-11-21",
        sources: &["https://openai.github.io/openai-agents-python/mcp/"],
    },
    |target, name| Document::Code(Language::Python, code(target, name)),
);

fn code(target: &Target<'_>, name: &str) -> String {
    let url = json!(target.url);
    format!(
        r#"import asyncio
import os

from agents import Agent, Runner
from agents.mcp import MCPServerStreamableHttp


async def main():
    headers = {{"Authorization": f"Bearer {{os.environ['{name}']}}"}}
    params = {{"url": {url}, "headers": headers}}
    async with MCPServerStreamableHttp(params=params, name="superset") as superset:
        agent = Agent(name="Analyst", mcp_servers=[superset])
        result = await Runner.run(agent, "Which dashboards are there?")
        print(result.final_output)


asyncio.run(main())
"#
    )
}
