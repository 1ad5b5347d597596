//! Anthropic's Messages API with its MCP connector. Anthropic's computers call the server. The shape is documented; it was not
//! run.

use super::shape::program;
use crate::clients::entry::Target;
use crate::clients::language::Language;
use crate::clients::note::SnippetNote as Note;
use crate::clients::table::{Document, Evidence, Knowledge, McpClient};
use serde_json::json;

pub(in crate::clients) const CLIENT: McpClient = program(
    "anthropic",
    "Anthropic Messages API",
    &[Note::Install { name: "pip install anthropic" }, Note::PublicHttpsOnly, Note::KeyGoesToItsMakers],
    Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-21",
        sources: &["https://platform.claude.com/docs/en/agents-and-tools/mcp-connector"],
    },
    |target, name| Document::Code(Language::Python, code(target, name)),
);

fn code(target: &Target<'_>, name: &str) -> String {
    let url = json!(target.url);
    format!(
        r#"import os

from anthropic import Anthropic

message = Anthropic().beta.messages.create(
    model="claude-sonnet-4-5",
    max_tokens=1000,
    messages=[{{"role": "user", "content": "Which dashboards are there?"}}],
    mcp_servers=[
        {{
            "type": "url",
            "name": "superset",
            "url": {url},
            "authorization_token": os.environ["{name}"],
        }}
    ],
    tools=[{{"type": "mcp_toolset", "mcp_server_name": "superset"}}],
    betas=["mcp-client-2025-11-20"],
)
print(message.content)
"#
    )
}
