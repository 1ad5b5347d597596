//! What `connect` writes works also where a client hands on next to nothing, as those do that are built on MCP's SDKs.

use crate::{Computer, PROGRAM, Run, STATE};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use superset_keys_core::clients::{CLIENTS, Delivery, McpClient, edit};

const PING: &str = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n";

/// Somebody whose shell moves our folders, and sets a way out and whom to trust.
struct Person(Computer);

impl Person {
    fn new() -> Self {
        let computer = Computer::new();
        computer.write("xdg/superset-keys/state.json", STATE);
        Self(computer)
    }

    /// As they type it, with all that their shell sets.
    fn run(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Run {
        let mut command = self.0.command(PROGRAM);
        command.env_remove("SUPERSET_KEYS_HOME").env("XDG_CONFIG_HOME", self.0.path("xdg"));
        command.env("XDG_STATE_HOME", self.0.path("state")).env("XDG_CACHE_HOME", self.0.path("cache"));
        for name in ["CODEX_HOME", "CLAUDE_CONFIG_DIR", "GEMINI_CLI_HOME", "COPILOT_HOME"] {
            command.env_remove(name);
        }
        Run::of(
            &command
                .env("PATH", "/usr/bin:/bin")
                .envs(variables.iter().copied())
                .args(arguments)
                .output()
                .unwrap(),
        )
    }

    /// Our entry as the client reads it from its file.
    fn entry(&self, client: &McpClient, run: &Run) -> Value {
        let answer: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run:?}"));
        let path = answer["data"]["path"].as_str().unwrap();
        let path = path.strip_prefix("~/").map_or_else(|| PathBuf::from(path), |inside| self.0.path(inside));
        let bytes = std::fs::read(path).unwrap();
        let file = client.file.unwrap();
        edit::read(&bytes, file.dialect, &file.place("superset")).unwrap().unwrap()
    }

    /// Starts it with the six variables and those of the entry, and says something.
    fn starts(&self, entry: &Value) -> Run {
        let words = words(entry);
        let mut command = Command::new(&words[0]);
        command
            .args(&words[1..])
            .env_clear()
            .env("HOME", self.0.path(""))
            .env("LOGNAME", "jane")
            .env("USER", "jane");
        command
            .env("PATH", "/usr/bin:/bin")
            .env("SHELL", "/bin/sh")
            .env("TERM", "dumb")
            .envs(variables(entry));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(PING.as_bytes()).unwrap();
        Run::of(&child.wait_with_output().unwrap())
    }
}

fn words(entry: &Value) -> Vec<String> {
    let list = |value: &Value| match value {
        Value::Array(words) => words.iter().map(|word| word.as_str().unwrap().to_owned()).collect(),
        Value::String(word) => vec![word.clone()],
        _ => Vec::new(),
    };
    ["command", "cmd", "args"].iter().flat_map(|key| list(&entry[key])).collect()
}

fn variables(entry: &Value) -> BTreeMap<String, String> {
    let set = ["env", "environment", "envs"].iter().filter_map(|key| entry[key].as_object());
    set.flatten().map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect()
}

fn written() -> impl Iterator<Item = &'static McpClient> {
    CLIENTS.iter().copied().filter(|client| client.writes().is_ok())
}

#[test]
fn instances_are_found_without_the_variable_that_says_where() {
    for client in written() {
        let person = Person::new();
        let run = person.run(&[], &["connect", client.id, "production", "--json"]);
        assert_eq!(run.code, Some(0), "{}: {run:?}", client.id);
        let answer = person.starts(&person.entry(client, &run));
        // It got as far as the keychain, which is not there.
        assert!(answer.stdout.contains("keychain_no_bus"), "{}: {answer:?}", client.id);
    }
}

#[test]
fn a_helper_finds_them_too() {
    for client in written().filter(|client| client.can_take(Delivery::Helper).is_ok()) {
        let person = Person::new();
        let run = person.run(&[], &["connect", client.id, "production", "--delivery", "helper", "--json"]);
        let entry = person.entry(client, &run);
        let line =
            ["headersHelper", "http_headers_helper"].iter().find_map(|key| entry[key].as_str()).unwrap();
        let started = person.starts(&json!({ "command": "/bin/sh", "args": ["-c", line] }));
        assert!(started.stderr.contains("no D-Bus"), "{}: {started:?}", client.id);
    }
}

#[test]
fn the_way_out_and_whom_to_trust_are_written_for_every_client_and_no_password() {
    let certificates = Computer::new();
    certificates.write("corp.pem", "");
    let pem = certificates.path("corp.pem").display().to_string();
    let set = [("HTTPS_PROXY", "http://proxy.corp:3128"), ("no_proxy", "localhost"), ("SSL_CERT_FILE", &pem)];
    for client in written() {
        let person = Person::new();
        let run = person.run(&set, &["connect", client.id, "production", "--json"]);
        let entry = person.entry(client, &run);
        let expected = set.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let expected: BTreeMap<_, _> = expected
            .into_iter()
            .filter(|(name, _)| cfg!(target_os = "linux") || name != "SSL_CERT_FILE")
            .collect();
        assert_eq!(variables(&entry), expected, "{}: {entry}", client.id);

        // The entry takes them away with it.
        let run = person.run(&set, &["disconnect", client.id, "production", "--json"]);
        assert_eq!(run.code, Some(0), "{}: {run:?}", client.id);

        let secret = [("HTTPS_PROXY", "http://jane:hunter2@proxy.corp:3128")];
        let run = person.run(&secret, &["connect", client.id, "production", "--json"]);
        let entry = person.entry(client, &run);
        assert!(!entry.to_string().contains("proxy.corp"), "{}: {entry}", client.id);
        assert!(run.stdout.contains("proxy_password_left_out") && !run.stdout.contains("hunter2"), "{run:?}");
    }
}

/// What is on this computer is asked without a proxy, and trusted without certificates.
#[test]
fn an_instance_on_this_computer_needs_nothing_of_that() {
    let person = Person::new();
    let set = [("HTTPS_PROXY", "http://proxy.corp:3128"), ("SSL_CERT_FILE", "/etc/corp.pem")];
    let run = person.run(&set, &["instances", "mcp-url", "production", "http://localhost:5008/mcp"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let run = person.run(&set, &["connect", "cursor", "production", "--json"]);
    let cursor = written().find(|client| client.id == "cursor").unwrap();
    assert!(variables(&person.entry(cursor, &run)).is_empty());
}
