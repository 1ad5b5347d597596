//! A key in an AI client's file goes into the keychain, and the client gets the bridge.

use crate::matching::{INSTANCE, record};
use crate::{Computer, KEY, OTHER};
use serde_json::json;
use superset_keys_core::ErrorCode;
use superset_keys_core::actions::{MovedKeyView, ScanRequest};
use superset_keys_core::error::KeychainProblem;
use superset_keys_core::ids::{ApiKeyId, InstanceId, SecretId};
use superset_keys_core::secrets::SecretStore;

const PROGRAM: &str = "/usr/bin/superset-keys";

fn entry(key: &str) -> String {
    let header = format!("Bearer {key}");
    json!({"mcpServers": {"other": {}, "superset": {"url": "https://bi.example.com/mcp", "headers": {"Authorization": header}}}})
        .to_string()
}

impl Computer {
    /// One that knows `laptop`, whose text the keychain has.
    fn with_laptop() -> Self {
        let instance = json!({"id": INSTANCE, "short_name": "production", "name": "production", "url": "https://bi.example.com",
            "mcp_url": "https://bi.example.com/mcp", "keys": [record("laptop", "sst_…DlPI")]});
        let computer = Self::with(&json!({"version": 1, "instances": [instance]}));
        computer.keep("laptop", KEY);
        computer
    }

    async fn moved(&self) -> Vec<MovedKeyView> {
        let request = ScanRequest { paths: Vec::new(), usual: true, current: None };
        let scan = self.core.scan(request).await.unwrap();
        self.core.move_found_keys(&scan, PROGRAM).await.unwrap()
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.tree.path().join(name)).unwrap()
    }
}

#[tokio::test]
async fn the_key_leaves_the_file_and_undoing_brings_it_back() {
    let computer = Computer::with_laptop();
    computer.tree.write(".cursor/mcp.json", entry(KEY));
    computer.tree.write(".bashrc", format!("export TOKEN={KEY}\n"));
    let moved = computer.moved().await;
    let [cursor] = moved.as_slice() else { panic!("{moved:#?}") };
    assert_eq!((cursor.client.as_str(), cursor.problem), ("cursor", None));
    assert!(cursor.written.as_ref().unwrap().backup.is_some());
    assert!(!format!("{moved:?}").contains(&KEY[8..30]));
    let file = computer.read(".cursor/mcp.json");
    assert!(!file.contains(KEY) && file.contains("\"bridge\"") && file.contains("\"other\""), "{file}");
    assert!(file.contains("\"laptop\""), "the same key as before, whatever the default is: {file}");
    assert!(computer.read(".bashrc").contains(KEY), "what else holds it is for a person to change");
    computer.core.restore_client("cursor").await.unwrap();
    assert_eq!(computer.read(".cursor/mcp.json"), entry(KEY));
}

#[tokio::test]
async fn only_a_key_that_is_known_can_be_moved_and_only_out_of_a_clients_file() {
    let computer = Computer::with_laptop();
    computer.tree.write(".cursor/mcp.json", entry(KEY));
    computer.tree.write(".env", format!("K={KEY}\n"));
    computer.tree.write(".gemini/settings.json", entry(OTHER));
    let request = ScanRequest { paths: Vec::new(), usual: true, current: None };
    let view = computer.show(&computer.core.scan(request).await.unwrap());
    let spots = view.keys.iter().flat_map(|key| &key.spots);
    let mut movable: Vec<_> = spots.map(|spot| (spot.shown.as_str(), spot.movable)).collect();
    movable.sort_unstable();
    assert_eq!(
        movable,
        [("~/.cursor/mcp.json", true), ("~/.env", false), ("~/.gemini/settings.json", false)]
    );
}

#[tokio::test]
async fn a_file_that_alone_still_has_the_key_fills_the_keychain_first() {
    let computer = Computer::with_laptop();
    computer.tree.write(".cursor/mcp.json", entry(KEY));
    computer.scan().await; // Fingerprints what is known.
    let laptop = SecretId::api_key(&InstanceId::from(INSTANCE.to_owned()), &ApiKeyId::new("laptop"));
    computer.keychain.delete(&laptop).unwrap();
    let moved = computer.moved().await;
    assert_eq!(moved[0].problem, None, "{moved:#?}");
    assert!(computer.keychain.get(&laptop).unwrap().is_some());
    assert!(!computer.read(".cursor/mcp.json").contains(KEY));
}

#[tokio::test]
async fn what_nobody_here_knows_and_what_stands_elsewhere_in_the_file_stays() {
    let computer = Computer::with_laptop();
    computer.tree.write(".cursor/mcp.json", entry(OTHER));
    let note = format!("{{\"note\": \"{KEY}\", \"mcpServers\": {{}}}}");
    computer.tree.write(".gemini/settings.json", &note);
    let moved = computer.moved().await;
    let problem = |client: &str| moved.iter().find(|moved| moved.client == client).unwrap().problem;
    assert_eq!(problem("cursor"), Some(ErrorCode::NoSuchKey));
    assert_eq!(computer.read(".cursor/mcp.json"), entry(OTHER));
    assert_eq!(problem("gemini"), Some(ErrorCode::NotConnected));
    assert_eq!(computer.read(".gemini/settings.json"), note);
}

