//! `superset-keys exec`

use super::Context;
use crate::args::Exec;
use crate::failure::{FaceCode, Failure, Outcome};
use std::io;
use std::process::Command;
use superset_keys_core::actions::HandedTo;
use superset_keys_core::activity::EXEC;
use superset_keys_core::credential::AccessKind;
use superset_keys_core::sealed::Sealed;

/// Where it can, this process becomes the command: its exit code, its signals, nothing left behind.
pub fn exec(context: &Context, args: &Exec, sealed: Sealed) -> Outcome {
    let name = &args.variable;
    if !is_variable(name) {
        return Err(Failure::face(FaceCode::VariableInvalid).with("name", name));
    }
    let [program, arguments @ ..] = &*args.command else { return Err(Failure::face(FaceCode::Usage)) };
    let id = context.instance(&args.at.instance)?;
    let key = context.core.find_usable_key(&id, args.key.as_deref())?;
    context.open_keychain()?;
    let named = std::path::Path::new(program).file_name().unwrap_or_default().to_string_lossy();
    let secret = context.wait(context.core.read_secret(&id, &key, HandedTo::Command(&named)))?;
    context.core.note_handed_out(&id, args.key.as_deref(), AccessKind::ApiKey, EXEC, Some(&*named));
    let mut command = Command::new(program);
    // EXPOSE: the person asked for the key in this command's environment.
    command.args(arguments).env(name, secret.expose());
    sealed.lift();
    let error = run(command);
    let reason = match error.kind() {
        io::ErrorKind::NotFound => FaceCode::CommandNotFound,
        _ => FaceCode::NotRunnable,
    };
    Err(Failure::face(reason).with("command", program.to_string_lossy()))
}

/// Returns only if the command could not be started.
#[cfg(unix)]
fn run(mut command: Command) -> io::Error {
    use std::os::unix::process::CommandExt;
    command.exec()
}

#[cfg(windows)]
fn run(mut command: Command) -> io::Error {
    // Ctrl-C reaches both; whether it ends is the command's own business.
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => error,
    }
}

fn is_variable(name: &str) -> bool {
    !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty()
        && name.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_variables() {
        for good in ["SUPERSET_API_KEY", "_", "a1"] {
            assert!(is_variable(good), "{good}");
        }
        for bad in ["", "1A", "A-B", "A=B", "Ä", "A B"] {
            assert!(!is_variable(bad), "{bad}");
        }
    }
}
