//! opencode.
//!
//! `{env:NAME}` is expanded in headers, and a program it starts gets the whole environment (1.18.33, tried
//! 2026-11-21). `oauth` off keeps it from starting OAuth in place of sending the header. Its own command wants `=`
//! between a header's name and its value, and prefers the file with comments where neither is there.

use super::delivery::CannotTake;
use super::edit::Dialect;
use super::entry::Target;
use super::note::SnippetNote as Note;
use super::shapes::{headers, started_in_one, told, told_to_start, with};
use super::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, Location, McpClient, Way, Ways,
};
use serde_json::{Value, json};

pub(super) const CLIENT: McpClient = McpClient {
    id: "opencode",
    name: "opencode",
    kind: ClientKind::Terminal,
    programs: &["opencode"],
    locations: &[
        Location::in_home(
            "~/.config/opencode/opencode.jsonc",
            "%USERPROFILE%\\.config\\opencode\\opencode.jsonc",
        ),
        Location::in_home(
            "~/.config/opencode/opencode.json",
            "%USERPROFILE%\\.config\\opencode\\opencode.json",
        ),
        Location::in_project("<project>/opencode.jsonc"),
        Location::in_project("<project>/opencode.json"),
    ],
    file: Some(ConfigFile::new(Dialect::Jsonc, &["mcp"])),
    checks: &[Check::Run("opencode mcp list")],
    notes: &[Note::NewSessionNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Ran("1.18.33"),
        checked: "2026-11-21",
        sources: &["https://opencode.ai/docs/mcp-servers"],
    },
    ways: Ways {
        bridge: Way::Takes(
            Forms::new(|_target, call| Document::Entry(with(started_in_one("local", call), "enabled", true)))
                .command(|target, call| told_to_start(&["opencode", "mcp", "add", target.name, "--"], call)),
        ),
        helper: Way::Cannot(CannotTake::NoHelper),
        prompt: Way::Cannot(CannotTake::NoPrompt),
        variable: Way::Takes(
            Forms::new(|target, name| Document::Entry(remote(target, &format!("{{env:{name}}}"))))
                .command(|target, name| add(target, &format!("{{env:{name}}}"))),
        ),
        plaintext: Way::Takes(Forms::new(|target, key| Document::Entry(remote(target, key))).command(add)),
    },
};

pub(super) fn remote(target: &Target<'_>, key: &str) -> Value {
    json!({ "type": "remote", "url": target.url, "enabled": true, "oauth": false, "headers": headers(key) })
}

fn add(target: &Target<'_>, key: &str) -> Vec<String> {
    let header = format!("Authorization=Bearer {key}");
    told(&["opencode", "mcp", "add", target.name, "--url", &target.url, "--header"], &[&header])
}
