//! LM Studio, since 0.3.17.
//!
//! It follows Cursor's notation, in its file and in its links. Which folder is its home it keeps in a file of its own
//! (lmstudio-js, `findLMStudioHome.ts`, read 2026-11-29).

use crate::clients::delivery::{CannotTake, Delivery};
use crate::clients::edit::Dialect;
use crate::clients::location::{Location, Move};
use crate::clients::note::SnippetNote as Note;
use crate::clients::shapes::{at, base64_link, started};
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};

/// Whichever of its folders it chose first.
const fn pointed_to(folder: &'static str) -> Move {
    Move::pointer("~/.lmstudio-home-pointer", folder)
}

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "lm-studio",
    name: "LM Studio",
    kind: ClientKind::App,
    programs: &["lms"],
    locations: &[
        // The folder of versions before 0.3.
        Location::in_home("~/.cache/lm-studio/mcp.json", "%USERPROFILE%\\.cache\\lm-studio\\mcp.json")
            .moved(&[Move::by("LMSTUDIO_HOME", "~/.cache/lm-studio"), pointed_to("~/.cache/lm-studio")])
            .alone_by_folder(),
        Location::in_home("~/.lmstudio/mcp.json", "%USERPROFILE%\\.lmstudio\\mcp.json")
            .moved(&[Move::by("LMSTUDIO_HOME", "~/.lmstudio"), pointed_to("~/.lmstudio")]),
    ],
    file: Some(ConfigFile::new(Dialect::Json, &["mcpServers"])),
    checks: &[Check::Open("Program → Install → Edit mcp.json")],
    notes: &[Note::ReloadNotNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-21",
        sources: &["https://lmstudio.ai/docs/app/mcp", "https://lmstudio.ai/docs/app/mcp/deeplink"],
    },
    ways: Ways::NONE
        .bridge(
            Forms::new(|_target, call| Document::Entry(started(call)))
                .link(|target, call| base64_link("lmstudio://add_mcp", target, &started(call))),
        )
        .cannot(Delivery::Variable, CannotTake::VariablesUnconfirmed)
        .plaintext(
            Forms::new(|target, key| Document::Entry(at("url", target, key)))
                .link(|target, key| base64_link("lmstudio://add_mcp", target, &at("url", target, key))),
        ),
};
