//! `superset-keys`: the command line of Superset Keys, and what AI clients start.
//!
//! `args` says what can be typed, `commands` hand it to core, `print` says what came of it in `words`, and
//! `exit` gives it a number.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test that cannot go on may say so"))]

mod args;
mod commands;
mod exit;
mod failure;
mod input;
mod key_in_args;
mod print;
mod table;
mod times;
mod words;

use args::{Cli, Global};
use clap::Parser;
use clap::error::ErrorKind;
use failure::{FaceCode, Failure, Reason};
use print::Printer;
use std::process::ExitCode;
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

fn main() -> ExitCode {
    let sealed = superset_keys_core::sealed::seal();
    // Before clap, whose complaints repeat what was typed.
    if key_in_args::any(std::env::args_os().skip(1)) {
        return ended(Printer { json: json_was_typed() }, &Failure::face(FaceCode::KeyInArguments));
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return not_understood(&error),
    };
    log(&cli.global);
    let out = Printer { json: cli.global.json };
    let instance = cli.command.instance().map(commands::shell_word);
    match commands::run(cli, sealed) {
        Ok(code) => code,
        Err(failure) => {
            ended(out, &instance.into_iter().fold(failure, |failure, at| failure.with("instance", at)))
        }
    }
}

fn ended(out: Printer, failure: &Failure) -> ExitCode {
    out.failure(failure);
    ExitCode::from(exit::of(failure))
}

/// Help and version are answers; the rest is wrong usage.
fn not_understood(error: &clap::Error) -> ExitCode {
    let usage = exit::code(Reason::Face(FaceCode::Usage));
    let out = Printer { json: json_was_typed() };
    if out.json && error.use_stderr() {
        return ended(out, &Failure::face(FaceCode::Usage).with("message", complaint(error)));
    }
    match print::clap(error) {
        Ok(()) if error.use_stderr() => ExitCode::from(usage),
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => ended(out, &failure),
    }
}

/// The first paragraph of what clap says, as a sentence on one line.
fn complaint(error: &clap::Error) -> String {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return "A command is missing.".to_owned();
    }
    let said = error.to_string();
    let paragraph: Vec<_> = said.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
    format!("{}.", paragraph.join(" ").trim_start_matches("error: "))
}

/// For what goes wrong before the arguments are understood.
fn json_was_typed() -> bool {
    std::env::args_os().skip(1).take_while(|arg| arg != "--").any(|arg| arg == "--json")
}

/// What our own crates log, on stderr. What libraries say of requests is nobody's business.
fn log(global: &Global) {
    if global.verbose == 0 {
        return;
    }
    let ours = Targets::new()
        .with_target("superset_keys_core", Level::INFO)
        .with_target("superset_keys", Level::INFO);
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(std::io::stderr);
    let _ = tracing_subscriber::registry().with(lines).with(ours).try_init();
}
