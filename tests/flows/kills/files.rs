//! The state of an earlier version.

use super::{Kills, Victim};
use crate::cli::Terminal;
use crate::server::root;
use serde_json::Value;

/// Of each instance its name and its keys.
fn named(state: &[u8]) -> Vec<(String, Vec<String>)> {
    let state: Value = serde_json::from_slice(state).unwrap();
    let instances = state["instances"].as_array().unwrap().iter();
    let keys = |instance: &Value| {
        let keys = instance["keys"].as_array().into_iter().flatten();
        keys.map(|key| key["id"].to_string()).collect()
    };
    instances.map(|instance| (instance["id"].to_string(), keys(instance))).collect()
}

#[test]
#[ignore = "only kills: ./dev test flows, or kills"]
fn migrations() {
    let mut kills = Kills::of("migration", 80);
    let first = std::fs::read(root().join("tests/fixtures/cli/state.json")).unwrap();
    let all = named(&first);
    while kills.next().is_some() {
        let terminal = Terminal::without_keychain();
        let config = terminal.home().join("config");
        std::fs::create_dir_all(&config).unwrap();
        let (state, kept) = (config.join("state.json"), config.join("state.version-1.json"));
        std::fs::write(&state, &first).unwrap();
        let rename = ["instances", "rename", "local", "Killed"];
        kills.run(&terminal, Victim::Command, &rename, "");
        let told = kills.told("");
        let content = std::fs::read(&state).unwrap();
        assert_eq!(named(&content), all, "{told}");
        let is_new = content != first;
        assert!(is_new || kept.exists() || content == first, "{told}");
        if is_new || kept.exists() {
            assert_eq!(std::fs::read(&kept).unwrap(), first, "{told}: what an older program needs");
        }
        terminal.json(&["instances", "rename", if is_new { "killed" } else { "local" }, "Killed"]);
        let content = std::fs::read(&state).unwrap();
        assert!(String::from_utf8_lossy(&content).contains("\"version\": 2"), "{told}");
        assert_eq!(named(&content), all, "{told}: the same again");
        assert_eq!(std::fs::read(&kept).unwrap(), first, "{told}: the same again");
    }
}
