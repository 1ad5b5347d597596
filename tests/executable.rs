//! Programs that a test makes and runs at once.
//!
//! A process of its own writes them. What a test itself holds open for writing is handed to whatever another of its
//! threads starts in that moment, and the system runs no file that somebody can still write: "Text file busy".

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// A program with these words in it.
#[allow(dead_code, reason = "not every test that has this file needs both")]
pub fn executable(path: &Path, text: &str) {
    let mut writes = Command::new("sh")
        .args(["-c", r#"cat > "$1" && chmod 755 "$1""#, "sh"])
        .arg(path)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    writes.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    assert!(writes.wait().unwrap().success(), "{} cannot be written", path.display());
}

/// Another copy of a program.
#[allow(dead_code, reason = "not every test that has this file needs both")]
pub fn executable_copy(of: &Path, to: &Path) {
    assert!(Command::new("cp").arg(of).arg(to).status().unwrap().success(), "{}", to.display());
}
