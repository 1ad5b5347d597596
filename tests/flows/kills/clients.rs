//! AI clients' files, with somebody else's entries in them.

use super::{Kills, SERVER, Victim, state_is_whole, text_of};
use crate::cli::Terminal;
use crate::server::root;
use std::path::PathBuf;

const CLIENTS: [(&str, &str, &str); 3] = [
    ("cursor", ".cursor/mcp.json", "cursor.json"),
    ("codex", ".codex/config.toml", "codex.toml"),
    ("goose", ".config/goose/config.yaml", "goose.yaml"),
];

/// One client's file, and every whole content that it may have.
struct Client {
    name: &'static str,
    path: PathBuf,
    bridge: Vec<u8>,
    plaintext: Option<Vec<u8>>,
    without: Vec<Vec<u8>>,
}

impl Client {
    fn learned(terminal: &Terminal, (name, path, given): (&'static str, &str, &str)) -> Self {
        let path = terminal.home().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::copy(root().join("tests/fixtures/connect/given").join(given), &path).unwrap();
        let content = || std::fs::read(&path).unwrap();
        let mut without = vec![content()];
        terminal.json(&["connect", name, "test"]);
        let bridge = content();
        terminal.json(&["disconnect", name, "test"]);
        without.push(content());
        let connected = terminal.run(&["connect", name, "test", "--delivery", "plaintext"]);
        let plaintext = connected.status.success().then(&content);
        if plaintext.is_some() {
            terminal.json(&["disconnect", name, "test"]);
            without.push(content());
        }
        assert!(without.iter().all(|content| !contains(content, "superset")), "{name}");
        for connected in plaintext.iter().chain([&bridge]) {
            assert!(contains(connected, "mcp-server-fetch"), "{name}: somebody else's entry");
        }
        Self { name, path, bridge, plaintext, without }
    }

    fn content(&self) -> Vec<u8> {
        std::fs::read(&self.path).unwrap()
    }

    fn is_whole(&self) -> bool {
        let content = self.content();
        self.without.iter().chain(&self.plaintext).chain([&self.bridge]).any(|one| *one == content)
    }
}

fn contains(content: &[u8], text: &str) -> bool {
    String::from_utf8_lossy(content).contains(text)
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows, or kills"]
fn client_files() {
    let mut kills = Kills::of("client's file", 160);
    let terminal = Terminal::signed_in(&SERVER.url, "alpha");
    terminal.json(&["instances", "mcp-url", "test", "http://127.0.0.1:9/mcp"]);
    terminal.json(&["keys", "create", "test", "--name", "connected", "--alias", "connected"]);
    let key = text_of(&terminal, "connected").unwrap();
    let clients = CLIENTS.map(|client| Client::learned(&terminal, client));
    while kills.next().is_some() {
        let client = &clients[usize::try_from(kills.below(3)).unwrap()];
        let mut all = vec![
            vec!["connect", client.name, "test"],
            vec!["disconnect", client.name, "test"],
            vec!["restore", client.name],
        ];
        if client.plaintext.is_some() {
            all.push(vec!["connect", client.name, "test", "--delivery", "plaintext"]);
        }
        let arguments = all[usize::try_from(kills.below(all.len() as u64)).unwrap()].clone();
        let before = client.content();
        kills.run(&terminal, Victim::Command, &arguments, "");
        let told = kills.told(&format!("{arguments:?}"));
        let after = client.content();
        assert!(client.is_whole(), "{told}: {}", String::from_utf8_lossy(&after));
        let again = terminal.run(&arguments);
        assert!(client.is_whole(), "{told}: the same again");
        let is_done = match (arguments[0], arguments.len()) {
            ("connect", 3) => client.content() == client.bridge,
            ("connect", _) => Some(client.content()) == client.plaintext,
            ("disconnect", _) => client.without.contains(&client.content()),
            // What was left to be given back.
            _ => again.status.success() || client.content() == after,
        };
        assert!(is_done, "{told}: {again:?}, before {}", String::from_utf8_lossy(&before));
        assert_eq!(text_of(&terminal, "connected").as_ref(), Some(&key), "{told}");
        state_is_whole(&terminal, &told);
    }
}
