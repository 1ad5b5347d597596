//! Tokens of a real authorization server (oidc-provider), on the real Superset: its MCP server believes that server.

use crate::bridge::{Bridge, HELLO, INITIALIZED, WHO, user};
use crate::cli::Terminal;
use crate::executable::executable;
use crate::server::{Mcp, root, server};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use superset_keys_core::signing::Signing;
use superset_keys_core::signing::config::{ConfigFor, superset_config};

/// How long ten bridges go on. An hour: `SUPERSET_KEYS_OAUTH_SECONDS=3600`.
const SECONDS: &str = "SUPERSET_KEYS_OAUTH_SECONDS";

/// An authorization server, ended with its input.
struct Provider {
    process: Child,
    _input: ChildStdin,
    issuer: String,
    events: Arc<Mutex<Vec<Value>>>,
}

impl Provider {
    fn start(resource: &str, options: &[&str]) -> Self {
        let mut process = Command::new("node")
            .arg(root().join("tests/oauth/provider.mjs"))
            .args(["--resource", resource])
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let first: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        let events = Arc::<Mutex<Vec<Value>>>::default();
        let noted = Arc::clone(&events);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                noted.lock().unwrap().push(serde_json::from_str(&line).unwrap());
            }
        });
        let input = process.stdin.take().unwrap();
        Self { process, _input: input, issuer: first["issuer"].as_str().unwrap().to_owned(), events }
    }

    fn count(&self, event: &str, grant: &str) -> usize {
        let events = self.events.lock().unwrap();
        events.iter().filter(|noted| noted["event"] == event && noted["grant"] == grant).count()
    }

    /// What went wrong there.
    fn troubles(&self) -> Vec<Value> {
        let events = self.events.lock().unwrap();
        events
            .iter()
            .filter(|noted| noted["event"] != "grant.success" && noted["event"] != "interaction.started")
            .cloned()
            .collect()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A signed-in terminal, and an MCP server that believes an authorization server.
pub struct Believed {
    pub terminal: Terminal,
    provider: Provider,
    _mcp: Mcp,
    _folder: tempfile::TempDir,
}

/// What RFC 9728 has, which 6.1 does not serve by itself.
const ANNOUNCED: &str = r"
_named = MCP_AUTH_FACTORY


def MCP_AUTH_FACTORY(app):
    from fastmcp.server.auth import RemoteAuthProvider

    return RemoteAuthProvider(_named(app), [MCP_JWT_ISSUER], RESOURCE.removesuffix('/mcp'), scopes_supported=['mcp:read'])
";

impl Believed {
    /// `more` stands after the settings of its MCP server.
    pub fn new(options: &[&str], more: &str) -> Self {
        let main = server("main");
        // The authorization server must know the address that it gives tokens for, before that is there.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let resource = format!("http://127.0.0.1:{port}/mcp");
        let provider = Provider::start(&resource, options);
        let issuer = &provider.issuer;
        let lines = superset_config(&Signing::default(), None, ConfigFor::V6_1);
        let (_, factory) = lines.split_once("def MCP_AUTH_FACTORY").unwrap();
        let config = format!(
            "RESOURCE = '{resource}'\nMCP_AUTH_ENABLED = True\nMCP_JWT_ALGORITHM = 'RS256'\n\
             MCP_JWKS_URI = '{issuer}/jwks'\nMCP_JWT_ISSUER = '{issuer}'\nMCP_JWT_AUDIENCE = RESOURCE\n\
             MCP_REQUIRED_SCOPES = ['mcp:read']\nMCP_DEV_USERNAME = None\n\n\n\
             def MCP_AUTH_FACTORY{factory}\n{more}"
        );
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("superset_config.py");
        std::fs::write(&file, config).unwrap();
        let port = port.to_string();
        let mcp = main.mcp(&["--mode", "jwt", "--port", &port, "--config", file.to_str().unwrap()]);
        assert_eq!(mcp.url, resource);
        let terminal = Terminal::signed_in(&main.url, "gamma");
        terminal.json(&["instances", "mcp-url", "test", &mcp.url]);
        Self { terminal, provider, _mcp: mcp, _folder: folder }
    }

    pub fn set(&self, more: &[&str]) -> Value {
        let all = [&["oauth", "set", "test", "--issuer", &self.provider.issuer, "--scope", "mcp:read"], more];
        self.terminal.json(&all.concat())
    }

    /// Signs in as somebody, by the address that is printed. What the browser shows at last, and what was said.
    fn sign_in(&self, user: &str, what: &[&str]) -> (String, Output) {
        let mut waiting = self
            .terminal
            .command()
            .args(["oauth", "sign-in", "test", "--print-url", "--wait", "60"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut printed = BufReader::new(waiting.stdout.take().unwrap());
        let mut address = String::new();
        printed.read_line(&mut address).unwrap();
        let page = if address.is_empty() {
            String::new()
        } else {
            let browser = root().join("tests/oauth/browser.mjs");
            let page =
                Command::new("node").arg(browser).args([address.trim(), user]).args(what).output().unwrap();
            assert!(page.status.success(), "{page:?}");
            String::from_utf8(page.stdout).unwrap()
        };
        let mut rest = String::new();
        printed.read_line(&mut rest).unwrap();
        assert_eq!(rest, "", "the address and nothing else");
        (page, waiting.wait_with_output().unwrap())
    }

    pub fn signed_in(&self, user: &str) {
        let (page, said) = self.sign_in(user, &[]);
        assert!(said.status.success(), "{said:?}");
        assert!(page.contains("You can close this page"), "{page}");
    }
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn a_person_signs_in_with_a_browser() {
    let believed = Believed::new(&[], "");
    let terminal = &believed.terminal;
    assert_eq!(terminal.refused(&["oauth", "status", "test"]), ("no_oauth_client".into(), 78));
    assert_eq!(
        terminal.refused(&["oauth", "set", "test", "--client-id", "keys-desktop"]),
        ("issuer_not_announced".into(), 78),
        "6.1 announces nothing"
    );
    let set = believed.set(&["--client-id", "keys-desktop"]);
    assert_eq!((&set["grant"], &set["signed_in"]), (&json!("code"), &Value::Null));
    assert_eq!(terminal.refused(&["mcp-access", "set", "test", "oauth"]), ("no_oauth_sign_in".into(), 77));

    let (page, said) = believed.sign_in("gamma", &["deny"]);
    assert!(page.contains("Not signed in"), "{page}");
    assert_eq!(said.status.code(), Some(77), "{said:?}");
    believed.signed_in("gamma");
    let status = terminal.json(&["oauth", "status", "test"]);
    assert_eq!(
        (&status["signed_in"]["subject"], &status["signed_in"]["renews"]),
        (&json!("gamma"), &json!(true))
    );
    let set = terminal.json(&["mcp-access", "set", "test", "oauth"]);
    assert_eq!(
        (&set["access"], &set["proof"]["ours"]),
        (&json!({"kind": "oauth"}), &json!({"was": "let_in", "user": "gamma"}))
    );

    let mut bridge = Bridge::start(terminal, &[]);
    assert_eq!(bridge.ask(HELLO)["result"]["protocolVersion"], "2025-06-18");
    bridge.say(INITIALIZED);
    assert_eq!(user(&bridge.ask(WHO)), "gamma");
    // A running bridge follows.
    believed.signed_in("admin");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(user(&bridge.ask(WHO)), "admin");

    assert_eq!(terminal.json(&["oauth", "sign-out", "test"])["revoked"], "done");
    let deadline = Instant::now() + Duration::from_secs(10);
    while believed.provider.troubles().iter().all(|noted| noted["event"] != "grant.revoked") {
        assert!(Instant::now() < deadline, "the grant goes on");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(terminal.refused(&["headers", "test"]), ("no_oauth_sign_in".into(), 77));
    assert!(!terminal.state().contains("eyJ"), "no token in our files");
}

/// The system's way to open an address stands in `PATH`, and is a person here.
#[test]
#[cfg(target_os = "linux")]
#[ignore = "needs the real Superset: ./dev test flows"]
fn the_system_s_browser_is_opened() {
    let believed = Believed::new(&[], "");
    believed.set(&["--client-id", "keys-desktop"]);
    let folder = tempfile::tempdir().unwrap();
    let opens = folder.path().join("xdg-open");
    let browser = root().join("tests/oauth/browser.mjs");
    executable(&opens, &format!("#!/bin/sh\nexec node '{}' \"$1\" gamma\n", browser.display()));
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
    let sign_in = ["--json", "oauth", "sign-in", "test", "--wait", "30"];
    let signed_in = believed.terminal.command().args(sign_in).env("PATH", path).output().unwrap();
    assert!(signed_in.status.success(), "{signed_in:?}");
    let view: Value = serde_json::from_slice(&signed_in.stdout).unwrap();
    assert_eq!(view["data"]["signed_in"]["subject"], "gamma");
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn what_is_announced_is_enough_and_a_stranger_is_no_user() {
    let believed = Believed::new(&[], ANNOUNCED);
    let terminal = &believed.terminal;
    let set = terminal.json(&["oauth", "set", "test"]);
    assert_eq!((&set["registered"], &set["scopes"]), (&json!(true), &json!(["mcp:read"])));
    assert_eq!(set["issuer"], believed.provider.issuer);
    believed.signed_in("gamma");
    let set = terminal.json(&["mcp-access", "set", "test", "oauth"]);
    assert_eq!(set["proof"]["ours"]["user"], "gamma");
    believed.signed_in("stranger");
    assert_eq!(terminal.refused(&["mcp-access", "set", "test", "oauth"]), ("token_names_nobody".into(), 77));
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn a_client_signs_in_as_itself() {
    let believed = Believed::new(&[], "");
    let terminal = &believed.terminal;
    let issuer = &believed.provider.issuer;
    let set = |secret: &str| {
        let set =
            ["oauth", "set", "test", "--issuer", issuer, "--client-id", "gamma", "--client-secret-stdin"];
        let more = ["--scope", "mcp:read", "--grant", "client-credentials"];
        let set = terminal.run_with(&[&set[..], &more].concat(), secret);
        assert!(set.status.success(), "{set:?}");
    };
    set("wrong");
    assert_eq!(terminal.refused(&["oauth", "sign-in", "test"]), ("authorization_refused".into(), 77));
    set("secret for tests: a+b");
    terminal.json(&["oauth", "sign-in", "test"]);
    let set = terminal.json(&["mcp-access", "set", "test", "oauth"]);
    assert_eq!(set["proof"]["ours"]["user"], "gamma");
    assert!(!terminal.state().contains("secret for tests"));
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn a_person_signs_in_on_another_device() {
    let believed = Believed::new(&[], "");
    believed.set(&["--client-id", "keys-desktop", "--grant", "device"]);
    let (page, said) = believed.sign_in("gamma", &[]);
    assert!(said.status.success(), "{said:?} {page}");
    let set = believed.terminal.json(&["mcp-access", "set", "test", "oauth"]);
    assert_eq!(set["proof"]["ours"]["user"], "gamma");
}

/// Each starts a bridge of its own, as AI clients do, and tokens live for eight seconds.
#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
#[allow(clippy::print_stderr, reason = "a measurement")]
fn ten_bridges_lose_no_call_and_end_no_grant() {
    let seconds = std::env::var(SECONDS).ok().and_then(|told| told.parse().ok()).unwrap_or(60);
    let believed = Believed::new(&["--access-seconds", "8"], "");
    let terminal = &believed.terminal;
    believed.set(&["--client-id", "keys-desktop"]);
    believed.signed_in("gamma");
    terminal.json(&["mcp-access", "set", "test", "oauth"]);
    let end = Instant::now() + Duration::from_secs(seconds);
    let (calls, slowest) = std::thread::scope(|scope| {
        let all: Vec<_> = (0..10)
            .map(|number| {
                scope.spawn(move || {
                    let mut bridge = Bridge::start(terminal, &[]);
                    bridge.ask(HELLO);
                    bridge.say(INITIALIZED);
                    let (mut calls, mut slowest) = (0_u32, Duration::ZERO);
                    while Instant::now() < end {
                        let began = Instant::now();
                        assert_eq!(user(&bridge.ask(WHO)), "gamma");
                        slowest = slowest.max(began.elapsed());
                        calls += 1;
                        // Clients come and go, also in the middle of a renewal.
                        if calls % 20 == number {
                            bridge = Bridge::start(terminal, &[]);
                            bridge.ask(HELLO);
                            bridge.say(INITIALIZED);
                        }
                        std::thread::sleep(Duration::from_millis(500 + 37 * u64::from(number)));
                    }
                    (calls, slowest)
                })
            })
            .collect();
        let all = all.into_iter().map(|bridge| bridge.join().unwrap());
        all.fold((0, Duration::ZERO), |(calls, slowest), (more, slow)| (calls + more, slowest.max(slow)))
    });
    let refreshed = u64::try_from(believed.provider.count("grant.success", "refresh_token")).unwrap();
    eprintln!("{seconds} s: {calls} calls, slowest {slowest:?}, {refreshed} renewals");
    assert_eq!(believed.provider.troubles(), [json!(null); 0]);
    assert!(calls > 10, "{calls}");
    // At half of their life, and by one of the ten.
    assert!((seconds / 8..=seconds / 4 + 2).contains(&refreshed), "{refreshed} renewals");
    assert_eq!(terminal.json(&["oauth", "status", "test"])["signed_in"]["subject"], "gamma");

    // Killed between the answer and the keychain, what was given is lost, and that is said.
    std::thread::sleep(Duration::from_secs(9));
    assert!(!terminal.run_dying("oauth-refreshed", &["headers", "test"]).status.success());
    assert_eq!(terminal.refused(&["headers", "test"]), ("no_oauth_sign_in".into(), 77));
    believed.signed_in("gamma");
    assert!(terminal.run(&["headers", "test"]).status.success());
}
