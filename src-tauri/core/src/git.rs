//! What git says of a file. Whoever gets the repository has what git tracks.
//!
//! The repository may be a stranger's: nothing that it configures runs, and no answer is waited for long.

use crate::programs::ended_within;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum GitState {
    Tracked,
    /// In a repository, and not in its index. An earlier commit may still hold it.
    Untracked,
    NoRepository,
    /// Git is missing, too slow, or does not trust the repository.
    Unknown,
}

/// For each question. A list of a million names takes about one.
const PATIENCE: Duration = Duration::from_secs(5);
/// For all of them together.
const ALL_PATIENCE: Duration = Duration::from_secs(15);
const LONGEST_LIST: u64 = 256 * 1024 * 1024;

/// What git says of each of `paths`, asked once for each repository.
#[must_use]
pub fn git_states(paths: &[&Path]) -> Vec<GitState> {
    let since = Instant::now();
    let mut lists: HashMap<PathBuf, Option<HashSet<PathBuf>>> = HashMap::new();
    let mut state = |path: &&Path| {
        // A link's own place may be elsewhere: what counts is where the text lies.
        let Ok(path) = path.canonicalize() else { return GitState::Unknown };
        let Some(root) = repository(&path) else { return GitState::NoRepository };
        let tracked = lists.entry(root.to_owned()).or_insert_with(|| {
            let left = ALL_PATIENCE.saturating_sub(since.elapsed());
            tracked(root, PATIENCE.min(left))
        });
        match (tracked, path.strip_prefix(root)) {
            (Some(tracked), Ok(inside)) if tracked.contains(inside) => GitState::Tracked,
            (Some(_), Ok(_)) => GitState::Untracked,
            _ => GitState::Unknown,
        }
    };
    paths.iter().map(&mut state).collect()
}

/// Whether git tracks this file, wherever its text lies.
#[must_use]
pub fn is_tracked(path: &Path) -> bool {
    git_states(&[path]) == [GitState::Tracked]
}

/// Whether others would get what is written to `path`, which need not be there yet: git tracks it, or would
/// with the next `git add`. Where git cannot be asked, everything inside a repository is shared.
#[must_use]
pub fn is_shared(path: &Path) -> bool {
    let Ok(path) = std::path::absolute(path) else { return true };
    // What counts is where the text will lie, whatever links lead there.
    let folder = path.ancestors().skip(1).find_map(|folder| Some((folder, folder.canonicalize().ok()?)));
    let Some((folder, real)) = folder else { return true };
    let Ok(path) = path.strip_prefix(folder).map(|inside| real.join(inside)) else { return true };
    if repository(&path).is_none() {
        return false;
    }
    let folder = real.as_path();
    let says = |words: &[&str]| {
        let mut git = git(folder);
        git.args(words).arg("--").arg(&path);
        answer(git, PATIENCE).and_then(|(_, status)| status.code())
    };
    match says(&["ls-files", "--error-unmatch"]) {
        // Not tracked: ignored is safe, anything else is one `git add .` away.
        Some(1) => says(&["check-ignore", "--quiet"]) != Some(0),
        _ => true,
    }
}

/// The top folder of the repository that a folder is in; of a work tree that of the repository it belongs to.
#[must_use]
pub fn main_root(folder: &Path) -> Option<PathBuf> {
    let root = folder.ancestors().find(|folder| folder.join(".git").exists())?;
    // `gitdir: <repository>/.git/worktrees/<name>`
    let named = std::fs::read_to_string(root.join(".git")).ok();
    let main = named.as_deref().and_then(|text| {
        let folder = Path::new(text.trim().strip_prefix("gitdir:")?.trim());
        let folder = if folder.is_absolute() { folder.to_owned() } else { root.join(folder) };
        let worktrees = folder.parent().filter(|parent| parent.ends_with(".git/worktrees"))?;
        worktrees.parent()?.parent()?.canonicalize().ok()
    });
    Some(main.unwrap_or_else(|| root.to_owned()))
}

/// The folder above with `.git` in it: a folder, or the file that a worktree and a submodule have.
fn repository(path: &Path) -> Option<&Path> {
    path.ancestors().skip(1).find(|folder| folder.join(".git").exists())
}

/// The names that git tracks, or nothing.
fn tracked(root: &Path, patience: Duration) -> Option<HashSet<PathBuf>> {
    let mut git = git(root);
    git.args(["ls-files", "-z"]);
    let (list, status) = answer(git, patience)?;
    let names = list.split(|byte| *byte == 0).filter(|name| !name.is_empty());
    status.success().then(|| names.map(name).collect())
}

fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    git.args(["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-C"])
        .arg(folder)
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    // Inside a hook these name another repository.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"] {
        git.env_remove(variable);
    }
    git
}

/// What it printed and how it ended, if it did so in time.
fn answer(mut git: Command, patience: Duration) -> Option<(Vec<u8>, ExitStatus)> {
    let since = Instant::now();
    let mut child = git.spawn().ok()?;
    let output = child.stdout.take()?;
    let (done, printed) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = output.take(LONGEST_LIST).read_to_end(&mut bytes);
        let _ = done.send(read.map(|_| bytes));
    });
    let printed = printed.recv_timeout(patience).ok().and_then(Result::ok);
    // It may end its output and stay.
    let patience = if printed.is_some() { patience } else { Duration::ZERO };
    let status = ended_within(&mut child, since, patience);
    printed.zip(status)
}

#[cfg(unix)]
fn name(bytes: &[u8]) -> PathBuf {
    PathBuf::from(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(bytes))
}

#[cfg(not(unix))]
fn name(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}
