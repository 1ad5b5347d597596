//! `superset-keys agent`, and how it is started.

use super::Context;
use crate::args::Agent;
use crate::failure::{FaceCode, Failure, Outcome};
use std::io::Write;
#[cfg(unix)]
use std::io::{BufRead, BufReader};
#[cfg(unix)]
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use superset_keys_core::ErrorCode;
#[cfg(unix)]
use superset_keys_vault::agent::HandedOpener;
use superset_keys_vault::agent::{Serving, given_opener};

/// Eight hours.
pub const IDLE: u32 = 8 * 60 * 60;
/// What an agent says that answers.
const READY: &str = "ready";

pub fn run(context: &Context, args: &Agent) -> Outcome {
    if args.unit {
        return unit(context, args.idle);
    }
    if args.handed {
        given_opener(&context.vault, &mut std::io::stdin().lock())?;
    }
    let serving = Serving::begin(Arc::clone(&context.vault)).map_err(|error| {
        let is_there = error.code() == ErrorCode::VaultBusy;
        let failure = Failure::from(error);
        if is_there { Failure::face(FaceCode::AgentRuns) } else { failure }
    })?;
    if args.handed {
        // First: whoever reads the word may be gone the next moment, with the terminal and all that hangs on it.
        let_go();
        let mut out = std::io::stdout();
        let _ = writeln!(out, "{READY}").and_then(|()| out.flush());
        let_go_of_output();
    }
    let ended = serving.wait(Duration::from_secs(args.idle.into()));
    tracing::info!(?ended, "the agent ends");
    Ok(())
}

/// Has this computer's programs answered while the vault is open: by who does already, or by an agent that is started now.
pub fn answer_others(context: &Context, idle: u32) -> Outcome {
    if context.vault.hand_over()? { Ok(()) } else { start(context, idle) }
}

