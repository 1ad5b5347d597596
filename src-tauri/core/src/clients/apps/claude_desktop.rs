//! Claude Desktop.
//!
//! Its file starts local programs only; an entry with a `url`, which Superset's own page shows, is not read.
//! With the key in the file that program is `mcp-remote`, pinned to what was tried (2026-11-20). None of its arguments holds a space: on
//! Windows arguments pass through a shell that splits there, so the header's value sits in `env` and
//! `mcp-remote` itself puts it in place of `${AUTH_HEADER}`.

use crate::clients::delivery::{CannotTake, Delivery};
use crate::clients::edit::Dialect;
use crate::clients::entry::Target;
use crate::clients::location::Location;
use crate::clients::note::SnippetNote as Note;
use crate::clients::shapes::started;
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};
use serde_json::{Value, json};
use url::Url;

const MCP_REMOTE: &str = "mcp-remote@0.15.1";

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "claude-desktop",
    name: "Claude Desktop",
    kind: ClientKind::App,
    programs: &["claude-desktop"],
    locations: &[
        // Where the Microsoft Store's package keeps what it writes to %APPDATA%.
        Location::of_app(
            "",
            "",
            "%LOCALAPPDATA%\\Packages\\Claude_*\\LocalCache\\Roaming\\Claude\\claude_desktop_config.json",
        )
        .alone_by_folder(),
        Location::of_app(
            "~/.config/Claude/claude_desktop_config.json",
            "~/Library/Application Support/Claude/claude_desktop_config.json",
            "%APPDATA%\\Claude\\claude_desktop_config.json",
        ),
    ],
    file: Some(ConfigFile::new(Dialect::Json, &["mcpServers"])),
    checks: &[Check::Open("Settings → Developer")],
    notes: &[Note::RestartNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-20",
        sources: &["https://support.claude.com/en/articles/11503834", "https://github.com/geelen/mcp-remote"],
    },
    ways: Ways::NONE
        .bridge(Forms::new(|_target, call| Document::Entry(started(call))))
        .cannot(Delivery::Helper, CannotTake::CommandsOnly)
        .cannot(Delivery::Prompt, CannotTake::CommandsOnly)
        .cannot(Delivery::Variable, CannotTake::CommandsOnly)
        .plaintext(
            Forms::new(|target, key| Document::Entry(through_mcp_remote(target, key)))
                .notes(&[Note::NeedsNode, Note::NpxMayNeedCmd]),
        ),
};

fn through_mcp_remote(target: &Target<'_>, key: &str) -> Value {
    let mut args = vec![
        "-y",
        MCP_REMOTE,
        &target.url,
        "--header",
        "Authorization:${AUTH_HEADER}",
        "--transport",
        "http-only",
    ];
    if needs_leave_for_http(target.address) {
        args.push("--allow-http");
    }
    json!({ "command": "npx", "args": args, "env": { "AUTH_HEADER": format!("Bearer {key}") } })
}

/// To `mcp-remote` only these two names are this computer; `[::1]` and other names of it are not.
fn needs_leave_for_http(address: &Url) -> bool {
    address.scheme() == "http" && !matches!(address.host_str(), Some("localhost" | "127.0.0.1"))
}
