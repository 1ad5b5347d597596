//! Continue, in VS Code, in JetBrains' editors and as `cn` in the terminal.
//!
//! Entries are a list. `${{ secrets.NAME }}` is read from the environment, and a program it starts gets all of that.
//! `cn -p` gives up when one server fails, and says which (1.5.47, tried 2026-11-21). Where there is a `config.yaml`,
//! `config.json` is not read any more (its documentation on migrating, 2026-11-21). `CONTINUE_GLOBAL_DIR` moves both
//! (1.5.47, tried 2026-11-29).

use crate::clients::edit::Dialect;
use crate::clients::entry::Target;
use crate::clients::location::{FileForm, Location, Move};
use crate::clients::note::SnippetNote as Note;
use crate::clients::shapes::{headers, started_as};
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};
use serde_json::{Value, json};

/// Without a name and a version it reads none of the file.
const BEGINS: &str = "name: Local Config\nversion: 1.0.0\nschema: v1\n";

/// Entries without names, so none of them is looked into.
const OLDER: FileForm = FileForm::new(Dialect::Json, &["experimental", "modelContextProtocolServers"]);

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "continue",
    name: "Continue",
    kind: ClientKind::Editor,
    programs: &["cn"],
    locations: &[
        Location::in_home("~/.continue/config.yaml", "%USERPROFILE%\\.continue\\config.yaml")
            .moved(&[Move::by("CONTINUE_GLOBAL_DIR", "~/.continue")])
            .alone(),
        Location::in_home("~/.continue/config.json", "%USERPROFILE%\\.continue\\config.json")
            .moved(&[Move::by("CONTINUE_GLOBAL_DIR", "~/.continue")])
            .form(OLDER)
            .never_written(),
    ],
    file: Some(ConfigFile::new(Dialect::Yaml, &["mcpServers"]).in_list().begins(BEGINS)),
    checks: &[Check::Open("Settings → Tools")],
    notes: &[Note::AlsoNeeds { name: "name, version and schema" }, Note::ReloadNotNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Ran("1.5.47"),
        checked: "2026-11-21",
        sources: &["https://docs.continue.dev/customize/deep-dives/mcp"],
    },
    ways: Ways::NONE
        .bridge(Forms::new(|_target, call| Document::Entry(started_as("stdio", call))))
        .variable(
            Forms::new(|target, name| {
                Document::Entry(reached(target, &format!("${{{{ secrets.{name} }}}}")))
            })
            .notes(&[Note::GuiAppsDontSeeShellVariables]),
        )
        .plaintext(Forms::new(|target, key| Document::Entry(reached(target, key)))),
};

fn reached(target: &Target<'_>, key: &str) -> Value {
    json!({ "type": "streamable-http", "url": target.url, "requestOptions": { "headers": headers(key) } })
}
