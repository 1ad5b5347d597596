//! The real `superset-keys`, without a server and without a keychain.
//!
//! `UPDATE_GOLDEN=1 cargo test -p superset-keys --test cli` writes the golden files anew; read the difference
//! before keeping it: what `--json` prints is a promise.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod activity;
mod audit;
mod bad_input;
mod bridge;
mod connect;
#[cfg(unix)]
mod disk;
#[cfg(unix)]
#[path = "../executable.rs"]
mod executable;
#[cfg(target_os = "linux")]
mod few_variables;
mod golden;
#[cfg(target_os = "linux")]
#[path = "../mounted.rs"]
mod mounted;
mod network;
mod no_secret;
mod record;
mod report;
mod revoke;
mod rotation;
mod scan;
#[cfg(unix)]
mod silent_server;
mod state_file;
#[cfg(target_os = "linux")]
mod terminal;
#[cfg(unix)]
mod vault;

use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_superset-keys");
const STATE: &str = include_str!("../fixtures/cli/state.json");
const KEPT_LIST: &str = include_str!("../fixtures/cli/kept-list.json");

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/cli")
}

/// A computer of its own: no session bus, so no keychain.
struct Computer {
    home: TempDir,
}

impl Computer {
    fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    /// One that knows "production", with keys and a list from earlier, and "local", where nothing listens.
    fn with_instances() -> Self {
        let computer = Self::new();
        computer.write("config/state.json", STATE);
        computer.write("cache/keys-00000000000000000000000000000001.json", KEPT_LIST);
        computer
    }

    /// Whose check-up was the last to use "Claude Code – laptop".
    fn with_own_use(before: &str) -> Self {
        let computer = Self::with_instances();
        let line = format!(
            r#"{{"instance":"00000000000000000000000000000001","key":"f472cb64-3719-4598-83a5-d56378a54f1f",
            "what":"checkup","began":"2026-01-20T11:29:59Z","ended":"2026-01-20T11:30:01Z",{before}"requests":[]}}"#
        );
        computer.write("state/journal.jsonl", &line.replace('\n', ""));
        computer
    }

    fn path(&self, inside: &str) -> PathBuf {
        self.home.path().join(inside)
    }

    fn write(&self, inside: &str, content: &str) {
        let path = self.path(inside);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    fn state(&self) -> String {
        std::fs::read_to_string(self.path("config/state.json")).unwrap_or_default()
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env("SUPERSET_KEYS_HOME", self.home.path())
            .env("HOME", self.home.path())
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_STATE_HOME")
            .env_remove("XDG_CACHE_HOME")
            .env_remove("HTTPS_PROXY")
            .env_remove("https_proxy")
            .env_remove("HTTP_PROXY")
            .env_remove("http_proxy")
            .env_remove("ALL_PROXY")
            .env_remove("all_proxy")
            .env_remove("SSL_CERT_FILE")
            .env_remove("SSL_CERT_DIR")
            .env("XDG_RUNTIME_DIR", self.home.path())
            .env("TZ", "UTC")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        Run::of(&self.command(PROGRAM).args(arguments).output().unwrap())
    }

    fn run_with(&self, arguments: &[&str], typed: &str) -> Run {
        let mut command = self.command(PROGRAM);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A program that refuses before it reads closes the pipe.
        let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
        Run::of(&child.wait_with_output().unwrap())
    }
}

/// What a run printed and how it ended.
#[derive(Debug)]
struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Run {
    fn of(output: &Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout.clone()).unwrap(),
            stderr: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }

    /// With `--json`: the error's code.
    fn error_code(&self) -> String {
        let envelope: Value = serde_json::from_str(&self.stderr).unwrap_or_else(|_| panic!("{self:?}"));
        assert_eq!(envelope["version"], 1);
        envelope["error"]["code"].as_str().unwrap().to_owned()
    }
}
