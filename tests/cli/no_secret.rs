//! No secret is taken from the command line, and none is said.

use crate::Computer;

const KEY: &str = "sst_PNHkqdrcN3FhhTsEjG0RASQIS_CANARY_8EvdZoFtKDlPI";
const PASSWORD: &str = "canary-hunter2-canary";

#[test]
fn a_key_among_the_arguments_is_refused_and_not_repeated() {
    let with_prefix = format!("--key={KEY}");
    let bearer = format!("Authorization: Bearer {KEY}");
    for arguments in [
        &[KEY] as &[&str],
        &["keys", "print", "production", KEY],
        &["keys", "revoke", KEY, KEY, "--yes"],
        &["keys", "list", "production", "unexpected", KEY],
        &["headers", "production", "--key", KEY],
        &["headers", "production", &with_prefix],
        &["sign-in", "production", "--api-key", KEY],
        &["sign-in", "production", "--username", KEY],
        &["instances", "add", &bearer],
        &["--help", KEY],
    ] {
        for json in [&[] as &[&str], &["--json"]] {
            let computer = Computer::new();
            let run = computer.run(&[json, arguments].concat());
            assert_eq!((run.code, run.stdout.as_str()), (Some(64), ""), "{arguments:?}");
            assert!(!run.stderr.contains("CANARY") && run.stderr.contains("revoke it"), "{run:?}");
            assert!(!computer.path("config").exists());
        }
    }
}

/// Folders, names and aliases that only begin like one, and what belongs to another program.
#[test]
fn what_is_no_key_is_not_taken_for_one() {
    let cursor = "eyJwYWdlIjoxMjM0NTY3ODkwLCJzb3J0IjoibmFtZSIsIm9yZGVyIjoiYXNjIn0";
    for (arguments, code) in [
        (&["scan", "./sst_integration-tests"] as &[&str], 66),
        (&["scan", "./sst_integration-tests-of-the-data-platform-team-2026"], 66),
        (&["keys", "create", "nowhere", "--name", "sst_data_platform_ci"], 66),
        (&["keys", "create", "nowhere", "--name", "sst_DataPlatform2026Production"], 66),
        (&["scan", cursor], 66),
        (&["exec", "nowhere", "--", "deploy", "--key", KEY], 66),
        (&["--json", "exec", "nowhere", "--", "deploy", KEY], 66),
        (&["exec", KEY, "--", "deploy"], 64),
        (&["scan", "--", KEY], 64),
    ] {
        let run = Computer::new().run(arguments);
        assert_eq!(run.code, Some(code), "{arguments:?}: {run:?}");
        assert!(!run.stderr.contains("CANARY"), "{run:?}");
    }
}

#[test]
fn no_option_takes_a_secret() {
    for command in [
        &["sign-in"] as &[&str],
        &["keys", "create"],
        &["headers"],
        &["snippet"],
        &["instances", "add"],
        &["oauth", "set"],
    ] {
        let help = Computer::new().run(&[command, &["--help"]].concat()).stdout;
        for taken in ["--password <", "--password=", "--api-key <", "--token", "--secret"] {
            assert!(!help.contains(taken), "{command:?}: {help}");
        }
    }
    for flag in ["--password", "--api-key", "--token"] {
        let typed = format!("{flag}={PASSWORD}");
        let run = Computer::with_instances().run(&["sign-in", "local", &typed]);
        assert_eq!(run.code, Some(64));
        assert!(!run.stderr.contains(PASSWORD), "{run:?}");
    }
}

#[test]
fn what_comes_through_stdin_is_never_said() {
    let computer = Computer::with_instances();
    let key_line = format!("{KEY}\n");
    assert_eq!(computer.run(&["instances", "mcp-url", "local", "http://127.0.0.1:1/mcp"]).code, Some(0));
    let oauth = ["oauth", "set", "local", "--issuer", "http://127.0.0.1:1", "--client-id", "x"];
    let with_secret = [&oauth[..], &["--client-secret-stdin"]].concat();
    for (arguments, typed, exit) in [
        (&["sign-in", "local", "--username", "jane", "--password-stdin"] as &[&str], PASSWORD, 69),
        (&["sign-in", "local", "--username", "jane", "--provider", "ldap", "--password-stdin"], PASSWORD, 69),
        (&["sign-in", "local", "--api-key-stdin"], key_line.as_str(), 69),
        (&with_secret, PASSWORD, 69),
        (&["sign-in", "local", "--api-key-stdin"], "two words", 64),
        (&["sign-in", "local", "--api-key-stdin"], "\n", 64),
    ] {
        let run = computer.run_with(&[arguments, &["-vv"]].concat(), typed);
        assert_eq!(run.code, Some(exit), "{arguments:?}: {run:?}");
        for said in [&run.stdout, &run.stderr, &computer.state()] {
            assert!(!said.contains("CANARY") && !said.contains(PASSWORD), "{run:?}");
        }
    }
}

#[test]
fn too_much_on_stdin_is_refused() {
    let run =
        Computer::with_instances().run_with(&["sign-in", "local", "--api-key-stdin"], &"x".repeat(20_000));
    assert_eq!(run.code, Some(64), "{run:?}");
}
