//! The values in a failure's sentences.

use crate::failure::{Failure, Reason};
use serde::Serialize;
use superset_keys_core::ErrorCode;
use superset_keys_core::clients::edit::EditProblemKind;
use superset_keys_core::clients::{self, CannotTake, NotWritten};
use superset_keys_core::error::ErrorParams;

/// Puts values in the place of their names. A name without a value would be a mistake of ours, which a test
/// looks for; it leaves a gap.
pub fn fill(template: &str, params: &ErrorParams) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            return text + "{" + after;
        };
        if let Some(value) = params.get(name) {
            text.push_str(value);
        }
        rest = after;
    }
    text + rest
}

/// A failure's own values, and those that follow from them.
pub fn complete(failure: &Failure) -> ErrorParams {
    let mut params = failure.params.clone();
    params.entry("instance".to_owned()).or_insert_with(|| "INSTANCE".to_owned());
    let Reason::Core(code) = failure.reason else { return params };
    let given = |name: &str| failure.params.get(name).map(String::as_str).unwrap_or_default();
    let mut put = |name: &str, value: String| {
        params.insert(name.to_owned(), value);
    };
    match code {
        ErrorCode::InvalidAddress => put("why", address(given("problem")).to_owned()),
        ErrorCode::Unreachable => put("why", unreachable(given("kind")).to_owned()),
        ErrorCode::NotAMessage => put("why", message(given("problem")).to_owned()),
        ErrorCode::NotStored => put("why", keychain(given("problem")).to_owned()),
        ErrorCode::NoDefaultKey | ErrorCode::DefaultKeyUnusable => {
            put("others_hint", others(given("others"), given("instance")));
        }
        ErrorCode::NoSuchClient => {
            put("clients", clients::CLIENTS.iter().map(|client| client.id).collect::<Vec<_>>().join(", "));
        }
        ErrorCode::DeliveryUnsupported => {
            put("why", cannot_take(given("reason")).to_owned());
            put("choices", choices(given("client")));
        }
        ErrorCode::WritingUnsupported => {
            put("why", not_written(given("reason")).to_owned());
        }
        ErrorCode::ClientFileUnreadable | ErrorCode::ClientFileUnwritable | ErrorCode::BackupUnwritable => {
            put("why", disk(given("problem")).to_owned());
            put("snippet_hint", SNIPPET_HINT.to_owned());
        }
        ErrorCode::FolderUnusable => put("why", folder(given("problem")).to_owned()),
        ErrorCode::ClientFileNotUnderstood => {
            put("why", edit(given("problem")).to_owned());
            put("snippet_hint", SNIPPET_HINT.to_owned());
        }
        ErrorCode::CreateUnclear if given("found").is_empty() => {
            put("why", "Whether a key was created is not known.".to_owned());
            let list = fill("`superset-keys keys list {instance}` finds out.", &failure.params);
            put("then", list);
        }
        ErrorCode::CreateUnclear => {
            put("why", format!("The key {} was created, and its text was lost on the way.", given("found")));
            let revoke = "Revoke it: `superset-keys keys revoke {instance} {found}`. Then create another.";
            put("then", fill(revoke, &failure.params));
        }
        ErrorCode::KeysWouldBeForgotten => {
            put("keys", if given("count") == "1" { "key" } else { "keys" }.to_owned());
        }
        _ => {}
    }
    params
}

const SNIPPET_HINT: &str = "`superset-keys snippet` prints the entry, to be put there by hand.";

fn disk(problem: &str) -> &'static str {
    match problem {
        "full" => "the disk is full",
        "denied" => "this account may not",
        "read_only" => "the disk is read-only",
        "no_file" => "it is no plain file",
        "too_large" => "it is too large for a configuration",
        _ => "the system did not say why",
    }
}

fn folder(problem: &str) -> &'static str {
    match problem {
        "empty" => "none was named",
        "relative" => "it does not begin with / or ~",
        "missing" => "it is not there",
        "no_folder" => "it is a file",
        "denied" => "this account may not look into it",
        _ => "the system did not say why",
    }
}

pub fn edit_problem(kind: EditProblemKind) -> &'static str {
    edit(&snake_case(&kind))
}

