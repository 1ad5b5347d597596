//! Kilo, in the terminal and in VS Code.
//!
//! Made from opencode: the same entries, with `{env:NAME}` in headers and the whole environment for a program it starts
//! (7.7.9, tried 2026-11-21). `oauth` off keeps it from starting OAuth in place of sending the header.

use super::delivery::CannotTake;
use super::edit::Dialect;
use super::note::SnippetNote as Note;
use super::opencode::remote;
use super::shapes::{started_in_one, with};
use super::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, Location, McpClient, Way, Ways,
};

pub(super) const CLIENT: McpClient = McpClient {
    id: "kilo",
    name: "Kilo",
    kind: ClientKind::Editor,
    programs: &["kilo"],
    locations: &[
        Location::in_home("~/.config/kilo/kilo.jsonc", "%USERPROFILE%\\.config\\kilo\\kilo.jsonc"),
        Location::in_home("~/.config/kilo/kilo.json", "%USERPROFILE%\\.config\\kilo\\kilo.json"),
        Location::in_project("<project>/kilo.jsonc"),
        Location::in_project("<project>/kilo.json"),
        Location::in_project("<project>/.kilo/kilo.jsonc"),
        Location::in_project("<project>/.kilo/kilo.json"),
    ],
    file: Some(ConfigFile::new(Dialect::Jsonc, &["mcp"])),
    checks: &[Check::Run("kilo mcp list")],
    notes: &[Note::NewSessionNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Ran("7.7.9"),
        checked: "2026-11-21",
        sources: &["https://kilo.ai/docs/automate/mcp/using-in-kilo-code"],
    },
    ways: Ways {
        bridge: Way::Takes(Forms::new(|_target, call| {
            Document::Entry(with(started_in_one("local", call), "enabled", true))
        })),
        helper: Way::Cannot(CannotTake::NoHelper),
        prompt: Way::Cannot(CannotTake::NoPrompt),
        variable: Way::Takes(
            Forms::new(|target, name| Document::Entry(remote(target, &format!("{{env:{name}}}"))))
                .notes(&[Note::GuiAppsDontSeeShellVariables]),
        ),
        plaintext: Way::Takes(Forms::new(|target, key| Document::Entry(remote(target, key)))),
    },
};
