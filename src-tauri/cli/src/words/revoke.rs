//! What is said of keys that are revoked together.

use super::{snake_case, words};
use crate::failure::{Failure, Reason};
use crate::table::Table;
use crate::times;
use std::fmt::Write;
use superset_keys_core::actions::{
    ApiKeyView, ClientUse, KeyLeftView, KeyRevokedView, RevokeOutcome, RevokePlanView, RevokedKeysView,
};
use superset_keys_core::api_key::KeyStatus;
use superset_keys_core::clean_up::LeftBecause;
use superset_keys_core::clients;
use superset_keys_core::clock::TimeView;
use superset_keys_core::key_use::BeforeOwnUse;

/// `3 keys`.
pub fn counted_keys(count: usize) -> String {
    if count == 1 { "1 key".to_owned() } else { format!("{count} keys") }
}

pub fn plan_for_a_person(plan: &RevokePlanView) -> String {
    let mut text = match plan.keys.len() {
        0 => "No key to revoke.".to_owned(),
        count => format!("{} would be revoked:\n\n{}", counted_keys(count), table(plan)),
    };
    text.push_str(&left_behind(&plan.left));
    text
}

fn table(plan: &RevokePlanView) -> String {
    let now = times::now();
    let mut table = Table::new(&["NAME", "KEY", "STATUS", "LAST USED", "EXPIRES", "WHAT STOPS"]);
    for one in &plan.keys {
        let key = &one.key;
        let mut stops = Vec::new();
        if one.signed_in_with {
            stops.push("your session: you are signed in with it".to_owned());
        }
        if key.is_default {
            stops.push("the default key".to_owned());
        }
        stops.extend(one.clients.iter().map(client));
        table.row(vec![
            key.name.clone(),
            key.hint.as_ref().map_or_else(|| key.id.to_string(), ToString::to_string),
            status(key).to_owned(),
            last_use(key, |time| times::relative(Some(time), now).unwrap_or_default()),
            times::relative(key.expires.as_ref(), now).unwrap_or_else(|| "never".to_owned()),
            stops.join(", "),
        ]);
    }
    table.aligned()
}

/// Columns never change their place; new ones come behind.
pub fn plan_for_a_program(plan: &RevokePlanView) -> String {
    let mut table = Table::new(&[
        "id",
        "name",
        "plan",
        "because",
        "status",
        "last_used",
        "expires",
        "default",
        "signed_in_with",
        "clients",
    ]);
    let mut row = |key: &ApiKeyView, plan: &str, because: String, own: bool, clients: &[ClientUse]| {
        table.row(vec![
            key.id.to_string(),
            key.name.clone(),
            plan.to_owned(),
            because,
            status(key).to_owned(),
            last_use(key, |time| time.utc.clone()),
            key.expires.as_ref().map(|time| time.utc.clone()).unwrap_or_default(),
            if key.is_default { "default" } else { "" }.to_owned(),
            if own { "signed_in_with" } else { "" }.to_owned(),
            clients.iter().map(|used| used.client.clone()).collect::<Vec<_>>().join(","),
        ]);
    };
    for one in &plan.keys {
        row(&one.key, "revoke", String::new(), one.signed_in_with, &one.clients);
    }
    for left in &plan.left {
        row(&left.key, "leave", snake_case(&left.because), false, &left.clients);
    }
    table.tab_separated()
}

pub fn revoked_for_a_person(done: &RevokedKeysView, left: &[KeyLeftView]) -> String {
    let count = |outcome| done.keys.iter().filter(|key| key.outcome == outcome).count();
    let mut text = match (done.keys.len(), count(RevokeOutcome::Revoked)) {
        (0, _) => "No key to revoke.".to_owned(),
        (all, revoked) if all == revoked => format!("Revoked {}.", counted_keys(revoked)),
        (all, revoked) => format!("Revoked {revoked} of {}.", counted_keys(all)),
    };
    for key in &done.keys {
        let said = match key.outcome {
            RevokeOutcome::Revoked => continue,
            RevokeOutcome::Already => "was revoked before".to_owned(),
            RevokeOutcome::NotTried => "was not tried".to_owned(),
            RevokeOutcome::Failed => why(key),
        };
        let name = key.key.as_ref().map_or_else(|| key.id.to_string(), |row| format!("\"{}\"", row.name));
        let _ = write!(text, "\n- {name}: {said}");
    }
    text.push_str(&left_behind(left));
    text
}

/// Columns never change their place; new ones come behind.
pub fn revoked_for_a_program(done: &RevokedKeysView, left: &[KeyLeftView]) -> String {
    let mut table = Table::new(&["id", "name", "outcome", "problem"]);
    for key in &done.keys {
        table.row(vec![
            key.id.to_string(),
            key.key.as_ref().map(|row| row.name.clone()).unwrap_or_default(),
            snake_case(&key.outcome),
            key.problem.as_ref().map(|problem| snake_case(&problem.code)).unwrap_or_default(),
        ]);
    }
    for left in left {
        table.row(vec![
            left.key.id.to_string(),
            left.key.name.clone(),
            "left".to_owned(),
            snake_case(&left.because),
        ]);
    }
    table.tab_separated()
}

fn why(key: &KeyRevokedView) -> String {
    let Some(problem) = &key.problem else { return String::new() };
    words(&Failure { reason: Reason::Core(problem.code), params: problem.params.clone(), hint: None }).message
}

fn left_behind(left: &[KeyLeftView]) -> String {
    let mut text = String::new();
    for (place, left) in left.iter().enumerate() {
        let begins = if place == 0 { "\n\nLeft as they are:" } else { "" };
        let _ = write!(text, "{begins}\n- \"{}\": {}", left.key.name, because(left));
    }
    text
}

fn because(left: &KeyLeftView) -> String {
    match left.because {
        LeftBecause::AlreadyRevoked => "it is revoked".to_owned(),
        LeftBecause::EndUncertain => {
            "the zone of the server's clock is only assumed, so its end may still be to come".to_owned()
        }
        LeftBecause::UseUncertain => {
            "its last use is too near to the limit for what is known of the server's clock".to_owned()
        }
        LeftBecause::UseUnknown => "when it was used last is not known".to_owned(),
        LeftBecause::ClientHasIt => {
            let clients: Vec<_> = left.clients.iter().map(client).collect();
            format!("{} on this computer has it, and its uses may leave no trace", clients.join(", "))
        }
        LeftBecause::SignedInWith => "you are signed in with it, or may be; name it to revoke it".to_owned(),
        LeftBecause::NotListed => "the server does not list it as yours".to_owned(),
    }
}

fn client(used: &ClientUse) -> String {
    clients::find(&used.client).map_or_else(|_| used.client.clone(), |client| client.name.to_owned())
}

fn last_use(key: &ApiKeyView, tell: impl Fn(&TimeView) -> String) -> String {
    match (&key.before_own_use, &key.last_used) {
        (Some(BeforeOwnUse::Unknown), _) => "unknown".to_owned(),
        (Some(BeforeOwnUse::At { time }), _) | (None, Some(time)) => tell(time),
        (Some(BeforeOwnUse::Never), _) | (None, None) => "never".to_owned(),
    }
}

fn status(key: &ApiKeyView) -> &'static str {
    match key.status {
        Some(KeyStatus::Active) => "active",
        Some(KeyStatus::Expired) => "expired",
        Some(KeyStatus::Revoked) => "revoked",
        None => "",
    }
}
