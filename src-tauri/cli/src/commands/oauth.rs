//! `superset-keys oauth …`

use super::{Context, shell_word};
use crate::args::{OAuth, OAuthSignIn, SetOAuth};
use crate::failure::Outcome;
use crate::{print, words};
use std::time::Duration;
use superset_keys_core::actions::{NewOAuth, OAuthPrompt};

/// What authorization servers show of a client that they make for us.
const CLIENT_NAME: &str = "Superset Keys";

pub fn oauth(context: &Context, command: &OAuth) -> Outcome {
    match command {
        OAuth::Set(args) => set(context, args),
        OAuth::SignIn(args) => sign_in(context, args),
        OAuth::SignOut { at } => {
            let id = context.instance(&at.instance)?;
            context.open_keychain()?;
            let view = context.wait(context.core.sign_out_oauth(&id))?;
            context.out.answer(&view, || words::oauth_signed_out(&view))
        }
        OAuth::Status { at } => {
            let id = context.instance(&at.instance)?;
            let view = context.core.show_oauth(&id)?;
            context.out.answer(&view, || words::oauth(&view))
        }
    }
}

fn set(context: &Context, args: &SetOAuth) -> Outcome {
    let id = context.instance(&args.at.instance)?;
    let client_secret = args
        .client_secret_stdin
        .then(|| context.read_secret("The client's secret".to_owned()))
        .transpose()?;
    context.open_keychain()?;
    let new = NewOAuth {
        issuer: args.issuer.clone(),
        client_id: args.client_id.clone(),
        client_secret,
        scopes: args.scopes.clone(),
        resource: args.resource.clone(),
        audience: args.audience.clone(),
        grant: args.grant.into(),
    };
    let view = context.wait(context.core.set_oauth(&id, new, CLIENT_NAME))?;
    context.out.answer(&view, || words::oauth(&view))?;
    let instance = shell_word(&args.at.instance);
    context.out.note(&format!(
        "Next: `superset-keys oauth sign-in {instance}`, then `superset-keys mcp-access set {instance} oauth`."
    ));
    Ok(())
}

fn sign_in(context: &Context, args: &OAuthSignIn) -> Outcome {
    let id = context.instance(&args.at.instance)?;
    context.open_keychain()?;
    let (out, print_url) = (context.out, args.print_url);
    let show = |prompt: OAuthPrompt| {
        let address = match &prompt {
            OAuthPrompt::Browser { url } => url.to_string(),
            OAuthPrompt::Device { url, complete, .. } => complete.clone().unwrap_or_else(|| url.clone()),
        };
        let opened = match (&prompt, print_url) {
            (_, true) => {
                // Whoever reads it has gone: nobody will come back either, and the wait has its end.
                let _ = print::line(&address);
                false
            }
            (OAuthPrompt::Browser { .. }, false) => open::that_detached(&address).is_ok(),
            (OAuthPrompt::Device { .. }, false) => false,
        };
        // Without it nobody can sign in, so it is said with --json too.
        print::aside(&words::to_do(&prompt, opened, print_url));
    };
    let patience = Duration::from_secs(args.wait);
    let view = context.wait(context.core.sign_in_oauth(&id, patience, &words::pages(), show))?;
    if print_url {
        out.note(&words::oauth(&view));
        return Ok(());
    }
    out.answer(&view, || words::oauth(&view))
}
