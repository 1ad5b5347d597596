//! `superset-keys keys list | default`

use super::{Context, shell_word};
use crate::args::At;
use crate::failure::{FaceCode, Failure, Outcome};
use crate::table::Table;
use crate::{print, times};
use jiff::Timestamp;
use serde::Serialize;
use superset_keys_core::actions::{ApiKeyView, DefaultKeyView, KeyListView, LastUseBy, Presence};
use superset_keys_core::api_key::KeyStatus;
use superset_keys_core::clock::TimeView;
use superset_keys_core::ids::InstanceId;
use superset_keys_core::key_use::BeforeOwnUse;

pub fn list(context: &Context, at: &At, offline: bool) -> Outcome {
    let id = context.instance(&at.instance)?;
    let list = if offline {
        context.core.kept_keys(&id)?.ok_or_else(|| Failure::face(FaceCode::NoKeptList))?
    } else {
        context.open_keychain()?;
        ask_server(context, at, &id)?
    };
    say_beside(context, at, &list);
    context
        .out
        .answer(&list, || if print::is_terminal() { for_a_person(&list) } else { for_a_program(&list) })
}

fn ask_server(context: &Context, at: &At, id: &InstanceId) -> Outcome<KeyListView> {
    context.block(async {
        context.core.list_keys(id).await.map_err(|error| {
            let kept = error.is_offline().then(|| context.core.kept_keys(id).ok().flatten()).flatten();
            let failure = Failure::from(error);
            match kept {
                None => failure,
                Some(kept) => failure.hint(format!(
                    "`superset-keys keys list {} --offline` shows the list of {}.",
                    shell_word(&at.instance),
                    times::relative_utc(&kept.fetched, times::now())
                )),
            }
        })
    })
}

fn say_beside(context: &Context, at: &At, list: &KeyListView) {
    if !list.live {
        context.out.note(&format!(
            "Shown as of {} ({}).",
            times::here_utc(&list.fetched, &times::zone()),
            times::relative_utc(&list.fetched, times::now())
        ));
    }
    if list.listed_with_key {
        context.out.note("Listed with an API key, which moved that key's own last-used time.");
    }
    for lost in &list.unaccounted {
        let Some(key) = &lost.key else { continue };
        context.out.note(&format!(
            "Creating \"{}\" was cut off {}. Its key {key} is on the server, and its text is lost. \
             Revoke it: `superset-keys keys revoke {} {key}`",
            lost.name,
            times::relative_utc(&lost.started, times::now()),
            shell_word(&at.instance)
        ));
    }
    for key in &list.keys {
        let (Some(LastUseBy::Nothing { id, mine: false }), Some(used)) = (&key.last_used_by, &key.last_used)
        else {
            continue;
        };
        let used = match &key.before_own_use {
            Some(BeforeOwnUse::At { time }) => time,
            _ => used,
        };
        context.out.note(&format!(
            "\"{}\" was used {}, by nothing on this computer. If it was you: `superset-keys activity --it-was-me {}`",
            key.name,
            times::both_clocks(used, &times::zone()),
            shell_word(id)
        ));
    }
    if list.keys.is_empty() && print::is_terminal() {
        context.out.note(&format!(
            "No keys. `superset-keys keys create {} --name …` makes one.",
            shell_word(&at.instance)
        ));
    }
}

fn for_a_person(list: &KeyListView) -> String {
    if list.keys.is_empty() {
        return String::new();
    }
    let now = times::now();
    let mut table = Table::new(&["NAME", "ALIAS", "KEY", "STATUS", "LAST USED", "EXPIRES", ""]);
    for key in &list.keys {
        let told = |time: Option<&TimeView>, without: &str| {
            let without = if key.status.is_some() { without } else { "" };
            times::relative(time, now).unwrap_or_else(|| without.to_owned())
        };
        table.row(vec![
            key.name.clone(),
            key.alias.clone().unwrap_or_default(),
            shown_key(key),
            status(key).to_owned(),
            match &key.before_own_use {
                None => told(key.last_used.as_ref(), "never"),
                Some(BeforeOwnUse::Never) => "never".to_owned(),
                Some(BeforeOwnUse::At { time }) => told(Some(time), "never"),
                Some(BeforeOwnUse::Unknown) => "not known".to_owned(),
            },
            told(key.expires.as_ref(), "never"),
            marks(key, now),
        ]);
    }
    table.aligned()
}

/// Columns never change their place; new ones come behind.
fn for_a_program(list: &KeyListView) -> String {
    let mut table = Table::new(&[
        "id",
        "name",
        "alias",
        "hint",
        "presence",
        "status",
        "last_used",
        "expires",
        "default",
        "belongs_to",
        "before_own_use",
    ]);
    let utc = |time: &Option<TimeView>| time.as_ref().map(|time| time.utc.clone()).unwrap_or_default();
    for key in &list.keys {
        table.row(vec![
            key.id.to_string(),
            key.name.clone(),
            key.alias.clone().unwrap_or_default(),
            key.hint.as_ref().map(ToString::to_string).unwrap_or_default(),
            presence(key).to_owned(),
            status(key).to_owned(),
            utc(&key.last_used),
            utc(&key.expires),
            if key.is_default { "default" } else { "" }.to_owned(),
            key.belongs_to.clone().unwrap_or_default(),
            match &key.before_own_use {
                None => String::new(),
                Some(BeforeOwnUse::Never) => "never".to_owned(),
                Some(BeforeOwnUse::At { time }) => time.utc.clone(),
                Some(BeforeOwnUse::Unknown) => "unknown".to_owned(),
            },
        ]);
    }
    table.tab_separated()
}

fn presence(key: &ApiKeyView) -> &'static str {
    match key.presence {
        Presence::Keychain => "keychain",
        Presence::Vault => "vault",
        Presence::Memory => "memory",
        Presence::NotHere => "not_here",
    }
}

fn shown_key(key: &ApiKeyView) -> String {
    match (&key.hint, key.presence) {
        (Some(hint), Presence::Keychain | Presence::Vault | Presence::Memory) => hint.to_string(),
        _ => "not on this computer".to_owned(),
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

fn marks(key: &ApiKeyView, now: Timestamp) -> String {
    let mut marks = Vec::new();
    if key.is_default {
        marks.push("default".to_owned());
    }
    if key.pasted {
        marks.push("a key you pasted".to_owned());
    }
    marks.extend(key.belongs_to.as_ref().map(|owner| format!("belongs to {owner}")));
    let checked = key.before_own_use.as_ref().and_then(|_| times::relative(key.last_used.as_ref(), now));
    marks.extend(checked.map(|ago| format!("checked from here {ago}")));
    marks.join(", ")
}

pub fn default(context: &Context, at: &At, typed: Option<&str>) -> Outcome {
    #[derive(Serialize)]
    struct View {
        default: Option<DefaultKeyView>,
    }
    let id = context.instance(&at.instance)?;
    if typed.is_some() {
        let key = context.core.find_stored_key(&id, typed)?;
        context.wait(context.core.set_default_key(&id, &key))?;
    }
    let view = View { default: context.core.default_key(&id)? };
    context.out.answer(&view, || match &view.default {
        None => "No default key yet: the first one stored becomes it.".to_owned(),
        Some(key) if key.usable => format!("{}  \"{}\"", key.alias, key.name),
        Some(key) => format!("{}  \"{}\", which cannot be used any more", key.alias, key.name),
    })
}
