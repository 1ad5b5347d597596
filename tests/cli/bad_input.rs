//! Bad input gets a clear sentence and a number, and changes nothing.

use crate::{Computer, STATE};

#[test]
fn each_gets_its_reason_and_changes_nothing() {
    let long_name = "x".repeat(65);
    let table: &[(&[&str], &str, i32)] = &[
        (&[], "usage", 64),
        (&["keys"], "usage", 64),
        (&["keys", "list"], "usage", 64),
        (&["frobnicate"], "usage", 64),
        (&["keys", "list", ""], "usage", 64),
        (&["keys", "list", "production", "--timeout", "0"], "usage", 64),
        (&["keys", "list", "production", "--timeout", "soon"], "usage", 64),
        (&["instances", "add", ""], "invalid_address", 64),
        (&["instances", "add", "exa mple.com"], "invalid_address", 64),
        (&["instances", "add", "ftp://example.com"], "invalid_address", 64),
        (&["instances", "add", "https://jane:hunter2@example.com"], "invalid_address", 64),
        (&["instances", "add", "http://example.com"], "insecure_address", 64),
        (&["instances", "add", "127.0.0.1:1"], "unreachable", 69),
        (&["instances", "add", "127.0.0.1:1", "--mcp-url", "nonsense://x"], "invalid_address", 64),
        (&["instances", "add", "127.0.0.1:1", "--name", "  "], "name_missing", 64),
        (&["instances", "add", "127.0.0.1:1", "--environment", "moon"], "usage", 64),
        (&["instances", "rename", "local", ""], "name_missing", 64),
        (&["instances", "rename", "local", &long_name], "name_too_long", 64),
        (&["instances", "rename", "local", "a\u{202e}b"], "name_unprintable", 64),
        (&["instances", "rename", "nowhere", "x"], "no_such_instance", 66),
        (&["instances", "remove", "production"], "keys_would_be_forgotten", 64),
        (&["instances", "clock", "local", "--zone", "Mars/Olympus"], "unknown_zone", 64),
        (&["instances", "clock", "local", "--zone", "UTC", "--learn"], "usage", 64),
        (&["instances", "mcp-url", "local", "http://example.com/mcp"], "insecure_address", 64),
        (&["instances", "mcp-url", "local"], "mcp_url_unknown", 78),
        (&["sign-in", "local"], "username_needed", 64),
        (&["sign-in", "local", "--username", "jane"], "password_needed", 64),
        (&["sign-in", "local", "--username", "jane", "--password-stdin"], "input_unusable", 64),
        (&["sign-in", "local", "--password-stdin", "--api-key-stdin"], "usage", 64),
        (&["sign-in", "local", "--provider", "oauth"], "usage", 64),
        (&["keys", "create", "local"], "usage", 64),
        (&["keys", "create", "local", "--name", " "], "name_missing", 64),
        (&["keys", "create", "local", "--name", "x", "--alias", "Not An Alias"], "short_name_invalid", 64),
        (&["keys", "create", "local", "--name", "x", "--expires", "soon"], "usage", 64),
        (&["keys", "create", "local", "--name", "x", "--expires", "2027-02-30"], "usage", 64),
        (&["keys", "create", "local", "--name", "x", "--expires", "0d"], "expiry_past", 64),
        (&["keys", "create", "local", "--name", "x", "--expires", "2001-01-01"], "expiry_past", 64),
        (&["keys", "create", "local", "--name", "x", "--expires", "99999999999d"], "expiry_too_far", 64),
        (&["keys", "create", "local", "--name", "x", "--expires", "9998-01-01"], "expiry_too_far", 64),
        (&["keys", "create", "production", "--name", "x", "--alias", "laptop"], "name_taken", 64),
        (&["keys", "list", "local"], "signed_out", 77),
        (&["keys", "list", "local", "--offline"], "no_kept_list", 66),
        (&["keys", "revoke", "production", "laptop"], "yes_needed", 64),
        (&["keys", "revoke", "production", "pasted", "--yes"], "cannot_revoke_pasted", 64),
        (&["keys", "print", "production", "nothing"], "no_such_key", 66),
        (&["keys", "print", "production", "Twin"], "ambiguous_key", 66),
        (&["keys", "print", "production", "twin"], "secret_not_here", 66),
        (&["keys", "default", "production", "twin-2"], "secret_not_here", 66),
        (&["keys", "copy", "production", "nothing"], "no_such_key", 66),
        (&["keys", "forget", "production", "nothing"], "no_such_key", 66),
        (&["settings", "set", "clipboard-seconds", "10ms"], "usage", 64),
        (&["settings", "set", "clipboard-seconds", "-1"], "usage", 64),
        (&["settings", "set", "clipboard-seconds", "4"], "setting_out_of_bounds", 64),
        (&["headers", "nowhere"], "no_such_instance", 66),
        (&["headers", "local"], "no_default_key", 66),
        (&["snippet", "vim", "production"], "no_such_client", 64),
        (&["snippet", "cursor", "local"], "mcp_url_unknown", 78),
        (&["snippet", "cursor", "production", "--delivery", "helper"], "delivery_unsupported", 64),
        (&["snippet", "cursor", "production", "--delivery", "carrier-pigeon"], "usage", 64),
        (
            &["snippet", "cursor", "production", "--delivery", "plaintext", "--as", "link"],
            "delivery_unsupported",
            64,
        ),
        (&["snippet", "codex", "production", "--delivery", "helper", "--as", "link"], "form_unsupported", 64),
        (
            &["snippet", "codex", "production", "--delivery", "helper", "--allow", "read"],
            "guard_needs_bridge",
            64,
        ),
        (
            &["connect", "codex", "production", "--delivery", "plaintext", "--deny", "execute_sql"],
            "guard_needs_bridge",
            64,
        ),
        (&["connect", "codex", "production", "--allow", "read,execute_sql"], "usage", 64),
        (&["snippet", "codex", "production", "--allow", ""], "usage", 64),
        (&["activity", "nowhere"], "no_such_instance", 66),
        (&["activity", "--since", "7"], "usage", 64),
        (&["activity", "--it-was-me", "1/2/2026-01-01T00:00:00"], "no_such_use", 66),
        (&["activity", "--forget", "--client", "cursor"], "usage", 64),
    ];
    let computer = Computer::with_instances();
    for (arguments, code, exit) in table {
        let run = computer.run(&[&["--json"], *arguments].concat());
        assert_eq!((run.error_code().as_str(), run.code), (*code, Some(*exit)), "{arguments:?}: {run:?}");
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert_eq!(computer.state(), STATE, "{arguments:?}");

        let said = computer.run(arguments);
        assert_eq!((said.code, said.stdout.as_str()), (Some(*exit), ""), "{arguments:?}");
        assert!(said.stderr.lines().count() >= 1 && !said.stderr.contains("panicked"), "{said:?}");
    }
}