/// Starts one, and hands it what opens the vault by its standard input.
#[cfg(unix)]
fn start(context: &Context, idle: u32) -> Outcome {
    let failed = || Failure::face(FaceCode::AgentFailed);
    let program = std::env::current_exe().map_err(|_| failed())?;
    let mut agent = Command::new(program)
        .args(&context.folders)
        .args(["agent", "--handed", "--idle", &format!("{idle}s")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|_| failed())?;
    let mut input = agent.stdin.take().ok_or_else(failed)?;
    let opener = HandedOpener::of(&context.vault).ok_or_else(|| Failure::core(ErrorCode::VaultLocked))?;
    opener.write(&mut input)?;
    drop(input);
    let mut said = String::new();
    let output = agent.stdout.take().ok_or_else(failed)?;
    BufReader::new(output).read_line(&mut said).map_err(|_| failed())?;
    // Where two were started at once, one of them answers.
    if said.trim_end() == READY || context.vault.agent().is_there() { Ok(()) } else { Err(failed()) }
}

/// Starts one, and hands it what opens the vault when it answers. A program that Rust's library starts inherits what this one
/// was given, so whoever reads our output would wait until the agent ends; this one inherits nothing, its terminal neither.
#[cfg(windows)]
fn start(context: &Context, idle: u32) -> Outcome {
    use std::time::Instant;
    use winsafe::{CreateProcess, STARTUPINFO, co};
    const STARTING: Duration = Duration::from_secs(20);
    /// What Windows calls the exit code of who has not ended.
    const STILL_ACTIVE: u32 = 259;

    let failed = || Failure::face(FaceCode::AgentFailed);
    let program = std::env::current_exe().map_err(|_| failed())?;
    let words = context.folders.iter().map(|word| word.to_str().map(str::to_owned));
    let mut words = words.collect::<Option<Vec<_>>>().ok_or_else(failed)?;
    words.extend(["agent".to_owned(), "--idle".to_owned(), format!("{idle}s")]);
    let path = program.to_str().ok_or_else(failed)?;
    let line = windows_command_line(path, &words);
    // Not the starter's folder, which could not be removed while it runs.
    let folder = program.parent().and_then(std::path::Path::to_str);
    let flags = co::CREATE::DETACHED_PROCESS | co::CREATE::NEW_PROCESS_GROUP;
    let mut startup = STARTUPINFO::default();
    let agent = CreateProcess(Some(path), Some(&line), None, None, false, flags, &[], folder, &mut startup)
        .map_err(|_| failed())?;
    let since = Instant::now();
    while !context.vault.agent().is_there() {
        // Where two were started at once, the other one answers.
        let has_ended = agent.hProcess.GetExitCodeProcess() != Ok(STILL_ACTIVE);
        if since.elapsed() > STARTING || has_ended && !context.vault.agent().is_there() {
            return Err(failed());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    if context.vault.hand_over()? { Ok(()) } else { Err(failed()) }
}

/// Words as programs on Windows take a line apart: in quotes, and backslashes count double where a quote follows.
#[cfg(any(windows, test))]
fn windows_command_line(program: &str, words: &[String]) -> String {
    let double = |line: &mut String| {
        let backslashes = line.len() - line.trim_end_matches('\\').len();
        line.push_str(&"\\".repeat(backslashes));
    };
    let mut line = format!("\"{program}\"");
    for word in words {
        line.push_str(" \"");
        for sign in word.chars() {
            if sign == '"' {
                double(&mut line);
                line.push('\\');
            }
            line.push(sign);
        }
        double(&mut line);
        line.push('"');
    }
    line
}

/// The starter's terminal, its folder and its pipes: whoever waits for their end waits for nobody.
fn let_go() {
    #[cfg(unix)]
    {
        let _ = rustix::process::setsid();
        let _ = std::env::set_current_dir("/");
        if let Some(nothing) = nothing() {
            let _ = rustix::stdio::dup2_stdin(&nothing);
            let _ = rustix::stdio::dup2_stderr(&nothing);
        }
    }
}

fn let_go_of_output() {
    #[cfg(unix)]
    if let Some(nothing) = nothing() {
        let _ = rustix::stdio::dup2_stdout(&nothing);
    }
}

#[cfg(unix)]
fn nothing() -> Option<std::fs::File> {
    std::fs::OpenOptions::new().read(true).write(true).open("/dev/null").ok()
}

/// For systemd, which starts it with the session; it answers when `vault unlock` was run.
fn unit(context: &Context, idle: u32) -> Outcome {
    let program = std::env::current_exe().map_err(|_| Failure::face(FaceCode::AgentFailed))?;
    let words = context.folders.iter().map(|word| quoted(&word.to_string_lossy())).collect::<String>();
    let unit = format!(
        "[Unit]\nDescription=Superset Keys: answers while the vault is unlocked\n\n[Service]\nExecStart={}{words} agent --idle {idle}s\nRestart=always\n\n[Install]\nWantedBy=default.target\n",
        quoted(&program.to_string_lossy()).trim_start(),
    );
    context.out.answer(&unit, || unit.clone())
}

/// As systemd reads words: in quotes, with its own signs doubled.
fn quoted(word: &str) -> String {
    let escaped = word.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%").replace('$', "$$");
    format!(" \"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_takes_a_line_apart_into_the_words_it_was_made_of() {
        let line = |words: &[&str]| {
            let words = words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
            windows_command_line(r"C:\Program Files\superset-keys.exe", &words)
        };
        let program = r#""C:\Program Files\superset-keys.exe""#;
        assert_eq!(line(&["agent", "--idle", "8s"]), format!(r#"{program} "agent" "--idle" "8s""#));
        assert_eq!(line(&[r"D:\a folder\"]), format!(r#"{program} "D:\a folder\\""#));
        assert_eq!(line(&[r#"a "b" \"c"#]), format!(r#"{program} "a \"b\" \\\"c""#));
        assert_eq!(line(&[""]), format!(r#"{program} """#));
    }
}
