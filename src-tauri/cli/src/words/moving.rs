//! Of AI clients that move from their keys to tokens.

use super::rotation::{blind_spot, span};
use crate::commands::shell_word;
use crate::table::Table;
use crate::times;
use superset_keys_core::actions::{McpMoveView, MovedClientView, MovedKeyState, Switch};
use superset_keys_core::clients::Delivery;
use superset_keys_core::credential::McpAccess;

/// How far it is: a row for each client and key.
pub fn mcp_move(moving: &McpMoveView) -> String {
    let since = times::here_utc(&moving.since, &times::zone());
    let head = match &moving.access {
        McpAccess::ApiKey => "AI clients present their keys.".to_owned(),
        McpAccess::OAuth => format!("AI clients present OAuth tokens since {since}."),
        McpAccess::Signed { subject, .. } => {
            format!("AI clients present tokens signed here for {subject} since {since}.")
        }
    };
    let mut table = Table::new(&["CLIENT", "KEY", "SWITCHED", "PROVED", "KEY QUIET"]);
    for row in &moving.clients {
        table.row(vec![client(row), key(row), switched(row), proved(row), quiet(row, moving)]);
    }
    if table.is_empty() {
        return format!("{head}\nNo AI client on this computer is set up for it, and no key is left.");
    }
    format!("{head}\n\n{}", table.aligned())
}

fn client(row: &MovedClientView) -> String {
    row.client_name.clone().unwrap_or_else(|| "not on this computer".to_owned())
}

fn key(row: &MovedClientView) -> String {
    let name = row.key_alias.as_ref().or(row.key_name.as_ref()).filter(|name| !name.is_empty());
    name.cloned()
        .or_else(|| row.key.as_ref().map(ToString::to_string))
        .unwrap_or_else(|| "not known".to_owned())
}

fn switched(row: &MovedClientView) -> String {
    match (row.switch, row.delivery) {
        (Switch::ByItself, Some(Delivery::Helper)) => "by itself, helper".to_owned(),
        (Switch::ByItself, _) => "by itself, bridge".to_owned(),
        (Switch::File, _) => "! its file has a key".to_owned(),
        (Switch::KeepsKey, _) => "keeps its key".to_owned(),
        (Switch::Elsewhere, _) => "cannot be seen".to_owned(),
    }
}

fn proved(row: &MovedClientView) -> String {
    let zone = times::zone();
    match (&row.proven, row.switch) {
        (Some(seen), _) if seen.handed => format!("took a token {}", times::here_utc(&seen.at, &zone)),
        (Some(seen), _) => format!("call {}", times::here_utc(&seen.at, &zone)),
        (None, Switch::ByItself) => "waits for its next call".to_owned(),
        (None, _) => "-".to_owned(),
    }
}

fn quiet(row: &MovedClientView, moving: &McpMoveView) -> String {
    match (row.key_state, &row.watch) {
        (MovedKeyState::Gone, _) => "revoked or ended".to_owned(),
        (MovedKeyState::Session, _) => "this program signs in with it".to_owned(),
        (MovedKeyState::Unknown, _) => "-".to_owned(),
        (MovedKeyState::Active, Some(watch)) => {
            format!("{} of {}", span(watch.quiet.min(moving.quiet_for)), span(moving.quiet_for))
        }
        (MovedKeyState::Active, None) => match times::relative(row.last_use.as_ref(), times::now()) {
            Some(ago) => format!("used {ago}"),
            None => "never used".to_owned(),
        },
    }
}

/// What is to be done, and what is to be known.
pub fn beside_mcp_move(moving: &McpMoveView, at: &str) -> Vec<String> {
    let mut said = Vec::new();
    for row in moving.clients.iter().filter(|row| row.switch == Switch::File) {
        let (Some(id), Some(path)) = (&row.client, &row.path) else { continue };
        let entry = row.entry.as_deref().unwrap_or_default();
        said.push(format!(
            "- {} has a key of its own, in {path} ({entry}). `superset-keys connect {id} {at}` shows and makes the change \
             to the bridge.",
            client(row)
        ));
    }
    for row in moving.clients.iter().filter(|row| row.switch == Switch::KeepsKey) {
        said.push(format!("- {} keeps to {}: `--key` was asked for others only.", client(row), key(row)));
    }
    let mut named = Vec::new();
    for row in moving.clients.iter().filter(|row| row.may_go) {
        let key = key(row);
        if !named.contains(&key) {
            said.push(format!(
                "- Nobody was seen to use {key} for {}. `superset-keys keys revoke {at} {}` ends it.",
                span(moving.quiet_for),
                shell_word(&key)
            ));
            named.push(key);
        }
    }
    let is_watched = moving.clients.iter().any(|row| row.watch.is_some());
    if is_watched {
        said.extend(moving.blind_spots.iter().map(|spot| blind_spot(*spot).to_owned()));
    }
    if is_watched && !moving.blind_spots.is_empty() {
        said.push(
            "So no key is called quiet. If you know that nobody else has one, revoke it: AI clients here do without."
                .to_owned(),
        );
    }
    if !moving.records_calls {
        said.push(
            "Calls are not noted, so none can be proved: `superset-keys settings set keep-activity on` changes that."
                .to_owned(),
        );
    }
    if moving.done {
        said.push("No key of theirs is left.".to_owned());
    }
    said
}
