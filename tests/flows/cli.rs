//! The same life through the command line.

use crate::server::{password, server};
use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A terminal on a computer of its own.
pub struct Terminal {
    home: TempDir,
    keychain: bool,
}

impl Terminal {
    pub fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap(), keychain: true }
    }

    /// As on a server, in a container, or where nobody set up a keyring.
    pub fn without_keychain() -> Self {
        Self { keychain: false, ..Self::new() }
    }

    pub fn signed_in(url: &str, user: &str) -> Self {
        let terminal = Self::new();
        terminal.json(&["instances", "add", url, "--name", "Test"]);
        let signed_in =
            terminal.run_with(&["sign-in", "test", "--username", user, "--password-stdin"], &password(user));
        assert!(signed_in.status.success(), "{}", said(&signed_in));
        terminal
    }

    /// Everything of ours lies beneath.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_superset-keys"));
        // AI clients' files lie in a person's home, and this one is nobody's.
        command
            .env("SUPERSET_KEYS_HOME", self.home.path())
            .env("HOME", self.home.path())
            .stdin(Stdio::null());
        if !self.keychain {
            command.env_remove("DBUS_SESSION_BUS_ADDRESS").env("XDG_RUNTIME_DIR", self.home.path());
        }
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command().args(arguments).output().unwrap()
    }

    pub fn run_dying(&self, place: &str, arguments: &[&str]) -> Output {
        self.command().args(arguments).env("SUPERSET_KEYS_DIE_AT", place).output().unwrap()
    }

    pub fn run_with(&self, arguments: &[&str], typed: &str) -> Output {
        let mut child = self
            .command()
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// The data of a `--json` answer.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let output = self.command().arg("--json").args(arguments).output().unwrap();
        let answer = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{arguments:?}: {}{answer}", said(&output));
        let envelope: Value = serde_json::from_slice(&output.stdout).expect("one JSON envelope");
        assert_eq!(envelope["version"], 1);
        envelope["data"].clone()
    }

    /// The code and exit status of a `--json` refusal.
    pub fn refused(&self, arguments: &[&str]) -> (String, i32) {
        let output = self.command().arg("--json").args(arguments).output().unwrap();
        assert!(output.stdout.is_empty(), "{arguments:?} printed something");
        let envelope: Value = serde_json::from_slice(&output.stderr).expect("one JSON error");
        (envelope["error"]["code"].as_str().unwrap().to_owned(), output.status.code().unwrap())
    }

    pub fn state(&self) -> String {
        std::fs::read_to_string(self.home.path().join("config/state.json")).unwrap()
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn a_key_s_whole_life() {
    let server = server("main");
    let terminal = Terminal::new();
    let mcp = server.mcp_url.as_deref().unwrap();
    let added = terminal.json(&["instances", "add", &server.url, "--name", "My Superset", "--mcp-url", mcp]);
    assert_eq!(added["short_name"], "my-superset");
    assert_eq!(terminal.refused(&["keys", "list", "my-superset"]), ("signed_out".into(), 77));
    let wrong =
        terminal.run_with(&["sign-in", "my-superset", "--username", "alpha", "--password-stdin"], "no\n");
    assert_eq!(wrong.status.code(), Some(77));
    let typed = format!("{}\n", password("alpha"));
    let right =
        terminal.run_with(&["sign-in", "my-superset", "--username", "alpha", "--password-stdin"], &typed);
    assert!(right.status.success(), "{}", said(&right));

    let made = terminal.json(&["keys", "create", "my-superset", "--name", "For scripts", "--expires", "30d"]);
    assert_eq!(made["key"]["alias"], "for-scripts");
    let headers = terminal.run(&["headers", "my-superset"]);
    assert!(headers.status.success(), "{}", said(&headers));
    let headers: Value = serde_json::from_slice(&headers.stdout).unwrap();
    let bearer = headers["Authorization"].as_str().unwrap();
    let key = bearer.strip_prefix("Bearer ").unwrap();
    assert!(key.starts_with("sst_") && key.len() == 47);

    let printed = terminal.run(&["keys", "print", "my-superset", "for-scripts"]);
    assert_eq!(String::from_utf8(printed.stdout).unwrap().trim_end(), key);
    let snippet = terminal.run(&["snippet", "codex", "my-superset", "--delivery", "plaintext"]);
    assert!(String::from_utf8_lossy(&snippet.stdout).contains(key), "{}", said(&snippet));
    let snippet =
        terminal.run(&["snippet", "cursor", "my-superset", "--delivery", "variable", "--as", "link"]);
    assert!(String::from_utf8(snippet.stdout).unwrap().starts_with("cursor://"));

    let revoked = terminal.json(&["keys", "revoke", "my-superset", "For scripts", "--yes"]);
    assert_eq!((&revoked["already"], &revoked["key"]["status"]), (&false.into(), &"revoked".into()));
    assert_eq!(terminal.refused(&["headers", "my-superset"]), ("default_key_unusable".into(), 66));
    assert_eq!(
        terminal.refused(&["keys", "revoke", "my-superset", "nothing", "--yes"]),
        ("no_such_key".into(), 66)
    );
    assert!(!terminal.state().contains(key));
    assert!(terminal.run(&["sign-out", "my-superset"]).status.success());
    assert_eq!(terminal.refused(&["keys", "list", "my-superset"]), ("signed_out".into(), 77));
    let removed = terminal.json(&["instances", "remove", "my-superset"]);
    assert_eq!(removed["forgotten_keys"], 0);
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn a_renamed_instance_keeps_its_old_name() {
    let terminal = Terminal::signed_in(&server("main").url, "gamma");
    terminal.json(&["keys", "create", "test", "--name", "renamed", "--alias", "renamed"]);
    terminal.json(&["instances", "rename", "test", "Other Name"]);
    for name in ["test", "other-name", "Other Name"] {
        assert!(terminal.run(&["headers", name]).status.success(), "{name}");
    }
    terminal.json(&["keys", "revoke", "other-name", "renamed", "--yes"]);
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn an_api_key_signs_in() {
    let owner = Terminal::signed_in(&server("main").url, "alpha");
    owner.json(&["keys", "create", "test", "--name", "carried over", "--alias", "carried"]);
    let key = String::from_utf8(owner.run(&["keys", "print", "test", "carried"]).stdout).unwrap();

    let other = Terminal::new();
    other.json(&["instances", "add", &server("main").url, "--name", "Test"]);
    let signed_in = other.run_with(&["sign-in", "test", "--api-key-stdin"], &key);
    assert!(signed_in.status.success(), "{}", said(&signed_in));
    let list = other.json(&["keys", "list", "test"]);
    assert_eq!(list["listed_with_key"], true);
    let row = list["keys"].as_array().unwrap().iter().find(|row| row["name"] == "carried over").unwrap();
    assert_eq!(row["presence"], "keychain");
    owner.json(&["keys", "revoke", "test", "carried", "--yes"]);
    assert_eq!(other.refused(&["keys", "list", "test"]).0, "key_rejected");
}
