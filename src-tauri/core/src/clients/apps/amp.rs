//! Amp.
//!
//! `amp.mcpServers` is one key with a dot in it. What `amp mcp add` writes was looked at (2026-11-20); a connection needs an
//! account. Its command wants `=` between a header's name and its value.

use crate::clients::delivery::{CannotTake, Delivery};
use crate::clients::edit::Dialect;
use crate::clients::location::Location;
use crate::clients::note::SnippetNote as Note;
use crate::clients::shapes::{at, started, told, told_to_start};
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "amp",
    name: "Amp",
    kind: ClientKind::Terminal,
    programs: &["amp"],
    locations: &[
        Location::of_system(
            "/etc/ampcode/managed-settings.json",
            "/Library/Application Support/ampcode/managed-settings.json",
            "C:\\ProgramData\\ampcode\\managed-settings.json",
        ),
        Location::in_project("<project>/.amp/settings.json").and_above(),
        Location::in_project("<project>/.amp/settings.jsonc").only_if_there().and_above(),
        Location::named("$AMP_SETTINGS_FILE").alone(),
        Location::in_home("~/.config/amp/settings.json", "%USERPROFILE%\\.config\\amp\\settings.json"),
        Location::in_home("~/.config/amp/settings.jsonc", "%USERPROFILE%\\.config\\amp\\settings.jsonc")
            .only_if_there(),
    ],
    file: Some(ConfigFile::new(Dialect::Jsonc, &["amp.mcpServers"])),
    checks: &[Check::Run("amp mcp doctor")],
    notes: &[Note::NewSessionNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-21",
        sources: &["https://ampcode.com/manual"],
    },
    ways: Ways::NONE
        .bridge(
            Forms::new(|_target, call| Document::Entry(started(call))).command(|target, call| {
                told_to_start(&["amp", "mcp", "add", target.name, "--"], target, call)
            }),
        )
        .cannot(Delivery::Variable, CannotTake::VariablesUnconfirmed)
        .plaintext(Forms::new(|target, key| Document::Entry(at("url", target, key))).command(
            |target, key| {
                told(
                    &["amp", "mcp", "add", target.name, "--header", &format!("Authorization=Bearer {key}")],
                    &[&target.url],
                )
            },
        )),
};
