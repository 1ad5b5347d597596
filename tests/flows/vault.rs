//! A person without a keychain on the real Superset, and secrets that move between keychain and vault.

use crate::bridge::{Bridge, HELLO, INITIALIZED, WHO, terminal, user};
use crate::cli::Terminal;
use crate::server::{password, server};
use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

const PASSPHRASE: &str = "correct horse\n";
const ALL_PROGRAMS: [&str; 3] = ["vault", "lock", "--json"];

/// A terminal whose agent ends with the test.
pub struct Desk(pub Terminal);

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.0.run(&ALL_PROGRAMS);
    }
}

impl Desk {
    pub fn typed(&self, arguments: &[&str], typed: &str) -> Value {
        let output = self.0.run_with(&[&["--json"], arguments, &["--passphrase-stdin"]].concat(), typed);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()["data"].clone()
    }

    fn header(&self) -> String {
        let headers = self.0.run(&["headers", "test"]);
        assert!(headers.status.success(), "{}", String::from_utf8_lossy(&headers.stderr));
        String::from_utf8(headers.stdout).unwrap()
    }
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn without_a_keychain_the_vault_keeps_everything() {
    let server = server("main");
    let desk = Desk(Terminal::without_keychain());
    let mcp = server.mcp_url.as_deref().unwrap();
    desk.0.json(&["instances", "add", &server.url, "--name", "Test", "--mcp-url", mcp]);
    let sign_in = || {
        let words = ["sign-in", "test", "--username", "gamma", "--password-stdin"];
        desk.0.run_with(&words, &format!("{}\n", password("gamma")))
    };
    // Before there is one: nothing is begun that nobody would keep, and what to do is said.
    let refused = sign_in();
    assert_eq!(refused.status.code(), Some(78));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("vault create"), "{refused:?}");

    desk.typed(&["vault", "create"], PASSPHRASE);
    assert!(sign_in().status.success());
    let made = desk.0.json(&["keys", "create", "test", "--name", "In the vault", "--alias", "kept"]);
    assert_eq!(made["key"]["presence"], "vault");
    let header = desk.header();
    let key = header.split("Bearer ").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let printed = desk.0.run(&["keys", "print", "test", "kept"]);
    assert_eq!(String::from_utf8(printed.stdout).unwrap().trim_end(), key);

    let mut bridge = Bridge::start(&desk.0, &[]);
    bridge.ask(HELLO);
    bridge.say(INITIALIZED);
    assert_eq!(user(&bridge.ask(WHO)), "gamma");
    drop(bridge);

    desk.0.json(&["vault", "lock"]);
    assert_eq!(desk.0.refused(&["headers", "test"]), ("vault_locked".into(), 75));
    assert_eq!(desk.0.refused(&["keys", "create", "test", "--name", "Locked"]), ("vault_locked".into(), 75));
    // An AI client that starts meanwhile hears why in its first answer, and works once it is mended.
    let mut bridge = Bridge::start(&desk.0, &[]);
    let refused = bridge.ask(HELLO);
    assert_eq!(refused["error"]["data"]["reason"], "vault_locked", "{refused}");
    desk.typed(&["vault", "unlock"], PASSPHRASE);
    assert!(bridge.ask(HELLO)["result"]["serverInfo"].is_object());
    bridge.say(INITIALIZED);
    assert_eq!(user(&bridge.ask(WHO)), "gamma");
    drop(bridge);

    // Another computer.
    let file = desk.0.home().join("for-the-laptop.vault");
    let path = file.to_str().unwrap();
    let since_export = || {
        let status = desk.0.json(&["vault", "status"]);
        (status["exported"].is_string(), status["not_exported"].clone())
    };
    assert_eq!(since_export(), (false, 1.into()));
    let exported = desk.typed(&["vault", "export", path], "of the export\n");
    assert_eq!(since_export(), (true, 0.into()));
    assert_eq!((&exported["instances"], &exported["not_here"]), (&1.into(), &0.into()));
    let bytes = std::fs::read(&file).unwrap();
    for text in ["Test", "127.0.0.1", "kept", key.as_str(), "gamma"] {
        assert!(!contains(&bytes, text), "{text} can be read in the export");
    }
    let laptop = Desk(Terminal::without_keychain());
    let imported = laptop.typed(&["vault", "import", path], "of the export\n");
    assert_eq!(
        (&imported["instances_added"], &imported["keys_added"], &imported["vault_made"]),
        (&1.into(), &1.into(), &true.into())
    );
    assert_eq!(laptop.header(), header);
    let again = laptop.typed(&["vault", "import", path], "of the export\n");
    assert_eq!(
        (&again["instances_added"], &again["keys_added"], &again["keys_known"]),
        (&0.into(), &0.into(), &1.into())
    );
    laptop.0.json(&["vault", "lock"]);
    laptop.typed(&["vault", "unlock"], "of the export\n");

