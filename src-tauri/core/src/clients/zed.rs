//! Zed.
//!
//! Its settings are JSON with comments. Nothing in a header is expanded: `${NAME}` is sent as it stands.

use super::delivery::CannotTake;
use super::edit::Dialect;
use super::note::SnippetNote as Note;
use super::shapes::{at, started};
use super::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, Location, McpClient, Way, Ways,
};

pub(super) const CLIENT: McpClient = McpClient {
    id: "zed",
    name: "Zed",
    kind: ClientKind::Editor,
    programs: &["zed", "zeditor"],
    locations: &[Location::in_home("~/.config/zed/settings.json", "%APPDATA%\\Zed\\settings.json")],
    file: Some(ConfigFile::new(Dialect::Jsonc, &["context_servers"])),
    checks: &[Check::Open("Settings → AI → MCP Servers")],
    notes: &[Note::ReloadNotNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-21",
        sources: &["https://zed.dev/docs/ai/mcp", "https://github.com/zed-industries/zed/issues/60459"],
    },
    ways: Ways {
        bridge: Way::Takes(Forms::new(|_target, call| Document::Entry(started(call)))),
        helper: Way::Cannot(CannotTake::NoHelper),
        prompt: Way::Cannot(CannotTake::NoPrompt),
        variable: Way::Cannot(CannotTake::NoVariables),
        plaintext: Way::Takes(Forms::new(|target, key| Document::Entry(at("url", target, key)))),
    },
};
