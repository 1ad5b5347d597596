//! The life of a key, for each kind of person.

use crate::person::{Person, core_at, new_instance, wanted};
use crate::server::{Server, server};
use superset_keys_core::actions::{Credentials, HandedTo, Presence};
use superset_keys_core::api_key::{KeyStatus, NewApiKey};
use superset_keys_core::clock::ClockSource;
use superset_keys_core::expiry::Expiry;
use superset_keys_core::secrets::Keep;
use superset_keys_core::{Error, ErrorCode};

async fn whole_life(url: &str, user: &str) {
    let person = Person::signed_in(url, user).await;
    let name = format!("life of {user}");
    let made = person.create(&name).await.unwrap();
    assert_eq!(made.key.presence, Presence::Keychain);
    assert_eq!((made.store_problem, made.same_name), (None, false));
    assert!(made.key.hint.as_ref().unwrap().as_str().starts_with("sst_…"));

    let secret = person.core.read_secret(&person.instance, &made.key.id, HandedTo::Output).await.unwrap();
    assert!(!person.everything_on_disk().contains(secret.expose()), "the plaintext is on disk");
    assert!(!person.everything_on_disk().contains(&crate::server::password(user)));

    let kept = person.core.kept_keys(&person.instance).unwrap();
    assert!(kept.unwrap().keys.iter().any(|key| key.id == made.key.id), "what is kept knows it too");

    let person = person.restarted();
    let listed = person.key(&name).await.expect("it is listed after a restart");
    assert_eq!(listed.status, Some(KeyStatus::Active));
    assert_eq!(listed.presence, Presence::Keychain);
    assert_eq!(listed.last_used, None, "managing with the session leaves the key unused");
    assert!(listed.is_default);

    let revoked = person.core.revoke_key(&person.instance, &made.key.id).await.unwrap();
    assert_eq!((revoked.key.status, revoked.already), (Some(KeyStatus::Revoked), false));
    assert_eq!(revoked.key.presence, Presence::NotHere);
    let kept = person.core.kept_keys(&person.instance).unwrap().unwrap();
    let row = kept.keys.iter().find(|key| key.id == made.key.id).unwrap();
    assert_eq!(row.status, Some(KeyStatus::Revoked), "the kept list knows it too");
    let when = revoked.key.revoked.clone();
    let again = person.core.revoke_key(&person.instance, &made.key.id).await.unwrap();
    assert!(again.already);
    assert_eq!(again.key.revoked, when, "a second revoke would have moved the time");

    let default = person.core.find_stored_key(&person.instance, None);
    assert!(matches!(default, Err(Error::DefaultKeyUnusable { .. })), "{default:?}");
    let dead = Credentials::ApiKey { key: secret, stay: true };
    assert!(matches!(person.core.sign_in(&person.instance, dead).await, Err(Error::KeyRejected)));
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn admin_alpha_and_gamma_manage_their_own_keys() {
    for user in ["admin", "alpha", "gamma"] {
        whole_life(&server("main").url, user).await;
    }
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn under_a_path() {
    let url = &server("bi").url;
    assert!(url.ends_with("/bi"), "{url}");
    whole_life(url, "gamma").await;
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn a_role_without_permissions_is_told_so_and_nothing_is_left() {
    let person = Person::signed_in(&server("main").url, "nokeys").await;
    assert_eq!(person.core.list_keys(&person.instance).await.unwrap_err().code(), ErrorCode::Forbidden);
    assert_eq!(person.create("never").await.unwrap_err().code(), ErrorCode::Forbidden);
    assert!(!person.everything_on_disk().contains("never"), "an intent was left behind");
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn a_wrong_password_changes_nothing() {
    let person = Person::at(&server("main").url).await;
    let before = person.everything_on_disk();
    let credentials = Credentials::Password {
        username: "admin".into(),
        password: superset_keys_core::secret::Secret::new("wrong"),
        stay: true,
    };
    let refused = person.core.sign_in(&person.instance, credentials).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::WrongCredentials);
    assert_eq!(person.everything_on_disk(), before);
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn a_pasted_key_is_recognised_and_stands_in_for_a_session() {
    let url = &server("main").url;
    let owner = Person::signed_in(url, "alpha").await;
    let made = owner.create("pasted elsewhere").await.unwrap();
    let key = owner.core.read_secret(&owner.instance, &made.key.id, HandedTo::Output).await.unwrap();

    let other = Person::at(url).await;
    other
        .core
        .sign_in(&other.instance, Credentials::ApiKey { key: key.duplicate(), stay: true })
        .await
        .unwrap();
    let list = other.core.list_keys(&other.instance).await.unwrap();
    assert!(list.listed_with_key);
    assert_eq!(list.clock.source, ClockSource::Learned);
    let own = list.keys.iter().find(|row| row.id == made.key.id).expect("it lists itself");
    assert_eq!(own.presence, Presence::Keychain, "it was matched by its own last use");
    assert!(own.last_used.is_some());
    assert!(!list.keys.iter().any(|row| row.pasted));

    // Pasted again, after a restart, it is the same key.
    let other = other.restarted();
    other.core.sign_in(&other.instance, Credentials::ApiKey { key, stay: true }).await.unwrap();
    assert_eq!(other.core.show_instance(&other.instance).unwrap().stored_keys, 1);

    // It can end itself.
    let revoked = other.core.revoke_key(&other.instance, &made.key.id).await.unwrap();
    assert_eq!(revoked.key.status, Some(KeyStatus::Revoked));
    let seen = owner.key("pasted elsewhere").await.unwrap();
    assert_eq!(seen.status, Some(KeyStatus::Revoked));
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn another_person_on_the_same_computer_sees_whose_key_it_is() {
    let person = Person::signed_in(&server("main").url, "gamma").await;
    let made = person.create("gamma's own").await.unwrap();
    person.sign_in("alpha").await.unwrap();
    let list = person.core.list_keys(&person.instance).await.unwrap();
    let row = list.keys.iter().find(|row| row.id == made.key.id).expect("it is still shown");
    assert_eq!(row.belongs_to.as_deref(), Some("gamma"));
    assert_eq!(row.status, None, "the server does not tell alpha about gamma's keys");
    person.sign_in("gamma").await.unwrap();
    person.core.revoke_key(&person.instance, &made.key.id).await.unwrap();
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn expired_and_long_unused_keys_show_as_such() {
    let server = server("main");
    let person = Person::signed_in(&server.url, "alpha").await;
    let expired = person.create("expired yesterday").await.unwrap();
    let unused = person.create("unused for long").await.unwrap();
    server.state(&["expire", "--uuid", expired.key.id.as_str()]);
    server.state(&["last-used", "--uuid", unused.key.id.as_str(), "--days-ago", "90"]);
    assert_eq!(person.key("expired yesterday").await.unwrap().status, Some(KeyStatus::Expired));
    assert!(person.key("unused for long").await.unwrap().last_used.is_some());
    let refused = person.core.find_stored_key(&person.instance, None);
    assert!(
        matches!(refused, Err(Error::DefaultKeyUnusable { .. })),
        "the first key was the default and has expired"
    );
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn a_session_outlives_its_access_token() {
    let server = Server::start("main", &["--no-mcp", "--session-seconds", "2"]);
    let person = Person::signed_in(&server.url, "gamma").await;
    // Due at once: each call below renews it.
    for _ in 0..3 {
        person.core.list_keys(&person.instance).await.unwrap();
    }
    let person = person.restarted();
    person.core.list_keys(&person.instance).await.expect("the refresh token was kept");
    person.core.sign_out(&person.instance).await.unwrap();
    assert_eq!(person.core.list_keys(&person.instance).await.unwrap_err().code(), ErrorCode::SignedOut);
    let person = person.restarted();
    assert_eq!(person.core.list_keys(&person.instance).await.unwrap_err().code(), ErrorCode::SignedOut);
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn ten_thousand_keys_are_listed_whole() {
    let server = Server::start("main", &["--no-mcp"]);
    server.state(&["add-keys", "--user", "gamma", "--count", "10000"]);
    let person = Person::signed_in(&server.url, "gamma").await;
    assert_eq!(person.core.list_keys(&person.instance).await.unwrap().keys.len(), 10_000);
    assert_eq!(person.core.kept_keys(&person.instance).unwrap().unwrap().keys.len(), 10_000);
    assert!(!person.create("one more").await.unwrap().same_name);
    assert!(person.create("one more").await.unwrap().same_name, "two may share a name, and it is said");
    assert_eq!(person.core.list_keys(&person.instance).await.unwrap().keys.len(), 10_002);
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn removing_an_instance_asks_before_it_forgets() {
    let person = Person::signed_in(&server("main").url, "alpha").await;
    let made = person.create("left behind").await.unwrap();
    let asked = person.core.remove_instance(&person.instance, false).await.unwrap_err();
    assert!(matches!(asked, Error::KeysWouldBeForgotten { count: 1 }), "{asked:?}");
    let removed = person.core.remove_instance(&person.instance, true).await.unwrap();
    assert_eq!(removed.forgotten_keys, 1);
    assert!(person.core.list_instances().unwrap().is_empty());

    // Forgetting is not revoking.
    let home = person.home;
    let core = core_at(&home);
    let again = core.add_instance(new_instance(&server("main").url)).await.unwrap();
    let person = Person { home, core, instance: again.instance.id };
    person.sign_in("alpha").await.unwrap();
    let row = person.key("left behind").await.unwrap();
    assert_eq!((row.status, row.presence), (Some(KeyStatus::Active), Presence::NotHere));
    person.core.revoke_key(&person.instance, &made.key.id).await.unwrap();
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn strange_names_survive_and_bad_ones_are_refused() {
    let person = Person::signed_in(&server("main").url, "gamma").await;
    for name in ["Ωmega – „quoted“ 🦀", "<b>bold</b>", "'; DROP TABLE ab_api_key; --", &"x".repeat(256)]
    {
        let made = person.create(name).await.unwrap();
        assert_eq!(person.key(name).await.unwrap().id, made.key.id, "{name}");
        person.core.revoke_key(&person.instance, &made.key.id).await.unwrap();
    }
    for name in ["", "   ", "two\nlines", "\u{202e}desrever", &"x".repeat(257)] {
        assert!(person.create(name).await.is_err(), "{name:?}");
    }
    let never = NewApiKey { expiry: Expiry::Never, ..wanted("never ends") };
    let made = person.core.create_key(&person.instance, never, Keep::Keychain).await.unwrap();
    assert_eq!(made.key.expires, None);
    person.core.revoke_key(&person.instance, &made.key.id).await.unwrap();
}
