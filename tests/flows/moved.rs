//! From API keys to OAuth on the real Superset, whose MCP server takes both: no client's file changes, no call is lost,
//! and the keys go when nobody uses them.

use crate::bridge::{Bridge, INITIALIZED, WHO, user};
use crate::oauth::Believed;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(60);
const HELLO: &str = r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"cursor-vscode","version":"1"}}}"#;

/// Keys and tokens, told apart by how Superset's keys begin.
const BOTH: &str = r"
_tokens = MCP_AUTH_FACTORY


def MCP_AUTH_FACTORY(app):
    import asyncio

    from fastmcp.server.auth import AccessToken, TokenVerifier

    tokens = _tokens(app)

    def owner(key):
        with app.app_context():
            user = app.appbuilder.sm.validate_api_key(key)
            return user.username if user else None

    class Both(TokenVerifier):
        async def verify_token(self, token):
            if not token.startswith('sst_'):
                return await tokens.verify_token(token)
            name = await asyncio.to_thread(owner, token)
            if name is None:
                return None
            return AccessToken(token=token, client_id='key', scopes=['mcp:read'], claims={'sub': name})

    return Both(required_scopes=['mcp:read'])
";

fn row<'a>(moving: &'a Value, client: &str) -> &'a Value {
    let rows = moving["moving"]["clients"].as_array().unwrap_or_else(|| panic!("{moving}"));
    rows.iter().find(|row| row["client"] == client).unwrap_or_else(|| panic!("{client} in {moving}"))
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn clients_change_from_keys_to_oauth_one_call_after_the_other() {
    let believed = Believed::new(&[], BOTH);
    let terminal = &believed.terminal;
    for alias in ["laptop", "of-cursor"] {
        terminal.json(&["keys", "create", "test", "--name", alias, "--alias", alias]);
    }
    let home = terminal.home().join(".cursor");
    std::fs::create_dir_all(&home).unwrap();
    terminal.json(&["connect", "cursor", "test", "--key", "of-cursor"]);
    let file = std::fs::read(home.join("mcp.json")).unwrap();
    believed.set(&["--client-id", "keys-desktop"]);

    let mut bridge = Bridge::start(terminal, &["--key", "of-cursor"]);
    bridge.ask(HELLO);
    bridge.say(INITIALIZED);
    assert_eq!(user(&bridge.ask(WHO)), "gamma");
    assert_eq!(
        terminal.refused(&["mcp-access", "move", "test", "oauth"]),
        ("no_oauth_sign_in".into(), 77),
        "nobody moves to what is not there"
    );
    believed.signed_in("gamma");
    let moving = terminal.json(&["mcp-access", "move", "test", "oauth", "--quiet-for", "10s"]);
    let cursor = row(&moving, "cursor");
    assert_eq!((&cursor["switch"], &cursor["proven"]), (&json!("by_itself"), &Value::Null), "{moving}");
    assert_eq!(moving["moving"]["blind_spots"], json!([]), "{moving}");
    assert_eq!(user(&bridge.ask(WHO)), "gamma");
    // Within a second it knows, and with this call it shows.
    let deadline = Instant::now() + LIMIT;
    loop {
        assert_eq!(user(&bridge.ask(WHO)), "gamma");
        let moving = terminal.json(&["mcp-access", "move", "test"]);
        if row(&moving, "cursor")["proven"]["handed"] == false {
            break;
        }
        assert!(Instant::now() < deadline, "{moving}");
    }
    loop {
        assert_eq!(user(&bridge.ask(WHO)), "gamma");
        let moving = terminal.json(&["mcp-access", "move", "test"]);
        if row(&moving, "cursor")["may_go"] == true {
            break;
        }
        assert!(Instant::now() < deadline, "{moving}");
        std::thread::sleep(Duration::from_millis(500));
    }
    for alias in ["of-cursor", "laptop"] {
        terminal.json(&["keys", "revoke", "test", alias, "--yes"]);
        assert_eq!(user(&bridge.ask(WHO)), "gamma", "without {alias}");
    }
    let mut begun = Bridge::start(terminal, &["--key", "of-cursor"]);
    begun.ask(HELLO);
    begun.say(INITIALIZED);
    assert_eq!(user(&begun.ask(WHO)), "gamma", "its entry names a key that is gone");
    assert_eq!(terminal.json(&["mcp-access", "move", "test"])["moving"]["done"], true);
    assert_eq!(std::fs::read(home.join("mcp.json")).unwrap(), file, "no file changed");

    terminal.json(&["mcp-access", "set", "test", "api-key"]);
    assert_eq!(terminal.json(&["mcp-access", "move", "test"])["moving"], Value::Null);
    assert_eq!(terminal.refused(&["headers", "test", "--key", "of-cursor"]).0, "key_unusable");
}
