//! OpenAI's Responses API with its hosted MCP tool. OpenAI's computers call the server. The shape is documented; it was not
//! run.

use super::shape::program;
use crate::clients::entry::Target;
use crate::clients::language::Language;
use crate::clients::note::SnippetNote as Note;
use crate::clients::table::{Document, Evidence, Knowledge, McpClient};
use serde_json::json;

pub(in crate::clients) const CLIENT: McpClient = program(
    "openai",
    "OpenAI Responses API",
    &[Note::Install { name: "pip install openai" }, Note::PublicHttpsOnly, Note::KeyGoesToItsMakers],
    Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-21",
        sources: &["https://platform.openai.com/docs/guides/tools-connectors-mcp"],
    },
    |target, name| Document::Code(Language::Python, code(target, name)),
);

fn code(target: &Target<'_>, name: &str) -> String {
    let url = json!(target.url);
    format!(
        r#"import os

from openai import OpenAI

response = OpenAI().responses.create(
    model="gpt-5",
    input="Which dashboards are there?",
    tools=[
        {{
            "type": "mcp",
            "server_label": "superset",
            "server_url": {url},
            "authorization": os.environ["{name}"],
            "require_approval": "always",
        }}
    ],
)
print(response.output)
"#
    )
}
