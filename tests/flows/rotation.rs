//! A key is replaced on the real Superset: killed at each step, under load, and where its uses cannot be seen.

use crate::bridge::{Bridge, HELLO, INITIALIZED, terminal};
use crate::cli::Terminal;
use crate::server::server;
use serde_json::{Value, json};
use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A server on a busy computer takes its time.
const LIMIT: Duration = Duration::from_secs(300);
const PAUSE: Duration = Duration::from_millis(500);
/// As many calls as wait for an answer at once.
const AT_ONCE: u64 = 12;

fn with_key(name: &str) -> Terminal {
    let terminal = Terminal::signed_in(&server("main").url, "gamma");
    terminal.json(&["keys", "create", "test", "--name", name, "--alias", name]);
    terminal
}

/// Goes on until nothing is under way.
fn until_it_ended(terminal: &Terminal) -> Value {
    let began = Instant::now();
    while began.elapsed() < LIMIT {
        // What stands in its way meanwhile is waited out: a create that may still arrive, for two minutes.
        terminal.run(&["keys", "rotate", "--continue"]);
        let shown = terminal.json(&["keys", "rotations", "test"])["rotations"][0].clone();
        if shown["step"] == "ended" {
            return shown;
        }
        std::thread::sleep(PAUSE);
    }
    panic!("it goes on: {}", terminal.json(&["keys", "rotations"]));
}

/// What an AI client is handed works on the server.
fn works(terminal: &Terminal, alias: &str) -> bool {
    let printed = terminal.run(&["keys", "print", "test", alias]);
    let key = String::from_utf8(printed.stdout).unwrap();
    let other = Terminal::new();
    other.json(&["instances", "add", &server("main").url, "--name", "Test"]);
    printed.status.success() && other.run_with(&["sign-in", "test", "--api-key-stdin"], &key).status.success()
}

