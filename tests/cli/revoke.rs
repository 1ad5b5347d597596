//! Revoking by conditions, as far as that goes without a server.

use crate::Computer;

#[test]
fn one_key_or_conditions_and_never_neither_or_both() {
    let computer = Computer::with_instances();
    for arguments in [
        &[] as &[&str],
        &["--yes"],
        &["--dry-run"],
        &["laptop", "--expired"],
        &["laptop", "--unused", "90d"],
        &["laptop", "--match", "*"],
        &["--unused", "90"],
        &["--unused", "0d"],
        &["--unused", "-1d"],
        &["--unused", "2027-01-31"],
        &["--match", ""],
    ] {
        let run = computer.run(&[&["--json", "keys", "revoke", "production"], arguments].concat());
        assert_eq!((run.code, run.error_code().as_str()), (Some(64), "usage"), "{arguments:?}: {run:?}");
    }
}

#[test]
fn nothing_is_asked_of_nobody() {
    let computer = Computer::with_instances();
    let before = computer.state();
    for conditions in [&["--expired"] as &[&str], &["--unused", "90d", "--match", "CI *"]] {
        let run = computer.run(&[&["--json", "keys", "revoke", "production"], conditions].concat());
        assert_eq!((run.code, run.error_code().as_str()), (Some(64), "yes_needed"), "{run:?}");
        // With a yes, and to look only, it goes on to ask the server, whose session lies in a keychain that is not here.
        for more in ["--yes", "--dry-run"] {
            let run = computer.run(&[&["keys", "revoke", "production", more], conditions].concat());
            assert_eq!((run.code, run.stdout.as_str()), (Some(78), ""), "{run:?}");
        }
    }
    assert_eq!(
        computer.run(&["keys", "revoke", "local", "--expired", "--yes"]).code,
        Some(77),
        "nobody is signed in"
    );
    assert_eq!(computer.run(&["keys", "revoke", "nowhere", "--expired", "--yes"]).code, Some(66));
    assert_eq!(computer.state(), before);
}

const KEY: &str = "F472CB64-3719-4598-83a5-d56378a54f1f";

/// The text for the database's owner holds uuids alone; what is none is refused, and nothing is printed.
#[test]
fn sql_for_the_keys_of_others() {
    let computer = Computer::with_instances();
    let run = computer.run(&["audit", "revoke", "production", KEY, KEY, "--sql", "postgresql"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(run.stdout.matches("f472cb64-3719-4598-83a5-d56378a54f1f").count(), 1, "{run:?}");
    assert!(run.stdout.contains("UPDATE ab_api_key SET revoked_on"), "{run:?}");
    assert!(run.stderr.contains("Nothing was revoked."), "{run:?}");
    for bad in ["x", "' OR 1=1 --", "f472cb64-3719-4598-83a5-d56378a54f1f'"] {
        let run = computer.run(&["--json", "audit", "revoke", "production", KEY, bad, "--sql", "mysql"]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(64), ""), "{run:?}");
    }
    assert_eq!(computer.run(&["audit", "revoke", "production", KEY]).code, Some(64), "for which database?");
    assert_eq!(computer.run(&["audit", "revoke", "nowhere", KEY, "--sql", "mysql"]).code, Some(66));
}

#[test]
fn nobody_is_deactivated_without_a_yes() {
    let computer = Computer::with_instances();
    for verb in ["deactivate", "reactivate"] {
        let run = computer.run(&["--json", "audit", verb, "production", "jane"]);
        assert_eq!((run.code, run.error_code().as_str()), (Some(64), "yes_needed"), "{run:?}");
    }
}
