//! Codex: terminal, editor extension and desktop app read one file.
//!
//! `http_headers_helper` is one line for a shell, with ten seconds and 64 KiB for a JSON object; it is run
//! with a cleared environment. `codex mcp add` knows no flag for headers, helper or variables to pass on.
//!
//! A program it starts gets `HOME`, `PATH`, `LANG` and little else. `env_vars` names what it passes on besides;
//! names that are not set do no harm (0.169.0, tried 2026-11-20).

use crate::clients::edit::Dialect;
use crate::clients::entry::Target;
use crate::clients::location::{Location, Move};
use crate::clients::note::SnippetNote as Note;
use crate::clients::platform::Platform;
use crate::clients::program_call::ProgramCall;
use crate::clients::shapes::{headers, started, told_to_start};
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};
use serde_json::{Value, json};

/// Where the keychain and the instances are, the way out through a proxy, and whom to trust. Other systems tell all of that
/// without variables.
const NEEDED_ON_LINUX: [&str; 10] = [
    "DBUS_SESSION_BUS_ADDRESS",
    "XDG_CONFIG_HOME",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
];

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "codex",
    name: "Codex",
    kind: ClientKind::Terminal,
    programs: &["codex"],
    locations: &[
        Location::of_system("/etc/codex/managed_config.toml", "/etc/codex/managed_config.toml", ""),
        Location::in_project("<project>/.codex/config.toml").and_above(),
        Location::in_home("~/.codex/config.toml", "%USERPROFILE%\\.codex\\config.toml")
            .moved(&[Move::by("CODEX_HOME", "~/.codex")]),
        Location::of_system("/etc/codex/config.toml", "/etc/codex/config.toml", ""),
    ],
    file: Some(ConfigFile::new(Dialect::Toml, &["mcp_servers"])),
    checks: &[Check::Type("/mcp")],
    notes: &[Note::PathMovedBy { name: "CODEX_HOME" }, Note::NewSessionNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Ran("0.169.0"),
        checked: "2026-11-20",
        sources: &["https://developers.openai.com/codex/mcp", "https://github.com/openai/codex/issues/46244"],
    },
    ways: Ways::NONE
        .bridge(
            Forms::new(|target, call| Document::Entry(passing_on(target, call)))
                .command(|target, call| {
                    told_to_start(&["codex", "mcp", "add", target.name, "--"], target, call)
                })
                .notes(&[Note::ConfigPassesVariables]),
        )
        .helper(
            Forms::new(|target, line: &str| at_url(target, "http_headers_helper", line.into()))
                .notes(&[Note::NeedsRecentVersion, Note::HelperSeesLittleEnvironment]),
        )
        .variable(
            Forms::new(|target, name: &str| at_url(target, "bearer_token_env_var", name.into()))
                .command(|target, name| {
                    ["codex", "mcp", "add", target.name, "--url", &target.url, "--bearer-token-env-var", name]
                        .map(String::from)
                        .into()
                })
                .notes(&[Note::GuiAppsDontSeeShellVariables]),
        )
        .plaintext(Forms::new(|target, key| at_url(target, "http_headers", headers(key)))),
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