fn active(terminal: &Terminal, name: &str) -> Vec<Value> {
    let list = terminal.json(&["keys", "list", "test"]);
    let keys = list["keys"].as_array().unwrap().iter();
    keys.filter(|key| key["name"] == name && key["status"] == "active").cloned().collect()
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn killed_at_every_step_it_goes_on_and_some_key_always_works() {
    for place in [
        "rotation-written",
        "create-intent-written",
        "create-answered",
        "create-stored",
        "create-recorded",
        "rotation-proven",
        "rotation-moved",
        "rotation-decided",
        "revoke-answered",
        "rotation-revoked",
    ] {
        let terminal = with_key(place);
        let old = active(&terminal, place)[0]["id"].clone();
        let died = terminal.run_dying(place, &["keys", "rotate", "test", place, "--revoke", "now", "--yes"]);
        assert!(!died.status.success(), "{place}: it should have died");
        assert!(works(&terminal, place), "{place}: no key works");
        let done = until_it_ended(&terminal);
        let end = done["end"].as_str().unwrap();
        // Whoever died after the revoke had been done finds it done.
        assert!(["revoked", "revoked_elsewhere"].contains(&end), "{place}: {done}");
        assert!(works(&terminal, place), "{place}: no key works in the end");
        let lost = terminal.json(&["keys", "list", "test"])["unaccounted"].clone();
        let is_lost = |key: &Value| lost.as_array().unwrap().iter().any(|it| it["key"] == key["id"]);
        let mut left = active(&terminal, place);
        left.retain(|key| !is_lost(key));
        assert_eq!(left.len(), 1, "{place}: {left:?}");
        assert_ne!(left[0]["id"], old, "{place}");
        assert_eq!((&left[0]["alias"], &left[0]["presence"]), (&json!(place), &json!("keychain")), "{place}");
        // The text of a key that was created in vain is lost, and the list names it.
        assert_eq!(
            lost.as_array().unwrap().len(),
            usize::from(place == "create-answered"),
            "{place}: {lost}"
        );
    }
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn killed_while_it_waits_it_counts_on() {
    let terminal = with_key("waits");
    let died =
        terminal.run_dying("rotation-looked", &["keys", "rotate", "test", "waits", "--quiet-for", "10s"]);
    assert!(!died.status.success());
    assert_eq!(until_it_ended(&terminal)["end"], "revoked");
    assert!(works(&terminal, "waits"));
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn an_emergency_takes_seconds_and_waiting_is_no_failure() {
    let terminal = with_key("leaked");
    let began = Instant::now();
    let done = terminal.json(&["keys", "rotate", "test", "leaked", "--revoke", "now", "--yes"]);
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    assert_eq!(done["rotation"]["end"], "revoked");
    assert_eq!(active(&terminal, "leaked").len(), 1);

    let waits = terminal.json(&["keys", "rotate", "test", "leaked", "--expires", "30d"]);
    assert_eq!(waits["rotation"]["step"], "watching");
    let again = terminal.json(&["keys", "rotate", "--continue"]);
    let under_way = again["rotations"].as_array().unwrap().iter().filter(|it| it["end"].is_null());
    assert_eq!(under_way.count(), 1);
    assert_eq!(active(&terminal, "leaked").len(), 2);
    let back = terminal.json(&["keys", "rotate", "test", "leaked", "--back"]);
    assert_eq!(
        (&back["rotation"]["back"], &back["rotation"]["old"]["alias"]),
        (&json!(true), &json!("leaked"))
    );
    let leaving = back["rotation"]["new"]["id"].as_str().unwrap();
    terminal.json(&["keys", "rotate", "test", leaving, "--revoke", "now", "--yes"]);
    assert_eq!(active(&terminal, "leaked")[0]["id"], back["rotation"]["old"]["id"]);
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn two_computers_at_once_do_not_fight() {
    let one = with_key("shared");
    let key = String::from_utf8(one.run(&["keys", "print", "test", "shared"]).stdout).unwrap();
    let two = Terminal::signed_in(&server("main").url, "gamma");
    let pasted = two.run_with(&["sign-in", "test", "--api-key-stdin"], &key);
    assert!(pasted.status.success());
    let old = active(&one, "shared")[0]["id"].as_str().unwrap().to_owned();
    for terminal in [&one, &two] {
        let begun = terminal.json(&["keys", "rotate", "test", &old, "--quiet-for", "10s"]);
        assert_eq!(begun["rotation"]["step"], "watching");
    }
    let ends = [until_it_ended(&one)["end"].clone(), until_it_ended(&two)["end"].clone()];
    assert_eq!(ends, ["revoked", "revoked_elsewhere"]);
    assert!(two.run(&["keys", "list", "test"]).status.success(), "the sign-in went over to the new key");
    assert_eq!(active(&one, "shared").len(), 2, "one for each");
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn where_uses_cannot_be_seen_a_person_is_asked() {
    let public = server("public");
    let terminal = Terminal::signed_in(&public.url, "gamma");
    terminal.json(&["keys", "create", "test", "--name", "hidden", "--alias", "hidden"]);
    let begun = terminal.json(&["keys", "rotate", "test", "hidden", "--quiet-for", "10s"]);
    assert_eq!(begun["rotation"]["blind_spots"], json!(["public_role"]), "{begun}");

    let main = server("main");
    let stock = main.mcp(&["--mode", "stock", "--port", "0"]);
    let noting = main.mcp_url.clone().unwrap();
    for (url, blind) in [(&stock.url, json!(["mcp"])), (&noting, json!([]))] {
        let terminal = with_key("seen");
        terminal.json(&["instances", "mcp-url", "test", url]);
        let begun = terminal.json(&["keys", "rotate", "test", "seen", "--quiet-for", "10s"]);
        assert_eq!(begun["rotation"]["blind_spots"], blind, "{begun}");
        terminal.json(&["keys", "rotate", "test", "seen", "--keep-both"]);
    }

    // Long after it would have been quiet.
    std::thread::sleep(Duration::from_secs(11));
    terminal.json(&["keys", "rotate", "--continue"]);
    let waits = terminal.json(&["keys", "rotations", "test"])["rotations"][0].clone();
    assert_eq!((&waits["step"], &waits["problem"]), (&json!("watching"), &Value::Null), "{waits}");
    assert!(waits["watch"]["quiet"].as_u64().unwrap() >= 10, "{waits}");
    let done = terminal.json(&["keys", "rotate", "test", "hidden", "--accept-blind-spots"]);
    assert_eq!(done["rotation"]["end"], "revoked");
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn under_twenty_calls_a_second_none_is_lost() {
    let terminal = terminal(server("main"), "under-load");
    let mut bridge = Bridge::start(&terminal, &[]);
    bridge.ask(HELLO);
    bridge.say(INITIALIZED);
    let (is_over, sent, answered) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    let mut input = bridge.input.take().unwrap();
    let mut failed = Vec::new();
    let (moved_within, done) = std::thread::scope(|threads| {
        let (is_over, sent, answered, lines) = (&is_over, &sent, &answered, &mut bridge.lines);
        threads.spawn(move || {
            let began = Instant::now();
            let mut number = 0;
            while !is_over.load(Ordering::Relaxed) {
                if number - answered.load(Ordering::Relaxed) >= AT_ONCE {
                    // More than this server can do on this computer now.
                    std::thread::sleep(Duration::from_millis(5));
                    continue;
                }
                number += 1;
                let ask = json!({"jsonrpc": "2.0", "id": number, "method": "tools/list"});
                writeln!(input, "{ask}").unwrap();
                sent.store(number, Ordering::Relaxed);
                let next = began + Duration::from_millis(50) * u32::try_from(number).unwrap();
                std::thread::sleep(next.saturating_duration_since(Instant::now()));
            }
            input
        });
        let failed = &mut failed;
        threads.spawn(move || {
            let mut last = Instant::now();
            while !is_over.load(Ordering::Relaxed)
                || answered.load(Ordering::Relaxed) < sent.load(Ordering::Relaxed)
            {
                let Ok(line) = lines.recv_timeout(Duration::from_millis(100)) else {
                    assert!(last.elapsed() < LIMIT, "no answer any more");
                    continue;
                };
                last = Instant::now();
                let answer: Value = serde_json::from_str(&line).unwrap();
                answered.fetch_add(1, Ordering::Relaxed);
                if answer["result"]["tools"].as_array().is_none_or(Vec::is_empty) {
                    failed.push(line);
                }
            }
        });
        let waited = || {
            let before = sent.load(Ordering::Relaxed);
            let began = Instant::now();
            while sent.load(Ordering::Relaxed) < before + 20 && began.elapsed() < LIMIT {
                std::thread::sleep(Duration::from_millis(10));
            }
        };
        waited();
        let began = terminal.json(&["keys", "rotate", "test", "under-load", "--quiet-for", "10s"]);
        let done = until_it_ended(&terminal);
        waited();
        is_over.store(true, Ordering::Relaxed);
        (began, done)
    });
    let answered = answered.into_inner();
    assert!(failed.is_empty(), "{} of {answered} failed: {:?}", failed.len(), failed.first());
    assert_eq!(done["end"], "revoked", "{done}");
    assert_eq!(done["late_use"], false, "{done}");
    assert!(answered > 100, "{answered} calls");
    let used = active(&terminal, "under-load");
    assert_eq!(used[0]["id"], moved_within["rotation"]["new"]["id"]);
    assert!(
        used[0]["last_used"]["utc"].as_str()
            > done["decided"].as_str().map(|_| done["moved"].as_str().unwrap())
    );
    // Ten seconds of quiet were enough, so it let go of the old one at once.
    let quiet = done["watch"]["changes"].as_u64().unwrap();
    assert!(quiet <= 2, "looks that saw the old key used: {quiet}");
    terminal.json(&["keys", "revoke", "test", "under-load", "--yes"]);
}
