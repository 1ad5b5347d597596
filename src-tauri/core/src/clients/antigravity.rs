//! Antigravity, the editor, and `agy`, its terminal client, which took over from Gemini CLI for personal use.
//!
//! Broken JSON keeps it from starting, and an entry it does not understand is dropped without a word. In `agy mcp add`
//! the flags come first; `agy mcp list` does not try the key.

use super::delivery::CannotTake;
use super::edit::Dialect;
use super::note::SnippetNote as Note;
use super::shapes::{at, started, told};
use super::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, Location, McpClient, Way, Ways,
};

pub(super) const CLIENT: McpClient = McpClient {
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
    ways: Ways {
        bridge: Way::Takes(Forms::new(|_target, call| Document::Entry(started(call)))),
        helper: Way::Cannot(CannotTake::NoHelper),
        prompt: Way::Cannot(CannotTake::NoPrompt),
        variable: Way::Cannot(CannotTake::VariablesUnconfirmed),
        plaintext: Way::Takes(
            Forms::new(|target, key| Document::Entry(at("serverUrl", target, key))).command(|target, key| {
                told(
                    &["agy", "mcp", "add", "--header", &format!("Authorization: Bearer {key}")],
                    &[target.name, &target.url],
                )
            }),
        ),
    },
};
