//! Many keys are ended together, by conditions.

use crate::cli::Terminal;
use crate::server::{Server, server};
use serde_json::Value;
use std::time::{Duration, Instant};

/// Keys that were made so many days ago, with more said of them; their ids.
fn add(server: &Server, name: &str, count: usize, more: &[&str]) -> Vec<String> {
    let count = count.to_string();
    let said = [&["add-keys", "--user", "alpha", "--name", name, "--count", &count], more].concat();
    String::from_utf8(server.state(&said)).unwrap().split_whitespace().map(str::to_owned).collect()
}

fn column<'a>(rows: &'a Value, of: impl Fn(&'a Value) -> &'a Value) -> Vec<&'a str> {
    let mut all: Vec<_> = rows.as_array().unwrap().iter().filter_map(|row| of(row).as_str()).collect();
    all.sort_unstable();
    all
}

fn status(terminal: &Terminal, prefix: &str) -> Vec<(String, String, String)> {
    let list = terminal.json(&["keys", "list", "test"]);
    let keys = list["keys"].as_array().unwrap().iter();
    let keys = keys.filter(|key| key["name"].as_str().unwrap().starts_with(prefix));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut keys: Vec<_> =
        keys.map(|key| (text(&key["name"]), text(&key["status"]), text(&key["presence"]))).collect();
    keys.sort();
    keys
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn expired_keys_are_revoked_and_the_rest_is_not() {
    let server = server("main");
    let terminal = Terminal::signed_in(&server.url, "alpha");
    add(server, "ended", 2, &["--created", "30", "--expires", "-2"]);
    terminal.json(&["keys", "create", "test", "--name", "ended 3", "--expires", "30d"]);
    let conditions = ["keys", "revoke", "test", "--expired", "--match", "ended *"];
    let plan = terminal.json(&[&conditions[..], &["--dry-run"]].concat());
    assert_eq!(column(&plan["keys"], |one| &one["key"]["name"]), ["ended 00001", "ended 00002"]);
    assert_eq!(
        status(&terminal, "ended").iter().filter(|key| key.1 == "revoked").count(),
        0,
        "a plan changes nothing"
    );

    let done = terminal.json(&[&conditions[..], &["--yes"]].concat());
    assert_eq!(column(&done["keys"], |one| &one["outcome"]), ["revoked", "revoked"]);
    let of =
        |name: &str, status: &str, presence: &str| (name.to_owned(), status.to_owned(), presence.to_owned());
    assert_eq!(
        status(&terminal, "ended"),
        [
            of("ended 00001", "revoked", "not_here"),
            of("ended 00002", "revoked", "not_here"),
            of("ended 3", "active", "keychain")
        ]
    );
    let again = terminal.json(&[&conditions[..], &["--yes"]].concat());
    assert_eq!(again["keys"], serde_json::json!([]), "nothing is left to be done");
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn unused_keys_go_by_their_last_use_and_by_when_they_were_made() {
    let server = server("main");
    let terminal = Terminal::signed_in(&server.url, "alpha");
    add(server, "unused old", 1, &["--created", "200", "--last-used", "100"]);
    add(server, "unused lately", 1, &["--created", "200", "--last-used", "10"]);
    add(server, "unused never", 1, &["--created", "200"]);
    add(server, "unused young", 1, &["--created", "20"]);
    let conditions = ["keys", "revoke", "test", "--unused", "90d", "--match", "unused *"];
    let plan = terminal.json(&[&conditions[..], &["--dry-run"]].concat());
    assert_eq!(column(&plan["keys"], |one| &one["key"]["name"]), ["unused never", "unused old"]);
    assert_eq!(plan["left"], serde_json::json!([]));
}

/// Killed after the first answer, the same command goes on with the rest, and tidies up after itself.
#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn killed_half_way_the_same_again_does_the_rest() {
    for place in ["revoke-of-many-answered", "revokes-answered"] {
        let terminal = Terminal::signed_in(&server("main").url, "alpha");
        let prefix = format!("dies at {place}");
        for number in 1..=6 {
            let name = format!("{prefix} {number}");
            terminal.json(&["keys", "create", "test", "--name", &name, "--expires", "30d"]);
        }
        let pattern = format!("{prefix} *");
        let conditions = ["keys", "revoke", "test", "--match", &pattern, "--yes"];
        assert!(!terminal.run_dying(place, &conditions).status.success());
        let half = status(&terminal, &prefix);
        assert!(half.iter().any(|key| key.1 == "revoked"), "{place}: {half:?}");
        terminal.json(&conditions);
        let whole = status(&terminal, &prefix);
        assert!(whole.iter().all(|key| key.1 == "revoked" && key.2 == "not_here"), "{place}: {whole:?}");
    }
}

/// Superset says 429 and not for how long.
#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn a_server_with_a_limit_is_waited_for() {
    let server = Server::start("main", &["--no-mcp", "--rate-limit", "12 per 10 seconds"]);
    let terminal = Terminal::new();
    // A call that is refused before anything was sent is to be made again.
    let patient = |arguments: &[&str], typed: &str| {
        let until = Instant::now() + Duration::from_secs(120);
        loop {
            let output = terminal.run_with(arguments, typed);
            if output.status.success() {
                return output;
            }
            assert!(output.status.code() == Some(75) && Instant::now() < until, "{output:?}");
            assert!(output.stdout.is_empty(), "{output:?}");
        }
    };
    patient(&["instances", "add", &server.url, "--name", "Test"], "");
    let password = crate::server::password("alpha");
    patient(&["sign-in", "test", "--username", "alpha", "--password-stdin"], &password);
    add(&server, "limited", 40, &[]);
    let conditions = ["--json", "keys", "revoke", "test", "--match", "limited *", "--yes"];
    let done = patient(&conditions, "");
    let done: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(column(&done["data"]["keys"], |one| &one["outcome"]), vec!["revoked"; 40]);
}

