//! `superset-keys keys copy | print | forget`, `superset-keys headers`

use super::stops::Stops;
use super::{Context, shell_word};
use crate::args::{At, Headers};
use crate::failure::Outcome;
use crate::print::{self, Shown};
use serde::Serialize;
use std::sync::mpsc;
use std::time::Duration;
use superset_keys_core::actions::{HandedTo, PassFor};
use superset_keys_core::activity::HEADERS;
use superset_keys_core::clipboard::{CopiedSecret, CopyEnd};
use superset_keys_core::ids::ApiKeyId;
use superset_keys_core::secret::Secret;
use superset_keys_core::settings::Setting;
use superset_keys_core::started_by::started_by;

/// Nothing but state file and keychain stands between an AI client and its answer.
pub fn headers(context: &Context, args: &Headers) -> Outcome {
    print::may_show(args.show)?;
    let id = context.instance(&args.at.instance)?;
    let pass = context.wait(context.core.mcp_pass(&id, args.key.as_deref(), PassFor::Helper))?;
    context.core.note_handed_out(&id, args.key.as_deref(), pass.kind(), HEADERS, started_by().as_deref());
    print::headers(pass.bearer())
}

pub fn print(context: &Context, at: &At, typed: Option<&str>, show: bool) -> Outcome {
    #[derive(Serialize)]
    struct View<'a> {
        id: &'a ApiKeyId,
        alias: String,
        plaintext: Shown<'a>,
    }
    print::may_show(show)?;
    let id = context.instance(&at.instance)?;
    let key = context.core.find_stored_key(&id, typed)?;
    context.open_keychain()?;
    let secret = context.wait(context.core.read_secret(&id, &key, HandedTo::Output))?;
    let view = View { id: &key, alias: context.alias(&id, &key), plaintext: Shown(&secret) };
    context.out.secret(&view, &secret)
}

pub fn copy(context: &Context, at: &At, typed: &str) -> Outcome {
    #[derive(Serialize)]
    struct View<'a> {
        id: &'a ApiKeyId,
        alias: String,
        /// The clipboard was emptied; false when something else had been copied meanwhile, or when it could not be.
        cleared: bool,
    }
    let id = context.instance(&at.instance)?;
    let key = context.core.find_stored_key(&id, Some(typed))?;
    context.open_keychain()?;
    let secret = context.wait(context.core.read_secret(&id, &key, HandedTo::Clipboard))?;
    let alias = context.alias(&id, &key);
    let end = clipboard(context, secret, &alias)?;
    let view = View { id: &key, alias, cleared: end == CopyEnd::Cleared };
    context.out.answer(&view, || cleared_words(end, "the key"))
}

/// Copies a secret, and waits until the clipboard is clear of it.
pub(super) fn clipboard(context: &Context, secret: Secret, called: &str) -> Outcome<CopyEnd> {
    let seconds = context.core.setting(Setting::ClipboardSeconds);
    let stays = Duration::from_secs(u64::from(seconds));
    let (ended, end) = mpsc::channel();
    context.uninterrupted(async {
        // Before the key is on the clipboard, so that no signal leaves it there.
        let mut stops = Stops::listen()?;
        let copied = CopiedSecret::copy(secret, stays, move |end| {
            let _ = ended.send(end);
        })?;
        context.out.note(&format!(
            "Copied {called}. It is cleared from the clipboard in {seconds} s; Ctrl-C clears it now."
        ));
        while !copied.is_over() {
            tokio::select! {
                () = stops.told() => break,
                () = tokio::time::sleep(Duration::from_millis(100)) => {}
            }
        }
        // Dropping it clears at once if it is still there.
        Ok(())
    })?;
    Ok(end.recv().unwrap_or(CopyEnd::StillThere))
}

pub(super) fn cleared_words(end: CopyEnd, what: &str) -> String {
    match end {
        CopyEnd::Cleared => "The clipboard is clear.".to_owned(),
        CopyEnd::Replaced => "Something else was copied; it was left alone.".to_owned(),
        CopyEnd::StillThere => format!(
            "The clipboard could not be cleared: {what} may still be there. Copy something else over it."
        ),
    }
}

pub fn forget(context: &Context, at: &At, typed: &str) -> Outcome {
    #[derive(Serialize)]
    struct View<'a> {
        id: &'a ApiKeyId,
        alias: String,
    }
    let id = context.instance(&at.instance)?;
    let key = context.core.find_stored_key(&id, Some(typed))?;
    let alias = context.alias(&id, &key);
    context.open_keychain()?;
    context.wait(context.core.forget_secret(&id, &key))?;
    context.out.answer(&View { id: &key, alias: alias.clone() }, || {
        format!(
            "This computer has forgotten {alias}. The server still takes it; to end it: \
             `superset-keys keys revoke {} {key}`",
            shell_word(&at.instance)
        )
    })
}
