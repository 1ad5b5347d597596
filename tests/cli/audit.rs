//! `audit`, as far as it goes without a server: what was kept, what is typed, what is written.

use crate::{Computer, Run};
use serde_json::{Value, json};

const KEPT: &str = include_str!("../fixtures/cli/kept-audit.json");

impl Computer {
    /// One that read everybody's keys of "production" before.
    fn with_audit() -> Self {
        let computer = Self::with_instances();
        computer.write("cache/audit-00000000000000000000000000000001.json", KEPT);
        computer
    }
}

fn data(run: &Run) -> Value {
    let envelope: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run:?}"));
    envelope["data"].clone()
}

fn names(run: &Run) -> Vec<String> {
    let keys = data(run)["keys"].as_array().unwrap().clone();
    keys.iter().map(|key| key["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_was_kept_is_shown_with_its_owner_and_its_time() {
    let run = Computer::with_audit().run(&["audit", "production", "--offline", "--json"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(1), ""));
    let data = data(&run);
    assert_eq!((&data["live"], &data["fetched"]), (&json!(false), &json!("2026-01-20T12:00:00Z")));
    let key = data["keys"].as_array().unwrap().iter().find(|key| key["name"] == "etl").unwrap();
    assert_eq!(key["owner"]["username"], "joe");
    assert_eq!(key["owner"]["active"], false);
    assert_eq!(key["findings"][0], "owner_inactive");
    assert_eq!(key["last_used"], json!({"utc": "2025-06-01T15:00:00Z", "server": "2025-06-01T10:00:00"}));
    let text = Computer::with_audit().run(&["audit", "production", "--offline"]);
    assert!(text.stderr.contains("Shown as of 2026-01-20 12:00"), "{text:?}");
    assert!(text.stdout.starts_with("instance\tid\tname\towner\t"), "{text:?}");
}

#[test]
fn filters_narrow_and_the_exit_code_goes_by_what_is_shown() {
    let computer = Computer::with_audit();
    for (arguments, expected, code) in [
        (&["--owner", "joe"] as &[_], &["etl", "=HYPERLINK(\"http://evil.example\")"] as &[_], 1),
        (&["--status", "revoked"], &["=HYPERLINK(\"http://evil.example\")"], 0),
        (&["--status", "revoked,active", "--finding", "owner_admin"], &["Tablet\u{1b}[2J\u{202e}gnp"], 1),
        (&["--finding", "any", "--sort", "name"], &["etl", "Tablet\u{1b}[2J\u{202e}gnp"], 1),
        (&["--finding", "never_used"], &["Tablet\u{1b}[2J\u{202e}gnp"], 1),
        (&["--stale", "90d", "--sort", "last-used"], &["Tablet\u{1b}[2J\u{202e}gnp", "etl"], 1),
        (&["--stale", "36500"], &[], 0),
    ] {
        let run = computer.run(&[&["audit", "production", "--offline", "--json"], arguments].concat());
        assert_eq!(
            (names(&run), run.code),
            (expected.iter().map(|name| (*name).to_owned()).collect(), Some(code)),
            "{arguments:?}"
        );
        assert_eq!(data(&run)["total"], 3, "counts stay those of all");
    }
    let typed_wrong = computer.run(&["audit", "production", "--offline", "--json", "--owner", "nobody"]);
    assert_eq!((typed_wrong.error_code().as_str(), typed_wrong.code), ("no_such_person", Some(66)));
}

#[test]
fn a_hostile_name_moves_no_cursor_and_becomes_no_formula() {
    let computer = Computer::with_audit();
    let run = computer.run(&["audit", "production", "--offline"]);
    assert!(!run.stdout.contains('\u{1b}') && !run.stdout.contains('\u{202e}'), "{run:?}");
    let csv = computer.run(&["audit", "production", "--offline", "--csv", "-"]);
    assert!(csv.stdout.contains("\"'=HYPERLINK(\"\"http://evil.example\"\")\""), "{csv:?}");
    assert!(!csv.stdout.contains('\u{1b}'), "{csv:?}");
    let mut lines = csv.stdout.split("\r\n");
    assert!(lines.next().unwrap().starts_with("instance,uuid,name,owner,"));
    assert_eq!(lines.filter(|line| !line.is_empty()).count(), 3);
}

#[test]
fn a_table_is_written_whole_and_replaces_only_a_file() {
    let computer = Computer::with_audit();
    let file = computer.path("keys.csv");
    let wanted = ["audit", "production", "--offline", "--csv", file.to_str().unwrap()];
    computer.write("keys.csv", "older");
    let run = computer.run(&wanted);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{run:?}");
    assert!(run.stderr.contains("Wrote 3 keys to"), "{run:?}");
    let written = std::fs::read_to_string(&file).unwrap();
    assert!(written.ends_with("\r\n") && written.contains("owner_inactive"), "{written}");
    assert_eq!(
        computer.run(&["audit", "production", "--offline", "--csv", "/nowhere/at/all.csv"]).code,
        Some(78)
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        computer.write("target", "kept");
        std::fs::remove_file(&file).unwrap();
        std::os::unix::fs::symlink(computer.path("target"), &file).unwrap();
        let run = computer.run(&wanted);
        assert_eq!(run.code, Some(64), "{run:?}");
        assert!(run.stderr.contains("is no regular file"), "{run:?}");
        assert_eq!(std::fs::read_to_string(computer.path("target")).unwrap(), "kept");
        assert_eq!(computer.run(&["audit", "production", "--offline", "--csv", "/dev/null"]).code, Some(64));
    }
}

#[test]
fn all_instances_are_told_apart_and_the_worst_decides() {
    let run = Computer::with_audit().run(&["audit", "--all", "--offline", "--json"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(66), ""), "{run:?}");
    let instances = data(&run)["instances"].as_array().unwrap().clone();
    assert_eq!(
        (&instances[0]["instance"], instances[0]["keys"].as_array().unwrap().len()),
        (&json!("production"), 3)
    );
    assert_eq!(
        (&instances[1]["instance"], &instances[1]["error"]["code"]),
        (&json!("local"), &json!("no_kept_audit"))
    );
    let text = Computer::with_audit().run(&["audit", "--all", "--offline"]);
    assert!(text.stderr.contains("local: No audit of local is kept"), "{text:?}");
    assert_eq!(
        Computer::new().run(&["audit", "--all"]).code,
        Some(66),
        "a job at the wrong home is no success"
    );
}

#[test]
fn what_cannot_be_done_is_said_before_anything_is() {
    let computer = Computer::with_audit();
    for (arguments, error, code) in [
        (&["audit"] as &[_], "usage", 64),
        (&["audit", "production", "--all"], "usage", 64),
        (&["audit", "--all", "--trust-database"], "usage", 64),
        (&["audit", "production", "--stale", "soon"], "usage", 64),
        (&["audit", "production", "--finding", "bad"], "usage", 64),
        (&["audit", "production", "--sort", "size"], "usage", 64),
        (&["audit", "nowhere"], "no_such_instance", 66),
        (&["audit", "local"], "signed_out", 77),
        (&["audit", "local", "--offline"], "no_kept_audit", 66),
    ] {
        let run = computer.run(&[&["--json"], arguments].concat());
        assert_eq!((run.error_code().as_str(), run.code), (error, Some(code)), "{arguments:?}");
    }
}

#[test]
fn a_damaged_copy_is_as_none() {
    let computer = Computer::with_audit();
    for damaged in ["", "{}", "[1", "\u{0}"] {
        computer.write("cache/audit-00000000000000000000000000000001.json", damaged);
        let run = computer.run(&["audit", "production", "--offline", "--json"]);
        assert_eq!((run.error_code().as_str(), run.code), ("no_kept_audit", Some(66)), "{damaged:?}");
    }
}
