//! Codex: terminal, editor extension and desktop app read one file.
//!
//! `http_headers_helper` is one line for a shell, with ten seconds and 64 KiB for a JSON object; it is run
//! with a cleared environment. `codex mcp add` knows no flag for headers, helper or variables to pass on.
//!
//! A program it starts gets `HOME`, `PATH`, `LANG` and little else. `env_vars` names what it passes on besides;
//! names that are not set do no harm (0.169.0, tried 2026-11-20).

use super::delivery::CannotTake;
use super::edit::Dialect;
use super::entry::{ProgramCall, Target};
use super::note::SnippetNote as Note;
use super::shapes::{headers, started, told_to_start};
use super::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, Location, McpClient, Platform,
    Scope, Way, Ways,
};
use serde_json::{Value, json};

/// Where the keychain and the instances are, and the way out through a proxy. Other systems tell all of that
/// without variables.
const NEEDED_ON_LINUX: [&str; 6] =
    ["DBUS_SESSION_BUS_ADDRESS", "XDG_CONFIG_HOME", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"];

pub(super) const CLIENT: McpClient = McpClient {
    id: "codex",
    name: "Codex",
    kind: ClientKind::Terminal,
    programs: &["codex"],
    locations: &[
        Location {
            scope: Scope::User,
            linux: "~/.codex/config.toml",
            macos: "~/.codex/config.toml",
            windows: "%USERPROFILE%\\.codex\\config.toml",
        },
        Location::in_project("<project>/.codex/config.toml"),
    ],
    file: Some(ConfigFile::new(Dialect::Toml, &["mcp_servers"]).moved_by("CODEX_HOME", "~/.codex")),
    checks: &[Check::Type("/mcp")],
    notes: &[Note::PathMovedBy { name: "CODEX_HOME" }, Note::NewSessionNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Ran("0.169.0"),
        checked: "2026-11-20",
        sources: &["https://developers.openai.com/codex/mcp", "https://github.com/openai/codex/issues/46244"],
    },
    ways: Ways {
        bridge: Way::Takes(Forms {
            config: |target, call| Document::Entry(passing_on(target, call)),
            command: Some(|target, call| told_to_start(&["codex", "mcp", "add", target.name, "--"], call)),
            link: None,
            notes: &[Note::ConfigPassesVariables],
        }),
        helper: Way::Takes(Forms {
            config: |target, line| at_url(target, "http_headers_helper", line.into()),
            command: None,
            link: None,
            notes: &[Note::NeedsRecentVersion, Note::HelperSeesLittleEnvironment],
        }),
        prompt: Way::Cannot(CannotTake::NoPrompt),
        variable: Way::Takes(Forms {
            config: |target, name| at_url(target, "bearer_token_env_var", name.into()),
            command: Some(|target, name| {
                ["codex", "mcp", "add", target.name, "--url", &target.url, "--bearer-token-env-var", name]
                    .map(String::from)
                    .into()
            }),
            link: None,
            notes: &[Note::GuiAppsDontSeeShellVariables],
        }),
        plaintext: Way::Takes(Forms {
            config: |target, key| at_url(target, "http_headers", headers(key)),
            command: None,
            link: None,
            notes: &[],
        }),
    },
};

fn passing_on(target: &Target<'_>, call: &ProgramCall) -> Value {
    let mut entry = started(call);
    if target.platform == Platform::Linux {
        entry["env_vars"] = NEEDED_ON_LINUX.as_slice().into();
    }
    entry
}

fn at_url(target: &Target<'_>, key: &str, how: Value) -> Document {
    let mut entry = json!({ "url": target.url });
    entry[key] = how;
    Document::Entry(entry)
}
