//! `bridge`, `exec` and `checkup` on a computer that has no keychain.

use crate::{Computer, Run};
use serde_json::Value;

const PINGS: &str = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}\n";

fn answers(run: &Run) -> Vec<Value> {
    run.stdout.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{run:?}"))).collect()
}

#[test]
fn an_ai_client_is_told_what_is_wrong_and_stdout_holds_nothing_else() {
    for (computer, instance, reason, words) in [
        (Computer::new(), "nowhere", "no_such_instance", "No instance is called nowhere."),
        (Computer::with_instances(), "production", "keychain_no_bus", "no D-Bus"),
    ] {
        let run = computer.run_with(&["bridge", instance], PINGS);
        assert_eq!(run.code, Some(0), "{run:?}");
        let told = answers(&run);
        assert_eq!(told.len(), 2, "{run:?}");
        for (id, answer) in (1..).zip(&told) {
            assert_eq!((&answer["id"], &answer["error"]["data"]["reason"]), (&id.into(), &reason.into()));
            let message = answer["error"]["message"].as_str().unwrap();
            assert!(message.starts_with("Superset Keys: ") && message.contains(words), "{message}");
        }
        assert_eq!(run.stderr.matches(words).count(), 1, "said once: {run:?}");
    }
}

/// In its own client's words: a bridge that only ends is a server that is not there.
#[test]
fn what_is_no_rule_lets_nothing_through_and_says_so() {
    let computer = Computer::with_instances();
    let run = computer.run_with(&["bridge", "production", "--allow", "read", "--allow", "read only"], PINGS);
    assert_eq!(run.code, Some(0), "{run:?}");
    let told = answers(&run);
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|answer| answer["error"]["data"]["reason"] == "rule_invalid"), "{run:?}");
    assert!(told[0]["error"]["message"].as_str().unwrap().contains("read only"), "{run:?}");
}

#[test]
fn what_is_no_message_is_answered() {
    let run = Computer::new().run_with(&["bridge", "nowhere"], "hello\n");
    assert_eq!(run.code, Some(0));
    assert_eq!(answers(&run)[0]["error"]["code"], -32700);
}

/// Nothing listens there; and a name that means nothing is wrong usage as everywhere.
#[test]
fn a_check_up_that_cannot_be_done_says_so() {
    let computer = Computer::with_instances();
    let run = computer.run(&["--json", "checkup", "local"]);
    assert_eq!((run.code, run.stdout.as_str(), &*run.error_code()), (Some(3), "", "unreachable"));
    assert_eq!(computer.run(&["checkup", "nowhere"]).code, Some(66));
}

#[test]
fn exec_says_why_it_does_not_run() {
    let computer = Computer::with_instances();
    for (arguments, code) in [
        (&["exec", "production"] as &[&str], 64),
        (&["exec", "production", "true"], 64),
        (&["exec", "production", "--env", "A=B", "--", "true"], 64),
        (&["exec", "nowhere", "--", "true"], 66),
        (&["exec", "production", "--key", "nothing", "--", "true"], 66),
        (&["exec", "production", "--", "true"], 78),
    ] {
        let run = computer.run(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (Some(code), ""), "{arguments:?}: {run:?}");
    }
}
