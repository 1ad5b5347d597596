//! Crush.
//!
//! It expands variables as a shell would. Its newer `crushrc` is a script, which we do not write.

use super::delivery::CannotTake;
use super::edit::Dialect;
use super::note::SnippetNote as Note;
use super::shapes::{at_as, started_as};
use super::table::{
    ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, Location, McpClient, Way, Ways,
};

pub(super) const CLIENT: McpClient = McpClient {
    id: "crush",
    name: "Crush",
    kind: ClientKind::Terminal,
    programs: &["crush"],
    locations: &[
        Location::in_home("~/.config/crush/crush.json", "%LOCALAPPDATA%\\crush\\crush.json"),
        Location::in_project("<project>/.crush.json"),
        Location::in_project("<project>/crush.json"),
    ],
    file: Some(ConfigFile::new(Dialect::Json, &["mcp"])),
    checks: &[],
    notes: &[Note::NewSessionNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-21",
        sources: &["https://github.com/charmbracelet/crush/blob/main/README.md"],
    },
    ways: Ways {
        bridge: Way::Takes(Forms::new(|_target, call| Document::Entry(started_as("stdio", call)))),
        helper: Way::Cannot(CannotTake::NoHelper),
        prompt: Way::Cannot(CannotTake::NoPrompt),
        variable: Way::Takes(Forms::new(|target, name| {
            Document::Entry(at_as("http", target, &format!("${name}")))
        })),
        plaintext: Way::Takes(Forms::new(|target, key| Document::Entry(at_as("http", target, key)))),
    },
};
