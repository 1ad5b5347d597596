//! Servers whose clock is not ours.

use crate::person::{Person, wanted};
use crate::server::server;
use jiff::{SignedDuration, Timestamp};
use superset_keys_core::api_key::KeyStatus;
use superset_keys_core::clock::ClockSource;
use superset_keys_core::secrets::Keep;

fn days_from_now(utc: &str) -> f64 {
    let ends: Timestamp = utc.parse().unwrap();
    ends.duration_since(Timestamp::now()).as_secs_f64() / 86_400.0
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn a_first_key_made_on_a_wrong_guess_is_found_out_and_replaced() {
    let person = Person::signed_in(&server("newyork").url, "gamma").await;
    let before = person.core.show_instance(&person.instance).unwrap();
    assert_eq!((before.clock.source, before.clock.offset_minutes), (ClockSource::Assumed, 0));

    let made = person.create("first on a new server").await.unwrap();
    let off = made.expiry_off.expect("UTC was a wrong guess");
    let asked: Timestamp = off.asked.parse().unwrap();
    let really: Timestamp = off.really.unwrap().utc.parse().unwrap();
    // New York is behind: the wall time sent means a later instant there.
    assert!(really.duration_since(asked) >= SignedDuration::from_hours(4), "{asked} {really}");
    let after = person.core.show_instance(&person.instance).unwrap();
    assert_eq!(after.clock.source, ClockSource::Learned);
    assert!([-300, -240].contains(&after.clock.offset_minutes), "{:?}", after.clock);

    let again = wanted("first on a new server");
    let right = person.core.replace_key(&person.instance, &made.key.id, again, Keep::Keychain).await.unwrap();
    assert_eq!(right.expiry_off, None);
    assert_eq!(right.key.alias, made.key.alias, "the slot moves to the new key");
    assert!(right.key.is_default);
    let days = days_from_now(&right.key.expires.unwrap().utc);
    assert!((days - 30.0).abs() < 0.01, "{days}");
    let list = person.core.list_keys(&person.instance).await.unwrap();
    let wrong = list.keys.iter().find(|key| key.id == made.key.id).unwrap();
    assert_eq!(wrong.status, Some(KeyStatus::Revoked));
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn an_expired_key_on_another_clock_is_expired_and_no_other() {
    let server = server("newyork");
    let person = Person::signed_in(&server.url, "alpha").await;
    let first = person.create("teaches the clock").await.unwrap();
    let soon = person.create("ends in an hour").await.unwrap();
    let over = person.create("ended an hour ago").await.unwrap();
    server.state(&["expire", "--uuid", soon.key.id.as_str(), "--days-ago", "-0.0417"]);
    server.state(&["expire", "--uuid", over.key.id.as_str(), "--days-ago", "0.0417"]);
    let list = person.core.list_keys(&person.instance).await.unwrap().keys;
    let status = |id| list.iter().find(|key| key.id == id).unwrap().status;
    assert_eq!(status(first.key.id.clone()), Some(KeyStatus::Active));
    assert_eq!(status(soon.key.id.clone()), Some(KeyStatus::Active));
    assert_eq!(status(over.key.id.clone()), Some(KeyStatus::Expired));
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn a_zone_set_by_the_person_is_right_from_the_first_key_on() {
    let person = Person::signed_in(&server("newyork").url, "admin").await;
    assert!(person.core.set_clock(&person.instance, Some("America/Nowhere")).await.is_err());
    person.core.set_clock(&person.instance, Some("America/New_York")).await.unwrap();
    let made = person.create("right at once").await.unwrap();
    assert_eq!(made.expiry_off, None);
    let days = days_from_now(&made.key.expires.unwrap().utc);
    assert!((days - 30.0).abs() < 0.01, "{days}");
}
