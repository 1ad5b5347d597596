//! Qwen Code.
//!
//! Made from Gemini CLI: `httpUrl` means streamable HTTP, and `$NAME` is expanded in headers. A program it starts gets
//! the whole environment (0.24.4, tried 2026-11-21).

use super::delivery::CannotTake;
use super::edit::Dialect;
use super::entry::Target;
use super::note::SnippetNote as Note;
use super::shapes::{at, started, told};
use super::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, Location, McpClient, Way, Ways,
};

pub(super) const CLIENT: McpClient = McpClient {
    id: "qwen",
    name: "Qwen Code",
    kind: ClientKind::Terminal,
    programs: &["qwen"],
    locations: &[
        Location::in_home("~/.qwen/settings.json", "%USERPROFILE%\\.qwen\\settings.json"),
        Location::in_project("<project>/.qwen/settings.json"),
    ],
    file: Some(ConfigFile::new(Dialect::Json, &["mcpServers"])),
    checks: &[Check::Run("qwen mcp list")],
    notes: &[Note::NewSessionNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Ran("0.24.4"),
        checked: "2026-11-21",
        sources: &["https://github.com/QwenLM/qwen-code/blob/main/docs/users/features/mcp.md"],
    },
    ways: Ways {
        bridge: Way::Takes(Forms::new(|_target, call| Document::Entry(started(call)))),
        helper: Way::Cannot(CannotTake::NoHelper),
        prompt: Way::Cannot(CannotTake::NoPrompt),
        variable: Way::Takes(
            Forms::new(|target, name| Document::Entry(at("httpUrl", target, &format!("${name}"))))
                .command(|target, name| add(target, &format!("${name}"))),
        ),
        plaintext: Way::Takes(
            Forms::new(|target, key| Document::Entry(at("httpUrl", target, key))).command(add),
        ),
    },
};

/// The flags come first: `--header` would take the words after it.
fn add(target: &Target<'_>, key: &str) -> Vec<String> {
    let header = format!("Authorization: Bearer {key}");
    let head = ["qwen", "mcp", "add", "--scope", "user", "--transport", "http", "--header"];
    told(&head, &[&header, target.name, &target.url])
}
