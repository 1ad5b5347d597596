//! `superset-keys keys create`

use super::{Context, shell_word};
use crate::args::CreateKey;
use crate::failure::{FaceCode, Failure, Outcome, Reason};
use crate::print::Shown;
use crate::table::facts;
use crate::times;
use crate::words::snake_case;
use jiff::tz::TimeZone;
use serde::Serialize;
use superset_keys_core::ErrorCode;
use superset_keys_core::actions::{CreatedKeyView, ExpiryOffView, HandedTo, Presence};
use superset_keys_core::api_key::NewApiKey;
use superset_keys_core::ids::{ApiKeyId, InstanceId};
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::Keep;

/// What `--json` prints: core's view, and what was seen beside it.
#[derive(Serialize)]
struct CreateView<'a> {
    #[serde(flatten)]
    created: &'a CreatedKeyView,
    /// Only with `--show`.
    #[serde(skip_serializing_if = "Option::is_none")]
    plaintext: Option<Shown<'a>>,
}

pub fn create(context: &Context, args: CreateKey) -> Outcome {
    let id = context.instance(&args.at.instance)?;
    context.open_keychain()?;
    let new = NewApiKey { name: args.name, expiry: args.expires, scopes: args.scopes, alias: args.alias };
    let keep = if args.show { Keep::KeychainOrMemory } else { Keep::Keychain };
    let at = shell_word(&args.at.instance);
    let created = context.wait(context.core.create_key(&id, new, keep)).map_err(|failure| {
        if failure.reason != Reason::Face(FaceCode::Interrupted) {
            return failure;
        }
        failure.hint(format!("If a key was created meanwhile, `superset-keys keys list {at}` names it."))
    })?;
    if created.same_name {
        context.out.note(&format!("Another key is called \"{}\" too.", created.key.name));
    }
    if let Some(off) = &created.expiry_off {
        context.out.note(&expiry_off(&at, &created.key.id, off, &times::zone()));
    }
    if !args.show {
        return kept(context, &created);
    }
    let secret = context.wait(context.core.read_secret(&id, &created.key.id, HandedTo::Output))?;
    shown(context, &id, &created, &secret)
}

/// Without `--show` the keychain is the only place that keeps a key: this process ends here.
fn kept(context: &Context, created: &CreatedKeyView) -> Outcome {
    if let Some(problem) = created.store_problem {
        let problem = snake_case(&problem);
        return Err(Failure::core(ErrorCode::NotStored)
            .with("id", created.key.id.as_str())
            .with("problem", problem.trim_start_matches("keychain_")));
    }
    if !created.key.presence.is_kept() {
        context.out.note("It is in its store, not yet on record here: the next `keys list` sees to that.");
    }
    let view = CreateView { created, plaintext: None };
    context.out.answer(&view, || summary(created))
}

/// The key alone on stdout. Only when it is out does this computer stop accounting for one it could not keep.
fn shown(context: &Context, id: &InstanceId, created: &CreatedKeyView, secret: &Secret) -> Outcome {
    context.out.note(&summary(created));
    if !created.key.presence.is_kept() {
        context.out.note("It is not kept on this computer: save it now, it cannot be shown again.");
    }
    let view = CreateView { created, plaintext: Some(Shown(secret)) };
    context.out.secret(&view, secret)?;
    if created.key.presence == Presence::Memory {
        context.wait(context.core.acknowledge_saved(id, &created.key.id))?;
    }
    Ok(())
}

fn summary(created: &CreatedKeyView) -> String {
    let key = &created.key;
    let place = match key.presence {
        Presence::Keychain => ", kept in the keychain",
        Presence::Vault => ", kept in the vault",
        Presence::Memory | Presence::NotHere => "",
    };
    let expires = key
        .expires
        .as_ref()
        .map_or_else(|| "never".to_owned(), |time| times::both_clocks(time, &times::zone()));
    let rows = facts(&[
        ("Alias", key.alias.clone()),
        ("Key", key.hint.as_ref().map(|hint| format!("{hint}{place}"))),
        ("Expires", Some(expires)),
        ("Default", key.is_default.then(|| "yes".to_owned())),
    ]);
    format!("Created \"{}\"\n{rows}", key.name)
}

/// What became of the end that was asked for: another one, or none.
fn expiry_off(at: &str, id: &ApiKeyId, off: &ExpiryOffView, zone: &TimeZone) -> String {
    let asked = times::here_utc(&off.asked, zone);
    let revoke = format!("`superset-keys keys revoke {at} {}`", id.as_str());
    match &off.really {
        Some(really) => format!(
            "The server's clock was not known, and this key does not end when you asked. Asked: {asked} (here). \
             Really: {}.\nThe clock is known now. For a right one: {revoke}, then create it again.",
            times::both_clocks(really, zone)
        ),
        None => format!(
            "The server did not keep the end that you asked for ({asked}, here): this key never ends.\nRevoke it when \
             it is not needed any more: {revoke}."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use superset_keys_core::clock::TimeView;

    #[test]
    fn a_clock_is_blamed_for_another_end_and_not_for_none() {
        let really = TimeView { utc: "2026-12-01T11:00:00Z".into(), server: "2026-12-01T12:00:00".into() };
        let said = |really| {
            let off = ExpiryOffView { asked: "2026-12-01T12:00:00Z".into(), really };
            expiry_off("production", &ApiKeyId::new("0a1b"), &off, &TimeZone::UTC)
        };
        let moved = said(Some(really));
        assert!(moved.contains("clock was not known") && moved.contains("Really:"), "{moved}");
        let dropped = said(None);
        assert!(dropped.contains("never ends") && !dropped.contains("clock"), "{dropped}");
        for said in [moved, dropped] {
            assert!(said.contains("keys revoke production 0a1b"), "{said}");
        }
    }
}
