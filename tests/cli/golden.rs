//! What `--json` and the columns look like, held still.

use crate::{Computer, PROGRAM, Run, fixtures};
use serde_json::{Value, json};

const CURSOR: &str =
    "{\n  \"mcpServers\": {\n    \"other\": { \"url\": \"https://other.example.com\" }\n  }\n}\n";

fn golden(name: &str, text: &str) {
    let path = fixtures().join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{name} is missing"));
    assert_eq!(text, kept, "{name}");
}

/// One line of JSON, laid out for reading.
fn pretty(line: &str) -> String {
    assert_eq!(line.matches('\n').count(), 1, "one line: {line:?}");
    let value: Value = serde_json::from_str(line).unwrap();
    format!("{value:#}\n")
}

#[test]
fn answers() {
    for (name, arguments) in [
        ("instances-list", &["instances", "list"] as &[_]),
        ("instances-show", &["instances", "show", "prod"]),
        ("instances-rename", &["instances", "rename", "local", "My Own"]),
        ("instances-remove", &["instances", "remove", "local"]),
        ("instances-clock", &["instances", "clock", "local", "--zone", "Asia/Kolkata"]),
        ("instances-mcp-url", &["instances", "mcp-url", "local", "localhost:5008/mcp/"]),
        ("keys-list-offline", &["keys", "list", "production", "--offline"]),
        ("keys-default", &["keys", "default", "production"]),
        ("keys-default-none", &["keys", "default", "local"]),
        ("sign-out", &["sign-out", "local"]),
        ("settings-show", &["settings", "show"]),
        ("settings-set", &["settings", "set", "clipboard-seconds", "60"]),
        ("clients", &["clients"]),
        ("connect-dry-run", &["connect", "cursor", "production", "--delivery", "variable", "--dry-run"]),
        ("connect", &["connect", "cursor", "production", "--delivery", "variable"]),
        ("snippet", &["snippet", "cursor", "production", "--delivery", "variable"]),
    ] {
        let computer = Computer::with_instances();
        computer.write(".cursor/mcp.json", CURSOR);
        // No client that happens to be installed here.
        let command = &mut computer.command(PROGRAM);
        let run = Run::of(&command.env("PATH", "/nowhere").args(arguments).arg("--json").output().unwrap());
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{name}: {run:?}");
        let text = pretty(&run.stdout).replace(&computer.path("").display().to_string(), "/home/jane/");
        golden(&format!("{name}.json"), &without_the_day(&text));
    }
}

/// Backups are named by when they were taken.
fn without_the_day(text: &str) -> String {
    match text.split_once("/backups/cursor/") {
        Some((before, after)) => {
            format!("{before}/backups/cursor/…{}", after.trim_start_matches(|letter| letter != '/'))
        }
        None => text.to_owned(),
    }
}

#[test]
fn errors() {
    for (name, arguments) in [
        ("error-no-such-instance", &["keys", "list", "nowhere"] as &[_]),
        ("error-ambiguous-key", &["keys", "print", "production", "Twin"]),
        ("error-usage", &["keys", "list"]),
        ("error-unreachable", &["instances", "add", "127.0.0.1:1"]),
    ] {
        let run = Computer::with_instances().run(&[&["--json"], arguments].concat());
        assert_eq!(run.stdout, "", "{name}");
        golden(&format!("{name}.json"), &pretty(&run.stderr));
    }
}

#[test]
fn columns_for_programs() {
    let computer = Computer::with_instances();
    let list = computer.run(&["keys", "list", "production", "--offline"]);
    assert!(list.stderr.starts_with("Shown as of 2026-01-20 12:00 ("), "{list:?}");
    golden("keys-list-offline.tsv", &list.stdout);
    golden("instances-list.tsv", &computer.run(&["instances", "list"]).stdout);
}

