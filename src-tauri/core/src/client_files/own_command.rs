//! A client's own program, asked to change its file.

use crate::places::Computer;
use crate::programs::ended_within;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Asking and writing take such a program about half a second.
const PATIENCE: Duration = Duration::from_secs(20);

/// Runs it to its end and answers whether it was content. The words must hold no secret: others can read them.
#[must_use]
pub fn run(program: &Path, words: &[String], computer: &Computer) -> bool {
    let started = Command::new(program)
        .args(words)
        // Not in a project, which could have settings of its own.
        .current_dir(&computer.home)
        .env("HOME", &computer.home)
        .envs(&computer.variables)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = started else { return false };
    ended_within(&mut child, Instant::now(), PATIENCE).is_some_and(|status| status.success())
}
