//! Visual Studio 2022 (17.14.9 and later) and 2026.
//!
//! Its file is as VS Code's. Whether it asks for `inputs` as VS Code does is not documented.

use crate::clients::delivery::{CannotTake, Delivery, NotWritten};
use crate::clients::edit::Dialect;
use crate::clients::location::Location;
use crate::clients::note::SnippetNote as Note;
use crate::clients::shapes::{at_as, started_as};
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "visual-studio",
    name: "Visual Studio",
    kind: ClientKind::Editor,
    programs: &[],
    locations: &[
        Location::told("Windows: %USERPROFILE%\\.mcp.json"),
        Location::in_project("<project>/.mcp.json"),
    ],
    file: Some(ConfigFile::new(Dialect::Jsonc, &["servers"]).by_hand(NotWritten::Unconfirmed)),
    checks: &[Check::Open("Copilot Chat → Tools")],
    notes: &[Note::ReloadNotNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-21",
        sources: &["https://learn.microsoft.com/visualstudio/ide/mcp-servers"],
    },
    ways: Ways::NONE
        .bridge(Forms::new(|_target, call| Document::Entry(started_as("stdio", call))))
        .cannot(Delivery::Prompt, CannotTake::PromptUnconfirmed)
        .cannot(Delivery::Variable, CannotTake::VariablesUnconfirmed)
        .plaintext(Forms::new(|target, key| Document::Entry(at_as("http", target, key)))),
};
