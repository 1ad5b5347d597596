//! Antigravity, the editor, and `agy`, its terminal client, which took over from Gemini CLI for personal use.
//!
//! Broken JSON keeps it from starting, and an entry it does not understand is dropped without a word. In `agy mcp add`
//! the flags come first; `agy mcp list` does not try the key.

use crate::clients::delivery::{CannotTake, Delivery};
use crate::clients::edit::Dialect;
use crate::clients::location::Location;
use crate::clients::note::SnippetNote as Note;
use crate::clients::shapes::{at, started, told};
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "antigravity",
    name: "Antigravity",
    kind: ClientKind::Editor,
    programs: &["agy", "antigravity"],
    locations: &[
        Location::in_home(
            "~/.gemini/config/mcp_config.json",
            "%USERPROFILE%\\.gemini\\config\\mcp_config.json",
        ),
        Location::in_home(
            "~/.gemini/antigravity/mcp_config.json",
            "%USERPROFILE%\\.gemini\\antigravity\\mcp_config.json",
        ),
        Location::in_project("<project>/.agents/mcp_config.json"),
    ],
    file: Some(ConfigFile::new(Dialect::Json, &["mcpServers"])),
    checks: &[Check::Type("/mcp")],
    notes: &[Note::NewSessionNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Reported,
        checked: "2026-11-21",
        sources: &[
            "https://developer.mescius.com/mcp/docs/configure-your-ai-client/command-line-clients/google-antigravity-cli",
            "https://docs.silabs.com/mcp/1.0.0/mcp-setup/antigravity",
        ],
    },
    ways: Ways::NONE
        .bridge(Forms::new(|_target, call| Document::Entry(started(call))))
        .cannot(Delivery::Variable, CannotTake::VariablesUnconfirmed)
        .plaintext(Forms::new(|target, key| Document::Entry(at("serverUrl", target, key))).command(
            |target, key| {
                told(
                    &["agy", "mcp", "add", "--header", &format!("Authorization: Bearer {key}")],
                    &[target.name, &target.url],
                )
            },
        )),
};
