//! Cline: its terminal client and its editor extension share one file.
//!
//! Without `type` the address is taken for SSE, with `http` the entry is not loaded; nothing in a header is expanded.
//! Its documentation names another file than the one it reads. A program it starts gets the whole environment. Where a
//! server refuses the key it notes that as `oauth.lastError` in the entry (3.0.65, tried 2026-11-21). `CLINE_DIR`,
//! `CLINE_DATA_DIR` and `CLINE_MCP_SETTINGS_PATH` move its file (3.0.65, tried 2026-11-29).

use crate::clients::edit::Dialect;
use crate::clients::location::{Location, Move};
use crate::clients::note::SnippetNote as Note;
use crate::clients::shapes::{at_as, started, told, with};
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};

macro_rules! globally_stored {
    ($editor:literal) => {
        Location::of_app(
            concat!(
                "~/.config/",
                $editor,
                "/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json"
            ),
            concat!(
                "~/Library/Application Support/",
                $editor,
                "/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json"
            ),
            concat!(
                "%APPDATA%\\",
                $editor,
                "\\User\\globalStorage\\saoudrizwan.claude-dev\\settings\\cline_mcp_settings.json"
            ),
        )
        .never_written()
    };
}

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "cline",
    name: "Cline",
    kind: ClientKind::Editor,
    programs: &["cline"],
    locations: &[
        Location::named("$CLINE_MCP_SETTINGS_PATH").alone(),
        Location::in_home(
            "~/.cline/data/settings/cline_mcp_settings.json",
            "%USERPROFILE%\\.cline\\data\\settings\\cline_mcp_settings.json",
        )
        .moved(&[Move::by("CLINE_DATA_DIR", "~/.cline/data"), Move::by("CLINE_DIR", "~/.cline")]),
        // Its editor extension, before it moved to the file above.
        globally_stored!("Code"),
        globally_stored!("Code - Insiders"),
        globally_stored!("Cursor"),
        globally_stored!("VSCodium"),
        globally_stored!("Windsurf"),
    ],
    file: Some(ConfigFile::new(Dialect::Json, &["mcpServers"])),
    checks: &[Check::Open("MCP Servers")],
    notes: &[Note::ReloadNotNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Ran("3.0.65"),
        checked: "2026-11-21",
        sources: &["https://docs.cline.bot/mcp/mcp-overview"],
    },
    ways: Ways::NONE
        .bridge(Forms::new(|_target, call| Document::Entry(with(started(call), "disabled", false))))
        .plaintext(
            Forms::new(|target, key| {
                Document::Entry(with(at_as("streamableHttp", target, key), "disabled", false))
            })
            .command(|target, key| {
                told(
                    &["cline", "mcp", "add", target.name, &target.url, "--transport", "http", "--header"],
                    &[&format!("Authorization: Bearer {key}"), "--yes"],
                )
            }),
        ),
};
