//! Cursor.
//!
//! Its install link carries the inner entry.

use super::delivery::CannotTake;
use super::edit::Dialect;
use super::entry::Target;
use super::note::SnippetNote as Note;
use super::shapes::{at, base64_link, started};
use super::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, Location, McpClient, Scope, Way,
    Ways,
};
use serde_json::Value;

pub(super) const CLIENT: McpClient = McpClient {
    id: "cursor",
    name: "Cursor",
    kind: ClientKind::Editor,
    programs: &["cursor"],
    locations: &[
        Location {
            scope: Scope::User,
            linux: "~/.cursor/mcp.json",
            macos: "~/.cursor/mcp.json",
            windows: "%USERPROFILE%\\.cursor\\mcp.json",
        },
        Location::in_project("<project>/.cursor/mcp.json"),
    ],
    file: Some(ConfigFile::new(Dialect::Json, &["mcpServers"])),
    checks: &[Check::Open("Settings → MCP")],
    notes: &[Note::OauthMetadataMayDropHeader],
    knowledge: Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-20",
        sources: &["https://cursor.com/docs/mcp", "https://cursor.com/docs/mcp/install-links"],
    },
    ways: Ways {
        bridge: Way::Takes(Forms {
            config: |_target, call| Document::Entry(started(call)),
            command: None,
            link: Some(|target, call| link(target, &started(call))),
            notes: &[Note::ReloadNotNeeded],
        }),
        helper: Way::Cannot(CannotTake::NoHelper),
        prompt: Way::Cannot(CannotTake::NoPrompt),
        variable: Way::Takes(Forms {
            config: |target, name| Document::Entry(with_header(target, &read_from(name))),
            command: None,
            link: Some(|target, name| link(target, &with_header(target, &read_from(name)))),
            notes: &[Note::GuiAppsDontSeeShellVariables, Note::RestartNeeded],
        }),
        plaintext: Way::Takes(Forms {
            config: |target, key| Document::Entry(with_header(target, key)),
            command: None,
            link: Some(|target, key| link(target, &with_header(target, key))),
            notes: &[Note::ReloadNotNeeded],
        }),
    },
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
