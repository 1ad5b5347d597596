//! `superset-keys scan`: what it prints, how it ends, and that no whole key comes out.

#[cfg(unix)]
use crate::executable::executable;
use crate::{Computer, Run};
use serde_json::{Value, json};
use std::process::Command;

/// Made up; the fixture's "laptop" ends the same.
const KEY: &str = "sst_canaryCANARYcanaryCANARYcanaryCANARYcan9fQ2";
const OTHER: &str = "sst_0aZ-9bY_8cX-7dW_6eV-5fU_4gT-3hS_2iR-1jQ_0kP";

impl Computer {
    /// A home folder of a person, in which the command runs.
    fn at_home(&self, arguments: &[&str]) -> Run {
        let run = Run::of(&self.at_home_command(arguments).output().unwrap());
        for text in [&run.stdout, &run.stderr] {
            assert!(!text.contains("canaryCANARY") && !text.contains(&OTHER[4..20]), "{arguments:?}: {text}");
        }
        run
    }

    fn at_home_command(&self, arguments: &[&str]) -> Command {
        let home = self.path("person");
        std::fs::create_dir_all(&home).unwrap();
        let mut command = self.command(crate::PROGRAM);
        for variable in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "ZDOTDIR", "HISTFILE", "APPDATA"] {
            command.env_remove(variable);
        }
        command.arg("scan").args(arguments).env("HOME", &home).current_dir(home);
        command
    }

    fn scanned(&self, arguments: &[&str]) -> (Option<i32>, Value) {
        let run = self.at_home(&[arguments, &["--json"]].concat());
        let envelope: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run:?}"));
        assert_eq!(envelope["version"], 1);
        (run.code, envelope["data"].clone())
    }
}

#[cfg(unix)]
fn mode(computer: &Computer, name: &str, mode: u32) {
    let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
    std::fs::set_permissions(computer.path(name), permissions).unwrap();
}

#[test]
fn nothing_found_is_0_and_says_how_much_was_searched() {
    let computer = Computer::new();
    computer.write("person/.bashrc", "alias ll='ls -l'\n");
    let (code, data) = computer.scanned(&[]);
    assert_eq!((code, data["files"].as_u64(), &data["keys"]), (Some(0), Some(1), &json!([])));
    assert!(!computer.path("config").exists(), "looking leaves nothing behind");
}

#[test]
#[cfg(unix)]
fn the_usual_files_are_searched_without_being_named() {
    let computer = Computer::with_instances();
    mode(&computer, ".", 0o700);
    for name in [
        ".bashrc",
        ".zsh_history",
        ".claude.json",
        ".cursor/mcp.json",
        ".codex/config.toml",
        ".env",
        ".netrc",
        ".config/fish/config.fish",
        ".local/share/fish/fish_history",
        ".config/environment.d/10-keys.conf",
        ".mcp.json",
    ] {
        computer.write(&format!("person/{name}"), &format!("x\nkey = \"{KEY}\"\n"));
    }
    computer.write("person/work/.env", &format!("K={OTHER}\n"));
    let (code, data) = computer.scanned(&[]);
    assert_eq!(code, Some(1));
    assert_eq!(data["keys"].as_array().unwrap().len(), 1, "one key, and the one in work is not looked for");
    let key = &data["keys"][0];
    assert_eq!((&key["hint"], &key["match"]), (&json!("sst_…9fQ2"), &json!("looks_like")));
    assert_eq!(
        (&key["key"]["alias"], &key["instance"]["short_name"]),
        (&json!("laptop"), &json!("production"))
    );
    let spots = key["spots"].as_array().unwrap();
    assert_eq!(spots.len(), 11);
    assert!(spots.iter().all(|spot| spot["line"] == 2 && spot["column"] == 8), "{spots:?}");
    let clients: Vec<_> = spots.iter().filter_map(|spot| spot["client"].as_str()).collect();
    assert_eq!(clients, ["claude-code", "codex", "cursor", "claude-code"]);
    let (_, with_work) = computer.scanned(&["work", "--known"]);
    assert_eq!(with_work["keys"].as_array().unwrap().len(), 2);
    let (_, work) = computer.scanned(&["work"]);
    assert_eq!(work["keys"].as_array().unwrap().len(), 1);
}

