//! The record of what was done, where there is no keychain to chain it with.

use crate::Computer;
use serde_json::Value;

fn data(stdout: &str) -> Value {
    serde_json::from_str::<Value>(stdout).unwrap()["data"].clone()
}

#[test]
fn what_was_done_is_listed_exported_and_said_to_be_unproven() {
    let computer = Computer::with_instances();
    assert_eq!(computer.run(&["record", "verify"]).code, Some(0));
    assert_eq!(
        computer.run(&["record", "list"]).stdout.trim_end(),
        "Nothing was done in this time, as far as the record tells."
    );
    assert_eq!(computer.run(&["record", "export"]).stdout, "");
    assert_eq!(computer.run(&["sign-out", "production"]).code, Some(0));
    let removed = computer.run(&["instances", "remove", "production", "--forget-keys"]);
    assert_eq!(removed.code, Some(0), "{removed:?}");
    let listed = computer.run(&["record", "list", "--since", "1h"]);
    assert!(listed.stdout.contains("production\tremoved the instance\tsuperset-keys"), "{listed:?}");
    assert!(listed.stderr.contains("nobody can tell"), "{listed:?}");
    let rows = data(&computer.run(&["--json", "record", "list"]).stdout)["rows"].clone();
    assert_eq!((rows[0]["deed"].as_str(), rows[0]["number"].as_u64()), (Some("instance_removed"), None));
    assert_eq!(computer.run(&["--json", "record", "list", "--instance", "local"]).code, Some(0));
    let exported = computer.run(&["record", "export"]);
    let lines: Vec<Value> = exported.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.last().unwrap()["deed"], "instance_removed");
    let file = computer.path("record.jsonl");
    let written = computer.run(&["record", "export", "--out", file.to_str().unwrap()]);
    assert_eq!(written.code, Some(0), "{written:?}");
    assert_eq!(std::fs::read_to_string(file).unwrap(), exported.stdout);
    let verified = computer.run(&["record", "verify"]);
    assert_eq!(verified.code, Some(2), "{verified:?}");
    assert!(verified.stdout.contains("Nothing can be proven now"), "{verified:?}");
    // Who strips a line of its code leaves its number.
    computer.write(
        "state/record.jsonl",
        "{\"number\":3,\"at\":\"2026-11-30T10:00:00Z\",\"deed\":\"key_copied\"}\nx\n",
    );
    let verified = computer.run(&["record", "verify"]);
    assert_eq!(verified.code, Some(1), "{verified:?}");
    for said in
        ["record.jsonl, line 1: number 3 is not as it was written", "line 2: what stands there is no line"]
    {
        assert!(verified.stdout.contains(said), "{verified:?}");
    }
    assert_eq!(data(&computer.run(&["--json", "record", "verify"]).stdout)["state"], "broken");
}

#[test]
fn a_record_that_cannot_be_written_is_said_and_the_work_is_done() {
    let computer = Computer::with_instances();
    std::fs::create_dir_all(computer.path("state/record.jsonl")).unwrap();
    let removed = computer.run(&["instances", "remove", "local"]);
    assert_eq!(removed.code, Some(0), "{removed:?}");
    assert_eq!(removed.stderr.matches("could not be noted in the record").count(), 1, "{removed:?}");
    let json = computer.run(&["--json", "instances", "remove", "production", "--forget-keys"]);
    assert!(
        json.stderr.contains("could not be noted"),
        "what was done without a line is said there too: {json:?}"
    );
}
