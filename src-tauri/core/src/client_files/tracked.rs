//! Whether git keeps a file, and with it everybody who gets the project.

use std::path::Path;
use std::process::{Command, Stdio};

/// Whether git tracks this file, or, for one that is not there yet, whether it would be offered to `git add`.
/// Where git cannot be asked, a file inside a repository counts as tracked.
#[must_use]
pub fn is_tracked(path: &Path) -> bool {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return false };
    let Some(folder) = folder.ancestors().find(|folder| folder.is_dir()) else { return false };
    if !folder.ancestors().any(|folder| folder.join(".git").exists()) {
        return false;
    }
    let asked = |words: &[&str]| {
        Command::new("git")
            // Neither hooks nor a monitor of the repository's choosing may run.
            .args(["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"])
            .args(words)
            .arg("--")
            .arg(path.parent().map_or_else(|| name.into(), |folder| folder.join(name)))
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .ok()
            .and_then(|status| status.code())
    };
    match asked(&["ls-files", "--error-unmatch"]) {
        // Not tracked: ignored is safe, anything else is one `git add .` away.
        Some(1) => asked(&["check-ignore", "--quiet"]) != Some(0),
        _ => true,
    }
}
