//! mcporter, which calls MCP servers from the terminal and from TypeScript.
//!
//! `${NAME}` is expanded in headers, and a program it starts gets the whole environment (0.12.3, tried 2026-11-21). Where
//! `MCPORTER_CONFIG` names a file it reads no other; else a project's goes before the first that is there of the person's
//! (0.12.3, tried 2026-11-29).

use crate::clients::edit::Dialect;
use crate::clients::location::{Location, Move};
use crate::clients::note::SnippetNote as Note;
use crate::clients::shapes::{at, started};
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "mcporter",
    name: "mcporter",
    kind: ClientKind::Terminal,
    programs: &["mcporter"],
    locations: &[
        Location::named("$MCPORTER_CONFIG").exclusive(),
        Location::in_project("<project>/config/mcporter.json"),
        Location::in_home("~/.mcporter/mcporter.json", "%USERPROFILE%\\.mcporter\\mcporter.json")
            .moved(&[Move::by_folder_in("XDG_CONFIG_HOME", "mcporter", "~/.mcporter")])
            .alone(),
        Location::in_home("~/.mcporter/mcporter.jsonc", "%USERPROFILE%\\.mcporter\\mcporter.jsonc")
            .moved(&[Move::by_folder_in("XDG_CONFIG_HOME", "mcporter", "~/.mcporter")])
            .only_if_there()
            .alone(),
        Location::in_home("~/.mcporter/mcporter.json", "%USERPROFILE%\\.mcporter\\mcporter.json")
            .only_if_there()
            .alone(),
        Location::in_home("~/.mcporter/mcporter.jsonc", "%USERPROFILE%\\.mcporter\\mcporter.jsonc")
            .only_if_there(),
    ],
    file: Some(ConfigFile::new(Dialect::Jsonc, &["mcpServers"])),
    checks: &[Check::Run("mcporter list superset")],
    notes: &[Note::ReloadNotNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Ran("0.12.3"),
        checked: "2026-11-21",
        sources: &["https://github.com/steipete/mcporter/blob/main/docs/config.md"],
    },
    ways: Ways::NONE
        .bridge(Forms::new(|_target, call| Document::Entry(started(call))))
        .variable(Forms::new(|target, name| Document::Entry(at("url", target, &format!("${{{name}}}")))))
        .plaintext(Forms::new(|target, key| Document::Entry(at("url", target, key)))),
};
