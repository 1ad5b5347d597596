//! opencode.
//!
//! `{env:NAME}` is expanded in headers, and a program it starts gets the whole environment (1.18.33, tried
//! 2026-11-21). `oauth` off keeps it from starting OAuth in place of sending the header. Its own command wants `=`
//! between a header's name and its value, and prefers the file with comments where neither is there. It merges all of its
//! files, in this order of who goes first; `OPENCODE_CONFIG` names one more (1.18.33, tried 2026-11-29).

use crate::clients::edit::Dialect;
use crate::clients::entry::Target;
use crate::clients::location::Location;
use crate::clients::note::SnippetNote as Note;
use crate::clients::shapes::{headers, started_in_one, told, told_to_start, with};
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};
use serde_json::{Value, json};

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "opencode",
    name: "opencode",
    kind: ClientKind::Terminal,
    programs: &["opencode"],
    locations: &[
        Location::of_system(
            "/etc/opencode/opencode.jsonc",
            "/Library/Application Support/opencode/opencode.jsonc",
            "C:\\ProgramData\\opencode\\opencode.jsonc",
        ),
        Location::of_system(
            "/etc/opencode/opencode.json",
            "/Library/Application Support/opencode/opencode.json",
            "C:\\ProgramData\\opencode\\opencode.json",
        ),
        Location::named("$OPENCODE_CONFIG_DIR/opencode.jsonc").only_if_there(),
        Location::named("$OPENCODE_CONFIG_DIR/opencode.json").only_if_there(),
        Location::in_home("~/.opencode/opencode.jsonc", "%USERPROFILE%\\.opencode\\opencode.jsonc")
            .only_if_there(),
        Location::in_home("~/.opencode/opencode.json", "%USERPROFILE%\\.opencode\\opencode.json")
            .only_if_there(),
        Location::in_project("<project>/.opencode/opencode.jsonc").only_if_there().and_above(),
        Location::in_project("<project>/.opencode/opencode.json").only_if_there().and_above(),
        Location::in_project("<project>/opencode.jsonc").and_above(),
        Location::in_project("<project>/opencode.json").and_above(),
        Location::named("$OPENCODE_CONFIG"),
        Location::in_home(
            "~/.config/opencode/opencode.jsonc",
            "%USERPROFILE%\\.config\\opencode\\opencode.jsonc",
        ),
        Location::in_home(
            "~/.config/opencode/opencode.json",
            "%USERPROFILE%\\.config\\opencode\\opencode.json",
        ),
        Location::in_home("~/.config/opencode/config.json", "%USERPROFILE%\\.config\\opencode\\config.json")
            .only_if_there(),
    ],
    file: Some(ConfigFile::new(Dialect::Jsonc, &["mcp"])),
    checks: &[Check::Run("opencode mcp list")],
    notes: &[Note::NewSessionNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Ran("1.18.33"),
        checked: "2026-11-21",
        sources: &["https://opencode.ai/docs/mcp-servers"],
    },
    ways: Ways::NONE
        .bridge(
            Forms::new(|_target, call| Document::Entry(with(started_in_one("local", call), "enabled", true)))
                .command(|target, call| {
                    told_to_start(&["opencode", "mcp", "add", target.name, "--"], target, call)
                }),
        )
        .variable(
            Forms::new(|target, name| Document::Entry(remote(target, &format!("{{env:{name}}}"))))
                .command(|target, name| add(target, &format!("{{env:{name}}}"))),
        )
        .plaintext(Forms::new(|target, key| Document::Entry(remote(target, key))).command(add)),
};

pub(super) fn remote(target: &Target<'_>, key: &str) -> Value {
    json!({ "type": "remote", "url": target.url, "enabled": true, "oauth": false, "headers": headers(key) })
}

fn add(target: &Target<'_>, key: &str) -> Vec<String> {
    let header = format!("Authorization=Bearer {key}");
    told(&["opencode", "mcp", "add", target.name, "--url", &target.url, "--header"], &[&header])
}
