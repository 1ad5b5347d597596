//! OpenAI's Responses API with its hosted MCP tool. OpenAI's computers call the server. The shape is documented; it was not
//! run.

use super::entry::Target;
use super::note::SnippetNote as Note;
use super::snippet::Language;
use super::table::{ClientKind, Document, Evidence, Knowledge, McpClient, Ways};
use serde_json::json;

pub(super) const CLIENT: McpClient = McpClient {
    id: "openai",
    name: "OpenAI Responses API",
    kind: ClientKind::Library,
    programs: &[],
    locations: &[],
    file: None,
    checks: &[],
    notes: &[Note::Install { name: "pip install openai" }, Note::PublicHttpsOnly, Note::KeyGoesToItsMakers],
    knowledge: Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-21",
        sources: &["https://platform.openai.com/docs/guides/tools-connectors-mcp"],
    },
    ways: Ways::code(|target, name| Document::Code(Language::Python, code(target, name))),
};

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