    // Nothing of it is anywhere that can be read.
    for home in [desk.0.home(), laptop.0.home()] {
        for file in files(home) {
            assert!(!contains(&std::fs::read(&file).unwrap(), &key), "the key is in {}", file.display());
        }
    }
    desk.0.json(&["keys", "create", "test", "--name", "After the export"]);
    assert_eq!(since_export(), (true, 1.into()));
    desk.0.json(&["keys", "revoke", "test", "kept", "--yes"]);
    assert_eq!(desk.0.refused(&["headers", "test", "--key", "kept"]).1, 66);
}

/// Dies at each step of each move, and goes on.
#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn killed_while_secrets_move_each_is_in_one_place_or_in_both() {
    let desk = Desk(terminal(server("main"), "first"));
    desk.0.json(&["keys", "create", "test", "--name", "second"]);
    desk.0.json(&["signing", "create", "test"]);
    let print =
        |alias: &str| String::from_utf8(desk.0.run(&["keys", "print", "test", alias]).stdout).unwrap();
    let keys = [print("first"), print("second")];
    assert!(keys.iter().all(|key| key.starts_with("sst_")));
    let created = desk.typed(&["vault", "create"], PASSPHRASE);
    assert_eq!(created["first"], "keychain", "a keychain that works stays the first choice");
    assert_eq!(desk.0.json(&["keys", "create", "test", "--name", "third"])["key"]["presence"], "keychain");

    for (to, place, presence) in [("move-in", "vault", "vault"), ("move-out", "keychain", "keychain")] {
        for step in ["move-copied", "move-noted", "move-deleted", "vault-copied", "vault-written"] {
            // The agent does the vault's part; a death there is one of its own.
            let died = desk.0.run_dying(step, &["vault", to]);
            if !step.starts_with("vault-") {
                assert!(!died.status.success(), "{to} {step}");
            }
            assert_eq!([print("first"), print("second")], keys, "{to} {step}");
        }
        let moved = desk.0.json(&["vault", to]);
        assert_eq!((&moved["left"], &moved["stopped"]), (&0.into(), &false.into()), "{to}");
        assert_eq!([print("first"), print("second")], keys);
        let list = desk.0.json(&["keys", "list", "test"]);
        for key in list["keys"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|key| key["alias"] != Value::Null && key["status"] == "active")
        {
            if key["presence"] != "not_here" {
                assert_eq!(key["presence"], presence, "{to}: {key}");
            }
        }
        assert_eq!(desk.0.json(&["vault", "status"])["first"], place);
        assert_eq!(desk.0.json(&["signing", "show", "test"])["stored"], place);
        // Where it was it is not any more: locked, the vault would be asked for what the keychain lacks.
        desk.0.json(&["vault", "lock"]);
        if to == "move-in" {
            assert_eq!(desk.0.refused(&["headers", "test", "--key", "first"]), ("vault_locked".into(), 75));
        } else {
            assert!(desk.0.run(&["headers", "test", "--key", "first"]).status.success());
        }
        desk.typed(&["vault", "unlock"], PASSPHRASE);
    }
    let nothing = desk.0.json(&["vault", "move-out"]);
    assert_eq!(nothing["moved"], 0);
    for alias in ["first", "second", "third"] {
        desk.0.json(&["keys", "revoke", "test", alias, "--yes"]);
    }
}

