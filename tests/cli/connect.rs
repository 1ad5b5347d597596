//! `connect` where things go wrong in the middle.

#[cfg(unix)]
use crate::executable::executable_copy;
#[cfg(target_os = "linux")]
use crate::mounted::Mounted;
use crate::{Computer, PROGRAM, Run};
#[cfg(unix)]
use std::path::Path;
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
        let kept = names(&computer, "state/backups/cursor");
        let whole = kept.iter().filter(|name| {
            let inside = names(&computer, &format!("state/backups/cursor/{name}"));
            inside.iter().all(|name| ["kept", "about.json"].contains(&name.as_str())) && inside.len() == 2
        });
        assert_eq!(whole.count(), kept.len(), "{place}: {kept:?}");
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
    executable_copy(Path::new(PROGRAM), &program);
    std::fs::set_permissions(computer.path(".cursor/mcp.json"), PermissionsExt::from_mode(0o644)).unwrap();
    let mut command = computer.command(program.to_str().unwrap());
    let run =
        Run::of(&command.args(["connect", "cursor", "production", "--json"]).uid(4321).output().unwrap());
    assert_eq!((run.code, run.error_code().as_str()), (Some(78), "client_file_read_only"), "{run:?}");
    assert_eq!(read(&computer), BEFORE);
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_is_mounted_by_itself_is_written_all_the_same() {
    let computer = Computer::with_instances();
    computer.write(".cursor/mcp.json", BEFORE);
    let Some(_mounted) = Mounted::over(&computer.path(".cursor/mcp.json")) else { return };
    let run = computer.run(&["connect", "cursor", "production"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(read(&computer).contains("bridge") && read(&computer).contains("other.example.com"));
    assert_eq!(names(&computer, ".cursor"), ["mcp.json"]);
    let run = computer.run(&["restore", "cursor"]);
    assert_eq!((run.code, read(&computer).as_str()), (Some(0), BEFORE), "{run:?}");
}

#[cfg(target_os = "linux")]
#[test]
#[cfg_attr(not(feature = "failpoints"), ignore = "needs places to die at")]
fn a_death_while_such_a_file_is_written_is_named_and_undone() {
    let computer = Computer::with_instances();
    computer.write(".cursor/mcp.json", BEFORE);
    let Some(_mounted) = Mounted::over(&computer.path(".cursor/mcp.json")) else { return };
    let mut command = computer.command(PROGRAM);
    let died = command.args(["connect", "cursor", "production"]);
    let died = died.env("SUPERSET_KEYS_DIE_AT", "client-file-half-written").output().unwrap();
    assert!(!died.status.success(), "it should have died");
    let half = read(&computer);
    assert_ne!(half, BEFORE);
    for command in ["connect", "disconnect"] {
        let run = computer.run(&[command, "cursor", "production", "--json"]);
        assert_eq!((run.code, run.error_code().as_str()), (Some(78), "client_file_half_written"), "{run:?}");
        assert_eq!(read(&computer), half);
    }
    let run = computer.run(&["restore", "cursor"]);
    assert_eq!((run.code, read(&computer).as_str()), (Some(0), BEFORE), "{run:?}");
    assert_eq!(computer.run(&["connect", "cursor", "production"]).code, Some(0));
}

#[cfg(unix)]
#[test]
fn a_file_in_a_folder_that_may_not_be_written_is_written_itself() {
    use std::os::unix::fs::{PermissionsExt, chown};
    use std::os::unix::process::CommandExt;
    let computer = Computer::with_instances();
    computer.write(".cursor/mcp.json", BEFORE);
    let whole = computer.path("");
    let give = |inside: &str| chown(whole.join(inside), Some(4321), Some(4321));
    if give("").is_err() {
        eprintln!("not tried: this account may give nothing away");
        return;
    }
    for inside in ["config", "config/state.json", ".cursor/mcp.json"] {
        give(inside).unwrap();
    }
    let program = computer.path("superset-keys");
    executable_copy(Path::new(PROGRAM), &program);
    std::fs::set_permissions(computer.path(".cursor"), PermissionsExt::from_mode(0o755)).unwrap();
    for (command, holds) in
        [(&["connect", "cursor", "production"][..], true), (&["restore", "cursor"], false)]
    {
        let mut run = computer.command(program.to_str().unwrap());
        let run = Run::of(&run.args(command).uid(4321).output().unwrap());
        assert_eq!(run.code, Some(0), "{run:?}");
        assert_eq!(read(&computer).contains("bridge"), holds);
    }
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

/// A link that stays, and the folder of a version that it leads to.
#[cfg(unix)]
struct Brew {
    computer: Computer,
    link: std::path::PathBuf,
    version: std::path::PathBuf,
}

#[cfg(unix)]
impl Brew {
    fn new() -> Self {
        let computer = Computer::with_instances();
        let version = computer.path("brew/Cellar/superset-keys/0.1.0/bin/superset-keys");
        let link = computer.path("brew/bin/superset-keys");
        std::fs::create_dir_all(version.parent().unwrap()).unwrap();
        std::fs::create_dir_all(link.parent().unwrap()).unwrap();
        // By another process: what this one has open for writing, a program it starts meanwhile has open as well.
        assert!(
            computer.command("cp").args([PROGRAM.as_ref(), version.as_os_str()]).status().unwrap().success()
        );
        std::os::unix::fs::symlink("../Cellar/superset-keys/0.1.0/bin/superset-keys", &link).unwrap();
        Self { computer, link, version }
    }

    fn run(&self, program: &Path, arguments: &[&str]) -> Run {
        Run::of(&self.computer.command(program.to_str().unwrap()).args(arguments).output().unwrap())
    }
}

#[cfg(unix)]
#[test]
fn the_link_is_written_that_stays_after_an_upgrade() {
    for by_link in [true, false] {
        let brew = Brew::new();
        let program = if by_link { &brew.link } else { &brew.version };
        let run = brew.run(program, &["connect", "cursor", "production", "--json"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        let file: serde_json::Value = serde_json::from_str(&read(&brew.computer)).unwrap();
        let command = file["mcpServers"]["superset"]["command"].as_str().unwrap();
        assert!(command.ends_with("/brew/bin/superset-keys"), "{command}");
        let run =
            brew.run(program, &["connect", "claude-code", "production", "--delivery", "helper", "--json"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        let line = std::fs::read_to_string(brew.computer.path(".claude.json")).unwrap();
        assert!(line.contains("/brew/bin/superset-keys") && !line.contains("Cellar"), "{line}");
    }
}

#[cfg(unix)]
#[test]
fn where_nothing_that_stays_leads_there_it_is_said_and_mended_by_one_command() {
    let brew = Brew::new();
    std::fs::remove_file(&brew.link).unwrap();
    let run = brew.run(&brew.version, &["connect", "cursor", "production"]);
    // All of it lies in a folder for what is soon gone here, which is said first.
    assert!(run.stderr.contains("soon gone"), "{run:?}");
    std::fs::remove_file(&brew.version).unwrap();
    let clients = brew.computer.run(&["clients"]);
    assert!(clients.stdout.contains("its program is gone"), "{clients:?}");
    assert!(clients.stderr.contains("clients --mend"), "{clients:?}");
    let mended = brew.computer.run(&["clients", "--mend", "--json"]);
    let answer: serde_json::Value = serde_json::from_str(&mended.stdout).unwrap();
    assert_eq!(
        (&answer["data"][0]["client"], &answer["data"][0]["problem"]),
        (&"cursor".into(), &serde_json::Value::Null)
    );
    assert!(read(&brew.computer).contains(PROGRAM));
    assert!(!brew.computer.run(&["clients"]).stdout.contains("gone"));
    assert!(brew.computer.run(&["clients", "--mend"]).stdout.contains("is there"));
}

#[test]
fn what_git_shares_is_said_before_it_is_written() {
    let computer = Computer::with_instances();
    computer.write("work/.gitignore", "");
    let work = computer.path("work").display().to_string();
    assert!(computer.command("git").args(["-C", &work, "init", "-q"]).status().unwrap().success());
    let run = computer.run(&["connect", "claude-code", "production", "--project", &work]);
    assert!(run.stderr.starts_with("~/work/.mcp.json: Git shares this file"), "{run:?}");
    assert!(
        computer
            .run(&["connect", "claude-code", "production", "--project", &work, "--dry-run"])
            .stderr
            .contains("Git shares")
    );
}

#[test]
fn the_local_scope_of_claude_code_is_told_and_changed() {
    let computer = Computer::with_instances();
    let file = r#"{"projects": {"/home/jane/report": {"mcpServers": {"superset": {"type": "http", "url": "https://superset.example.com/bi/mcp",
        "headers": {"Authorization": "Bearer sst_a8Zk3LmQ9rT2vX5yB7nC1dF4gH6jK0pW_e-uIoA9fQ2"}}}}}}"#;
    computer.write(".claude.json", file);
    let clients = computer.run(&["clients"]).stdout;
    assert!(clients.contains("/home/jane/report") && clients.contains("plaintext"), "{clients}");
    let run = computer.run(&["connect", "claude-code", "production"]);
    assert!(run.stderr.contains("In /home/jane/report") && run.stderr.contains("--scope local"), "{run:?}");
    let change =
        ["connect", "claude-code", "production", "--scope", "local", "--project", "/home/jane/report"];
    assert_eq!(computer.run(&change).code, Some(0));
    assert!(!std::fs::read_to_string(computer.path(".claude.json")).unwrap().contains("sst_"));
    assert!(!computer.run(&["connect", "claude-code", "production"]).stderr.contains("goes first"));
}
