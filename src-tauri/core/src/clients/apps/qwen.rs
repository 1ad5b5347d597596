//! Qwen Code.
//!
//! Made from Gemini CLI: `httpUrl` means streamable HTTP, and `$NAME` is expanded in headers. A program it starts gets
//! the whole environment (0.24.4, tried 2026-11-21). Of one name the administrators' settings go first, then the
//! project's, its `.mcp.json`, the person's, and the administrators' defaults; `QWEN_HOME` is its folder (0.24.4, tried
//! 2026-11-29).

use crate::clients::edit::Dialect;
use crate::clients::entry::Target;
use crate::clients::location::{Location, Move};
use crate::clients::note::SnippetNote as Note;
use crate::clients::shapes::{at, started, told};
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "qwen",
    name: "Qwen Code",
    kind: ClientKind::Terminal,
    programs: &["qwen"],
    locations: &[
        Location::of_system(
            "/etc/qwen-code/settings.json",
            "/Library/Application Support/QwenCode/settings.json",
            "C:\\ProgramData\\qwen-code\\settings.json",
        ),
        Location::in_project("<project>/.qwen/settings.json"),
        Location::in_project("<project>/.mcp.json").never_written(),
        Location::in_home("~/.qwen/settings.json", "%USERPROFILE%\\.qwen\\settings.json")
            .moved(&[Move::by("QWEN_HOME", "~/.qwen")]),
        Location::of_system(
            "/etc/qwen-code/system-defaults.json",
            "/Library/Application Support/QwenCode/system-defaults.json",
            "C:\\ProgramData\\qwen-code\\system-defaults.json",
        ),
    ],
    file: Some(ConfigFile::new(Dialect::Json, &["mcpServers"])),
    checks: &[Check::Run("qwen mcp list")],
    notes: &[Note::NewSessionNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Ran("0.24.4"),
        checked: "2026-11-21",
        sources: &["https://github.com/QwenLM/qwen-code/blob/main/docs/users/features/mcp.md"],
    },
    ways: Ways::NONE
        .bridge(Forms::new(|_target, call| Document::Entry(started(call))))
        .variable(
            Forms::new(|target, name| Document::Entry(at("httpUrl", target, &format!("${name}"))))
                .command(|target, name| add(target, &format!("${name}"))),
        )
        .plaintext(Forms::new(|target, key| Document::Entry(at("httpUrl", target, key))).command(add)),
};

/// The flags come first: `--header` would take the words after it.
fn add(target: &Target<'_>, key: &str) -> Vec<String> {
    let header = format!("Authorization: Bearer {key}");
    let head = ["qwen", "mcp", "add", "--scope", "user", "--transport", "http", "--header"];
    told(&head, &[&header, target.name, &target.url])
}