#[test]
fn an_unknown_instance_lists_the_known_ones() {
    let said = Computer::with_instances().run(&["keys", "list", "nowhere"]).stderr;
    assert_eq!(said, "No instance is called nowhere.\nThere are: production, local.\n");
    let said = Computer::new().run(&["keys", "list", "nowhere"]).stderr;
    assert!(said.contains("superset-keys instances add"), "{said}");
}

#[test]
fn hints_spell_out_the_instance_as_typed() {
    let computer = Computer::with_instances();
    assert!(computer.run(&["keys", "list", "local"]).stderr.contains("`superset-keys sign-in local`"));
    assert!(computer.run(&["keys", "list", "Local"]).stderr.contains("`superset-keys sign-in Local`"));
    computer.run(&["instances", "rename", "local", "It's mine"]);
    let said = computer.run(&["keys", "list", "It's mine"]).stderr;
    assert!(said.contains(r"`superset-keys sign-in 'It'\''s mine'`"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_keychain_nothing_that_needs_one_is_done() {
    let computer = Computer::with_instances();
    for (arguments, code, exit) in [
        (&["headers", "production"] as &[_], "keychain_no_bus", 78),
        (&["keys", "print", "production"], "keychain_no_bus", 78),
        (&["keys", "copy", "production", "laptop"], "keychain_no_bus", 78),
        (&["keys", "forget", "production", "laptop"], "keychain_no_bus", 78),
        (&["keys", "list", "production"], "keychain_no_bus", 78),
        (&["keys", "create", "production", "--name", "x"], "nothing_would_keep_it", 78),
        (&["snippet", "codex", "production", "--delivery", "plaintext"], "keychain_no_bus", 78),
    ] {
        let run = computer.run(&[&["--json"], arguments].concat());
        assert_eq!((run.error_code().as_str(), run.code), (code, Some(exit)), "{arguments:?}");
        assert_eq!((run.stdout.as_str(), computer.state().as_str()), ("", STATE), "{arguments:?}");
    }
    // What needs none works.
    for (delivery, stdout) in
        [(&[] as &[_], "\"bridge\","), (&["--delivery", "helper"], "headers production")]
    {
        let snippet = computer.run(&[&["snippet", "claude-code", "production"], delivery].concat());
        assert_eq!(snippet.code, Some(0), "{snippet:?}");
        assert!(snippet.stdout.contains(stdout), "{snippet:?}");
        assert!(snippet.stderr.contains("build folder"), "{snippet:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_went_away_is_no_reason_to_complain() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let computer = Computer::with_instances();
    let output =
        computer.command(crate::PROGRAM).args(["instances", "list"]).stdout(writer).output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(141), &b""[..]));
}

/// A keychain that is gone is no reason to be stuck with what it held: what could not be deleted is noted, and said.
#[cfg(target_os = "linux")]
#[test]
fn without_a_keychain_a_person_can_sign_out_and_take_an_instance_off_the_list() {
    let computer = Computer::with_instances();
    let ended = computer.run(&["sign-out", "production"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stdout.contains("could not be deleted"), "{ended:?}");
    assert!(computer.run(&["instances", "show", "production"]).stdout.contains("Signed in    no"));
    let removed = computer.run(&["--json", "instances", "remove", "production", "--forget-keys"]);
    assert_eq!(removed.code, Some(0), "{removed:?}");
    assert!(removed.stdout.contains("\"forgotten_keys\":3,\"left_behind\":3"), "{removed:?}");
    assert!(!computer.run(&["instances", "list"]).stdout.contains("production"));
    // Known for the day when the keychain is back.
    assert!(computer.state().contains("/refresh-token"), "{}", computer.state());
}
