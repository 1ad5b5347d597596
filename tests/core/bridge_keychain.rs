//! The bridge on a real keychain that is locked when an AI client starts it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[cfg(not(target_os = "linux"))]
#[test]
fn skipped() {
    println!("skipped: only on Linux can a keychain be started apart from the person's own");
}

#[cfg(target_os = "linux")]
#[allow(dead_code, reason = "shared with tests that look closer")]
mod canned_server;
#[cfg(target_os = "linux")]
#[allow(dead_code, reason = "shared with the keychain's own tests")]
mod private_session;

#[cfg(target_os = "linux")]
mod linux {
    use crate::canned_server::{CannedServer, Reply};
    use crate::private_session::{inside, lock, unlock_by_other_means};
    use serde_json::{Value, json};
    use std::sync::Arc;
    use std::time::Duration;
    use superset_keys_core::actions::BridgeRequest;
    use superset_keys_core::ids::{ApiKeyId, SecretId};
    use superset_keys_core::mcp::Voice;
    use superset_keys_core::places::Places;
    use superset_keys_core::secret::Secret;
    use superset_keys_core::secrets::{Keychain, SecretStore};
    use superset_keys_core::{Core, CoreParts, Error};
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, Lines};

    const KEY: &str = "sst_canary_PNHkqdrcN3FhhTsEjG0RASQIS";

    struct Codes;

    impl Voice for Codes {
        fn words(&self, error: &Error) -> String {
            format!("{:?}", error.code())
        }
        fn note(&self, _: &str) {}
    }

    async fn ask(input: &mut DuplexStream, lines: &mut Lines<BufReader<DuplexStream>>) -> Value {
        input.write_all(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n").await.unwrap();
        let line = tokio::time::timeout(Duration::from_secs(10), lines.next_line()).await.expect("an answer");
        serde_json::from_str(&line.unwrap().expect("a line")).unwrap()
    }

    async fn told_and_then_served() {
        let server = CannedServer::start(|seen| {
            assert_eq!(seen.header("authorization"), Some(&*format!("Bearer {KEY}")));
            Reply::json(200, r#"{"jsonrpc":"2.0","id":1,"result":{}}"#)
        })
        .await;
        let home = tempfile::tempdir().unwrap();
        let places = Places::under(home.path());
        let key = json!({"id": "uuid-1", "alias": "laptop", "name": "Laptop", "hint": "sst_…SQIS",
                         "stored_at": "2026-11-20T20:56:50Z", "stored": true});
        let instance = json!({"id": "7", "short_name": "prod", "name": "Prod", "url": server.url().to_string(),
            "mcp_url": format!("{}/mcp", server.url()), "default_key": "uuid-1", "keys": [key]});
        std::fs::create_dir_all(home.path().join("config")).unwrap();
        let state = json!({"version": 1, "instances": [instance]}).to_string();
        std::fs::write(home.path().join("config/state.json"), state).unwrap();

        let entry = SecretId::api_key(&String::from("7").into(), &ApiKeyId::new("uuid-1"));
        let keychain = Keychain::new(places.namespace.clone());
        unlock_by_other_means();
        keychain.set(&entry, &Secret::new(KEY)).unwrap();
        lock();

        let core = Arc::new(Core::new(CoreParts::at(places)));
        let (mut input, stdin) = tokio::io::duplex(1 << 16);
        let (stdout, output) = tokio::io::duplex(1 << 16);
        let request = BridgeRequest::to("prod");
        let never = std::future::pending();
        let bridge = tokio::spawn(core.run_bridge(request, Box::new(Codes), stdin, stdout, never));
        let mut lines = BufReader::new(output).lines();
        for _ in 0..2 {
            let answer = ask(&mut input, &mut lines).await;
            assert_eq!(answer["error"]["data"]["reason"], "keychain_locked", "{answer}");
        }
        assert!(server.seen().is_empty());
        unlock_by_other_means();
        assert_eq!(ask(&mut input, &mut lines).await["result"], json!({}));
        // Once read, the key is there for as long as the client runs.
        lock();
        assert_eq!(ask(&mut input, &mut lines).await["result"], json!({}));
        drop(input);
        tokio::time::timeout(Duration::from_secs(10), bridge).await.expect("the end").unwrap();
    }

    #[test]
    fn a_locked_keychain_is_told_to_the_client_and_works_once_unlocked() {
        inside(&["--locked"], "a_locked_keychain_is_told_to_the_client_and_works_once_unlocked", || {
            tokio::runtime::Runtime::new().unwrap().block_on(told_and_then_served());
        });
    }
}
