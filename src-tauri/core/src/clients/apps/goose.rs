//! Goose, in the terminal and on the desktop.
//!
//! `envs` are plain, `env_keys` are taken from the keyring or the environment. That those are put into headers was read in
//! other people's configurations only. `GOOSE_PATH_ROOT` moves its folders (`crates/goose/src/config/paths.rs`, read
//! 2026-11-29).

use crate::clients::edit::Dialect;
use crate::clients::entry::Target;
use crate::clients::location::Location;
use crate::clients::note::SnippetNote as Note;
use crate::clients::program_call::ProgramCall;
use crate::clients::shapes::headers;
use crate::clients::table::{
    Check, ClientKind, ConfigFile, Document, Evidence, Forms, Knowledge, McpClient, Ways,
};
use serde_json::{Value, json};

pub(in crate::clients) const CLIENT: McpClient = McpClient {
    id: "goose",
    name: "Goose",
    kind: ClientKind::Terminal,
    programs: &["goose"],
    locations: &[
        Location::named("$GOOSE_PATH_ROOT/config/config.yaml").alone(),
        Location::in_home("~/.config/goose/config.yaml", "%APPDATA%\\Block\\goose\\config\\config.yaml"),
    ],
    file: Some(ConfigFile::new(Dialect::Yaml, &["extensions"])),
    checks: &[Check::Run("goose info -v")],
    notes: &[Note::NewSessionNeeded],
    knowledge: Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-21",
        sources: &["https://block.github.io/goose/docs/guides/config-files"],
    },
    ways: Ways::NONE
        .bridge(Forms::new(|target, call| Document::Entry(started_by_goose(target, call))))
        .variable(
            Forms::new(|target, name| Document::Entry(reached(target, &format!("${{{name}}}"), &[name])))
                .notes(&[Note::GuiAppsDontSeeShellVariables]),
        )
        .plaintext(Forms::new(|target, key| Document::Entry(reached(target, key, &[])))),
};

const SECONDS: u32 = 300;

fn started_by_goose(target: &Target<'_>, call: &ProgramCall) -> Value {
    json!({
        "type": "stdio", "name": target.name, "enabled": true, "cmd": call.program, "args": call.args,
        "env_keys": [], "envs": call.environment(), "timeout": SECONDS,
    })
}

fn reached(target: &Target<'_>, key: &str, from_environment: &[&str]) -> Value {
    json!({
        "type": "streamable_http", "name": target.name, "enabled": true, "uri": target.url,
        "headers": headers(key), "env_keys": from_environment, "envs": {}, "timeout": SECONDS,
    })
}
