use super::*;
use crate::clock::TimeView;
use crate::ids::ApiKeyId;
use proptest::prelude::*;

const NOW: &str = "2026-11-20T12:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// Hours before now, on the server's wall.
fn ago(clock: &ServerClock, hours: i64) -> WallTime {
    clock.wall(now() - SignedDuration::from_hours(hours))
}

fn learned() -> ServerClock {
    ServerClock::Learned { offset_minutes: -300, at: now() }
}

fn key(name: &str, created: Option<WallTime>, used: Option<WallTime>, ends: Option<WallTime>) -> ApiKey {
    ApiKey {
        id: ApiKeyId::new("f472cb64-3719-4598-83a5-d56378a54f1f"),
        name: name.into(),
        prefix: "sst_".into(),
        scopes: None,
        created_on: created,
        expires_on: ends,
        last_used_on: used,
        revoked_on: None,
    }
}

fn sifted(filter: &KeyFilter, key: &ApiKey, clock: &ServerClock) -> Sifted {
    filter.sift(Known { key, before_own_use: None, has_client: false }, clock, now())
}

fn unused(days: u32) -> KeyFilter {
    KeyFilter { unused_days: Some(days), ..KeyFilter::default() }
}

fn expired() -> KeyFilter {
    KeyFilter { expired: true, ..KeyFilter::default() }
}

#[test]
fn no_condition_takes_no_key() {
    let clock = learned();
    let old = key("old", Some(ago(&clock, 9000)), None, Some(ago(&clock, 8000)));
    assert_eq!(sifted(&KeyFilter::default(), &old, &clock), Sifted::Passed);
}

#[test]
fn a_revoked_key_is_none_of_them() {
    let clock = learned();
    let mut old = key("old", Some(ago(&clock, 9000)), None, Some(ago(&clock, 8000)));
    assert_eq!(sifted(&expired(), &old, &clock), Sifted::Taken);
    old.revoked_on = Some(ago(&clock, 7000));
    for filter in [expired(), unused(1), KeyFilter { name: Some(Glob::new("*")), ..KeyFilter::default() }] {
        assert_eq!(sifted(&filter, &old, &clock), Sifted::Passed);
    }
}

#[test]
fn an_end_is_certain_only_where_the_clock_is() {
    let ended = |clock: &ServerClock, hours: i64| {
        sifted(&expired(), &key("k", None, None, Some(ago(clock, hours))), clock)
    };
    for (clock, hours, expected) in [
        (learned(), 2, Sifted::Taken),
        // The clocks may have been changed since the offset was learned.
        (learned(), 1, Sifted::Left(LeftBecause::EndUncertain)),
        (learned(), -1, Sifted::Passed),
        (ServerClock::Assumed, 15, Sifted::Taken),
        (ServerClock::Assumed, 13, Sifted::Left(LeftBecause::EndUncertain)),
        (ServerClock::Assumed, -1, Sifted::Passed),
    ] {
        assert_eq!(ended(&clock, hours), expected, "{clock:?} {hours}");
    }
    assert_eq!(sifted(&expired(), &key("no end", None, None, None), &learned()), Sifted::Passed);
}

#[test]
fn unused_counts_from_the_last_use_or_else_from_when_it_was_made() {
    let day = 24;
    for (clock, made, used, expected) in [
        (learned(), 200 * day, Some(91 * day), Sifted::Taken),
        (learned(), 200 * day, Some(89 * day), Sifted::Passed),
        (learned(), 200 * day, Some(90 * day), Sifted::Left(LeftBecause::UseUncertain)),
        (learned(), 91 * day, None, Sifted::Taken),
        (learned(), 89 * day, None, Sifted::Passed),
        (ServerClock::Assumed, 200 * day, Some(90 * day + 13), Sifted::Left(LeftBecause::UseUncertain)),
        (ServerClock::Assumed, 200 * day, Some(90 * day + 15), Sifted::Taken),
    ] {
        let key = key("k", Some(ago(&clock, made)), used.map(|hours| ago(&clock, hours)), None);
        assert_eq!(sifted(&unused(90), &key, &clock), expected, "{clock:?} {made} {used:?}");
    }
    assert_eq!(
        sifted(&unused(90), &key("untold", None, None, None), &learned()),
        Sifted::Left(LeftBecause::UseUnknown)
    );
}