/// A key pasted into a conversation lies there for as long as the client keeps it.
#[test]
#[cfg(unix)]
fn what_clients_wrote_by_themselves_is_searched_and_nothing_of_it_is_moved() {
    let computer = Computer::with_instances();
    mode(&computer, ".", 0o700);
    let line = format!(r#"{{"type":"user","message":{{"content":"the key is {KEY}\\n"}}}}"#);
    computer.write("person/.claude/projects/-home-jane/0a1b.jsonl", &format!("{{}}\n{line}\n"));
    computer.write("person/.config/nushell/autoload/keys.nu", &format!("$env.K = '{KEY}'\n"));
    let (code, data) = computer.scanned(&[]);
    assert_eq!(code, Some(1));
    let spots = data["keys"][0]["spots"].as_array().unwrap();
    let told: Vec<_> = spots.iter().map(|spot| (&spot["kind"], &spot["client"], &spot["line"])).collect();
    let none = &Value::Null;
    assert_eq!(
        told,
        [
            (&json!("client_data"), &json!("claude-code"), &json!(2)),
            (&json!("shell_startup"), none, &json!(1))
        ]
    );
    assert!(spots.iter().all(|spot| spot["movable"] == false));
    let run = computer.at_home(&[]);
    assert!(run.stdout.lines().any(|line| line.ends_with("\tclient_data")), "{run:?}");
}

/// The newest are searched; the rest is counted and can be named.
#[test]
fn years_of_conversations_are_told_and_not_waited_for() {
    let computer = Computer::new();
    for n in 0..6 {
        let path = computer.path(&format!("person/.codex/sessions/{n}.jsonl"));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::File::create(&path).unwrap().set_len(60 * 1024 * 1024).unwrap();
    }
    let run = computer.at_home(&[]);
    let told = "Not searched, 2 files of 120 MB that AI clients wrote earlier. Name a folder to have all of it searched: ~/.codex/sessions.";
    assert!(run.stderr.contains(told), "{run:?}");
    assert!(!computer.at_home(&[".codex/sessions"]).stderr.contains("Not searched"));
}

#[test]
#[cfg(unix)]
fn where_others_can_get_at_it_is_2() {
    let computer = Computer::with_instances();
    mode(&computer, ".", 0o700);
    computer.write("person/f/.env", &format!("K={OTHER}\n"));
    mode(&computer, "person/f/.env", 0o644);
    let (code, data) = computer.scanned(&["f"]);
    // The folder above is closed to others.
    assert_eq!((code, &data["keys"][0]["spots"][0]["readers"]), (Some(1), &json!("only_owner")));
    assert_eq!(data["keys"][0]["spots"][0]["exposed"], false);
    let git = |arguments: &[&str]| {
        let folder = computer.path("person/f");
        assert!(Command::new("git").arg("-C").arg(folder).args(arguments).status().unwrap().success());
    };
    git(&["init", "-q"]);
    git(&["add", ".env"]);
    let (code, data) = computer.scanned(&["f"]);
    assert_eq!((code, &data["keys"][0]["spots"][0]["git"]), (Some(2), &json!("tracked")));
    assert_eq!(data["keys"][0]["spots"][0]["exposed"], true);
}

#[test]
fn a_key_known_to_be_dead_is_never_2() {
    let computer = Computer::with_instances();
    // "twin-2" of the fixture expired in 2020, and ends in bbbb.
    let dead = format!("{}bbbb", &KEY[..43]);
    computer.write("person/f/.env", &dead);
    let folder = computer.path("person/f");
    for arguments in [&["init", "-q"] as &[&str], &["add", ".env"]] {
        assert!(Command::new("git").arg("-C").arg(&folder).args(arguments).status().unwrap().success());
    }
    let (code, data) = computer.scanned(&["f"]);
    assert_eq!((code, &data["keys"][0]["life"]["state"]), (Some(1), &json!("expired")));
    let spot = &data["keys"][0]["spots"][0];
    assert_eq!((&spot["git"], &spot["exposed"]), (&json!("tracked"), &json!(false)));
}

#[test]
fn what_cannot_be_searched_is_said() {
    let computer = Computer::new();
    let missing = computer.at_home(&["no/such/folder"]);
    assert_eq!((missing.code, missing.stdout.as_str()), (Some(66), ""));
    assert!(missing.stderr.contains("no/such/folder"), "{missing:?}");
    let large = computer.path("person/f/dump");
    std::fs::create_dir_all(large.parent().unwrap()).unwrap();
    std::fs::File::create(&large).unwrap().set_len(200 * 1024 * 1024).unwrap();
    let run = computer.at_home(&["f"]);
    assert_eq!(run.code, Some(0));
    assert!(run.stderr.contains("1 larger than 64 MB: f/dump"), "{run:?}");
}

#[test]
fn columns_for_programs() {
    let computer = Computer::with_instances();
    computer.write("person/f/.env", &format!("K={OTHER}\nL={KEY}"));
    let run = computer.at_home(&["f"]);
    let lines: Vec<Vec<&str>> = run.stdout.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(lines.len(), 3, "{run:?}");
    assert_eq!(lines[0][..4], ["path", "line", "column", "hint"]);
    assert!(lines.iter().all(|line| line.len() == lines[0].len()));
    assert_eq!(lines[2][3..7], ["sst_…9fQ2", "looks_like", "production", "laptop"]);
    assert!(run.stderr.contains("compared by their last letters only"), "{run:?}");
}

/// Also where a file is called like a key, and with every word of the log.
#[test]
fn no_whole_key_comes_out() {
    let computer = Computer::with_instances();
    computer.write(&format!("person/f/{KEY}.env"), &format!("https://superset.example.com/bi {KEY} {OTHER}"));
    for arguments in [&["f", "-vv"] as &[&str], &["f", "--json", "-vv"], &["f", "--check-alive", "-vv"]] {
        let run = computer.at_home(&[arguments, &["--connect-timeout", "1", "--timeout", "1"]].concat());
        assert!(run.stdout.contains("sst_…9fQ2.env"), "{run:?}");
    }
    let everything = walk(&computer.path("."));
    assert!(everything.len() > 1);
    for (path, text) in everything {
        let ours = !path.contains("person");
        assert!(!ours || !text.contains("canaryCANARY"), "{path}");
    }
}

fn walk(folder: &std::path::Path) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let texts = entries.flat_map(|path| {
        if path.is_dir() {
            return walk(&path);
        }
        vec![(path.display().to_string(), std::fs::read_to_string(&path).unwrap_or_default())]
    });
    texts.collect()
}

