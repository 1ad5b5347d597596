//! LM Studio, since 0.3.17.
//!
//! It follows Cursor's notation, in its file and in its links.

use super::delivery::CannotTake;
use super::edit::Dialect;
use super::note::SnippetNote as Note;
use super::shapes::{at, base64_link, started};
use super::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, Location, McpClient, Way, Ways,
};

pub(super) const CLIENT: McpClient = McpClient {
    id: "lm-studio",
    name: "LM Studio",
    kind: ClientKind::App,
    programs: &["lms"],
    locations: &[
        Location::in_home("~/.lmstudio/mcp.json", "%USERPROFILE%\\.lmstudio\\mcp.json"),
        Location::in_home("~/.cache/lm-studio/mcp.json", "%USERPROFILE%\\.cache\\lm-studio\\mcp.json"),
    ],
    file: Some(ConfigFile::new(Dialect::Json, &["mcpServers"])),
    checks: &[Check::Open("Program → Install → Edit mcp.json")],
    notes: &[Note::ReloadNotNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-21",
        sources: &["https://lmstudio.ai/docs/app/mcp", "https://lmstudio.ai/docs/app/mcp/deeplink"],
    },
    ways: Ways {
        bridge: Way::Takes(
            Forms::new(|_target, call| Document::Entry(started(call)))
                .link(|target, call| base64_link("lmstudio://add_mcp", target, &started(call))),
        ),
        helper: Way::Cannot(CannotTake::NoHelper),
        prompt: Way::Cannot(CannotTake::NoPrompt),
        variable: Way::Cannot(CannotTake::VariablesUnconfirmed),
        plaintext: Way::Takes(
            Forms::new(|target, key| Document::Entry(at("url", target, key)))
                .link(|target, key| base64_link("lmstudio://add_mcp", target, &at("url", target, key))),
        ),
    },
};
