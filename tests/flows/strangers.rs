//! Supersets whose Public role has permissions, the usual recipe for embedding: they take everybody for a stranger.

use crate::person::Person;
use crate::server::{Server, server};
use superset_keys_core::actions::{CheckupWith, Credentials, HandedTo, Presence};
use superset_keys_core::api_key::KeyStatus;
use superset_keys_core::checkup::{CheckupItem, Finding, Remedy, Verdict};
use superset_keys_core::secret::Secret;
use superset_keys_core::{Error, Result};

async fn sign_in_with_key(person: &Person, key: &str) -> Result<()> {
    let key = Secret::new(key);
    person.core.sign_in(&person.instance, Credentials::ApiKey { key, stay: true }).await.map(drop)
}

async fn finding(person: &Person, item: CheckupItem) -> (Finding, Verdict, Option<Remedy>) {
    let seen = person.core.checkup(&person.instance, CheckupWith::DefaultKey, &|_| {}).await.unwrap();
    let found = seen.items.iter().find(|one| one.item == item).unwrap();
    (found.finding, found.verdict, found.remedy)
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn a_key_lives_its_life_where_strangers_may_see_dashboards() {
    let server = server("public");
    let person = Person::signed_in(&server.url, "gamma").await;
    let seen = person.core.detect_instance(&server.url, false).await.unwrap();
    assert!(seen.public_role);
    // The server does not say who it is; the token does.
    let shown = person.core.show_instance(&person.instance).unwrap();
    assert_eq!(shown.user.unwrap().username, "gamma");

    let made = person.create("embedding").await.unwrap();
    assert_eq!(made.key.presence, Presence::Keychain);
    let text = person.core.read_secret(&person.instance, &made.key.id, HandedTo::Output).await.unwrap();
    assert_eq!(
        finding(&person, CheckupItem::PublicRole).await,
        (Finding::PublicRoleOpen, Verdict::Warning, Some(Remedy::EmptyPublicRole))
    );
    assert_eq!(finding(&person, CheckupItem::SignIn).await.0, Finding::SignedIn);

    let other = Person::at(&server.url).await;
    // Any key is answered as a stranger at first; the list of keys tells good ones from others.
    let made_up = "sst_JHMLaHwBEJnjFGnhUoUn8oB1YUJNRqSX7GnSnLZvGXI";
    assert!(matches!(sign_in_with_key(&other, made_up).await, Err(Error::KeyRejected)));
    sign_in_with_key(&other, text.expose()).await.unwrap();
    assert!(other.core.show_instance(&other.instance).unwrap().user.is_none());
    assert_eq!(other.key("embedding").await.unwrap().status, Some(KeyStatus::Active));
    assert_eq!(finding(&other, CheckupItem::SignIn).await.0, Finding::SignedInUntold);

    person.core.revoke_key(&person.instance, &made.key.id).await.unwrap();
    assert_eq!(person.key("embedding").await.unwrap().status, Some(KeyStatus::Revoked));
    assert!(matches!(other.core.list_keys(&other.instance).await, Err(Error::KeyRejected)));
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn where_strangers_may_what_a_gamma_may_the_reason_is_named() {
    let server = Server::start("public-gamma", &["--no-mcp"]);
    let person = Person::signed_in(&server.url, "gamma").await;
    let refused = person.core.list_keys(&person.instance).await;
    assert!(matches!(refused, Err(Error::PublicRole)), "{refused:?}");
    let refused = person.create("never").await;
    assert!(matches!(refused, Err(Error::PublicRole)), "{refused:?}");
    // Nobody can tell whether a key is good there, so none is called so.
    let refused = sign_in_with_key(&person, "sst_JHMLaHwBEJnjFGnhUoUn8oB1YUJNRqSX7GnSnLZvGXI").await;
    assert!(matches!(refused, Err(Error::PublicRole)), "{refused:?}");
    assert_eq!(finding(&person, CheckupItem::PublicRole).await.2, Some(Remedy::EmptyPublicRole));

    // The remedy works at once.
    server.state(&["close-public"]);
    person.create("after").await.unwrap();
    assert_eq!(person.key("after").await.unwrap().status, Some(KeyStatus::Active));
    assert_eq!(finding(&person, CheckupItem::PublicRole).await.0, Finding::PublicRoleEmpty);
}
