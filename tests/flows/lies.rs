//! Answers that are lost, and answers that are not true.

use crate::person::Person;
use crate::proxy::Proxy;
use crate::server::{Server, server};
use std::sync::atomic::Ordering;
use superset_keys_core::actions::{HandedTo, Presence};
use superset_keys_core::api_key::KeyStatus;
use superset_keys_core::superset::ApiKeysSupport;
use superset_keys_core::{Error, ErrorCode};

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn keys_off_is_seen_before_a_password_is_typed() {
    let url = &server("keys-off").url;
    let person = Person::at(url).await;
    let seen = person.core.detect_instance(url, false).await.unwrap();
    assert_eq!(seen.api_keys, ApiKeysSupport::Off);
    assert_eq!(seen.version.as_deref(), Some("6.1.0"));
    person.sign_in("gamma").await.unwrap();
    assert_eq!(person.core.list_keys(&person.instance).await.unwrap_err().code(), ErrorCode::ApiKeysOff);
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn detection_knows_a_good_server() {
    let url = &server("main").url;
    let person = Person::at(url).await;
    let seen = person.core.detect_instance(url, false).await.unwrap();
    assert_eq!(seen.api_keys, ApiKeysSupport::On);
    assert!(seen.sign_in.password && seen.sign_in.known && !seen.sign_in.ldap, "{:?}", seen.sign_in);
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn permissions_that_were_never_made_are_a_forbidden() {
    let person = Person::signed_in(&server("no-init").url, "admin").await;
    assert_eq!(person.core.list_keys(&person.instance).await.unwrap_err().code(), ErrorCode::Forbidden);
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn created_without_a_key_is_not_created() {
    let server = Server::start("main", &["--no-mcp"]);
    let person = Person::signed_in(&server.url, "gamma").await;
    person.create("before").await.unwrap();
    server.state(&["drop-table"]);
    // The list before the create already tells that something is wrong.
    let refused = person.create("never").await.unwrap_err();
    assert!(matches!(refused, Error::KeyTableMissing), "{refused:?}");
    server.state(&["restore-table"]);
    let list = person.core.list_keys(&person.instance).await.unwrap();
    assert!(list.unaccounted.is_empty(), "{:?}", list.unaccounted);
    assert!(!person.everything_on_disk().contains("never"));
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn a_lost_create_answer_is_named_and_can_be_revoked() {
    let proxy =
        Proxy::before(&server("main").url, |line| line.starts_with("POST /api/v1/security/api_keys/")).await;
    let person = Person::signed_in(&proxy.url, "gamma").await;
    let unclear = person.create("answer lost").await.unwrap_err();
    assert!(proxy.lost.load(Ordering::SeqCst) >= 1);
    let Error::CreateUnclear { found: Some(found) } = unclear else { panic!("{unclear:?}") };

    let person = person.restarted();
    let list = person.core.list_keys(&person.instance).await.unwrap();
    assert_eq!(list.unaccounted.len(), 1);
    assert_eq!(list.unaccounted[0].key.as_ref().unwrap().as_str(), found);
    assert_eq!(list.unaccounted[0].name, "answer lost");
    let without_secret = list.unaccounted[0].key.clone().unwrap();
    person.core.revoke_key(&person.instance, &without_secret).await.unwrap();
    let list = person.core.list_keys(&person.instance).await.unwrap();
    assert!(list.unaccounted.is_empty());
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn a_lost_create_is_sent_once() {
    let proxy =
        Proxy::before(&server("main").url, |line| line.starts_with("POST /api/v1/security/api_keys/")).await;
    let person = Person::signed_in(&proxy.url, "alpha").await;
    person.create("only one").await.unwrap_err();
    let list = person.core.list_keys(&person.instance).await.unwrap();
    assert_eq!(list.keys.iter().filter(|key| key.name == "only one").count(), 1, "it was sent again");
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn a_lost_revoke_answer_is_looked_up() {
    let proxy = Proxy::before(&server("main").url, |line| line.starts_with("DELETE ")).await;
    let person = Person::signed_in(&proxy.url, "gamma").await;
    let made = person.create("revoke answer lost").await.unwrap();
    let revoked = person.core.revoke_key(&person.instance, &made.key.id).await.unwrap();
    assert_eq!(revoked.key.status, Some(KeyStatus::Revoked));
    assert_eq!(proxy.lost.load(Ordering::SeqCst), 1, "it was sent once");
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn a_stopped_server_leaves_the_list_and_the_keys() {
    let server = Server::start("main", &["--no-mcp"]);
    let person = Person::signed_in(&server.url, "gamma").await;
    let made = person.create("still here").await.unwrap();
    person.core.list_keys(&person.instance).await.unwrap();
    server.stop();
    let person = person.restarted();
    assert!(person.core.list_keys(&person.instance).await.unwrap_err().is_offline());
    let kept = person.core.kept_keys(&person.instance).unwrap().expect("the last list is kept");
    assert!(!kept.live);
    assert_eq!(kept.keys.iter().find(|key| key.id == made.key.id).unwrap().presence, Presence::Keychain);
    person.core.read_secret(&person.instance, &made.key.id, HandedTo::Output).await.unwrap();
    assert!(person.create("not now").await.unwrap_err().is_offline());
    assert!(person.core.revoke_key(&person.instance, &made.key.id).await.unwrap_err().is_offline());
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn too_many_requests_is_said_as_such() {
    let server = Server::start("rate-limited", &["--no-mcp", "--rate-limit", "5 per minute"]);
    let home = tempfile::tempdir().unwrap();
    let core = crate::person::core_at(&home);
    // Detection alone takes most of five requests; whatever comes next is limited.
    let limited = if let Err(error) = core.add_instance(crate::person::new_instance(&server.url)).await {
        error
    } else {
        let instance = core.find_instance("test").unwrap();
        let person = Person { home, core, instance };
        person.sign_in("gamma").await.expect_err("more than five requests")
    };
    assert_eq!(limited.code(), ErrorCode::RateLimited);
}
