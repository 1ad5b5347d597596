//! `superset-keys keys create`

use super::{Context, shell_word};
use crate::args::CreateKey;
use crate::failure::{FaceCode, Failure, Outcome, Reason};
use crate::print::Shown;
use crate::table::facts;
use crate::times;
use crate::words::snake_case;
use serde::Serialize;
use superset_keys_core::ErrorCode;
use superset_keys_core::api_key::{CreatedKeyView, ExpiryOffView, Keep, NewApiKey, Presence};
use superset_keys_core::instance::InstanceId;
use superset_keys_core::secret::Secret;

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
        say_expiry_off(context, &at, &created, off);
    }
    if !args.show {
        return kept(context, &created);
    }
    let secret = context.wait(context.core.read_secret(&id, &created.key.id))?;
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
    if created.key.presence != Presence::Keychain {
        context.out.note("It is in the keychain, not yet on record here: the next `keys list` sees to that.");
    }
    let view = CreateView { created, plaintext: None };
    context.out.answer(&view, || summary(created))
}

/// The key alone on stdout. Only when it is out does this computer stop accounting for one it could not keep.
fn shown(context: &Context, id: &InstanceId, created: &CreatedKeyView, secret: &Secret) -> Outcome {
    context.out.note(&summary(created));
    if created.key.presence != Presence::Keychain {
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

fn say_expiry_off(context: &Context, at: &str, created: &CreatedKeyView, off: &ExpiryOffView) {
    let zone = times::zone();
    let really =
        off.really.as_ref().map_or_else(|| "never".to_owned(), |time| times::both_clocks(time, &zone));
    context.out.note(&format!(
        "The server's clock was not known, and this key does not end when you asked. Asked: {} (here). \
         Really: {really}.\nThe clock is known now. For a right one: `superset-keys keys revoke {at} {}`, then \
         create it again.",
        times::here_utc(&off.asked, &zone),
        created.key.id
    ));
}