/// Deactivated, a person's key is refused at once; reactivated, it works again.
#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn a_person_s_keys_rest_and_wake() {
    let server = Server::start("main", &["--no-mcp"]);
    let person = Terminal::signed_in(&server.url, "gamma");
    let made = person.json(&["keys", "create", "test", "--name", "rests", "--expires", "30d"]);
    assert_eq!(made["key"]["presence"], "keychain");
    let admin = Terminal::signed_in(&server.url, "admin");
    assert_eq!(
        admin.refused(&["audit", "deactivate", "test", "nobody", "--yes"]),
        ("no_such_account".into(), 66)
    );
    assert_eq!(admin.refused(&["audit", "deactivate", "test", "admin", "--yes"]), ("own_account".into(), 64));
    let refused = person.refused(&["audit", "deactivate", "test", "admin", "--yes"]);
    assert_eq!(refused, ("set_up_forbidden".into(), 77), "a Gamma may not");

    let works = || {
        let key = String::from_utf8(person.run(&["keys", "print", "test", "rests"]).stdout).unwrap();
        let other = Terminal::new();
        other.json(&["instances", "add", &server.url, "--name", "Test"]);
        other.run_with(&["sign-in", "test", "--api-key-stdin"], &key).status.success()
    };
    assert!(works(), "it works");
    let done = admin.json(&["audit", "deactivate", "test", "gamma", "--yes"]);
    assert_eq!((&done["active"], &done["already"]), (&false.into(), &false.into()));
    assert!(!works(), "it rests");
    let done = admin.json(&["audit", "reactivate", "test", "gamma", "--yes"]);
    assert_eq!(done["active"], true);
    assert!(works(), "it wakes");
}

/// Made by one person, read by another on another computer.
#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn a_report_is_made_of_the_server_s_list_and_read_elsewhere() {
    let person = Terminal::signed_in(&server("main").url, "alpha");
    let made = person.json(&["keys", "create", "test", "--name", "in a report", "--expires", "30d"]);
    let secret = String::from_utf8(person.run(&["keys", "print", "test", "in-a-report"]).stdout).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("alpha.json").display().to_string();
    let first = person.json(&["report", "make", "test", "--out", &path]);
    let again = person.json(&["report", "make"]);
    assert_eq!(first["fingerprint"], again["fingerprint"], "one key signs all of a person's reports");
    assert_eq!(first["live"], true);
    let text = std::fs::read_to_string(&path).unwrap();
    let hint = secret.trim().chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect::<String>();
    assert!(
        text.contains("in a report") && !text.contains(secret.trim()) && !text.contains(&format!("…{hint}"))
    );

    let admin = Terminal::new();
    let merged = admin.json(&["report", "merge", &path]);
    let keys = merged["keys"].as_array().unwrap();
    let key = keys.iter().find(|key| key["id"] == made["key"]["id"]).expect("it is in the report");
    assert_eq!((&key["name"], &key["source"]["owner"]), (&"in a report".into(), &"alpha".into()));
    assert_eq!(key["source"]["fingerprint"], first["fingerprint"]);
}
