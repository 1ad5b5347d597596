//! The check-up on real servers of each kind: all are told apart, none is called unsafe that is not.

use crate::cli::Terminal;
use crate::person::Person;
use crate::server::{Mcp, Server, server};
use serde_json::Value;
use std::collections::BTreeMap;
use superset_keys_core::actions::CheckupWith;
use superset_keys_core::checkup::{CheckupItem as Item, CheckupView, Finding as F, Remedy, Verdict as V};
use superset_keys_core::key_use::BeforeOwnUse;
use superset_keys_core::secret::Secret;

const PORTAL: [Item; 6] =
    [Item::NoKey, Item::MadeUpKey, Item::MadeUpToken, Item::Handshake, Item::ToolCall, Item::Identity];

/// Gamma with a key, at a server of this mode.
async fn person_at(server: &Server, mcp: &Mcp) -> Person {
    let person = Person::signed_in(&server.url, "gamma").await;
    person.core.set_mcp_url(&person.instance, Some(&mcp.url)).await.unwrap();
    person
}

async fn examined(person: &Person, with: CheckupWith<'_>) -> CheckupView {
    person.core.checkup(&person.instance, with, &|_| {}).await.unwrap()
}

fn findings(view: &CheckupView) -> [F; 6] {
    let all: BTreeMap<String, F> =
        view.items.iter().map(|item| (format!("{:?}", item.item), item.finding)).collect();
    PORTAL.map(|item| all[&format!("{item:?}")])
}

fn value<'a>(view: &'a CheckupView, item: Item, name: &str) -> &'a str {
    &view.items.iter().find(|one| one.item == item).unwrap().params[name]
}

/// How each kind of server is started, how bad it is, and what is found, in the order of `PORTAL`.
const TABLE: &[(&[&str], V, [F; 6])] = &[
    (
        &["guarded"],
        V::Passed,
        [
            F::RefusedAtTransport,
            F::RefusedAtTransport,
            F::RefusedAtTransport,
            F::Speaks,
            F::ToolCalled,
            F::SamePerson,
        ],
    ),
    (
        &["late"],
        V::Passed,
        [
            F::RefusedAtTransport,
            F::RefusedAtTool,
            F::RefusedAtTransport,
            F::Speaks,
            F::ToolCalled,
            F::SamePerson,
        ],
    ),
    (
        &["fallthrough"],
        V::Critical,
        [F::RefusedAtTransport, F::LetIn, F::RefusedAtTransport, F::Speaks, F::ToolCalled, F::AnotherPerson],
    ),
    (
        &["stock"],
        V::Warning,
        [
            F::RefusedWithoutUser,
            F::RefusedWithoutUser,
            F::RefusedWithoutUser,
            F::Speaks,
            F::KeysNotUnderstood,
            F::NotExamined,
        ],
    ),
    (&["dev-user"], V::Critical, [F::LetIn, F::LetIn, F::LetIn, F::Speaks, F::ToolCalled, F::AnotherPerson]),
    (
        &["jwt"],
        V::Warning,
        [
            F::RefusedAtTransport,
            F::RefusedAtTransport,
            F::RefusedAtTransport,
            F::HandshakeRefused,
            F::TakesOtherTokens,
            F::NotExamined,
        ],
    ),
    (
        &["guarded", "--mcp-scopes", "mcp:read"],
        V::Passed,
        [
            F::RefusedAtTransport,
            F::RefusedAtTransport,
            F::RefusedAtTransport,
            F::Speaks,
            F::ToolCalled,
            F::SamePerson,
        ],
    ),
    (
        &["guarded", "--mcp-scopes", "mcp:read", "--key-scopes", "none"],
        V::Warning,
        [
            F::RefusedAtTransport,
            F::RefusedAtTransport,
            F::RefusedAtTransport,
            F::HandshakeRefused,
            F::ScopeMissing,
            F::NotExamined,
        ],
    ),
];

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn servers_of_each_kind_are_told_apart() {
    let server = server("main");
    for (mode, verdict, expected) in TABLE {
        let mcp = server.mcp(&[&["--mode"], *mode].concat());
        let person = person_at(server, &mcp).await;
        let made = person.create(&format!("checked {}", mode.join(" "))).await.unwrap();
        let view = examined(&person, CheckupWith::DefaultKey).await;
        assert_eq!((view.verdict, findings(&view)), (*verdict, *expected), "{mode:?}: {view:#?}");
        assert!(view.requests_with_key <= 3, "{mode:?}: {}", view.requests_with_key);
        let journal = std::fs::read_to_string(person.home.path().join("state/journal.jsonl")).unwrap();
        assert!(journal.contains(made.key.id.as_str()), "{journal}");
        let used = person.key(&made.key.name).await.unwrap();
        assert!(used.last_used.is_some(), "{mode:?}: each use is seen");
        assert_eq!(used.before_own_use, Some(BeforeOwnUse::Never), "{mode:?}: and it was ours: {journal}");
        for item in &view.items {
            // No configuration line is offered that does nothing on 6.1.0.
            assert_ne!(item.remedy, Some(Remedy::CheckKeys), "{mode:?}");
        }
        if *verdict == V::Critical {
            assert_eq!(value(&view, Item::MadeUpKey, "user"), "admin");
            assert_eq!(value(&view, Item::Identity, "mcp_user"), "admin");
        }
        let known = person.core.show_instance(&person.instance).unwrap().last_checkup.unwrap();
        assert_eq!(known.verdict, *verdict);
        person.core.revoke_key(&person.instance, &made.key.id).await.unwrap();
    }
}