/// What a check-up did is no use: what was before it counts.
#[test]
fn our_own_checks_are_not_counted() {
    let clock = learned();
    let of = |before: BeforeOwnUse, made: i64| {
        let key = key("k", Some(ago(&clock, made)), Some(ago(&clock, 2)), None);
        let known = Known { key: &key, before_own_use: Some(&before), has_client: false };
        unused(90).sift(known, &clock, now())
    };
    let at = |hours| BeforeOwnUse::At { time: TimeView::of(ago(&clock, hours), &clock) };
    assert_eq!(of(at(100 * 24), 200 * 24), Sifted::Taken);
    assert_eq!(of(at(10 * 24), 200 * 24), Sifted::Passed);
    assert_eq!(of(BeforeOwnUse::Never, 200 * 24), Sifted::Taken);
    assert_eq!(of(BeforeOwnUse::Never, 10 * 24), Sifted::Passed);
    assert_eq!(of(BeforeOwnUse::Unknown, 200 * 24), Sifted::Left(LeftBecause::UseUnknown));
    assert_eq!(of(BeforeOwnUse::Unknown, 10 * 24), Sifted::Passed);
}

/// An MCP server that notes no use makes a key in daily use look unused.
#[test]
fn what_a_client_here_has_is_not_called_unused() {
    let clock = learned();
    let old = key("k", Some(ago(&clock, 9000)), None, Some(ago(&clock, 8000)));
    let known = Known { key: &old, before_own_use: None, has_client: true };
    assert_eq!(unused(90).sift(known, &clock, now()), Sifted::Left(LeftBecause::ClientHasIt));
    assert_eq!(expired().sift(known, &clock, now()), Sifted::Taken, "that it has ended needs no use");
}

#[test]
fn all_that_is_set_must_hold() {
    let clock = learned();
    let both = KeyFilter { name: Some(Glob::new("CI *")), ..expired() };
    let ended = Some(ago(&clock, 5));
    assert_eq!(sifted(&both, &key("CI a", None, None, ended), &clock), Sifted::Taken);
    assert_eq!(sifted(&both, &key("laptop", None, None, ended), &clock), Sifted::Passed);
    assert_eq!(sifted(&both, &key("CI a", None, None, None), &clock), Sifted::Passed);
    // One doubt is not outdone by another condition that holds, and one that does not hold ends all doubt.
    let clock = ServerClock::Assumed;
    let near = Some(ago(&clock, 2));
    assert_eq!(
        sifted(&both, &key("CI a", None, None, near), &clock),
        Sifted::Left(LeftBecause::EndUncertain)
    );
    let three = KeyFilter { unused_days: Some(90), ..both };
    let used = key("CI a", None, near, near);
    assert_eq!(sifted(&three, &used, &clock), Sifted::Passed);
}

proptest! {
    /// Wherever the server is: what is taken as unused under an assumed clock has been so long unused in truth.
    #[test]
    fn never_taken_by_a_guess(quarters in -48i32..=56, hours in 0i64..6000, days in 1u32..200) {
        let truth = ServerClock::Learned { offset_minutes: quarters * 15, at: now() };
        let used = key("k", None, Some(ago(&truth, hours)), Some(ago(&truth, hours)));
        if sifted(&unused(days), &used, &ServerClock::Assumed) == Sifted::Taken {
            prop_assert!(hours >= i64::from(days) * 24, "{hours} hours are less than {days} days");
        }
        if sifted(&expired(), &used, &ServerClock::Assumed) == Sifted::Taken {
            prop_assert!(hours > 0);
        }
    }
}
