//! Whether git tracks what was found, and that asking runs nothing of the repository's.

#[cfg(unix)]
use crate::executable::executable;
use crate::{KEY, Tree};
use std::path::{Path, PathBuf};
use std::process::Command;
use superset_keys_core::git::GitState as G;
use superset_keys_core::git::{GitState, git_states};

fn git(tree: &Tree, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=jane", "-c", "user.email=jane@example.com", "-C"])
        .arg(tree.path())
        .args(arguments)
        .env("HOME", tree.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

fn states(tree: &Tree, names: &[&str]) -> Vec<GitState> {
    let paths: Vec<_> = names.iter().map(|name| tree.path().join(name)).collect();
    git_states(&paths.iter().map(PathBuf::as_path).collect::<Vec<&Path>>())
}

#[test]
fn tracked_untracked_and_none_of_git_s_business() {
    let tree = Tree::new();
    tree.write("plain/f", KEY);
    for name in ["repo/in.env", "repo/out.env", "repo/ä b\nc.env", "repo/deep/er/in.env"] {
        tree.write(name, KEY);
    }
    git(&tree, &["init", "-q", "repo"]);
    git(&tree, &["-C", "repo", "add", "in.env", "ä b\nc.env", "deep"]);
    let names = [
        "plain/f",
        "repo/in.env",
        "repo/out.env",
        "repo/ä b\nc.env",
        "repo/deep/er/in.env",
        "gone",
        "repo/.git/config",
    ];
    assert_eq!(
        states(&tree, &names),
        [G::NoRepository, G::Tracked, G::Untracked, G::Tracked, G::Tracked, G::Unknown, G::Untracked]
    );
}

#[cfg(unix)]
#[test]
fn a_link_is_judged_by_where_its_text_lies() {
    let tree = Tree::new();
    tree.write("dots/zshrc", KEY);
    git(&tree, &["init", "-q", "dots"]);
    git(&tree, &["-C", "dots", "add", "zshrc"]);
    std::os::unix::fs::symlink("dots/zshrc", tree.path().join(".zshrc")).unwrap();
    assert_eq!(states(&tree, &[".zshrc"]), [GitState::Tracked]);
}

#[cfg(unix)]
#[test]
fn nothing_that_a_repository_configures_is_run() {
    let tree = Tree::new();
    tree.write("repo/f", KEY);
    git(&tree, &["init", "-q", "repo"]);
    git(&tree, &["-C", "repo", "add", "f"]);
    let run = tree.path().join("run");
    executable(&run, &format!("#!/bin/sh\ntouch {}/ran\n", tree.path().display()));
    let run = run.to_str().unwrap();
    for name in ["core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "alias.ls-files"] {
        git(&tree, &["-C", "repo", "config", name, run]);
    }
    git(&tree, &["-C", "repo", "config", "core.hooksPath", tree.path().to_str().unwrap()]);
    assert_eq!(states(&tree, &["repo/f"]), [GitState::Tracked]);
    assert!(!tree.path().join("ran").exists());
}

#[test]
fn a_broken_repository_cannot_tell() {
    let tree = Tree::new();
    tree.write("repo/f", KEY);
    tree.write("repo/.git", "gitdir: /nowhere\n");
    assert_eq!(states(&tree, &["repo/f"]), [GitState::Unknown]);
}
