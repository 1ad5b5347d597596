//! The TypeScript SDK, 1.x (1.32.2, run 2026-11-21).

use super::shape::program;
use crate::clients::entry::Target;
use crate::clients::language::Language;
use crate::clients::note::SnippetNote as Note;
use crate::clients::table::{Document, Evidence, Knowledge, McpClient};
use serde_json::json;

pub(in crate::clients) const CLIENT: McpClient = program(
    "typescript",
    "TypeScript SDK",
    &[Note::Install { name: "npm install @modelcontextprotocol/sdk@1" }],
    Knowledge {
        evidence: Evidence::Ran("1.32.2"),
        checked: "2026-11-21",
        sources: &["https://github.com/modelcontextprotocol/typescript-sdk"],
    },
    |target, name| Document::Code(Language::Typescript, code(target, name)),
);

fn code(target: &Target<'_>, name: &str) -> String {
    let url = json!(target.url);
    format!(
        r#"import {{ Client }} from "@modelcontextprotocol/sdk/client/index.js";
import {{ StreamableHTTPClientTransport }} from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const transport = new StreamableHTTPClientTransport(new URL({url}), {{
  requestInit: {{ headers: {{ Authorization: `Bearer ${{process.env.{name}}}` }} }},
}});
const client = new Client({{ name: "example", version: "1.0.0" }});
await client.connect(transport);
const {{ tools }} = await client.listTools();
for (const tool of tools) console.log(tool.name);
await client.close();
"#
    )
}