#[tokio::test]
async fn a_key_beside_the_entry_is_never_called_moved_nor_the_entry_left() {
    let around = |before: bool| {
        let (note, entry) = (json!({"note": KEY}).to_string(), entry(KEY));
        let (note, entry) = (&note[1..note.len() - 1], &entry[1..entry.len() - 1]);
        if before { format!("{{{note},{entry}}}") } else { format!("{{{entry},{note}}}") }
    };
    for before in [true, false] {
        let computer = Computer::with_laptop();
        computer.tree.write(".cursor/mcp.json", around(before));
        let request = ScanRequest { paths: Vec::new(), usual: true, current: None };
        let scan = computer.core.scan(request).await.unwrap();
        let (note, inside) = if before { (0, 1) } else { (1, 0) };
        let moved = computer.core.move_found_key(&scan, (0, note), PROGRAM).await.unwrap().unwrap();
        assert_eq!(moved.problem, Some(ErrorCode::NotConnected), "{moved:?}");
        assert_eq!(computer.read(".cursor/mcp.json"), around(before), "nothing was done");
        let moved = computer.core.move_found_key(&scan, (0, inside), PROGRAM).await.unwrap().unwrap();
        assert!(moved.written.is_some(), "{moved:?}");
        assert_eq!(computer.read(".cursor/mcp.json").matches(KEY).count(), 1);
    }
}

#[tokio::test]
async fn a_locked_keychain_is_why_a_key_that_looks_known_stays() {
    let computer = Computer::with_laptop();
    computer.tree.write(".cursor/mcp.json", entry(KEY));
    computer.keychain.fail_with(Some(KeychainProblem::Locked));
    let moved = computer.moved().await;
    assert_eq!(moved[0].problem, Some(ErrorCode::KeychainLocked), "{moved:#?}");
    assert_eq!(computer.read(".cursor/mcp.json"), entry(KEY));
}

/// Wherever the client keeps the entry, and wherever in the entry the key stands.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_key_is_moved_from_each_place_a_client_reads_and_from_anywhere_in_the_entry() {
    let url = "https://bi.example.com/mcp";
    let by_header = json!({"superset": {"type": "http", "url": url, "headers": {"Authorization": format!("Bearer {KEY}")}}});
    let by_variable = json!({"mine": {"command": "npx", "args": ["mcp-remote", url, "--header", "Authorization: Bearer ${TOKEN}"],
        "env": {"TOKEN": KEY, "NODE_EXTRA_CA_CERTS": "/c.pem"}}});
    // What another way has left there. This installation has a home of its own.
    let left = json!({"superset": {"command": "superset-keys", "args": ["--home", "HOME", "bridge", "production"], "env": {"T": KEY}}});
    for (path, file) in [
        (".claude.json", json!({"projects": {"/home/jane/report": {"mcpServers": by_header}}})),
        (".config/Code/User/profiles/1f/mcp.json", json!({"servers": by_header})),
        (".var/app/com.visualstudio.code/config/Code/User/mcp.json", json!({"servers": by_variable})),
        (
            ".opencode/opencode.json",
            json!({"mcp": {"s": {"type": "remote", "url": format!("{url}?token={KEY}")}}}),
        ),
        (".cursor/mcp.json", json!({"mcpServers": by_variable})),
        (".cursor/mcp.json", json!({"mcpServers": left})),
    ] {
        let computer = Computer::with_laptop();
        let home = computer.core.store().places().namespace.clone().unwrap_or_default();
        computer.tree.write(path, file.to_string().replace("HOME", &home));
        let moved = computer.moved().await;
        let [one] = moved.as_slice() else { panic!("{path}: {moved:#?}") };
        assert_eq!((one.problem, one.path.as_str()), (None, format!("~/{path}").as_str()), "{file}");
        let now = computer.read(path);
        assert!(!now.contains(KEY) && now.contains("\"bridge\""), "{path}: {now}");
        assert_eq!(
            now.contains("NODE_EXTRA_CA_CERTS"),
            file.to_string().contains("NODE_EXTRA_CA_CERTS"),
            "{now}"
        );
    }
}

/// The same key in two entries of one file: each is moved by itself.
#[tokio::test]
async fn of_two_entries_for_one_instance_the_one_with_the_key_is_changed() {
    let computer = Computer::with_laptop();
    let header = format!("Bearer {KEY}");
    let first = json!({"url": "https://bi.example.com/mcp"});
    let second = json!({"url": "https://bi.example.com/mcp", "headers": {"Authorization": header}});
    computer
        .tree
        .write(".cursor/mcp.json", json!({"mcpServers": {"first": first, "second": second}}).to_string());
    let moved = computer.moved().await;
    assert_eq!(moved[0].written.as_ref().map(|written| written.entry.as_str()), Some("second"), "{moved:#?}");
    let file: serde_json::Value = serde_json::from_str(&computer.read(".cursor/mcp.json")).unwrap();
    assert_eq!(file["mcpServers"]["first"], first);
}