fn edit(problem: &str) -> &'static str {
    match problem {
        "not_utf8" => "it is not UTF-8 text",
        "syntax" => "the client itself could not read it",
        "duplicate_key" => "a name stands there twice",
        "wrong_type" => "something else stands where entries belong",
        "entry_unwritable" => "this kind of file cannot hold the entry",
        "unproven" => "the change could not be proven to be ours alone",
        _ => "it is written in a way we cannot edit",
    }
}

fn address(problem: &str) -> &'static str {
    match problem {
        "empty" => "it is empty",
        "scheme" => "only https and http lead to a Superset",
        "holds_credentials" => "it holds a user name or a password, which would end up in files and logs",
        _ => "it is no web address",
    }
}

fn unreachable(kind: &str) -> &'static str {
    match kind {
        "name_not_found" => "no computer has that name",
        "refused" => "nothing listens there",
        "timed_out" => "it did not answer in time",
        _ => "the connection failed",
    }
}

fn message(problem: &str) -> &'static str {
    match problem {
        "not_json" => "it is not JSON",
        "too_long" => "it is longer than 64 MiB",
        _ => "it is not JSON-RPC",
    }
}

fn keychain(problem: &str) -> &'static str {
    match problem {
        "no_bus" => "this session has no D-Bus, so no keychain can be asked",
        "absent" => "there is no keychain program",
        "no_collection" => "the keychain has nothing to keep keys in",
        "locked" => "the keychain is locked",
        "dismissed" => "the keychain was not unlocked",
        _ => "the keychain did not work",
    }
}

fn cannot_take(reason: &str) -> &'static str {
    match reason.parse::<CannotTake>() {
        Ok(CannotTake::CommandsOnly) => "it only starts local programs and has no place for a header",
        Ok(CannotTake::NoVariables) => "it does not put environment variables into headers",
        Ok(CannotTake::VariablesUnconfirmed) => {
            "nobody has shown that it puts environment variables into headers"
        }
        Ok(CannotTake::PromptUnconfirmed) => "nobody has shown that it asks for a secret and keeps it",
        Ok(CannotTake::NoCommands) => "it starts no programs",
        Ok(CannotTake::CommandsUnconfirmed) => "nobody has shown how it is told which program to start",
        Ok(CannotTake::RunsElsewhere) => "it may run on another computer, where your keychain is not",
        Ok(CannotTake::NoKeyInCode) => "a key in source code ends up in repositories, so we put none there",
        Ok(CannotTake::NoPlaceForKey) => "it signs in with OAuth or not at all and has no place for a key",
        Ok(CannotTake::NoPrompt) => "it has no way to ask for a secret and keep it",
        Ok(CannotTake::NoHelper) => "it runs no program to get headers from",
        Ok(CannotTake::NoKeyInLink) => "links end up in histories, so we never put a key into one",
        Err(_) => "it has no way to",
    }
}

fn not_written(reason: &str) -> &'static str {
    match reason.parse::<NotWritten>() {
        Ok(NotWritten::Unconfirmed) => "nobody has shown exactly what its file must hold",
        Ok(NotWritten::PlaceNotKnown) => "its file lies where you decide",
        Ok(NotWritten::Form) => "its settings are a form you fill in",
        Ok(NotWritten::Code) => "this goes into a program of yours",
        Ok(NotWritten::MoreThanAnEntry) => "with this delivery its file needs more than our entry",
        Ok(NotWritten::OlderFile) => "its older file would not be read any more once there is a new one",
        Ok(NotWritten::Impossible) => "it has no place for a key",
        Err(_) => "it is nothing we know how to write",
    }
}

fn choices(client: &str) -> String {
    let Ok(client) = clients::find(client) else { return String::new() };
    let takes = clients::Delivery::ALL.iter().filter(|delivery| client.can_take(**delivery).is_ok());
    let takes = takes.map(|delivery| delivery.as_str()).collect::<Vec<_>>().join(", ");
    if takes.is_empty() { "no key at all".to_owned() } else { takes }
}

fn others(others: &str, instance: &str) -> String {
    let first = others.split(", ").next().unwrap_or_default();
    if first.is_empty() {
        format!("No other key is stored: `superset-keys keys create {instance} --name …` makes one.")
    } else {
        format!(
            "Stored here: {others}. `superset-keys keys default {instance} {first}` makes it the default."
        )
    }
}

/// The word serde writes for a code.
pub fn snake_case(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        _ => String::new(),
    }
}