/// Who answers for the vault is killed while helpers and a bridge ask there.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn when_the_agent_dies_everybody_is_told_and_an_unlock_mends_it() {
    let desk = Desk(Terminal::without_keychain());
    let home = desk.0.home().to_str().unwrap();
    let server = server("main");
    let mcp = server.mcp_url.as_deref().unwrap();
    desk.0.json(&["instances", "add", &server.url, "--name", "Test", "--mcp-url", mcp]);
    desk.typed(&["--home", home, "vault", "create"], PASSPHRASE);
    let words = ["sign-in", "test", "--username", "gamma", "--password-stdin"];
    assert!(desk.0.run_with(&words, &format!("{}\n", password("gamma"))).status.success());
    desk.0.json(&["keys", "create", "test", "--name", "of the agent", "--alias", "asked"]);
    let header = desk.header();
    for _ in 0..3 {
        let mut early = Bridge::start(&desk.0, &[]);
        assert!(early.ask(HELLO)["result"]["serverInfo"].is_object());
        early.say(INITIALIZED);
        let (given, told) = std::thread::scope(|threads| {
            let asking = || {
                let mut given = 0;
                loop {
                    let output = desk.0.command().args(["--json", "headers", "test"]).output().unwrap();
                    if !output.status.success() {
                        return (given, output);
                    }
                    assert_eq!(String::from_utf8(output.stdout).unwrap(), header);
                    given += 1;
                }
            };
            let all: Vec<_> = (0..3).map(|_| threads.spawn(asking)).collect();
            // They are at it.
            assert_eq!(desk.header(), header);
            let agent = crate::kills::agent_of(desk.0.home()).expect("an agent");
            rustix::process::kill_process(agent, rustix::process::Signal::KILL).unwrap();
            let ends: Vec<_> = all.into_iter().map(|asking| asking.join().unwrap()).collect();
            (ends.iter().map(|(given, _)| given).sum::<u32>(), ends)
        });
        for (_, output) in told {
            let said: Value = serde_json::from_slice(&output.stderr).unwrap();
            assert_eq!((&said["error"]["code"], output.status.code()), (&"vault_locked".into(), Some(75)));
        }
        assert_eq!(desk.0.refused(&["keys", "create", "test", "--name", "No"]), ("vault_locked".into(), 75));
        // Whoever has the key goes on, and whoever comes now is told why not.
        assert_eq!(user(&early.ask(WHO)), "gamma", "after {given} headers");
        let mut late = Bridge::start(&desk.0, &[]);
        assert_eq!(late.ask(HELLO)["error"]["data"]["reason"], "vault_locked");
        desk.typed(&["--home", home, "vault", "unlock"], PASSPHRASE);
        assert!(late.ask(HELLO)["result"]["serverInfo"].is_object());
        assert_eq!(desk.header(), header);
    }
    desk.0.json(&["keys", "revoke", "test", "asked", "--yes"]);
}

/// The vault is made and empty; the secrets are in it, and the records that tell of them are not written.
#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn an_import_that_died_is_completed_by_the_next() {
    let desk = Desk(terminal(server("main"), "exported"));
    let header = desk.header();
    desk.typed(&["vault", "create"], PASSPHRASE);
    let file = desk.0.home().join("for-the-laptop.vault");
    let path = file.to_str().unwrap();
    desk.typed(&["vault", "export", path], "of the export\n");
    for place in ["vault-written", "import-kept"] {
        let laptop = Desk(Terminal::without_keychain());
        let mut dying = laptop.0.command();
        dying.args(["vault", "import", path, "--passphrase-stdin"]).env("SUPERSET_KEYS_DIE_AT", place);
        let mut child = dying.stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(b"of the export\n").unwrap();
        assert!(!child.wait().unwrap().success(), "{place}: it should have died");
        laptop.typed(&["vault", "unlock"], "of the export\n");
        laptop.typed(&["vault", "import", path], "of the export\n");
        assert_eq!(laptop.header(), header, "{place}");
    }
    desk.0.json(&["keys", "revoke", "test", "exported", "--yes"]);
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|part| part == text.as_bytes())
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => found.extend(files(&entry.path())),
            Ok(kind) if kind.is_file() => found.push(entry.path()),
            _ => {}
        }
    }
    found
}
