//! Crush.
//!
//! It expands variables as a shell would. Later files go over earlier ones: its owner's, its own notes, a project's
//! (`internal/config/load.go`, read 2026-11-29). Its newer `crushrc` is a script, which we do not write.

use crate::clients::edit::Dialect;
use crate::clients::location::{Location, Move};
use crate::clients::note::SnippetNote as Note;
use crate::clients::shapes::{at_as, started_as};
use crate::clients::table::{ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways};

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "crush",
    name: "Crush",
    kind: ClientKind::Terminal,
    programs: &["crush"],
    locations: &[
        Location::in_project("<project>/.crush.json").and_above(),
        Location::in_project("<project>/crush.json").and_above(),
        // What it notes for itself, which goes before the file of its owner.
        Location::in_home("~/.local/share/crush/crush.json", "%LOCALAPPDATA%\\crush\\data\\crush.json")
            .moved(&[Move::by("CRUSH_GLOBAL_DATA", "~/.local/share/crush")])
            .never_written(),
        Location::in_home("~/.config/crush/crush.json", "%LOCALAPPDATA%\\crush\\crush.json")
            .moved(&[Move::by("CRUSH_GLOBAL_CONFIG", "~/.config/crush")]),
    ],
    file: Some(ConfigFile::new(Dialect::Json, &["mcp"])),
    checks: &[],
    notes: &[Note::NewSessionNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-21",
        sources: &["https://github.com/charmbracelet/crush/blob/main/README.md"],
    },
    ways: Ways::NONE
        .bridge(Forms::new(|_target, call| Document::Entry(started_as("stdio", call))))
        .variable(Forms::new(|target, name| Document::Entry(at_as("http", target, &format!("${name}")))))
        .plaintext(Forms::new(|target, key| Document::Entry(at_as("http", target, key)))),
};
