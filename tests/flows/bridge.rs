//! AI clients on the real Superset: the bridge and `exec` as processes, with a real keychain.

use crate::cli::Terminal;
use crate::server::{Server, server};
use serde_json::Value;
use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(30);
pub const HELLO: &str = r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}"#;
pub const INITIALIZED: &str = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
pub const WHO: &str = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_instance_info","arguments":{"request":{}}}}"#;

/// Gamma's terminal, with the MCP server and a key called `alias`.
pub fn terminal(server: &Server, alias: &str) -> Terminal {
    let terminal = Terminal::signed_in(&server.url, "gamma");
    terminal.json(&["instances", "mcp-url", "test", server.mcp_url.as_deref().unwrap()]);
    terminal.json(&["keys", "create", "test", "--name", alias, "--alias", alias]);
    terminal
}

/// A running bridge, as an AI client has one.
pub struct Bridge {
    process: Child,
    pub input: Option<ChildStdin>,
    pub lines: mpsc::Receiver<String>,
}

impl Bridge {
    pub fn start(terminal: &Terminal, arguments: &[&str]) -> Self {
        let mut process = terminal
            .command()
            .args(["bridge", "test"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { input: process.stdin.take(), lines: told(output), process }
    }

    pub fn say(&mut self, line: &str) {
        writeln!(self.input.as_mut().unwrap(), "{line}").unwrap();
    }

    pub fn ask(&mut self, line: &str) -> Value {
        self.say(line);
        let answer = self.lines.recv_timeout(LIMIT).expect("an answer");
        serde_json::from_str(&answer).expect("JSON")
    }

    fn ended(mut self) -> ExitStatus {
        let began = Instant::now();
        while began.elapsed() < LIMIT {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.process.kill();
        panic!("the bridge goes on");
    }

    fn file(&self, name: &str) -> String {
        let bytes = std::fs::read(format!("/proc/{}/{name}", self.process.id())).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

fn told(output: Lines<BufReader<ChildStdout>>) -> mpsc::Receiver<String> {
    let (tell, lines) = mpsc::channel();
    std::thread::spawn(move || output.map_while(Result::ok).try_for_each(|line| tell.send(line)));
    lines
}

/// The person that a tool's answer speaks of.
pub fn user(answer: &Value) -> String {
    let text = answer["result"]["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{answer}"));
    let info: Value = serde_json::from_str(text).unwrap_or_else(|_| panic!("{text}"));
    info["current_user"]["username"].as_str().unwrap().to_owned()
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn an_ai_client_reaches_superset_as_the_key_s_owner() {
    let terminal = terminal(server("main"), "bridged");
    let key = String::from_utf8(terminal.run(&["keys", "print", "test", "bridged"]).stdout).unwrap();
    let mut bridge = Bridge::start(&terminal, &[]);
    assert_eq!(bridge.ask(HELLO)["result"]["protocolVersion"], "2025-06-18");
    bridge.say(INITIALIZED);
    let tools = bridge.ask(r#"{"jsonrpc":"2.0","id":2,"method":"tools/list"}"#);
    assert_eq!(tools["result"]["tools"].as_array().unwrap().len(), 4);
    assert_eq!(user(&bridge.ask(WHO)), "gamma");
    for file in ["cmdline", "environ"] {
        assert!(!bridge.file(file).contains(key.trim()), "{file} shows the key");
    }
    let limits = bridge.file("limits");
    let cores = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(cores.split_whitespace().nth(4), Some("0"), "{cores}");
    bridge.input = None;
    assert_eq!(bridge.ended().code(), Some(0));
    terminal.json(&["keys", "revoke", "test", "bridged", "--yes"]);
}

/// A client of the protocol that is not ours.
#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn the_rust_sdk_lists_and_calls() {
    use rmcp::ServiceExt;
    use rmcp::model::CallToolRequestParams;
    use rmcp::transport::TokioChildProcess;
    let terminal = terminal(server("main"), "rust-sdk");
    let mut command = terminal.command();
    command.args(["bridge", "test"]);
    let process = TokioChildProcess::new(tokio::process::Command::from(command)).unwrap();
    let client = ().serve(process).await.unwrap();
    assert_eq!(client.list_all_tools().await.unwrap().len(), 4);
    let arguments = serde_json::json!({"request": {}}).as_object().cloned().unwrap();
    let asked = CallToolRequestParams::new("get_instance_info").with_arguments(arguments);
    let answered = client.call_tool(asked).await.unwrap();
    let answered = serde_json::json!({ "result": answered });
    assert_eq!(user(&answered), "gamma");
    client.cancel().await.unwrap();
    terminal.json(&["keys", "revoke", "test", "rust-sdk", "--yes"]);
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn a_key_may_be_replaced_while_the_client_runs() {
    let terminal = terminal(server("main"), "before");
    let mut bridge = Bridge::start(&terminal, &[]);
    bridge.ask(HELLO);
    bridge.say(INITIALIZED);
    assert_eq!(user(&bridge.ask(WHO)), "gamma");
    terminal.json(&["keys", "create", "test", "--name", "after", "--alias", "after"]);
    terminal.json(&["keys", "default", "test", "after"]);
    terminal.json(&["keys", "revoke", "test", "before", "--yes"]);
    assert_eq!(user(&bridge.ask(WHO)), "gamma");
    // And when no key is left, the client learns what to do; a new one works without a restart.
    terminal.json(&["keys", "revoke", "test", "after", "--yes"]);
    let refused = bridge.ask(WHO);
    assert_eq!(refused["error"]["data"]["reason"], "default_key_unusable", "{refused}");
    assert!(refused["error"]["message"].as_str().unwrap().contains("superset-keys keys create test"));
    terminal.json(&["keys", "create", "test", "--name", "at last", "--alias", "at-last"]);
    terminal.json(&["keys", "default", "test", "at-last"]);
    assert_eq!(user(&bridge.ask(WHO)), "gamma");
    terminal.json(&["keys", "revoke", "test", "at-last", "--yes"]);
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn a_key_revoked_elsewhere_is_named() {
    let server = server("main");
    let terminal = terminal(server, "elsewhere");
    let other = Terminal::signed_in(&server.url, "gamma");
    let mut bridge = Bridge::start(&terminal, &["--key", "elsewhere"]);
    assert_eq!(bridge.ask(HELLO)["result"]["protocolVersion"], "2025-06-18");
    other.json(&["keys", "revoke", "test", "elsewhere", "--yes"]);
    let refused = bridge.ask(WHO);
    assert_eq!(refused["error"]["data"]["reason"], "key_rejected", "{refused}");
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn a_server_that_restarts_is_there_again() {
    let server = Server::start("main", &[]);
    let terminal = terminal(&server, "restarted");
    let mut bridge = Bridge::start(&terminal, &[]);
    bridge.ask(HELLO);
    bridge.say(INITIALIZED);
    assert_eq!(user(&bridge.ask(WHO)), "gamma");
    server.stop();
    let down = bridge.ask(WHO);
    assert_eq!(down["error"]["data"]["reason"], "unreachable", "{down}");
    server.start_again();
    assert_eq!(user(&bridge.ask(WHO)), "gamma");
}

#[cfg(unix)]
#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn a_bridge_that_is_told_to_end_ends() {
    let terminal = terminal(server("main"), "ended");
    for signal in ["-TERM", "-INT", "-HUP"] {
        let mut bridge = Bridge::start(&terminal, &[]);
        bridge.ask(HELLO);
        let pid = bridge.process.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        assert_eq!(bridge.ended().code(), Some(0), "{signal}");
    }
    terminal.json(&["keys", "revoke", "test", "ended", "--yes"]);
}

#[cfg(unix)]
#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn a_command_gets_the_key_in_one_variable() {
    use std::os::unix::process::ExitStatusExt;
    let terminal = terminal(server("main"), "for-exec");
    let key = String::from_utf8(terminal.run(&["keys", "print", "test", "for-exec"]).stdout).unwrap();
    let run = |arguments: &[&str]| terminal.run(&[&["exec", "test"], arguments].concat());
    let printed = run(&["--", "printenv", "SUPERSET_API_KEY"]);
    assert_eq!(String::from_utf8(printed.stdout).unwrap(), key);
    let named = run(&["--env", "TOKEN", "--", "sh", "-c", "echo $TOKEN ${SUPERSET_API_KEY:-unset}"]);
    assert_eq!(String::from_utf8(named.stdout).unwrap().trim(), format!("{} unset", key.trim()));
    // Nothing is dumped of this program, and what is dumped of the command is the person's to say.
    let limit = "ulimit -S -c";
    let own = Command::new("sh").args(["-c", limit]).output().unwrap().stdout;
    assert_eq!(run(&["--", "sh", "-c", limit]).stdout, own);
    assert_eq!(run(&["--", "sh", "-c", "exit 7"]).status.code(), Some(7));
    assert_eq!(run(&["--", "no-such-command"]).status.code(), Some(127));
    assert_eq!(run(&["--", "/"]).status.code(), Some(126));
    // The command is the process: what is sent to it arrives, and nothing stays behind.
    let mut sleeping = terminal.command();
    sleeping.args(["exec", "test", "--", "sh", "-c", "echo here; exec sleep 60"]).stdout(Stdio::piped());
    let mut sleeping = sleeping.spawn().unwrap();
    let here = BufReader::new(sleeping.stdout.take().unwrap()).lines().next().unwrap().unwrap();
    assert_eq!(here, "here");
    assert!(Command::new("kill").arg(sleeping.id().to_string()).status().unwrap().success());
    assert_eq!(sleeping.wait().unwrap().signal(), Some(15));
    terminal.json(&["keys", "revoke", "test", "for-exec", "--yes"]);
    assert_eq!(
        terminal.refused(&["exec", "test", "--key", "for-exec", "--", "true"]),
        ("key_unusable".into(), 66)
    );
}
