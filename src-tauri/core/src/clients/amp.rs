//! Amp.
//!
//! `amp.mcpServers` is one key with a dot in it. What `amp mcp add` writes was looked at (2026-11-20); a connection needs an
//! account. Its command wants `=` between a header's name and its value.

use super::delivery::CannotTake;
use super::edit::Dialect;
use super::note::SnippetNote as Note;
use super::shapes::{at, started, told, told_to_start};
use super::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, Location, McpClient, Way, Ways,
};

pub(super) const CLIENT: McpClient = McpClient {
    id: "amp",
    name: "Amp",
    kind: ClientKind::Terminal,
    programs: &["amp"],
    locations: &[
        Location::in_home("~/.config/amp/settings.json", "%USERPROFILE%\\.config\\amp\\settings.json"),
        Location::in_project("<project>/.amp/settings.json"),
    ],
    file: Some(ConfigFile::new(Dialect::Jsonc, &["amp.mcpServers"])),
    checks: &[Check::Run("amp mcp doctor")],
    notes: &[Note::NewSessionNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-21",
        sources: &["https://ampcode.com/manual"],
    },
    ways: Ways {
        bridge: Way::Takes(
            Forms::new(|_target, call| Document::Entry(started(call)))
                .command(|target, call| told_to_start(&["amp", "mcp", "add", target.name, "--"], call)),
        ),
        helper: Way::Cannot(CannotTake::NoHelper),
        prompt: Way::Cannot(CannotTake::NoPrompt),
        variable: Way::Cannot(CannotTake::VariablesUnconfirmed),
        plaintext: Way::Takes(Forms::new(|target, key| Document::Entry(at("url", target, key))).command(
            |target, key| {
                told(
                    &["amp", "mcp", "add", target.name, "--header", &format!("Authorization=Bearer {key}")],
                    &[&target.url],
                )
            },
        )),
    },
};
