//! Cursor.
//!
//! Its install link carries the inner entry.

use crate::clients::edit::Dialect;
use crate::clients::entry::Target;
use crate::clients::location::Location;
use crate::clients::note::SnippetNote as Note;
use crate::clients::shapes::{at, base64_link, started};
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};
use serde_json::Value;

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "cursor",
    name: "Cursor",
    kind: ClientKind::Editor,
    programs: &["cursor"],
    locations: &[
        Location::in_project("<project>/.cursor/mcp.json"),
        Location::in_home("~/.cursor/mcp.json", "%USERPROFILE%\\.cursor\\mcp.json"),
    ],
    file: Some(ConfigFile::new(Dialect::Json, &["mcpServers"])),
    checks: &[Check::Open("Settings → MCP")],
    notes: &[Note::OauthMetadataMayDropHeader],
    knowledge: Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-20",
        sources: &["https://cursor.com/docs/mcp", "https://cursor.com/docs/mcp/install-links"],
    },
    ways: Ways::NONE
        .bridge(
            Forms::new(|_target, call| Document::Entry(started(call)))
                .link(|target, call| link(target, &started(call)))
                .notes(&[Note::ReloadNotNeeded]),
        )
        .variable(
            Forms::new(|target, name| Document::Entry(with_header(target, &read_from(name))))
                .link(|target, name| link(target, &with_header(target, &read_from(name))))
                .notes(&[Note::GuiAppsDontSeeShellVariables, Note::RestartNeeded]),
        )
        .plaintext(
            Forms::new(|target, key| Document::Entry(with_header(target, key)))
                .link(|target, key| link(target, &with_header(target, key)))
                .notes(&[Note::ReloadNotNeeded]),
        ),
};

fn read_from(name: &str) -> String {
    format!("${{env:{name}}}")
}

fn with_header(target: &Target<'_>, key: &str) -> Value {
    at("url", target, key)
}

fn link(target: &Target<'_>, entry: &Value) -> String {
    base64_link("cursor://anysphere.cursor-deeplink/mcp/install", target, entry)
}
