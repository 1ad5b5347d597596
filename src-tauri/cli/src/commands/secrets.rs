//! `superset-keys keys copy | print | forget`, `superset-keys headers`

use super::stops::Stops;
use super::{Context, shell_word};
use crate::args::{At, Headers};
use crate::failure::Outcome;
use crate::print::{self, Shown};
use serde::Serialize;
use std::sync::mpsc;
use std::time::Duration;
use superset_keys_core::api_key::ApiKeyId;
use superset_keys_core::clipboard::{CLEAR_AFTER, CopiedSecret, CopyEnd};

/// Nothing but state file and keychain stands between an AI client and its answer.
pub fn headers(context: &Context, args: &Headers) -> Outcome {
    print::may_show(args.show)?;
    let id = context.instance(&args.at.instance)?;
    let key = context.core.find_usable_key(&id, args.key.as_deref())?;
    let secret = context.wait(context.core.read_secret(&id, &key))?;
    print::headers(&secret)
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
    let secret = context.wait(context.core.read_secret(&id, &key))?;
    let view = View { id: &key, alias: context.alias(&id, &key), plaintext: Shown(&secret) };
    context.out.secret(&view, &secret)
}

pub fn copy(context: &Context, at: &At, typed: &str) -> Outcome {
    #[derive(Serialize)]
    struct View<'a> {
        id: &'a ApiKeyId,
        alias: String,
        /// The clipboard was emptied; false when something else had been copied meanwhile.
        cleared: bool,
    }
    let id = context.instance(&at.instance)?;
    let key = context.core.find_stored_key(&id, Some(typed))?;
    context.open_keychain()?;
    let secret = context.wait(context.core.read_secret(&id, &key))?;
    let alias = context.alias(&id, &key);
    let (ended, end) = mpsc::channel();
    context.uninterrupted(async {
        // Before the key is on the clipboard, so that no signal leaves it there.
        let mut stops = Stops::listen()?;
        let copied = CopiedSecret::copy(secret, CLEAR_AFTER, move |end| {
            let _ = ended.send(end);
        })?;
        context.out.note(&format!(
            "Copied {alias}. It is cleared from the clipboard in {} s; Ctrl-C clears it now.",
            CLEAR_AFTER.as_secs()
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
    let cleared = end.recv() == Ok(CopyEnd::Cleared);
    context.out.answer(&View { id: &key, alias, cleared }, || {
        if cleared { "The clipboard is clear." } else { "Something else was copied; it was left alone." }
            .to_owned()
    })
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
