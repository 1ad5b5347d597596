//! `connect` where things go wrong in the middle.

use crate::{Computer, PROGRAM, Run};
use std::process::Stdio;
use std::time::{Duration, SystemTime};

const BEFORE: &str =
    "{\n  \"mcpServers\": {\n    \"other\": { \"url\": \"https://other.example.com\" }\n  }\n}\n";

fn names(computer: &Computer, folder: &str) -> Vec<String> {
    let folder = std::fs::read_dir(computer.path(folder)).unwrap();
    folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn read(computer: &Computer) -> String {
    std::fs::read_to_string(computer.path(".cursor/mcp.json")).unwrap()
}

#[test]
#[cfg_attr(not(feature = "failpoints"), ignore = "needs places to die at")]
fn killed_at_every_step_the_file_is_the_old_or_the_new_one() {
    let whole = Computer::with_instances();
    whole.write(".cursor/mcp.json", BEFORE);
    assert_eq!(whole.run(&["connect", "cursor", "production"]).code, Some(0));
    for (place, is_new, can_be_undone) in [
        ("backup-content-kept", false, false),
        ("client-file-beside", false, false),
        ("client-file-renamed", true, true),
    ] {
        let computer = Computer::with_instances();
        computer.write(".cursor/mcp.json", BEFORE);
        let mut command = computer.command(PROGRAM);
        let died = command.args(["connect", "cursor", "production"]).env("SUPERSET_KEYS_DIE_AT", place);
        assert!(!died.output().unwrap().status.success(), "{place}: it should have died");
        let new = read(&whole).replace(
            &whole.path("").canonicalize().unwrap().display().to_string(),
            &computer.path("").canonicalize().unwrap().display().to_string(),
        );
        assert_eq!(read(&computer), if is_new { &new } else { BEFORE }, "{place}");
        let undone = computer.run(&["restore", "cursor"]);
        assert_eq!(undone.code == Some(0), can_be_undone, "{place}: {undone:?}");
        assert_eq!(read(&computer), BEFORE, "{place}");

        // What was left beside it goes with the next write, once nobody can be at it any more.
        for name in names(&computer, ".cursor").iter().filter(|name| *name != "mcp.json") {
            let left =
                std::fs::File::options().write(true).open(computer.path(".cursor").join(name)).unwrap();
            left.set_modified(SystemTime::now() - Duration::from_secs(3600)).unwrap();
        }
        assert_eq!(computer.run(&["connect", "cursor", "production"]).code, Some(0), "{place}");
        assert_eq!(read(&computer), new, "{place}");
        assert_eq!(names(&computer, ".cursor"), ["mcp.json"], "{place}");
    }
}

#[test]
fn a_project_that_is_not_there_is_not_made() {
    let computer = Computer::with_instances();
    for command in ["connect", "disconnect"] {
        let run = computer.run(&[command, "cursor", "production", "--project", "missing", "--json"]);
        assert_eq!((run.code, run.error_code().as_str()), (Some(66), "folder_unusable"), "{run:?}");
    }
    assert!(!computer.path("missing").exists());
    std::fs::create_dir(computer.path("work")).unwrap();
    let work = computer.path("work").display().to_string();
    let run = computer.run(&["connect", "cursor", "production", "--project", &work]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(computer.path("work/.cursor/mcp.json").exists());
}

#[cfg(unix)]
#[test]
fn what_this_account_may_not_write_is_not_replaced() {
    use std::os::unix::fs::{PermissionsExt, chown};
    use std::os::unix::process::CommandExt;
    let computer = Computer::with_instances();
    computer.write(".cursor/mcp.json", BEFORE);
    let whole = computer.path("");
    let give = |inside: &str| chown(whole.join(inside), Some(4321), Some(4321));
    // A file of root's in a folder of somebody else's: as administrators leave them.
    if give("").is_err() {
        return;
    }
    for inside in [".cursor", "config", "config/state.json"] {
        give(inside).unwrap();
    }
    let program = computer.path("superset-keys");
    std::fs::copy(PROGRAM, &program).unwrap();
    std::fs::set_permissions(computer.path(".cursor/mcp.json"), PermissionsExt::from_mode(0o644)).unwrap();
    let mut command = computer.command(program.to_str().unwrap());
    let run =
        Run::of(&command.args(["connect", "cursor", "production", "--json"]).uid(4321).output().unwrap());
    assert_eq!((run.code, run.error_code().as_str()), (Some(78), "client_file_read_only"), "{run:?}");
    assert_eq!(read(&computer), BEFORE);
}

#[cfg(unix)]
#[test]
fn a_full_disk_changes_nothing() {
    let computer = Computer::with_instances();
    computer.write(".cursor/mcp.json", BEFORE);
    let mut command = computer.command("sh");
    // Every write to a file fails, as on a full disk.
    let script = "trap '' XFSZ; ulimit -f 0; exec \"$0\" connect cursor production --json";
    let run = Run::of(&command.args(["-c", script, PROGRAM]).output().unwrap());
    assert_eq!((run.code, run.error_code().as_str()), (Some(78), "backup_unwritable"), "{run:?}");
    assert_eq!(read(&computer), BEFORE);
    assert_eq!(names(&computer, ".cursor"), ["mcp.json"]);
}

#[test]
fn many_programs_at_once_lose_no_entry() {
    let computer = Computer::with_instances();
    computer.write(".cursor/mcp.json", BEFORE);
    let runs: Vec<_> = (0..6)
        .map(|round| {
            let delivery = if round % 2 == 0 { "bridge" } else { "variable" };
            let mut command = computer.command(PROGRAM);
            command
                .args(["connect", "cursor", "production", "--delivery", delivery, "--json"])
                .stdout(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut run in runs {
        assert!(run.wait().unwrap().success());
    }
    let file: serde_json::Value = serde_json::from_str(&read(&computer)).unwrap();
    assert_eq!(file["mcpServers"].as_object().unwrap().len(), 2, "{file}");
    assert_eq!(names(&computer, ".cursor"), ["mcp.json"]);
}

#[test]
fn what_stands_in_the_way_of_undoing_is_shown() {
    let computer = Computer::with_instances();
    computer.write(".cursor/mcp.json", BEFORE);
    assert_eq!(computer.run(&["connect", "cursor", "production"]).code, Some(0));
    computer.write(".cursor/mcp.json", &read(&computer).replace("other.example", "changed.example"));
    let edited = read(&computer);
    let run = computer.run(&["restore", "cursor"]);
    assert_eq!(run.code, Some(75), "{run:?}");
    assert!(run.stderr.contains("changed.example.com") && run.stderr.contains("/backups/cursor/"), "{run:?}");
    assert_eq!(read(&computer), edited);
    assert!(computer.run(&["restore", "cursor", "--list"]).stdout.contains("edited since"));
}

#[test]
fn git_is_asked_about_the_project_and_not_about_what_a_hook_names() {
    let computer = Computer::with_instances();
    let git = |folder: &str, words: &[&str]| {
        let mut git = computer.command("git");
        let done = git.arg("-C").arg(computer.path(folder)).args(words).output().unwrap();
        assert!(done.status.success(), "{done:?}");
    };
    computer.write("project/.cursor/mcp.json", BEFORE);
    computer.write("other/file", "");
    git("project", &["init", "-q"]);
    git("project", &["add", ".cursor/mcp.json"]);
    git("other", &["init", "-q"]);
    computer.write("other/.git/info/exclude", "mcp.json\n");
    let mut command = computer.command(PROGRAM);
    let project = computer.path("project");
    command
        .args(["connect", "cursor", "production", "--delivery", "plaintext", "--json"])
        .args(["--scope", "project", "--project", project.to_str().unwrap()])
        .env("GIT_DIR", computer.path("other/.git"));
    let run = Run::of(&command.output().unwrap());
    assert_eq!(run.error_code(), "key_would_be_shared", "{run:?}");
}
