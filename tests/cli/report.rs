//! People's reports, merged: good ones, old ones, and those that somebody had a hand in.

use crate::{Computer, PROGRAM, Run};
use serde_json::{Value, json};
use superset_keys_core::Random;
use superset_keys_core::report::{Report, SignedReport, SigningKey};

struct Seed(u128);

impl Random for Seed {
    fn next(&self) -> u128 {
        self.0
    }
}

fn key(seed: u128) -> SigningKey {
    SigningKey::read(&SigningKey::random(&Seed(seed))).unwrap()
}

fn report(owner: &str, made: &str, name: &str) -> Report {
    let time = json!({"utc": "2026-01-01T00:00:00Z", "server": "2026-01-01T00:00:00"});
    serde_json::from_value(json!({
        "made": made, "as_of": made,
        "instance": {"url": "https://bi.example.com/", "name": "Production"},
        "owner": {"id": 7, "username": owner, "roles": ["Alpha"]},
        "clock": {"offset_minutes": 0, "source": "learned", "zone": null},
        "keys": [{"id": format!("f472cb64-3719-4598-83a5-{:0>12}", owner.len()), "name": name, "status": "active",
            "created": time, "last_used": null, "expires": null, "revoked": null}],
    }))
    .unwrap()
}

fn signed(owner: &str, made: &str, seed: u128) -> String {
    SignedReport::sign(report(owner, made, &format!("{owner}'s key")), &key(seed)).text()
}

const DAY_1: &str = "2026-11-01T00:00:00Z";
const DAY_2: &str = "2026-11-02T00:00:00Z";

/// Merges files of the computer's folder.
fn merge(computer: &Computer, files: &[&str], more: &[&str]) -> Run {
    let paths: Vec<_> = files.iter().map(|file| computer.path(file).display().to_string()).collect();
    let paths: Vec<_> = paths.iter().map(String::as_str).collect();
    computer.run(&[&["report", "merge"], &paths[..], more].concat())
}

fn data(run: &Run) -> Value {
    let envelope: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run:?}"));
    envelope["data"].clone()
}

/// What became of each file, and what is known of its maker.
fn files(run: &Run) -> Vec<(String, String)> {
    let told = |value: &Value| {
        let kind = value["kind"].as_str().unwrap_or("-").to_owned();
        value["problem"].as_str().map_or(kind, str::to_owned)
    };
    let data = data(run);
    data["reports"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| (told(&file["outcome"]), told(&file["maker"])))
        .collect()
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(one, other)| ((*one).to_owned(), (*other).to_owned())).collect()
}