#[test]
#[cfg(unix)]
fn a_git_that_says_nothing_and_stays_is_not_waited_for_long() {
    let computer = Computer::new();
    computer.write("person/work/.env", &format!("SUPERSET_API_KEY={OTHER}\n"));
    computer.write("person/work/.git/HEAD", "");
    // It ends its output, and not itself.
    std::fs::create_dir(computer.path("bin")).unwrap();
    executable(&computer.path("bin/git"), "#!/bin/sh\nexec >&-\nexec sleep 60\n");
    let began = std::time::Instant::now();
    let output = computer
        .at_home_command(&["work", "--json"])
        .env("PATH", format!("{}:/usr/bin:/bin", computer.path("bin").display()))
        .output()
        .unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["data"]["keys"][0]["spots"][0]["git"], "unknown", "{answer}");
    assert!(began.elapsed().as_secs() < 30, "{:?}", began.elapsed());
}

#[test]
fn a_clients_file_in_a_folder_that_is_named_is_known_for_one() {
    let computer = Computer::new();
    computer.write("person/work/.cursor/mcp.json", &format!("{{\"key\": \"{OTHER}\"}}"));
    for arguments in [["work"], ["work/../work"]] {
        let (_, data) = computer.scanned(&arguments);
        let spot = &data["keys"][0]["spots"][0];
        assert_eq!((&spot["kind"], &spot["client"]), (&json!("ai_client"), &json!("cursor")), "{data}");
    }
}
