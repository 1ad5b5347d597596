//! What a person and their AI clients do with secrets, one after the other.

use crate::dashboard::{Dashboard, Rest, SALES, Tables};
use crate::room::Room;
use crate::server::{password as password_of, root};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use superset_keys_core::clients::CLIENTS;
use superset_keys_core::ids::SecretId;

const USER: &str = "gamma";
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 Version/60.5 Safari/605.1.15";
const WAYS: [&str; 5] = ["bridge", "helper", "variable", "prompt", "plaintext"];

pub fn password(room: &mut Room) {
    let (url, mcp) = (room.server.url.clone(), room.server.mcp_url.clone().unwrap());
    room.done("add", &["instances", "add", &url, "--name", "Test", "--mcp-url", &mcp], None);
    room.knows("password", &password_of(USER));
    let words = ["sign-in", "test", "--username", USER, "--password-stdin"];
    room.run_with("sign-in-wrong", &words, Some("wrong-canary-4Tz9"), None);
    room.knows("wrong password", "wrong-canary-4Tz9");
    room.done("sign-in", &words, Some(&password_of(USER)));
    room.knows_of_the_keychain("refresh token", SecretId::refresh_token);
}

pub fn keys(room: &mut Room) {
    room.done("create", &["keys", "create", "test", "--name", "laptop", "--alias", "laptop"], None);
    let key = room.done("print", &["keys", "print", "test", "laptop"], None);
    assert!(key.starts_with("sst_"), "{}", key.len());
    room.knows("key: laptop", &key[4..]);
    room.data("print-json", &["keys", "print", "test", "laptop"]);
    let shown = room.done(
        "create-show",
        &["keys", "create", "test", "--name", "shown", "--alias", "shown", "--show"],
        None,
    );
    let shown = shown.split_whitespace().find(|word| word.starts_with("sst_") && word.len() > 40).unwrap();
    room.knows("key: shown", &shown.trim_end_matches('.')[4..]);
    // Without a screen there is no clipboard, and what is said of that is searched as well.
    room.run("copy", &["keys", "copy", "test", "laptop"]);
    room.data("list", &["keys", "list", "test"]);
    room.done("list-text", &["keys", "list", "test"], None);
}

pub fn vault(room: &mut Room) {
    let [first, next, export] = ["vault-canary-8Kd3Qm", "another-canary-5Rw7Tz", "export-canary-2Hx6Vn"];
    for (name, passphrase) in
        [("passphrase", first), ("next passphrase", next), ("export passphrase", export)]
    {
        room.knows(name, passphrase);
    }
    room.done("vault-create", &["vault", "create", "--passphrase-stdin"], Some(first));
    room.done("vault-move-in", &["vault", "move-in"], None);
    room.done("headers", &["headers", "test", "--key", "laptop"], None);
    room.done("vault-lock", &["vault", "lock"], None);
    room.run("vault-locked", &["headers", "test", "--key", "laptop"]);
    let unlock = ["vault", "unlock", "--passphrase-stdin"];
    room.run_with("vault-wrong", &unlock, Some(next), None);
    room.done("vault-unlock", &unlock, Some(first));
    let both = format!("{first}\n{next}\n");
    let passphrase = ["vault", "passphrase", "--passphrase-stdin"];
    room.run_with("vault-dies", &passphrase, Some(&both), Some("vault-copied"));
    room.done("vault-passphrase", &passphrase, Some(&both));
    let file = room.person().join("keys.vault");
    let file = file.to_str().unwrap();
    room.done("vault-export", &["vault", "export", file, "--passphrase-stdin"], Some(export));
    room.done("vault-import", &["vault", "import", file, "--passphrase-stdin"], Some(export));
    room.done("vault-status", &["vault", "status"], None);
    room.done("vault-move-out", &["vault", "move-out"], None);
    room.done("vault-end", &["vault", "lock"], None);
}

