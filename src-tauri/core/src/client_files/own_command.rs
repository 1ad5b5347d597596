//! A client's own program, asked to change its file.

use crate::places::Computer;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Asking and writing take such a program about half a second.
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(10);

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
    let since = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if since.elapsed() < PATIENCE => std::thread::sleep(PAUSE),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}
