//! A key may stand anywhere in an entry of ours. It is seen there, and does not stay.

use super::{Desk, by, prod, to};
use serde_json::{Value, json};
use superset_keys_core::clients::Delivery;
use superset_keys_core::ids::ApiKeyId;

/// As long and as mixed as Superset makes them; its last letters are those of the key `laptop`.
const WHOLE: &str = "sst_a8Zk3LmQ9rT2vX5yB7nC1dF4gH6jK0pW_e-uIoASQIS";
const URL: &str = "https://prod.example.com/mcp";

fn entries() -> Vec<Value> {
    let bearer = format!("Bearer {WHOLE}");
    let remote = |header: &str, env: Value| json!({ "command": "npx", "args": ["-y", "mcp-remote", URL, "--header", header], "env": env });
    vec![
        remote(
            "Authorization:${AUTH_HEADER}",
            json!({ "AUTH_HEADER": bearer, "NODE_EXTRA_CA_CERTS": "/etc/ssl/corp.pem" }),
        ),
        remote(
            "Authorization: Bearer ${TOKEN}",
            json!({ "TOKEN": WHOLE, "NODE_EXTRA_CA_CERTS": "/etc/ssl/corp.pem" }),
        ),
        remote(
            &format!("Authorization: bearer {WHOLE}"),
            json!({ "NODE_EXTRA_CA_CERTS": "/etc/ssl/corp.pem" }),
        ),
        remote(
            "X",
            json!({ "NODE_EXTRA_CA_CERTS": "/etc/ssl/corp.pem", "HEADERS": format!("{{\"authorization\":\"{bearer}\"}}") }),
        ),
        json!({ "url": URL, "headers": { "authorization": format!("BEARER {WHOLE}") }, "env": { "NODE_EXTRA_CA_CERTS": "/etc/ssl/corp.pem" } }),
        json!({ "url": URL, "headers": { "X-API-Key": WHOLE }, "env": { "NODE_EXTRA_CA_CERTS": "/etc/ssl/corp.pem" } }),
        json!({ "url": format!("{URL}?api_key={WHOLE}"), "type": "http", "env": { "NODE_EXTRA_CA_CERTS": "/etc/ssl/corp.pem" } }),
        json!({ "transport": { "type": "http", "url": URL, "headers": { "Authorization": bearer } }, "env": { "NODE_EXTRA_CA_CERTS": "/etc/ssl/corp.pem" } }),
        json!({ "command": "superset-keys", "args": ["bridge", "prod"], "env": { "AUTH_HEADER": bearer, "NODE_EXTRA_CA_CERTS": "/etc/ssl/corp.pem" } }),
        json!({ "command": "sh", "args": ["-c", format!("npx mcp-remote {URL} --header \"Authorization: Bearer {WHOLE}\"")], "env": { "NODE_EXTRA_CA_CERTS": "/etc/ssl/corp.pem" } }),
    ]
}

#[tokio::test]
async fn after_connecting_none_is_left_and_what_else_a_person_set_stays() {
    for entry in entries() {
        let desk = Desk::new();
        desk.put(".cursor/mcp.json", json!({ "mcpServers": { "superset": entry } }).to_string());
        let uses = |key: &str| desk.core.clients_that_use(&prod(), &ApiKeyId::new(key)).unwrap();
        assert_eq!(uses("7-laptop").len(), 1, "whose key it is shows: {entry}");
        let found = desk.core.find_clients(None).unwrap();
        let before =
            found.iter().flat_map(|found| &found.files).find_map(|file| file.entries.first()).unwrap();
        let bridged = entry["command"] == "superset-keys";
        let delivery = if bridged { Delivery::Bridge } else { Delivery::Plaintext };
        assert_eq!((before.holds_key, before.delivery), (true, Some(delivery)), "{entry}");

        desk.connect(&to("cursor")).await.unwrap();
        let file: Value = serde_json::from_str(&desk.text(".cursor/mcp.json")).unwrap();
        assert_eq!(
            file["mcpServers"]["superset"],
            json!({ "command": super::PROGRAM, "args": ["bridge", "prod"], "env": { "NODE_EXTRA_CA_CERTS": "/etc/ssl/corp.pem" } }),
            "{entry}"
        );
        let found = desk.core.find_clients(None).unwrap();
        let after =
            found.iter().flat_map(|found| &found.files).find_map(|file| file.entries.first()).unwrap();
        assert_eq!((after.holds_key, after.delivery), (false, Some(Delivery::Bridge)));
    }
}

#[tokio::test]
async fn the_same_for_every_client_whatever_it_calls_its_variables() {
    for (client, path, keys, env) in [
        ("opencode", ".config/opencode/opencode.json", ["mcp"].as_slice(), "environment"),
        ("kilo", ".config/kilo/kilo.jsonc", &["mcp"], "environment"),
        ("vscode", ".config/Code/User/mcp.json", &["servers"], "env"),
        ("claude-desktop", ".config/Claude/claude_desktop_config.json", &["mcpServers"], "env"),
        ("zed", ".config/zed/settings.json", &["context_servers"], "env"),
    ] {
        if cfg!(not(target_os = "linux")) {
            return;
        }
        let desk = Desk::new();
        let mut file =
            json!({ "command": "npx", "args": ["mcp-remote", URL], env: { "T": WHOLE, "KEEP": "me" } });
        file = json!({ "superset": file });
        for key in keys.iter().rev() {
            file = json!({ *key: file });
        }
        desk.put(path, file.to_string());
        desk.connect(&to(client)).await.unwrap();
        let text = desk.text(path);
        assert!(
            !text.contains(WHOLE) && text.contains("\"KEEP\": \"me\"") || text.contains("\"KEEP\":\"me\""),
            "{client}: {text}"
        );
    }
}

#[tokio::test]
async fn another_way_than_the_bridge_leaves_no_old_key_either() {
    for delivery in [Delivery::Variable, Delivery::Plaintext] {
        let desk = Desk::new();
        let entry =
            json!({ "command": "npx", "args": ["mcp-remote", URL], "env": { "T": WHOLE, "KEEP": "me" } });
        desk.put(".cursor/mcp.json", json!({ "mcpServers": { "superset": entry } }).to_string());
        desk.connect(&by("cursor", delivery)).await.unwrap();
        let text = desk.text(".cursor/mcp.json");
        assert!(
            !text.contains(WHOLE) && !text.contains("npx") && text.contains("KEEP"),
            "{delivery}: {text}"
        );
    }
}
