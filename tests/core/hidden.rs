//! No type that holds a secret shows it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

use std::fmt::Debug;
use superset_keys_core::SystemRandom;
use superset_keys_core::actions::{Credentials, NewOAuth};
use superset_keys_core::api_key::{ApiKey, CreatedApiKey};
use superset_keys_core::clients::{Credential, Entry, Platform, SnippetForm, find};
use superset_keys_core::credential::AccessKind;
use superset_keys_core::fingerprint::FingerprintKey;
use superset_keys_core::http::Auth;
use superset_keys_core::ids::ApiKeyId;
use superset_keys_core::mcp::Pass;
use superset_keys_core::secret::{KeyHint, Secret};

const CANARY: &str = "sst_canaryCANARYcanaryCANARYcanaryCANARYcanary1";

fn hides(what: &str, value: &impl Debug) {
    for text in [format!("{value:?}"), format!("{value:#?}")] {
        assert!(!text.contains("canary"), "{what} shows it: {text}");
    }
}

fn hides_text(what: &str, value: &impl Debug, text: &str) {
    assert!(!format!("{value:?}").contains(text), "{what} shows it");
}

#[test]
fn debug_of_everything_that_holds_a_secret() {
    let secret = Secret::new(CANARY);
    let hint = KeyHint::of(&secret, "sst_");
    hides("Secret", &secret);
    hides("KeyHint", &hint);
    hides("Auth", &Auth::Key(&secret));
    hides("Auth", &Auth::Token(&secret));
    hides("Auth", &Auth::Basic(&secret));
    let now = "2026-11-30T12:00:00Z".parse().unwrap();
    hides(
        "Pass",
        &Pass::Token { token: Secret::new(CANARY), kind: AccessKind::OAuth, renew: now, settles: None },
    );
    hides("NewOAuth", &NewOAuth { client_secret: Some(Secret::new(CANARY)), ..NewOAuth::default() });
    for credentials in [
        Credentials::Password { username: "jane".into(), password: Secret::new(CANARY), stay: true },
        Credentials::Ldap { username: "jane".into(), password: Secret::new(CANARY), stay: true },
        Credentials::ApiKey { key: Secret::new(CANARY), stay: true },
    ] {
        hides("Credentials", &credentials);
    }
    let key = ApiKey {
        id: ApiKeyId::new("f472cb64-3719-4598-83a5-d56378a54f1f"),
        name: "test".into(),
        prefix: "sst_".into(),
        scopes: None,
        created_on: None,
        expires_on: None,
        last_used_on: None,
        revoked_on: None,
    };
    hides("CreatedApiKey", &CreatedApiKey { key, secret: Secret::new(CANARY) });

    let url = "https://example.com/mcp".parse().unwrap();
    let entry = Entry {
        name: "superset",
        url: &url,
        credential: Credential::Plaintext { key: &secret, hint: &hint },
    };
    hides("Entry", &entry);
    let snippet = find("codex").unwrap().snippet(&entry, SnippetForm::Config, Platform::Linux).unwrap();
    assert!(snippet.holds_secret);
    hides("Snippet", &snippet);
    assert!(!snippet.masked().contains("canary"));
}

#[test]
fn what_fingerprints_are_made_with_is_not_shown() {
    let kept = FingerprintKey::random(&SystemRandom);
    hides_text("Secret", &kept, kept.expose());
    hides_text("FingerprintKey", &FingerprintKey::read(&kept).unwrap(), kept.expose());
}

#[test]
fn a_secret_that_could_not_be_read_in_is_not_told() {
    let broken = format!("{{\"way\":\"api_key\",\"key\":\"{CANARY}\",\"key\":\"{CANARY}\"}}");
    let error = serde_json::from_str::<Credentials>(&broken).unwrap_err();
    assert!(!error.to_string().contains("canary"), "{error}");
}
