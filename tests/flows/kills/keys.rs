//! Creates, rotations, and keys that are forgotten.

use super::{Kills, SERVER, Victim, accounted, accounted_in, state_is_whole, text_of};
use crate::cli::Terminal;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A create that may still arrive is waited for, two minutes.
const LIMIT: Duration = Duration::from_secs(300);
const PAUSE: Duration = Duration::from_secs(2);

#[test]
#[ignore = "needs the real Superset: ./dev test flows, or kills"]
fn creates() {
    let mut kills = Kills::of("create", 200);
    let terminal = Terminal::signed_in(&SERVER.url, "alpha");
    let mut names = Vec::new();
    while let Some(number) = kills.next() {
        let name = format!("killed create {number}");
        let create = ["keys", "create", "test", "--name", &name, "--expires", "30d"];
        let ended = kills.run(&terminal, Victim::Command, &create, "");
        let told = kills.told(&name);
        let here = accounted(&terminal, &name, &told);
        assert!(here <= 1, "{told}: {here} keys");
        if ended.is_some_and(|ended| ended.status.success()) {
            assert_eq!(here, 1, "{told}");
        }
        terminal.json(&create);
        assert_eq!(accounted(&terminal, &name, &told), here + 1, "{told}: the same again");
        names.push(name);
    }
    // What reached the server late is named, too.
    let list = terminal.json(&["keys", "list", "test"]);
    for name in &names {
        accounted_in(&list, &terminal, name, &kills.told(name));
    }
}

fn rotations_under_way(terminal: &Terminal) -> usize {
    let state: Value = serde_json::from_str(&terminal.state()).unwrap();
    let rotations = state["instances"][0]["rotations"].as_array().cloned().unwrap_or_default();
    rotations.iter().filter(|rotation| rotation["end"].is_null()).count()
}

/// Why it does not work on the server, for somebody who has nothing but its text.
fn refused(terminal: &Terminal, alias: &str) -> Option<String> {
    let Some(text) = text_of(terminal, alias) else { return Some("its text is not here".to_owned()) };
    let other = Terminal::new();
    other.json(&["instances", "add", &SERVER.url, "--name", "Test"]);
    let signed_in = other.run_with(&["sign-in", "test", "--api-key-stdin"], &text);
    (!signed_in.status.success()).then(|| String::from_utf8_lossy(&signed_in.stderr).into_owned())
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows, or kills"]
fn rotations() {
    let mut kills = Kills::of("rotation", 120);
    let terminal = Terminal::signed_in(&SERVER.url, "gamma");
    let mut aliases = Vec::new();
    while let Some(number) = kills.next() {
        let alias = format!("killed-rotation-{number}");
        terminal.json(&["keys", "create", "test", "--name", &alias, "--alias", &alias]);
        kills.run(
            &terminal,
            Victim::Command,
            &["keys", "rotate", "test", &alias, "--revoke", "now", "--yes"],
            "",
        );
        let told = kills.told(&alias);
        state_is_whole(&terminal, &told);
        assert_eq!(refused(&terminal, &alias), None, "{told}: no key works");
        aliases.push(alias);
    }
    let began = Instant::now();
    loop {
        terminal.run(&["keys", "rotate", "--continue"]);
        if rotations_under_way(&terminal) == 0 {
            break;
        }
        assert!(began.elapsed() < LIMIT, "{}", terminal.json(&["keys", "rotations"]));
        std::thread::sleep(PAUSE);
    }
    let list = terminal.json(&["keys", "list", "test"]);
    for alias in &aliases {
        let told = kills.told(alias);
        assert_eq!(accounted_in(&list, &terminal, alias, &told), 1, "{told}: one key in the end");
        let rows = list["keys"].as_array().unwrap().iter();
        let rows: Vec<_> = rows.filter(|key| key["name"] == alias.as_str()).collect();
        assert_eq!(refused(&terminal, alias), None, "{told}: {rows:?}");
    }
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows, or kills"]
fn forgotten() {
    let mut kills = Kills::of("forget", 40);
    let terminal = Terminal::signed_in(&SERVER.url, "admin");
    terminal.json(&["keys", "create", "test", "--name", "stays", "--alias", "stays"]);
    let stays = text_of(&terminal, "stays").unwrap();
    while let Some(number) = kills.next() {
        let alias = format!("killed-forget-{number}");
        terminal.json(&["keys", "create", "test", "--name", &alias, "--alias", &alias]);
        let forget = ["keys", "forget", "test", &alias];
        kills.run(&terminal, Victim::Command, &forget, "");
        let told = kills.told(&alias);
        let list = terminal.json(&["keys", "list", "test"]);
        assert_eq!(list["unaccounted"], json!([]), "{told}: it was not lost");
        terminal.json(&forget);
        let list = terminal.json(&["keys", "list", "test"]);
        let row = list["keys"].as_array().unwrap().iter().find(|key| key["name"] == alias.as_str()).unwrap();
        assert_eq!((&row["presence"], &row["status"]), (&json!("not_here"), &json!("active")), "{told}");
        assert_eq!(text_of(&terminal, &alias), None, "{told}");
        assert_eq!(text_of(&terminal, "stays").as_ref(), Some(&stays), "{told}");
        state_is_whole(&terminal, &told);
    }
}
