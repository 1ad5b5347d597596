//! Signed in by a browser's session on the real Superset, and staying so by a key of this program's own.

use crate::cli::Terminal;
use crate::server::{Server, server};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 Version/60.5 Safari/605.1.15";

fn at(server: &Server) -> Terminal {
    let terminal = Terminal::new();
    terminal.json(&["instances", "add", &server.url, "--name", "Test"]);
    terminal
}

fn sign_in(terminal: &Terminal, cookie: &str, more: &[&str]) -> Result<Value, Value> {
    let words = [&["--json", "sign-in", "test", "--session-cookie-stdin"], more].concat();
    let output = terminal.run_with(&words, cookie);
    let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap();
    if output.status.success() {
        Ok(read(&output.stdout)["data"].clone())
    } else {
        Err(read(&output.stderr)["error"].clone())
    }
}

/// Every file of ours.
fn files(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            files(&entry.path(), found);
        } else {
            found.push(String::from_utf8_lossy(&fs::read(entry.path()).unwrap()).into_owned());
        }
    }
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn a_cookie_is_used_once_and_a_key_goes_on() {
    let main = server("main");
    let terminal = at(main);
    let cookie = main.cookie("gamma", BROWSER);
    let done = sign_in(&terminal, &cookie, &[]).unwrap();
    assert_eq!(
        (&done["instance"]["user"]["username"], &done["instance"]["way"]),
        (&json!("gamma"), &json!("api_key"))
    );
    let own = done["own_key"].as_str().unwrap();
    let list = terminal.json(&["keys", "list", "test"]);
    let key = list["keys"].as_array().unwrap().iter().find(|key| key["id"] == own).unwrap();
    assert!(key["name"].as_str().unwrap().starts_with("Superset Keys on "), "{key}");
    assert_eq!((&key["replace_in_time"], &key["is_default"]), (&json!(true), &json!(false)), "{key}");
    let mut all = Vec::new();
    files(terminal.home(), &mut all);
    assert!(!all.is_empty() && all.iter().all(|text| !text.contains(&cookie)), "the cookie lies in a file");

    // A second time it is the same key.
    let again = sign_in(&terminal, &format!("session={}", main.cookie("gamma", BROWSER)), &[]).unwrap();
    assert_eq!((&again["own_key"], &again["before"]), (&json!(own), &Value::Null));
    // Somebody else has other keys.
    let other = sign_in(&terminal, &main.cookie("alpha", BROWSER), &[]).unwrap();
    assert_eq!(
        (&other["instance"]["user"]["username"], &other["before"]),
        (&json!("alpha"), &json!("gamma"))
    );
    assert_ne!(other["own_key"], own);
    for (user, key) in [("alpha", other["own_key"].as_str().unwrap()), ("gamma", own)] {
        sign_in(&terminal, &main.cookie(user, BROWSER), &[]).unwrap();
        terminal.json(&["keys", "revoke", "test", key, "--yes"]);
    }
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn what_the_server_does_not_know_signs_nobody_in() {
    let main = server("main");
    let terminal = at(main);
    let cookie = main.cookie("gamma", BROWSER);
    let tampered = format!("{}x", &cookie[..cookie.len() - 1]);
    for (cookie, code) in
        [("nonsense", "session_refused"), (&*tampered, "session_refused"), ("a b", "not_a_session_cookie")]
    {
        assert_eq!(sign_in(&terminal, cookie, &[]).unwrap_err()["code"], code, "{cookie}");
    }
    assert_eq!(terminal.json(&["instances", "show", "test"])["session"], "signed_out");
}

/// `SESSION_PROTECTION = "strong"` binds a session to the browser that began it.
#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn a_session_that_is_bound_to_its_browser_needs_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("superset_config.py");
    fs::write(&file, "SESSION_PROTECTION = \"strong\"\n").unwrap();
    let strong = Server::start("main", &["--no-mcp", "--config", file.to_str().unwrap()]);
    let terminal = at(&strong);
    let cookie = strong.cookie("gamma", BROWSER);
    assert_eq!(sign_in(&terminal, &cookie, &[]).unwrap_err()["code"], "session_refused");
    let done = sign_in(&terminal, &cookie, &["--user-agent", BROWSER]).unwrap();
    assert_eq!(done["instance"]["user"]["username"], "gamma");
    assert!(terminal.run(&["keys", "list", "test"]).status.success());
}

/// `SESSION_SERVER_SIDE`: the cookie is a number, and Superset's sign-out forgets what it stands for.
#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn a_session_that_the_server_keeps_ends_with_its_sign_out_and_the_key_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("superset_config.py");
    let sessions = folder.path().join("sessions");
    let kept = format!(
        "SESSION_SERVER_SIDE = True\nSESSION_TYPE = \"filesystem\"\nSESSION_FILE_DIR = {:?}\n",
        sessions.to_str().unwrap()
    );
    fs::write(&file, kept).unwrap();
    let server = Server::start("main", &["--no-mcp", "--config", file.to_str().unwrap()]);
    let terminal = at(&server);
    let cookie = server.cookie("gamma", BROWSER);
    assert!(cookie.len() < 60, "the server keeps nothing: {}", cookie.len());
    let own = sign_in(&terminal, &cookie, &[]).unwrap()["own_key"].clone();
    assert_eq!(sign_in(&terminal, &cookie, &[]).unwrap()["own_key"], own, "it is still a session");
    server.sign_out(&cookie);
    assert_eq!(sign_in(&terminal, &cookie, &[]).unwrap_err()["code"], "session_refused");
    let list = terminal.json(&["keys", "list", "test"]);
    assert_eq!(list["keys"].as_array().unwrap().len(), 1);
    terminal.json(&["keys", "create", "test", "--name", "Laptop"]);
    terminal.json(&["keys", "revoke", "test", "laptop", "--yes"]);
}