/// From outside the two look alike; somebody who has a token learns which it is.
#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn servers_that_take_jwts_are_told_apart_with_one() {
    let server = server("main");
    for (mode, call, identity, verdict) in [
        ("jwt", F::TokenWithoutUser, F::NotExamined, V::Warning),
        ("jwt-shared", F::ToolCalled, F::AnotherPerson, V::Critical),
    ] {
        let mcp = server.mcp(&["--mode", mode]);
        let person = person_at(server, &mcp).await;
        let token = Secret::new(mcp.token(&["--user", "gamma"]));
        let view = examined(&person, CheckupWith::Token(&token)).await;
        let [.., found, who] = findings(&view);
        assert_eq!((found, who, view.verdict), (call, identity, verdict), "{mode}: {view:#?}");
        assert_eq!(view.requests_with_key, 0);
        let expired = Secret::new(mcp.token(&["--user", "gamma", "--hours", "-1"]));
        let view = examined(&person, CheckupWith::Token(&expired)).await;
        assert_eq!(findings(&view)[4], F::TokenRefused, "{mode}");
    }
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn what_stands_in_front_of_the_server_is_seen() {
    let server = server("main");
    let mcp = server.mcp(&["--mode", "guarded", "--oauth-metadata"]);
    let person = person_at(server, &mcp).await;
    let view = examined(&person, CheckupWith::DefaultKey).await;
    let found = |view: &CheckupView, item: Item| {
        view.items.iter().find(|one| one.item == item).map(|one| (one.finding, one.remedy))
    };
    assert_eq!(found(&view, Item::OauthMetadata), Some((F::OauthAnnounced, Some(Remedy::DropOauthMetadata))));
    assert_eq!(found(&view, Item::KeyExpiry), Some((F::NoKeyHere, Some(Remedy::MakeKey))));
    assert_eq!(found(&view, Item::ToolCall), Some((F::NotExamined, None)), "nobody to try it as");

    person.core.set_mcp_url(&person.instance, Some(&format!("{}/", mcp.url))).await.unwrap();
    let slashed = examined(&person, CheckupWith::DefaultKey).await;
    assert!(matches!(
        found(&slashed, Item::McpEndpoint),
        Some((F::EndpointFound, None) | (F::EndpointRedirects, Some(Remedy::AddSlash)))
    ));

    let locked = server.mcp(&["--mode", "guarded", "--tls"]);
    let untrusting = person_at(server, &locked).await;
    let view = examined(&untrusting, CheckupWith::DefaultKey).await;
    assert_eq!(
        found(&view, Item::McpEndpoint),
        Some((F::CertificateUntrusted, Some(Remedy::TrustCertificate))),
        "{view:#?}"
    );
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn an_admin_s_key_is_named_and_so_is_a_missing_permission() {
    let server = server("main");
    let mcp = server.mcp(&["--mode", "guarded"]);
    let admin = Person::signed_in(&server.url, "admin").await;
    admin.core.set_mcp_url(&admin.instance, Some(&mcp.url)).await.unwrap();
    let made = admin.create("checked as admin").await.unwrap();
    let view = examined(&admin, CheckupWith::Key(&made.key.id)).await;
    let owner = view.items.iter().find(|one| one.item == Item::KeyOwner).unwrap();
    assert_eq!((owner.finding, owner.remedy), (F::KeyOfAdmin, Some(Remedy::UseOwnKey)));
    admin.core.revoke_key(&admin.instance, &made.key.id).await.unwrap();

    let nokeys = Person::signed_in(&server.url, "nokeys").await;
    let view = examined(&nokeys, CheckupWith::DefaultKey).await;
    let may = view.items.iter().find(|one| one.item == Item::Permissions).unwrap();
    assert_eq!((may.finding, may.verdict), (F::MayNotAll, V::Warning));
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn a_superset_that_is_gone_is_an_error_and_not_a_finding() {
    let gone = Server::start("main", &["--no-mcp"]);
    let person = Person::at(&gone.url).await;
    gone.stop();
    let ended = person.core.checkup(&person.instance, CheckupWith::DefaultKey, &|_| {}).await;
    assert_eq!(ended.unwrap_err().code(), superset_keys_core::ErrorCode::Unreachable);
    assert!(person.core.past_checkups(&person.instance).is_empty());
}

/// How long a certificate lasts, on a server whose certificate this computer was told to trust.
#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn a_certificate_that_ends_soon_is_named() {
    let server = server("main");
    for (days, finding) in [("60", "encrypted"), ("5", "certificate_ends_soon")] {
        let mcp = server.mcp(&["--mode", "guarded", "--tls-days", days]);
        let terminal = Terminal::signed_in(&server.url, "gamma");
        terminal.json(&["instances", "mcp-url", "test", &mcp.url]);
        let output = terminal
            .command()
            .args(["--json", "checkup", "test"])
            .env("SSL_CERT_FILE", mcp.certificate())
            .output()
            .unwrap();
        let view: Value = serde_json::from_slice(&output.stdout).unwrap();
        let items = view["data"]["items"].as_array().unwrap();
        let connection = items.iter().find(|item| item["item"] == "mcp_connection").unwrap();
        assert_eq!(connection["finding"], finding, "{connection}");
        let left: i64 = connection["params"]["days"].as_str().unwrap().parse().unwrap();
        let days: i64 = days.parse().unwrap();
        assert!((days - 1..=days).contains(&left), "{left}");
    }
}
