//! Found keys are known again, and the state file alone helps nobody.

use crate::{Computer, KEY, OTHER};
use serde_json::{Value, json};
use superset_keys_core::error::KeychainProblem;
use superset_keys_core::ids::{ApiKeyId, InstanceId, SecretId};
use superset_keys_core::scan::{KeyMatch, LifeState, Scan};
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::SecretStore;

pub(crate) const INSTANCE: &str = "00000000000000000000000000000001";

pub(crate) fn record(uuid: &str, hint: &str) -> Value {
    json!({"id": uuid, "alias": uuid, "name": uuid, "hint": hint, "stored_at": "2026-01-20T12:00:00Z"})
}

/// A state file as an older version wrote it: without fingerprints.
fn old_state(keys: &[Value]) -> Value {
    let instance = |id: &str, name: &str, url: &str, keys: &[Value]| json!({"id": id, "short_name": name, "name": name, "url": url, "keys": keys});
    json!({"version": 1, "instances": [
        instance("00000000000000000000000000000002", "elsewhere", "https://else.example.com", &[]),
        instance(INSTANCE, "production", "https://bi.example.com/a", keys),
        instance("00000000000000000000000000000003", "staging", "https://bi.example.com/b", &[]),
    ]})
}

impl Computer {
    pub(crate) fn with(state: &Value) -> Self {
        let computer = Self::new();
        let folder = computer.home.path().join("config");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("state.json"), state.to_string()).unwrap();
        computer
    }

    pub(crate) fn keep(&self, uuid: &str, key: &str) {
        let entry = SecretId::api_key(&InstanceId::from(INSTANCE.to_owned()), &ApiKeyId::new(uuid));
        self.keychain.set(&entry, &Secret::new(key)).unwrap();
    }
}

/// Hint, how sure, which instance, which record.
fn told(computer: &Computer, scan: &Scan) -> Vec<(String, KeyMatch, String, String)> {
    let view = computer.show(scan);
    let keys = view.keys.into_iter().map(|key| {
        let instance = key.instance.map(|instance| instance.short_name).unwrap_or_default();
        (key.hint.to_string(), key.matched, instance, key.key.map(|key| key.alias).unwrap_or_default())
    });
    keys.collect()
}

fn row(hint: &str, matched: KeyMatch, instance: &str, key: &str) -> (String, KeyMatch, String, String) {
    (hint.into(), matched, instance.into(), key.into())
}

#[tokio::test]
async fn keys_of_an_older_version_are_known_by_their_text_and_from_then_on_by_their_fingerprint() {
    let computer = Computer::with(&old_state(&[record("laptop", "sst_…DlPI")]));
    computer.keep("laptop", KEY);
    computer.tree.write("f", format!("{KEY}\n{OTHER}\n{KEY}"));
    let known = [
        row("sst_…DlPI", KeyMatch::Known, "production", "laptop"),
        row("sst_…_0kP", KeyMatch::Unknown, "", ""),
    ];
    let scan = computer.scan().await;
    assert_eq!(told(&computer, &scan), known);
    assert_eq!(scan.keys[0].spots.len(), 2, "one key in two places");
    assert!(scan.by_fingerprint);
    assert!(computer.state_file().contains("fingerprint"), "{}", computer.state_file());

    // The text is gone: forgotten, or lost with the keychain's entry.
    let entry = SecretId::api_key(&InstanceId::from(INSTANCE.to_owned()), &ApiKeyId::new("laptop"));
    computer.keychain.delete(&entry).unwrap();
    assert_eq!(told(&computer, &computer.scan().await), known);
}

#[tokio::test]
async fn without_the_keychain_a_key_only_looks_like_one() {
    let computer = Computer::with(&old_state(&[record("laptop", "sst_…DlPI")]));
    computer.keep("laptop", KEY);
    computer.tree.write("f", KEY);
    for problem in [KeychainProblem::Locked, KeychainProblem::NoBus] {
        computer.keychain.fail_with(Some(problem));
        let scan = computer.scan().await;
        assert!(!scan.by_fingerprint);
        let like = [row("sst_…DlPI", KeyMatch::LooksLike, "production", "laptop")];
        assert_eq!(told(&computer, &scan), like);
    }
    assert!(!computer.state_file().contains("fingerprint"));
}

#[tokio::test]
async fn the_same_ending_is_not_the_same_key_once_fingerprints_can_be_compared() {
    let computer = Computer::with(&old_state(&[record("laptop", "sst_…DlPI")]));
    computer.keep("laptop", KEY);
    computer.tree.write("f", format!("sst_{}DlPI", &OTHER[4..43]));
    assert_eq!(told(&computer, &computer.scan().await), [row("sst_…DlPI", KeyMatch::Unknown, "", "")]);
}

