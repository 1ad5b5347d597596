//! The OpenAI Agents SDK for Python (0.24.0, the connection run 2026-11-20). It calls the server from this computer; running the
//! agent takes a key of OpenAI's.

use super::entry::Target;
use super::note::SnippetNote as Note;
use super::snippet::Language;
use super::table::{ClientKind, Document, Evidence, Knowledge, McpClient, Ways};
use serde_json::json;

pub(super) const CLIENT: McpClient = McpClient {
    id: "openai-agents",
    name: "OpenAI Agents SDK",
    kind: ClientKind::Library,
    programs: &[],
    locations: &[],
    file: None,
    checks: &[],
    notes: &[Note::Install { name: "pip install openai-agents" }],
    knowledge: Knowledge {
        evidence: Evidence::Ran("0.24.0"),
        checked: "2026-11-21",
        sources: &["https://openai.github.io/openai-agents-python/mcp/"],
    },
    ways: Ways::code(|target, name| Document::Code(Language::Python, code(target, name))),
};

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
