//! `superset-keys completions`

use crate::args::Cli;
use crate::failure::Outcome;
use crate::print::Printer;
use clap::CommandFactory;
use clap_complete::{Shell, generate};
use serde::Serialize;

/// What `--json` prints.
#[derive(Serialize)]
struct CompletionsView<'a> {
    shell: String,
    script: &'a str,
}

pub fn completions(out: Printer, shell: Shell) -> Outcome {
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "superset-keys", &mut script);
    let script = String::from_utf8_lossy(&script);
    // clap_complete 4.6.12 spells a program's name with a hyphen in two ways, so that bash completes nothing behind a
    // command (clap-rs/clap#6421). In one way there is nothing left to replace.
    let script = script.replace("superset__subcmd__keys", "superset__keys");
    let view = CompletionsView { shell: shell.to_string(), script: &script };
    out.answer(&view, || script.clone())
}
