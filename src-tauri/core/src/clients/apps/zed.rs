//! Zed.
//!
//! Its settings are JSON with comments. Nothing in a header is expanded: `${NAME}` is sent as it stands.

use crate::clients::edit::Dialect;
use crate::clients::location::{Installation, Location};
use crate::clients::note::SnippetNote as Note;
use crate::clients::shapes::{at, started};
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "zed",
    name: "Zed",
    kind: ClientKind::Editor,
    programs: &["zed", "zeditor"],
    locations: &[
        Location::of_app(
            "~/.config/zed/settings.json",
            "~/.config/zed/settings.json",
            "%APPDATA%\\Zed\\settings.json",
        ),
        Location::of_app("~/.var/app/dev.zed.Zed/config/zed/settings.json", "", "")
            .by(Installation::Flatpak("dev.zed.Zed")),
        Location::of_app("~/.var/app/dev.zed.ZedPreview/config/zed/settings.json", "", "")
            .by(Installation::Flatpak("dev.zed.ZedPreview")),
    ],
    file: Some(ConfigFile::new(Dialect::Jsonc, &["context_servers"])),
    checks: &[Check::Open("Settings → AI → MCP Servers")],
    notes: &[Note::ReloadNotNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-21",
        sources: &["https://zed.dev/docs/ai/mcp", "https://github.com/zed-industries/zed/issues/60459"],
    },
    ways: Ways::NONE
        .bridge(Forms::new(|_target, call| Document::Entry(started(call))))
        .plaintext(Forms::new(|target, key| Document::Entry(at("url", target, key)))),
};