pub fn handed_out(room: &mut Room) {
    room.done("headers", &["headers", "test"], None);
    room.done("exec", &["exec", "test", "--", "sleep", "0.3"], None);
    room.run("exec-missing", &["exec", "test", "--", "no-such-program-here"]);
    let mut command = room.command();
    let mut bridge = command
        .args(["-vvv", "bridge", "test"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = bridge.stdin.take().unwrap();
    let mut lines = BufReader::new(bridge.stdout.take().unwrap()).lines();
    let mut said = String::new();
    for (number, message) in [
        json!({"method": "initialize", "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}}),
        json!({"method": "tools/list"}),
        json!({"method": "tools/call", "params": {"name": "get_instance_info", "arguments": {"request": {}}}}),
        json!({"method": "tools/call", "params": {"name": "no_such_tool", "arguments": {}}}),
    ]
    .into_iter()
    .enumerate()
    {
        let mut message = message;
        (message["jsonrpc"], message["id"]) = (json!("2.0"), json!(number));
        writeln!(input, "{message}").unwrap();
        said += &lines.next().unwrap().unwrap();
    }
    writeln!(input, "{{not a message").unwrap();
    said += &lines.next().unwrap().unwrap();
    drop(input);
    let output = bridge.wait_with_output().unwrap();
    room.keep("bridge", "out", said.as_bytes());
    room.keep("bridge", "err", &output.stderr);
}

pub fn snippets(room: &mut Room) {
    let mut plain = 0;
    for client in CLIENTS {
        for way in WAYS {
            for form in ["config", "command", "link"] {
                let name = format!("snippet-{way}-{}-{form}", client.id);
                let words = ["snippet", client.id, "test", "--delivery", way, "--as", form];
                let answer = room.run(&name, &words);
                plain += u32::from(answer.status.success() && way == "plaintext" && form == "config");
            }
            // A program's one call holds as much: no more of them for each.
            if way != "plaintext" && client.id != CLIENTS[0].id {
                break;
            }
        }
    }
    assert!(plain > 0 || CLIENTS.is_empty());
}

pub fn clients(room: &mut Room) {
    let mut connected = 0;
    for client in ["cursor", "claude-code", "codex", "vscode", "gemini", "zed", "continue", "goose"] {
        for way in WAYS {
            let words = ["connect", client, "test", "--delivery", way];
            room.run(&format!("dry-run-{client}"), &[&words[..], &["--dry-run"]].concat());
            if !room.run(&format!("connect-{client}-{way}"), &words).status.success() {
                continue;
            }
            connected += 1;
            if way == "plaintext" {
                room.keep_files_with_plaintext(client);
            }
        }
        // Back to the bridge: what stood there is in a backup, and its key is not.
        room.done(&format!("again-{client}"), &["connect", client, "test"], None);
        room.run(&format!("restore-dry-{client}"), &["restore", client, "--dry-run"]);
        room.run(&format!("restore-{client}"), &["restore", client]);
        room.done(&format!("once-more-{client}"), &["connect", client, "test", "--delivery", "bridge"], None);
        room.done(&format!("disconnect-{client}"), &["disconnect", client, "test"], None);
    }
    room.data("clients", &["clients", "--all"]);
    assert!(connected > 16, "{connected}");
}

pub fn scan(room: &mut Room) {
    room.done("scan-connect", &["connect", "cursor", "test", "--delivery", "plaintext"], None);
    let work = room.person().join("work");
    fs::create_dir_all(&work).unwrap();
    let env = work.join(".env");
    fs::write(&env, format!("SUPERSET_API_KEY=sst_{}\n", room.secret("key: laptop"))).unwrap();
    let work = work.display().to_string();
    room.run("scan", &["scan", &work]);
    room.run("scan-json", &["--json", "scan", &work]);
    room.run("scan-move", &["scan", "--move"]);
    fs::remove_file(env).unwrap();
    room.done("scan-disconnect", &["disconnect", "cursor", "test"], None);
}

pub fn looked_at(room: &mut Room) {
    for (name, words) in [
        ("checkup", &["checkup", "test"][..]),
        ("checkup-json", &["--json", "checkup", "test"]),
        ("audit", &["audit", "test"]),
        ("report", &["report", "make", "test"]),
        ("record", &["--json", "record", "list"]),
        ("record-export", &["record", "export"]),
        ("verify", &["record", "verify"]),
        ("activity", &["--json", "activity"]),
        ("instances", &["--json", "instances", "list"]),
        ("settings", &["--json", "settings"]),
        ("access", &["--json", "mcp-access", "show", "test"]),
        ("prove", &["--json", "mcp-access", "prove", "test"]),
    ] {
        room.run(name, words);
    }
}

pub fn rotation(room: &mut Room) {
    room.run("rotate", &["--json", "keys", "rotate", "test", "laptop", "--revoke", "now", "--yes"]);
    let key = room.done("print", &["keys", "print", "test", "laptop"], None);
    assert_ne!(&key[4..], room.secret("key: laptop"), "it was replaced");
    room.knows("key: laptop, replaced", &key[4..]);
    room.run("rotations", &["--json", "keys", "rotations", "test"]);
}

pub fn deaths(room: &mut Room) {
    for place in ["create-answered", "create-stored", "create-recorded", "deed-written", "deed-noted"] {
        let name = format!("died-{place}");
        let died = room.run_with(&name, &["keys", "create", "test", "--name", &name], None, Some(place));
        assert!(!died.status.success(), "{place}");
        room.data("list-after", &["keys", "list", "test"]);
    }
    let list = room.data("list", &["keys", "list", "test"]);
    for key in list["keys"].as_array().unwrap().iter().filter(|key| key["presence"] == "keychain") {
        let (id, alias) = (key["id"].as_str().unwrap(), key["alias"].as_str().unwrap_or_default());
        if alias.starts_with("died") {
            let text = room.done("print", &["keys", "print", "test", id], None);
            room.knows(&format!("key: {alias}"), &text[4..]);
        }
    }
    let verified = room.data("verify-after-deaths", &["record", "verify"]);
    assert_eq!(verified["state"], "holds", "{verified}");
}

pub fn signing(room: &mut Room) {
    let secret = "canary-3Kd8Vn1Yb6Xq4Zt9Mf2Rw7Lh5Pc0Gs-signing";
    room.knows("signing secret", secret);
    room.done("signing-create", &["signing", "create", "test", "--secret-stdin"], Some(secret));
    room.done("signing-config", &["signing", "config", "test"], None);
    room.done("signing-lines", &["signing", "config", "test", "--with-secret"], None);
    let minted = room.done("mint", &["--json", "tokens", "mint", "test", "--user", USER], None);
    let minted: Value = serde_json::from_str(&minted).unwrap();
    let token = minted["data"]["token"].as_str().unwrap_or_else(|| panic!("a token")).to_owned();
    room.knows("minted token", token.rsplit('.').next().unwrap());
    room.run_with("inspect", &["--json", "tokens", "inspect", "test", "--token-stdin"], Some(&token), None);
    room.run("signed-access", &["--json", "mcp-access", "set", "test", "signed", "--user", USER]);
    room.done("signing-forget", &["signing", "forget", "test"], None);
}

/// A guest's token that no server has signed, and an account that may mint none.
pub fn guests(room: &mut Room) {
    let claims = "eyJ1c2VyIjp7InVzZXJuYW1lIjoiamFuZSJ9LCJyZXNvdXJjZXMiOlt7InR5cGUiOiJkYXNoYm9hcmQiLCJpZCI6IjYwNWRjNTQ3\
        LWJmMjEtNGY2Zi05NWZjLTZjMGVmODAyYThlZiJ9XSwicmxzX3J1bGVzIjpbeyJjbGF1c2UiOiJvcmcgPSAxIn1dLCJpYXQiOjE5\
        MDAwMDAwMDAuMjUsImV4cCI6MTkwMDAwMDMwMC4yNSwiYXVkIjoiaHR0cDovLzAuMC4wLjA6ODA4MC8iLCJ0eXBlIjoiZ3Vlc3Qi\
        fQ";
    let signature = "canary-2Lm7Qx9Wv4Rt1Zb5Nc8Hd3Jf6Kg0Ps2Ty4Ua9";
    room.knows("guest token", signature);
    let token = format!("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.{claims}.{signature}");
    for (name, words) in [
        ("guest-inspect-alone", &["guest-token", "inspect"][..]),
        ("guest-inspect", &["guest-token", "inspect", "test"]),
        ("guest-inspect-json", &["--json", "guest-token", "inspect", "test"]),
    ] {
        room.done(name, words, Some(&token));
    }
    let broken = format!("{token}.more");
    room.run_with("guest-inspect-broken", &["guest-token", "inspect", "test"], Some(&broken), None);
    let at = ["test", "--dashboard", "Sales", "--rls", "org = :org", "--value", "org=x"];
    room.run("guest-mint", &[&["--json", "guest-token", "mint"][..], &at].concat());
    room.run("guest-prove", &[&["guest-token", "prove"][..], &at].concat());
    guests_that_are_let_in(room);
}

/// A token that a server has signed, and a key that mints.
fn guests_that_are_let_in(room: &mut Room) {
    let url = room.embedding.url.clone();
    let admin = Rest::signed_in(&url, "admin");
    let tables = Tables::made(&admin, SALES, &["sales"]);
    Dashboard::embedded(&admin, "Sales", &tables, &["https://app.example.com"]);
    let add = ["instances", "add", &url, "--name", "Embedding", "--username", "admin"];
    room.done("embedding-add", &add, None);
    let sign_in = ["sign-in", "embedding", "--password-stdin"];
    room.done("embedding-sign-in", &sign_in, Some(&password_of("admin")));
    let at = ["embedding", "--dashboard", "Sales", "--rls", "org = :org", "--number", "org=1"];
    let token = room.done("guest-minted", &[&["guest-token", "mint"][..], &at].concat(), None);
    room.knows("minted guest token", token.rsplit('.').next().unwrap());
    let inspect = ["--json", "guest-token", "inspect", "embedding"];
    room.done("guest-minted-inspect", &inspect, Some(&token));
    room.run("guest-minted-prove", &[&["--json", "guest-token", "prove"][..], &at].concat());
    let check = ["embed", "check", "embedding", "Sales", "--origin", "https://app.example.com"];
    room.run("embed-check", &check);
    let minter =
        room.data("embed-minter", &["embed", "minter", "embedding", "--username", "minter", "--yes"]);
    let alias = minter["alias"].as_str().expect("an alias");
    let key = room.done("print", &["keys", "print", "embedding", alias], None);
    room.knows("key: minter", &key[4..]);
    for language in ["html", "python", "curl"] {
        room.done("embed-snippet", &["embed", "snippet", "embedding", "Sales", language], None);
    }
    room.done("embedding-remove", &["instances", "remove", "embedding", "--forget-keys"], None);
}

pub fn oauth(room: &mut Room) {
    let secret = "secret for tests: a+b";
    room.knows("oauth client secret", secret);
    let resource = room.server.mcp_url.clone().unwrap();
    let mut provider = Command::new("node")
        .arg(root().join("tests/oauth/provider.mjs"))
        .args(["--resource", &resource])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(provider.stdout.take().unwrap()).lines();
    let first: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    let issuer = first["issuer"].as_str().unwrap().to_owned();
    let words = [
        "oauth",
        "set",
        "test",
        "--issuer",
        &issuer,
        "--client-id",
        "gamma",
        "--client-secret-stdin",
        "--scope",
        "mcp:read",
        "--grant",
        "client-credentials",
    ];
    room.done("oauth-set", &words, Some(secret));
    room.done("oauth-sign-in", &["--json", "oauth", "sign-in", "test"], None);
    room.knows_of_the_keychain("oauth access token", SecretId::oauth_access);
    room.run("oauth-status", &["--json", "oauth", "status", "test"]);
    room.run("oauth-refused", &["--json", "mcp-access", "set", "test", "oauth"]);
    room.done("oauth-access", &["--json", "mcp-access", "set", "test", "oauth", "--unproven"], None);
    room.done("headers-oauth", &["headers", "test"], None);
    room.done("back-to-keys", &["mcp-access", "set", "test", "api-key"], None);
    room.done("oauth-sign-out", &["--json", "oauth", "sign-out", "test"], None);
    let _ = provider.kill();
    let _ = provider.wait();
    room.run_with("oauth-away", &words, Some(secret), None);
}

pub fn sign_in_with_key(room: &mut Room) {
    let key = format!("sst_{}", room.secret("key: shown"));
    room.done("sign-in-key", &["--json", "sign-in", "test", "--api-key-stdin"], Some(&key));
    room.data("list", &["keys", "list", "test"]);
    let wrong = "sst_canary-9Xw2Lm4Qt7Rv1Zb5Nc8Hd3Jf6Kg0Ps2Ty";
    room.knows("key that nobody made", &wrong[4..]);
    room.run_with("sign-in-wrong-key", &["--json", "sign-in", "test", "--api-key-stdin"], Some(wrong), None);
}

pub fn cookie(room: &mut Room) {
    let cookie = room.server.cookie(USER, BROWSER);
    room.knows("cookie", cookie.rsplit('=').next().unwrap());
    let words = ["--json", "sign-in", "test", "--session-cookie-stdin"];
    let signed_in = room.run_with("sign-in-cookie", &words, Some(&cookie), None);
    let answer: Value = serde_json::from_slice(&signed_in.stdout).unwrap_or_default();
    if let Some(own) = answer["data"]["own_key"].as_str() {
        let text = room.done("print", &["keys", "print", "test", own], None);
        room.knows("key: this computer's own", &text[4..]);
    }
    let wrong = "session=.eJwcanary-7Rv1Zb5Nc8Hd3Jf6Kg0Ps2Ty4Ua9V";
    room.knows("cookie that nobody gave", &wrong[12..]);
    room.run_with("sign-in-wrong-cookie", &words, Some(wrong), None);
}

pub fn errors(room: &mut Room) {
    room.server.stop();
    for (name, words) in [
        ("away-list", &["--json", "keys", "list", "test"][..]),
        ("away-create", &["--json", "keys", "create", "test", "--name", "never"]),
        ("away-checkup", &["--json", "checkup", "test"]),
        ("away-revoke", &["--json", "keys", "revoke", "test", "laptop", "--yes"]),
        ("away-report", &["--json", "report", "make", "test"]),
    ] {
        room.run(name, words);
    }
    let words = ["--json", "sign-in", "test", "--username", USER, "--password-stdin"];
    room.run_with("away-sign-in", &words, Some(&password_of(USER)), None);
    // A key among the arguments is refused, and not repeated. The watch sees it there, so it is another one.
    room.server.start_again();
}

pub fn ends(room: &mut Room) {
    room.run("revoke", &["--json", "keys", "revoke", "test", "laptop", "--yes"]);
    room.run("forget", &["--json", "keys", "forget", "test", "shown"]);
    room.done("sign-out", &["--json", "sign-out", "test"], None);
    let removed = room.done("remove", &["--json", "instances", "remove", "test", "--forget-keys"], None);
    assert!(removed.contains("forgotten_keys"), "{removed}");
    let verified = room.data("verify-at-the-end", &["record", "verify"]);
    assert_eq!(verified["state"], "holds", "{verified}");
}
