//! What can be said of rotations without a server.

use crate::{Computer, Run};
use serde_json::{Value, json};

fn refused(run: &Run) -> (String, Option<i32>) {
    (run.error_code(), run.code)
}

fn data(run: &Run) -> Value {
    let envelope: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run:?}"));
    envelope["data"].clone()
}

#[test]
fn nothing_to_go_on_with_is_no_failure() {
    for computer in [Computer::new(), Computer::with_instances()] {
        let before = computer.state();
        let run = computer.run(&["--json", "keys", "rotate", "--continue"]);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
        assert_eq!(data(&run), json!({"rotations": [], "not_begun": []}));
        assert_eq!(computer.state(), before);
    }
}

#[test]
fn an_emergency_is_asked_about_and_nothing_else_is() {
    let computer = Computer::with_instances();
    let run = computer.run(&["--json", "keys", "rotate", "production", "laptop", "--revoke", "now"]);
    assert_eq!(refused(&run), ("yes_needed".into(), Some(64)));
    // There is no keychain to sign in from, and nobody was asked anything.
    let run = computer.run(&["--json", "keys", "rotate", "production", "laptop"]);
    assert_ne!(run.error_code(), "yes_needed");
    assert!(!computer.state().contains("rotations"), "what came to nothing left nothing behind");
}

#[test]
fn what_makes_no_sense_is_refused() {
    for (arguments, code) in [
        (&["keys", "rotate"] as &[_], "usage"),
        (&["keys", "rotate", "production"], "usage"),
        (&["keys", "rotate", "production", "laptop", "--continue"], "usage"),
        (&["keys", "rotate", "production", "laptop", "--quiet-for", "soon"], "usage"),
        (&["keys", "rotate", "production", "laptop", "--keep-both", "--back"], "usage"),
        (&["keys", "rotate", "production", "laptop", "--keep-both", "--revoke", "now"], "usage"),
        (&["keys", "rotate", "production", "laptop", "--back", "--revoke", "now", "--yes"], "usage"),
        (&["keys", "rotate", "production", "laptop", "--back", "--quiet-for", "1h"], "usage"),
        (&["keys", "rotate", "production", "laptop", "--accept-blind-spots", "--revoke", "never"], "usage"),
        (&["keys", "rotate", "production", "laptop", "--keep-both", "--quiet-for", "1h"], "usage"),
        (&["keys", "rotate", "production", "laptop", "--keep-both", "--expires", "30d"], "usage"),
        (&["keys", "rotate", "production", "laptop", "--revoke", "never", "--quiet-for", "1h"], "usage"),
        (
            &["keys", "rotate", "production", "laptop", "--revoke", "now", "--yes", "--quiet-for", "1h"],
            "usage",
        ),
        (&["keys", "rotate", "production", "laptop", "--quiet-for", "1s"], "setting_out_of_bounds"),
        (&["keys", "rotate", "production", "laptop", "--keep-both"], "not_rotating"),
        (&["keys", "rotate", "production", "laptop", "--back"], "not_rotating"),
        (&["keys", "rotate", "nowhere", "laptop"], "no_such_instance"),
        (&["keys", "rotate", "production", "pasted"], "cannot_revoke_pasted"),
        (&["keys", "rotations", "nowhere"], "no_such_instance"),
        (&["keys", "replace-in-time", "production", "nothing", "on"], "no_such_key"),
        (&["keys", "replace-in-time", "production", "pasted", "on"], "cannot_revoke_pasted"),
    ] {
        let computer = Computer::with_instances();
        let before = computer.state();
        let run = computer.run(&[&["--json"], arguments].concat());
        assert_eq!(run.error_code(), code, "{arguments:?}");
        assert!(run.code.is_some_and(|code| code >= 64), "{arguments:?}");
        assert_eq!(computer.state(), before, "{arguments:?}");
    }
}

#[test]
fn a_setting_per_key_is_kept() {
    let computer = Computer::with_instances();
    let set = |arguments: &[&str]| {
        let all = [&["--json", "keys", "replace-in-time", "production", "laptop"], arguments].concat();
        data(&computer.run(&all))["replace_in_time"].clone()
    };
    assert_eq!(set(&[]), false);
    assert_eq!(set(&["on"]), true);
    assert_eq!(set(&[]), true);
    assert_eq!(set(&["off"]), false);
    assert!(!computer.state().contains("replace_in_time"), "what is not set is not written");
}
