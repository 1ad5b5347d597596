//! Codex: terminal, editor extension and desktop app read one file.
//!
//! `http_headers_helper` is one line for a shell, with ten seconds and 64 KiB for a JSON object; it is run
//! with a cleared environment. `codex mcp add` knows the variable only: it has no flag for headers or helper.

use super::delivery::CannotTake;
use super::entry::Target;
use super::note::SnippetNote as Note;
use super::table::{
    Check, ClientKind, Document, Evidence, Forms, Knowledge, Location, McpClient, Scope, Way, Ways,
};
use toml_edit::{DocumentMut, InlineTable, Item, Table, value};

pub(super) const CLIENT: McpClient = McpClient {
    id: "codex",
    name: "Codex",
    kind: ClientKind::Terminal,
    locations: &[
        Location {
            scope: Scope::User,
            linux: "~/.codex/config.toml",
            macos: "~/.codex/config.toml",
            windows: "%USERPROFILE%\\.codex\\config.toml",
        },
        Location::in_project("<project>/.codex/config.toml"),
    ],
    checks: &[Check::Type("/mcp")],
    notes: &[Note::PathMovedBy { name: "CODEX_HOME" }, Note::NewSessionNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Ran("0.169.0"),
        checked: "2026-11-20",
        sources: &["https://developers.openai.com/codex/mcp", "https://github.com/openai/codex/issues/46244"],
    },
    ways: Ways {
        helper: Way::Takes(Forms {
            config: |target, line| config(target, "http_headers_helper", value(line)),
            command: None,
            link: None,
            notes: &[Note::NeedsRecentVersion, Note::HelperSeesLittleEnvironment],
        }),
        prompt: Way::Cannot(CannotTake::NoPrompt),
        variable: Way::Takes(Forms {
            config: |target, name| config(target, "bearer_token_env_var", value(name)),
            command: Some(|target, name| {
                ["codex", "mcp", "add", target.name, "--url", &target.url, "--bearer-token-env-var", name]
                    .map(String::from)
                    .into()
            }),
            link: None,
            notes: &[Note::GuiAppsDontSeeShellVariables],
        }),
        plaintext: Way::Takes(Forms {
            config: |target, key| {
                let header = [("Authorization", format!("Bearer {key}"))];
                config(target, "http_headers", value(InlineTable::from_iter(header)))
            },
            command: None,
            link: None,
            notes: &[],
        }),
    },
};

fn config(target: &Target<'_>, key: &str, how: Item) -> Document {
    let mut entry = Table::new();
    entry.insert("url", value(&target.url));
    entry.insert(key, how);
    let mut servers = Table::new();
    servers.set_implicit(true);
    servers.insert(target.name, Item::Table(entry));
    let mut document = DocumentMut::new();
    document.insert("mcp_servers", Item::Table(servers));
    Document::Toml(document)
}
