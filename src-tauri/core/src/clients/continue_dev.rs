//! Continue, in VS Code, in JetBrains' editors and as `cn` in the terminal.
//!
//! Entries are a list. `${{ secrets.NAME }}` is read from the environment, and a program it starts gets all of that.
//! `cn -p` gives up when one server fails, and says which (1.5.47, tried 2026-11-21). Where there is a `config.yaml`,
//! `config.json` is not read any more (its documentation on migrating, 2026-11-21).

use super::delivery::CannotTake;
use super::edit::Dialect;
use super::entry::Target;
use super::note::SnippetNote as Note;
use super::shapes::{headers, started_as};
use super::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, Location, McpClient, Way, Ways,
};
use serde_json::{Value, json};

/// Without a name and a version it reads none of the file.
const BEGINS: &str = "name: Local Config\nversion: 1.0.0\nschema: v1\n";

pub(super) const CLIENT: McpClient = McpClient {
    id: "continue",
    name: "Continue",
    kind: ClientKind::Editor,
    programs: &["cn"],
    locations: &[Location::in_home("~/.continue/config.yaml", "%USERPROFILE%\\.continue\\config.yaml")],
    file: Some(
        ConfigFile::new(Dialect::Yaml, &["mcpServers"]).in_list().begins(BEGINS).instead_of("config.json"),
    ),
    checks: &[Check::Open("Settings → Tools")],
    notes: &[Note::AlsoNeeds { name: "name, version and schema" }, Note::ReloadNotNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Ran("1.5.47"),
        checked: "2026-11-21",
        sources: &["https://docs.continue.dev/customize/deep-dives/mcp"],
    },
    ways: Ways {
        bridge: Way::Takes(Forms::new(|_target, call| Document::Entry(started_as("stdio", call)))),
        helper: Way::Cannot(CannotTake::NoHelper),
        prompt: Way::Cannot(CannotTake::NoPrompt),
        variable: Way::Takes(
            Forms::new(|target, name| {
                Document::Entry(reached(target, &format!("${{{{ secrets.{name} }}}}")))
            })
            .notes(&[Note::GuiAppsDontSeeShellVariables]),
        ),
        plaintext: Way::Takes(Forms::new(|target, key| Document::Entry(reached(target, key)))),
    },
};

fn reached(target: &Target<'_>, key: &str) -> Value {
    json!({ "type": "streamable-http", "url": target.url, "requestOptions": { "headers": headers(key) } })
}
