//! Kiro: editor and terminal client, once Amazon Q.
//!
//! `${NAME}` is only expanded for variables a person has approved. Its link carries JSON, not base64.

use crate::clients::edit::Dialect;
use crate::clients::entry::Target;
use crate::clients::location::Location;
use crate::clients::note::SnippetNote as Note;
use crate::clients::placeholder::VARIABLE;
use crate::clients::quote::uri_component;
use crate::clients::shapes::{at, started, with};
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};
use serde_json::Value;

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "kiro",
    name: "Kiro",
    kind: ClientKind::Editor,
    programs: &["kiro", "kiro-cli"],
    locations: &[
        Location::in_project("<project>/.kiro/settings/mcp.json"),
        Location::in_home("~/.kiro/settings/mcp.json", "%USERPROFILE%\\.kiro\\settings\\mcp.json"),
        // An agent of its terminal client can have entries of its own.
        Location::in_home("~/.kiro/agents/*.json", "%USERPROFILE%\\.kiro\\agents\\*.json").never_written(),
        Location::in_home("~/.aws/amazonq/mcp.json", "%USERPROFILE%\\.aws\\amazonq\\mcp.json")
            .never_written(),
    ],
    file: Some(ConfigFile::new(Dialect::Json, &["mcpServers"])),
    checks: &[Check::Run("kiro-cli mcp status --name superset"), Check::Open("Kiro → MCP Servers")],
    notes: &[Note::ReloadNotNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-21",
        sources: &["https://kiro.dev/docs/mcp/configuration", "https://kiro.dev/docs/mcp/share"],
    },
    ways: Ways::NONE
        .bridge(
            Forms::new(|_target, call| Document::Entry(with(started(call), "disabled", false)))
                .link(|target, call| link(target, &with(started(call), "disabled", false))),
        )
        .variable(
            Forms::new(|target, name| Document::Entry(with_header(target, &format!("${{{name}}}"))))
                .link(|target, name| link(target, &with_header(target, &format!("${{{name}}}"))))
                .notes(&[Note::ApproveVariable { name: VARIABLE }, Note::GuiAppsDontSeeShellVariables]),
        )
        .plaintext(
            Forms::new(|target, key| Document::Entry(with_header(target, key)))
                .link(|target, key| link(target, &with_header(target, key))),
        ),
};

fn with_header(target: &Target<'_>, key: &str) -> Value {
    with(at("url", target, key), "disabled", false)
}

fn link(target: &Target<'_>, entry: &Value) -> String {
    let config = uri_component(&entry.to_string());
    format!("https://kiro.dev/launch/mcp/add?name={}&config={config}", uri_component(target.name))
}