#[test]
fn good_reports_are_shown_together_and_told_apart_from_a_server() {
    let computer = Computer::new();
    computer.write("jane.json", &signed("jane", DAY_1, 1));
    computer.write("john.json", &signed("john", DAY_2, 2));
    let run = merge(&computer, &["jane.json", "john.json"], &["--json"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{run:?}");
    assert_eq!(files(&run), pairs(&[("taken", "new"), ("taken", "new")]));
    let keys = data(&run)["keys"].clone();
    assert_eq!((&keys[0]["name"], &keys[1]["name"]), (&json!("jane's key"), &json!("john's key")));
    assert_eq!(
        keys[0]["source"],
        json!({"kind": "report", "owner": "jane", "instance": "https://bi.example.com/",
            "fingerprint": key(1).fingerprint().as_str(), "made": DAY_1, "as_of": DAY_1})
    );
    let again = merge(&computer, &["jane.json", "john.json"], &["--json"]);
    assert_eq!(files(&again), pairs(&[("taken", "known"), ("taken", "known")]));
    let columns = merge(&computer, &["jane.json"], &[]);
    assert!(columns.stdout.starts_with("source\tinstance\towner\tid\tname\t"), "{columns:?}");
    assert!(columns.stdout.contains("\nreport\thttps://bi.example.com/\tjane\t"), "{columns:?}");
}

#[test]
fn of_one_maker_the_latest_holds_and_each_once() {
    let computer = Computer::new();
    computer.write("old.json", &signed("jane", DAY_1, 1));
    computer.write("new.json", &signed("jane", DAY_2, 1));
    computer.write("copy.json", &signed("jane", DAY_2, 1).replace('\n', " "));
    let run = merge(&computer, &["old.json", "new.json", "copy.json"], &["--json"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(files(&run), pairs(&[("older", "new"), ("taken", "known"), ("duplicate", "known")]));
    assert_eq!(data(&run)["keys"].as_array().unwrap().len(), 1);
}

#[test]
fn another_signer_under_a_name_is_told_until_taken_on() {
    let computer = Computer::new();
    computer.write("jane.json", &signed("jane", DAY_1, 1));
    computer.write("other.json", &signed("jane", DAY_2, 9));
    assert_eq!(merge(&computer, &["jane.json"], &[]).code, Some(0));
    for _ in 0..2 {
        let run = merge(&computer, &["other.json"], &[]);
        assert_eq!(run.code, Some(1), "{run:?}");
        assert!(
            run.stderr.contains("WARNING") && run.stderr.contains(key(9).fingerprint().as_str()),
            "{run:?}"
        );
        assert!(run.stderr.contains(key(1).fingerprint().as_str()), "{run:?}");
    }
    // Both together: neither takes the other's place.
    let both = merge(&computer, &["jane.json", "other.json"], &["--json"]);
    assert_eq!(files(&both), pairs(&[("taken", "known"), ("taken", "changed")]));
    assert_eq!(merge(&computer, &["other.json"], &["--accept-new-keys"]).code, Some(1));
    let run = merge(&computer, &["other.json"], &["--json"]);
    assert_eq!((run.code, files(&run)), (Some(0), pairs(&[("taken", "known")])));
    let run = merge(&computer, &["jane.json"], &["--json"]);
    assert_eq!(files(&run), pairs(&[("taken", "changed")]), "now the first one is the other");
}

#[test]
fn what_is_no_good_report_is_named_and_nothing_of_it_is_shown_or_remembered() {
    let computer = Computer::new();
    let good = signed("jane", DAY_1, 1);
    computer.write("tampered.json", &good.replace("jane's key", "no key"));
    computer.write("cut.json", &good[..good.len() / 2]);
    computer.write("newer.json", &good.replace("\"superset_keys_report\": 1", "\"superset_keys_report\": 2"));
    computer.write("unsigned.json", &good.replace("\"signature\"", "\"none\""));
    computer.write("other.json", r#"{"keys": []}"#);
    computer.write("binary.json", "\u{0}\u{1}\u{fffd}");
    computer.write("huge.json", &" ".repeat(17 * 1024 * 1024));
    computer.write("folder/inside", "");
    let names = [
        ("tampered.json", "tampered"),
        ("cut.json", "damaged"),
        ("newer.json", "newer"),
        ("unsigned.json", "unsigned"),
        ("other.json", "not_a_report"),
        ("binary.json", "not_a_report"),
        ("huge.json", "too_large"),
        ("folder", "unreadable"),
        ("nowhere.json", "unreadable"),
    ];
    let paths: Vec<_> = names.iter().map(|(path, _)| *path).collect();
    let run = merge(&computer, &paths, &["--json"]);
    assert_eq!(run.code, Some(3), "{run:?}");
    let expected: Vec<_> = names.iter().map(|(_, problem)| (*problem, "-")).collect();
    assert_eq!(files(&run), pairs(&expected));
    assert_eq!(data(&run)["keys"], json!([]));
    assert!(!computer.state().contains("jane"), "{}", computer.state());

    computer.write("good.json", &good);
    let run = merge(&computer, &["good.json", "cut.json"], &[]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stdout.contains("jane's key") && run.stderr.contains("cut off"), "{run:?}");
}

#[cfg(unix)]
#[test]
fn a_pipe_that_never_ends_is_not_waited_for() {
    let computer = Computer::new();
    let pipe = computer.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let run = merge(&computer, &["pipe"], &["--json"]);
    assert_eq!((run.code, files(&run)), (Some(3), pairs(&[("unreadable", "-")])));
}

#[test]
fn a_table_for_spreadsheets_has_no_formula_and_takes_no_other_file_s_place() {
    let computer = Computer::new();
    let hostile = report("jane", DAY_1, "=cmd|' /C calc'!A1\u{1b}[2J");
    computer.write("jane.json", &SignedReport::sign(hostile, &key(1)).text());
    let run = merge(&computer, &["jane.json"], &["--csv", "-"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stdout.contains(",\"'=cmd|' /C calc'!A1"), "{run:?}");
    assert!(!run.stdout.contains('\u{1b}'), "{run:?}");
    let out = computer.path("keys.csv").display().to_string();
    let written = merge(&computer, &["jane.json"], &["--csv", &out]);
    assert_eq!((written.code, written.stdout.as_str()), (Some(0), ""), "{written:?}");
    assert!(std::fs::read_to_string(&out).unwrap().contains("\"'=cmd"));
    let folder = computer.path("").display().to_string();
    let refused = Run::of(
        &computer
            .command(PROGRAM)
            .args(["report", "merge", &computer.path("jane.json").display().to_string(), "--csv", &folder])
            .output()
            .unwrap(),
    );
    assert_eq!(refused.code, Some(64), "{refused:?}");
}

#[test]
fn making_one_takes_an_instance_and_a_session() {
    let computer = Computer::with_instances();
    let run = computer.run(&["report", "make"]);
    assert_eq!(run.code, Some(64), "{run:?}");
    assert!(run.stderr.contains("production") && run.stderr.contains("local"), "{run:?}");
    assert_eq!(Computer::new().run(&["report", "make"]).code, Some(66));
    let run = computer.run(&["report", "make", "local"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(77), ""), "{run:?}");
    // A list of earlier is there; without a keychain there is nothing to sign with, and nothing is made up.
    let run = computer.run(&["report", "make", "production", "--out", "-"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(78), ""), "{run:?}");
}