#[tokio::test]
async fn a_lost_fingerprint_key_is_made_anew_and_keys_are_known_again() {
    let computer = Computer::with(&old_state(&[record("laptop", "sst_…DlPI")]));
    computer.keep("laptop", KEY);
    computer.tree.write("f", KEY);
    computer.scan().await;
    let before = computer.state_file();
    computer.keychain.delete(&SecretId::fingerprint_key()).unwrap();
    let known = [row("sst_…DlPI", KeyMatch::Known, "production", "laptop")];
    assert_eq!(told(&computer, &computer.scan().await), known);
    assert_ne!(computer.state_file(), before);
}

#[tokio::test]
async fn keys_with_a_prefix_of_the_instance_s_own_are_found() {
    let own = KEY.replace("sst_", "acme_");
    let computer = Computer::with(&old_state(&[record("laptop", "acme_…DlPI")]));
    computer.keep("laptop", &own);
    computer.tree.write("f", &own);
    let known = [row("acme_…DlPI", KeyMatch::Known, "production", "laptop")];
    assert_eq!(told(&computer, &computer.scan().await), known);
}

#[tokio::test]
async fn an_unknown_key_is_of_the_one_instance_whose_address_stands_beside_it() {
    for (what, text, instance) in [
        ("its address", format!("url: https://bi.example.com/a/mcp\nkey: {KEY}"), "production"),
        ("the one beside it on the same host", format!("https://bi.example.com/b {KEY}"), "staging"),
        ("a path that only begins like one", format!("https://bi.example.com/ab {KEY}"), ""),
        ("another scheme", format!("http://bi.example.com/a {KEY}"), ""),
        ("nobody's", format!("https://evil.example.com {KEY}"), ""),
        (
            "one of ours and one of nobody",
            format!("https://bi.example.com/a {KEY} https://evil.example.com"),
            "",
        ),
        ("two of ours", format!("https://bi.example.com/a {KEY} https://else.example.com"), ""),
        ("a host in a user's name", format!("https://bi.example.com@evil.example.com/a {KEY}"), ""),
        ("none", KEY.to_owned(), ""),
    ] {
        let computer = Computer::with(&old_state(&[]));
        computer.tree.write("f", text);
        let expected = [row("sst_…DlPI", KeyMatch::Unknown, instance, "")];
        assert_eq!(told(&computer, &computer.scan().await), expected, "{what}");
    }
}

#[tokio::test]
async fn what_is_remembered_of_a_key_is_told_without_asking() {
    let mut revoked = record("old", "sst_…DlPI");
    revoked["revoked"] = true.into();
    let mut expired = record("older", "sst_…_0kP");
    expired["expires"] = "2020-01-01T00:00:00Z".into();
    let computer = Computer::with(&old_state(&[revoked, expired]));
    computer.keep("old", KEY);
    computer.keep("older", OTHER);
    computer.tree.write("f", format!("{KEY} {OTHER}"));
    let scan = computer.scan().await;
    let states: Vec<_> = scan.keys.iter().map(|key| key.life.state).collect();
    assert_eq!(states, [LifeState::Revoked, LifeState::Expired]);
    assert!(!scan.asked);
}

/// Neither what is kept nor anything that can be printed holds a key, also where a file is named like one.
#[tokio::test]
async fn no_whole_key_comes_out() {
    let computer = Computer::with(&old_state(&[record("laptop", "sst_…DlPI")]));
    computer.keep("laptop", KEY);
    computer.tree.write(&format!("{KEY}.env"), format!("a={KEY}\nb={OTHER}"));
    let scan = computer.scan().await;
    let view = computer.show(&scan);
    assert_eq!(view.keys.len(), 2);
    assert!(view.keys[0].spots[0].path.ends_with("sst_…DlPI.env"), "{view:?}");
    let shown = [
        format!("{scan:?}"),
        format!("{scan:#?}"),
        format!("{view:?}"),
        serde_json::to_string(&view).unwrap(),
        format!("{:?}", computer.tree.search()),
        computer.state_file(),
    ];
    for text in shown {
        assert!(!text.contains(&KEY[4..30]) && !text.contains(&OTHER[4..30]), "{text}");
    }
    let read = computer.core.read_spot(&scan.keys[0].spots[0]).await.unwrap();
    assert_eq!(read.expose(), KEY, "an action can still have it");
}