#[test]
fn a_check_up_s_use_is_told_apart() {
    for (before, view, column) in [
        (r#""before":"never","#, json!({"kind": "never"}), "never"),
        (
            r#""before":{"at":"2026-01-19T08:00:00"},"#,
            json!({"kind": "at", "time": {"utc": "2026-01-19T13:00:00Z", "server": "2026-01-19T08:00:00"}}),
            "2026-01-19T13:00:00Z",
        ),
        ("", json!({"kind": "unknown"}), "unknown"),
    ] {
        let computer = Computer::with_own_use(before);
        let listed = computer.run(&["keys", "list", "production", "--offline", "--json"]);
        let listed: Value = serde_json::from_str(&listed.stdout).unwrap();
        let [key, other, ..] = listed["data"]["keys"].as_array().unwrap().as_slice() else { panic!() };
        assert_eq!((&key["before_own_use"], &other["before_own_use"]), (&view, &Value::Null));
        assert_eq!(key["last_used"]["utc"], "2026-01-20T11:30:00Z", "as the server shows it");
        let listed = computer.run(&["keys", "list", "production", "--offline"]).stdout;
        let row: Vec<&str> = listed.lines().nth(1).unwrap().split('\t').collect();
        assert_eq!((row[6], row[10]), ("2026-01-20T11:30:00Z", column));
    }
}

#[test]
fn help_says_what_exit_codes_mean() {
    let computer = Computer::new();
    let help = computer.run(&["--help"]);
    assert_eq!((help.code, help.stderr.as_str()), (Some(0), ""));
    for code in [0, 64, 66, 69, 70, 75, 76, 77, 78, 130, 141] {
        assert!(help.stdout.contains(&format!("\n  {code:>3}  ")), "{code}");
    }
    assert!(!computer.path("config").exists(), "asking for help leaves nothing behind");
    let version = computer.run(&["--version"]);
    assert_eq!(version.stdout, format!("superset-keys {}\n", env!("CARGO_PKG_VERSION")));
}

/// A shell that is there takes what we print for it, and completes a command and a word.
#[test]
fn completions_for_each_shell() {
    let computer = Computer::new();
    for (shell, part) in [
        ("bash", "complete -F _superset__keys"),
        ("zsh", "#compdef superset-keys"),
        ("fish", "complete -c superset-keys"),
        ("powershell", "Register-ArgumentCompleter"),
        ("elvish", "edit:completion:arg-completer[superset-keys]"),
    ] {
        let run = computer.run(&["completions", shell]);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{run:?}");
        for expected in [part, "sign-in", "revoke", "dry-run"] {
            assert!(run.stdout.contains(expected), "{shell}: {expected}");
        }
    }
    assert_eq!(computer.run(&["completions", "cmd"]).code, Some(64));
    let json = computer.run(&["completions", "fish", "--json"]);
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["data"]["shell"], "fish");
    // Where packages are made there is nobody's home.
    let output = computer
        .command(PROGRAM)
        .args(["completions", "bash"])
        .env_remove("SUPERSET_KEYS_HOME")
        .env_remove("HOME")
        .output();
    assert!(output.unwrap().status.success());
}

#[test]
#[cfg(unix)]
fn bash_completes_commands_and_what_stands_behind_them() {
    let computer = Computer::new();
    computer.write("completions.bash", &computer.run(&["completions", "bash"]).stdout);
    let ask = r#"
        source "$1"; shift
        [[ $(complete -p superset-keys) =~ -F\ ([^ ]+) ]]
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
        "${BASH_REMATCH[1]}" "$1" "${@: -1}" "${@: -2:1}"
        echo "${COMPREPLY[*]}"
    "#;
    let script = computer.path("completions.bash");
    for (typed, completed) in [
        ("superset-keys si", "sign-in sign-out signing"),
        ("superset-keys keys re", "revoke replace-in-time"),
        ("superset-keys keys revoke --y", "--yes"),
        ("superset-keys sign-in --provider l", "ldap"),
        ("superset-keys instances mcp", "mcp-url"),
    ] {
        let mut command = computer.command("bash");
        command.args(["--norc", "-c", ask, "bash"]).arg(&script).args(typed.split(' '));
        // Where there is no bash, nobody needs its completions.
        let Ok(output) = command.output() else { return };
        assert_eq!(Run::of(&output).stdout.trim(), completed, "{typed}: {output:?}");
    }
}
