//! `superset-keys sign-in`, `superset-keys sign-out`

use super::Context;
use crate::args::{At, Provider, SignIn};
use crate::failure::{FaceCode, Failure, Outcome};
use crate::input;
use superset_keys_core::actions::Credentials;
use superset_keys_core::instance::{InstanceView, SignInWay};
use superset_keys_core::secret::Secret;

pub fn sign_in(context: &Context, args: &SignIn) -> Outcome {
    let id = context.instance(&args.at.instance)?;
    let instance = context.core.show_instance(&id)?;
    let credentials = if args.api_key_stdin {
        Credentials::ApiKey { key: input::read_secret("API key")? }
    } else {
        let username = username(context, args, &instance)?;
        let password = password(args, &username, &instance)?;
        // A command's own memory ends with it: only what the keychain keeps is of use.
        match args.provider {
            Provider::Db => Credentials::Password { username, password, stay: true },
            Provider::Ldap => Credentials::Ldap { username, password, stay: true },
        }
    };
    context.open_keychain()?;
    let signed_in = context.wait(context.core.sign_in(&id, credentials))?;
    if signed_in.way == Some(SignInWay::ApiKey) {
        context.out.note("Signed in with a key: listing and creating with it moves its own last-used time.");
    }
    context.out.answer(&signed_in, || {
        let user = signed_in.user.as_ref();
        let username = user.map(|user| user.username.as_str()).unwrap_or_default();
        let roles = user.map(|user| user.roles.join(", ")).filter(|roles| !roles.is_empty());
        let roles = roles.map(|roles| format!(" ({roles})")).unwrap_or_default();
        format!("Signed in to {} as {username}{roles}.", signed_in.name)
    })
}

pub fn sign_out(context: &Context, at: &At) -> Outcome {
    let id = context.instance(&at.instance)?;
    context.open_keychain()?;
    let instance = context.wait(context.core.sign_out(&id))?;
    context
        .out
        .answer(&instance, || format!("Signed out of {} on this computer. Stored keys stay.", instance.name))
}

fn username(context: &Context, args: &SignIn, instance: &InstanceView) -> Outcome<String> {
    match args.username.as_ref().or(instance.last_username.as_ref()) {
        Some(username) => Ok(username.clone()),
        None if !args.password_stdin && input::is_terminal() => {
            context.ask(format!("User name on {}:", instance.name))
        }
        None => Err(Failure::face(FaceCode::UsernameNeeded)),
    }
}

fn password(args: &SignIn, username: &str, instance: &InstanceView) -> Outcome<Secret> {
    let question = format!("Password of {username} on {}", instance.name);
    if args.password_stdin {
        input::read_secret(&question)
    } else if input::is_terminal() {
        input::ask_secret(&question)
    } else {
        Err(Failure::face(FaceCode::PasswordNeeded))
    }
}
