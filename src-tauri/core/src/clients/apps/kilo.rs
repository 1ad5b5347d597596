//! Kilo, in the terminal and in VS Code.
//!
//! Made from opencode: the same entries, with `{env:NAME}` in headers and the whole environment for a program it starts
//! (7.7.9, tried 2026-11-21). It merges all of its files, in this order of who goes first (7.7.9, tried 2026-11-29). `oauth` off keeps it from starting OAuth in place of sending the header.

use super::opencode::remote;
use crate::clients::edit::Dialect;
use crate::clients::location::{FileForm, Location};
use crate::clients::note::SnippetNote as Note;
use crate::clients::shapes::{started_in_one, with};
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "kilo",
    name: "Kilo",
    kind: ClientKind::Editor,
    programs: &["kilo"],
    locations: &[
        Location::of_system("/etc/kilo/kilo.json", "/Library/Application Support/kilo/kilo.json", ""),
        Location::named("$KILO_CONFIG_DIR/kilo.json").only_if_there(),
        Location::named("$KILO_CONFIG_DIR/kilo.jsonc").only_if_there(),
        Location::in_home("~/.kilo/kilo.json", "%USERPROFILE%\\.kilo\\kilo.json").only_if_there(),
        Location::in_home("~/.kilo/kilo.jsonc", "%USERPROFILE%\\.kilo\\kilo.jsonc").only_if_there(),
        Location::in_home("~/.kilocode/kilo.json", "%USERPROFILE%\\.kilocode\\kilo.json").only_if_there(),
        Location::in_project("<project>/.kilo/kilo.json").only_if_there().and_above(),
        Location::in_project("<project>/.kilo/kilo.jsonc").only_if_there().and_above(),
        Location::in_project("<project>/.kilocode/kilo.json").only_if_there().and_above(),
        Location::in_project("<project>/opencode.json").only_if_there().and_above(),
        Location::in_project("<project>/kilo.jsonc").and_above(),
        Location::in_project("<project>/kilo.json").and_above(),
        Location::named("$KILO_CONFIG"),
        Location::in_home("~/.config/kilo/opencode.jsonc", "%USERPROFILE%\\.config\\kilo\\opencode.jsonc")
            .only_if_there(),
        Location::in_home("~/.config/kilo/opencode.json", "%USERPROFILE%\\.config\\kilo\\opencode.json")
            .only_if_there(),
        Location::in_home("~/.config/kilo/kilo.jsonc", "%USERPROFILE%\\.config\\kilo\\kilo.jsonc"),
        Location::in_home("~/.config/kilo/kilo.json", "%USERPROFILE%\\.config\\kilo\\kilo.json"),
        Location::in_home("~/.config/kilo/config.json", "%USERPROFILE%\\.config\\kilo\\config.json")
            .only_if_there(),
        // What its extension read before it was made from opencode.
        Location::in_project("<project>/.kilocode/mcp.json").form(FileForm::COMMON).never_written(),
        Location::of_app(
            "~/.config/Code/User/globalStorage/kilocode.kilo-code/settings/mcp_settings.json",
            "~/Library/Application Support/Code/User/globalStorage/kilocode.kilo-code/settings/mcp_settings.json",
            "%APPDATA%\\Code\\User\\globalStorage\\kilocode.kilo-code\\settings\\mcp_settings.json",
        )
        .form(FileForm::COMMON)
        .never_written(),
    ],
    file: Some(ConfigFile::new(Dialect::Jsonc, &["mcp"])),
    checks: &[Check::Run("kilo mcp list")],
    notes: &[Note::NewSessionNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Ran("7.7.9"),
        checked: "2026-11-21",
        sources: &["https://kilo.ai/docs/automate/mcp/using-in-kilo-code"],
    },
    ways: Ways::NONE
        .bridge(Forms::new(|_target, call| {
            Document::Entry(with(started_in_one("local", call), "enabled", true))
        }))
        .variable(
            Forms::new(|target, name| Document::Entry(remote(target, &format!("{{env:{name}}}"))))
                .notes(&[Note::GuiAppsDontSeeShellVariables]),
        )
        .plaintext(Forms::new(|target, key| Document::Entry(remote(target, key)))),
};
