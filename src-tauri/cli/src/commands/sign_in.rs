//! `superset-keys sign-in`, `superset-keys sign-out`

use super::Context;
use crate::args::{At, Provider, SignIn};
use crate::failure::{FaceCode, Failure, Outcome, Reason};
use crate::{input, words};
use serde::Deserialize;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use superset_keys_core::actions::{BrowserSignInView, Credentials, InstanceView, Stay};
use superset_keys_core::credential::SignInWay;
use superset_keys_core::error::ErrorParams;
use superset_keys_core::http::SessionCookie;
use superset_keys_core::ids::InstanceId;
use superset_keys_core::places::computer_name;
use superset_keys_core::secret::Secret;
use superset_keys_core::superset::{BrowserRefusal, REMOTE_USER};
use superset_keys_core::{Error, ErrorCode};

pub fn sign_in(context: &Context, args: &SignIn) -> Outcome {
    let id = context.instance(&args.at.instance)?;
    if let Some(named) = &args.browser {
        return with_window(context, &id, named);
    }
    if args.session_cookie_stdin {
        return with_cookie(context, args, &id);
    }
    let instance = context.core.show_instance(&id)?;
    let credentials = if args.api_key_stdin {
        Credentials::ApiKey { key: context.read_secret("API key".to_owned())?, stay: true }
    } else {
        let username = username(context, args, &instance)?;
        let password = password(context, args, &username, &instance)?;
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
    context.out.answer(&signed_in, || said(&signed_in))
}

fn said(signed_in: &InstanceView) -> String {
    let user = signed_in.user.as_ref();
    let username = user.map(|user| user.username.as_str()).unwrap_or_default();
    let roles = user.map(|user| user.roles.join(", ")).filter(|roles| !roles.is_empty());
    let roles = roles.map(|roles| format!(" ({roles})")).unwrap_or_default();
    format!("Signed in to {} as {username}{roles}.", signed_in.name)
}

/// What the desktop program says when its window has come to an end.
#[derive(Deserialize)]
#[serde(tag = "end", rename_all = "snake_case")]
enum End {
    SignedIn { view: Box<BrowserSignInView> },
    Refused { refusal: BrowserRefusal },
    Closed,
    Failed { error: Failed },
}

#[derive(Deserialize)]
struct Failed {
    code: ErrorCode,
    params: ErrorParams,
}

/// The desktop program opens the window, makes a key and writes its record; this program waits for that.
fn with_window(context: &Context, id: &InstanceId, named: &str) -> Outcome {
    let instance = context.core.show_instance(id)?;
    let ways = context.wait(context.core.detect_instance(&instance.url, true))?.sign_in.others;
    let way = match (named, &*ways) {
        ("", [only]) => Some(only.clone()),
        ("", _) => None,
        (named, _) => Some(named.to_owned()),
    };
    context.open_keychain()?;
    context.out.note("Sign in in the window that opens. Nothing of it is kept.");
    let none = || Failure::face(FaceCode::NoDesktop);
    let mut asked = Command::new(desktop().ok_or_else(none)?);
    asked.args(["--sign-in", id.as_str(), &format!("private sign-in to {}", instance.name)]).args(&way);
    if let Some(home) = &context.core.store().places().namespace {
        asked.env("SUPERSET_KEYS_HOME", home);
    }
    let ended = asked.stdin(Stdio::null()).stderr(Stdio::null()).output().map_err(|_| none())?;
    // One that could not open a window has nothing to say.
    if ended.stdout.is_empty() {
        return Err(none());
    }
    let unclear = |_| Failure::core(ErrorCode::Internal);
    match serde_json::from_slice(&ended.stdout).map_err(unclear)? {
        End::SignedIn { view } => told(context, id, &view),
        End::Refused { refusal } => {
            let by_proxy = way.as_deref() == Some(REMOTE_USER);
            let failure = Failure::from(Error::BrowserRefused { told: refusal.told });
            Err(if by_proxy && refusal.stayed { failure.hint(words::SHOWS_ITS_PAGE) } else { failure })
        }
        End::Closed => Err(Failure::face(FaceCode::WindowClosed)),
        End::Failed { error: Failed { code, params } } => {
            Err(Failure { reason: Reason::Core(code), params, hint: None })
        }
    }
}

/// It is installed beside this program, or on the PATH.
fn desktop() -> Option<PathBuf> {
    let name = format!("superset-keys-desktop{}", std::env::consts::EXE_SUFFIX);
    let beside = std::env::current_exe().ok()?.with_file_name(&name);
    if beside.is_file() {
        return Some(beside);
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(&name)).find(|program| program.is_file())
}

/// A command's own memory ends with it, and the cookie with that: what stays is a key.
fn with_cookie(context: &Context, args: &SignIn, id: &InstanceId) -> Outcome {
    let pasted = context.read_secret("Session cookie".to_owned())?;
    let cookie = SessionCookie::pasted(&pasted, args.user_agent.clone())?;
    context.open_keychain()?;
    let computer = computer_name();
    let stay = Stay { computer: &computer, or_as_before: true };
    let done = context.wait(context.core.sign_in_with_browser(id, cookie, None, Some(stay)))?;
    told(context, id, &done)
}

fn told(context: &Context, id: &InstanceId, done: &BrowserSignInView) -> Outcome {
    context.out.answer(done, || said(&done.instance))?;
    if let (Some(before), Some(user)) = (&done.before, &done.instance.user) {
        context.out.note(&format!("You are {} here: other keys than {before}'s.", user.username));
    }
    let own = done.own_key.as_ref().map(|key| context.alias(id, key)).unwrap_or_default();
    context.out.note(&format!(
        "Managing keys goes on with a key of this program's own ({own}), for 90 days and replaced in time; its use shows \
         as its last use. The session was kept nowhere; it works on the server until it ends there."
    ));
    Ok(())
}

pub fn sign_out(context: &Context, at: &At) -> Outcome {
    let id = context.instance(&at.instance)?;
    // Not to be able to unlock it is no reason to stay signed in.
    let _ = context.open_keychain();
    let ended = context.wait(context.core.sign_out(&id))?;
    let name = &ended.instance.name;
    context.out.answer(&ended, || {
        let left = words::left_behind(ended.left_behind);
        format!("Signed out of {name} on this computer. Stored keys stay.{left}")
    })
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

fn password(context: &Context, args: &SignIn, username: &str, instance: &InstanceView) -> Outcome<Secret> {
    let question = format!("Password of {username} on {}", instance.name);
    if args.password_stdin {
        context.read_secret(question)
    } else if input::is_typed() {
        context.ask_secret(question)
    } else {
        Err(Failure::face(FaceCode::PasswordNeeded))
    }
}
