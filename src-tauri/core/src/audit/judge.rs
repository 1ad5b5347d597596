//! What is wrong with each key. Pure: what is known goes in, findings come out.
//!
//! Nothing is claimed that the data does not show. Where a server's clock is only assumed, a time of its may lie as far
//! off as time zones go, and what depends on that is not found until it holds for all of them.

use super::finding::AuditFinding;
use super::rows::{Audited, AuditedKey};
use crate::clock::{ServerClock, WallTime};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;

/// As Flask-AppBuilder calls it unless `AUTH_ROLE_ADMIN` says otherwise.
const ADMIN: &str = "Admin";
const YEAR: SignedDuration = SignedDuration::from_hours(365 * 24);
/// UTC-12: a wall time there is an instant so much later than the same in UTC.
pub const WESTMOST: SignedDuration = SignedDuration::from_hours(12);

/// From when on something is worth a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    pub quiet_days: u32,
    pub ends_soon_days: u32,
    pub many_keys: u32,
}

/// The findings of each key, in the order of the keys; each key's own, the gravest first.
#[must_use]
pub fn findings(
    audited: &Audited,
    clock: &ServerClock,
    now: Timestamp,
    thresholds: Thresholds,
) -> Vec<Vec<AuditFinding>> {
    let judge = Judge { clock, now, thresholds };
    let mut working: HashMap<u32, u32> = HashMap::new();
    let mut named: HashMap<(u32, &str), u32> = HashMap::new();
    for key in audited.keys.iter().filter(|key| judge.works(key)) {
        *working.entry(key.owner).or_default() += 1;
        *named.entry((key.owner, &key.name)).or_default() += 1;
    }
    let of_key = |key: &AuditedKey| {
        if !judge.works(key) {
            let ended = key.revoked_on.is_none();
            return if ended { vec![AuditFinding::EndedNotRevoked] } else { Vec::new() };
        }
        let owner = audited.owner(key);
        let twins = named.get(&(key.owner, key.name.as_str())).copied().unwrap_or_default();
        let keys = working.get(&key.owner).copied().unwrap_or_default();
        let found = [
            (AuditFinding::OwnerInactive, owner.is_some_and(|owner| owner.active == Some(false))),
            (
                AuditFinding::OwnerAdmin,
                owner.is_some_and(|owner| owner.roles.iter().any(|role| role == ADMIN)),
            ),
            (AuditFinding::NeverUsed, key.last_used_on.is_none()),
            (AuditFinding::Quiet, judge.is_quiet(key)),
            (AuditFinding::OverAYear, key.created_on.is_some_and(|at| judge.is_before(at, judge.ago(YEAR)))),
            (AuditFinding::NoEnd, key.expires_on.is_none()),
            (AuditFinding::EndsSoon, judge.ends_soon(key)),
            (AuditFinding::ManyKeys, keys >= thresholds.many_keys),
            (AuditFinding::SameName, twins > 1),
        ];
        found.into_iter().filter(|(_, is_so)| *is_so).map(|(finding, _)| finding).collect()
    };
    audited.keys.iter().map(of_key).collect()
}

struct Judge<'a> {
    clock: &'a ServerClock,
    now: Timestamp,
    thresholds: Thresholds,
}

impl Judge<'_> {
    /// Neither revoked nor, for sure, past its end.
    fn works(&self, key: &AuditedKey) -> bool {
        key.revoked_on.is_none() && !key.expires_on.is_some_and(|end| self.is_before(end, self.now))
    }

    fn is_quiet(&self, key: &AuditedKey) -> bool {
        let since = self.ago(days(self.thresholds.quiet_days));
        key.last_used_on.is_some_and(|last| self.is_before(last, since))
    }

    fn ends_soon(&self, key: &AuditedKey) -> bool {
        let until = self.now.checked_add(days(self.thresholds.ends_soon_days)).unwrap_or(Timestamp::MAX);
        key.expires_on.is_some_and(|end| self.is_before(end, until))
    }

    fn ago(&self, span: SignedDuration) -> Timestamp {
        self.now.checked_sub(span).unwrap_or(Timestamp::MIN)
    }

    /// Whether a wall time lies before an instant, wherever the server may be.
    fn is_before(&self, wall: WallTime, instant: Timestamp) -> bool {
        let at = self.clock.instant(wall);
        let at =
            if self.clock.is_assumed() { at.checked_add(WESTMOST).unwrap_or(Timestamp::MAX) } else { at };
        at < instant
    }
}

fn days(count: u32) -> SignedDuration {
    SignedDuration::from_hours(i64::from(count) * 24)
}

#[cfg(test)]
mod tests {
    use super::super::rows::Person;
    use super::*;
    use crate::ids::ApiKeyId;
    use proptest::prelude::*;

    const THRESHOLDS: Thresholds = Thresholds { quiet_days: 90, ends_soon_days: 14, many_keys: 5 };

    fn now() -> Timestamp {
        "2026-11-29T12:00:00Z".parse().unwrap()
    }

    fn utc() -> ServerClock {
        ServerClock::Learned { offset_minutes: 0, at: now() }
    }

    #[allow(clippy::unnecessary_wraps, reason = "what a key's times are")]
    fn wall(text: &str) -> Option<WallTime> {
        Some(WallTime::parse(text).unwrap())
    }

    fn person(id: i32) -> Person {
        let username = format!("user{id}");
        Person {
            id,
            username,
            name: String::new(),
            active: Some(true),
            roles: vec!["Gamma".into()],
            last_login: None,
        }
    }

    /// One with which nothing is wrong.
    fn key(name: &str) -> AuditedKey {
        AuditedKey {
            id: ApiKeyId::new(name),
            name: name.into(),
            scopes: None,
            owner: 0,
            created_on: wall("2026-11-01T00:00:00"),
            expires_on: wall("2027-06-01T00:00:00"),
            last_used_on: wall("2026-11-29T00:00:00"),
            revoked_on: None,
        }
    }

    fn judged(key: AuditedKey, clock: &ServerClock) -> Vec<AuditFinding> {
        let audited = Audited { people: vec![person(1)], keys: vec![key] };
        findings(&audited, clock, now(), THRESHOLDS).remove(0)
    }

    #[test]
    fn each_finding_by_itself() {
        use AuditFinding as F;
        let good = key("good");
        for (changed, expected) in [
            (good.clone(), vec![]),
            (AuditedKey { last_used_on: None, ..good.clone() }, vec![F::NeverUsed]),
            (AuditedKey { last_used_on: wall("2026-08-31T12:00:01"), ..good.clone() }, vec![]),
            (AuditedKey { last_used_on: wall("2026-08-31T11:59:59"), ..good.clone() }, vec![F::Quiet]),
            (AuditedKey { created_on: wall("2025-11-29T12:00:01"), ..good.clone() }, vec![]),
            (AuditedKey { created_on: wall("2025-11-29T11:59:59"), ..good.clone() }, vec![F::OverAYear]),
            (AuditedKey { expires_on: None, ..good.clone() }, vec![F::NoEnd]),
            (AuditedKey { expires_on: wall("2026-12-13T12:00:01"), ..good.clone() }, vec![]),
            (AuditedKey { expires_on: wall("2026-12-13T11:59:59"), ..good.clone() }, vec![F::EndsSoon]),
            (AuditedKey { expires_on: wall("2026-11-29T12:00:01"), ..good.clone() }, vec![F::EndsSoon]),
            (AuditedKey { expires_on: wall("2026-11-29T11:59:59"), ..good }, vec![F::EndedNotRevoked]),
        ] {
            assert_eq!(judged(changed.clone(), &utc()), expected, "{changed:?}");
        }
    }

    #[test]
    fn owners_count_and_what_is_not_told_of_them_does_not() {
        let judged = |person: Person| {
            findings(&Audited { people: vec![person], keys: vec![key("a")] }, &utc(), now(), THRESHOLDS)
                .remove(0)
        };
        assert_eq!(judged(Person { active: Some(false), ..person(1) }), [AuditFinding::OwnerInactive]);
        assert_eq!(judged(Person { active: None, ..person(1) }), []);
        assert_eq!(
            judged(Person { roles: vec!["Alpha".into(), "Admin".into()], ..person(1) }),
            [AuditFinding::OwnerAdmin]
        );
        assert_eq!(judged(Person { roles: vec!["Administrators".into()], ..person(1) }), []);
    }

    #[test]
    fn a_revoked_key_has_no_findings_and_an_ended_one_no_other() {
        let worst = AuditedKey {
            created_on: wall("2020-01-01T00:00:00"),
            expires_on: wall("2021-01-01T00:00:00"),
            last_used_on: None,
            ..key("old")
        };
        let revoked = AuditedKey { revoked_on: wall("2020-06-01T00:00:00"), ..worst.clone() };
        let people = vec![Person { active: Some(false), roles: vec!["Admin".into()], ..person(1) }];
        let found = findings(&Audited { people, keys: vec![worst, revoked] }, &utc(), now(), THRESHOLDS);
        assert_eq!(found, [vec![AuditFinding::EndedNotRevoked], vec![]]);
    }

    #[test]
    fn many_keys_and_same_names_are_those_of_one_person_that_work() {
        let mut keys: Vec<_> = ["a", "b", "c", "d"].map(key).into();
        let people = vec![person(1), person(2)];
        keys.push(AuditedKey { revoked_on: wall("2026-11-02T00:00:00"), ..key("a") });
        keys.push(AuditedKey { expires_on: wall("2026-11-02T00:00:00"), ..key("b") });
        keys.push(AuditedKey { owner: 1, ..key("c") });
        let all = |keys: &[AuditedKey]| {
            let audited = Audited { people: people.clone(), keys: keys.to_vec() };
            findings(&audited, &utc(), now(), THRESHOLDS)
        };
        assert!(all(&keys).iter().all(
            |found| !found.contains(&AuditFinding::ManyKeys) && !found.contains(&AuditFinding::SameName)
        ));
        keys.push(key("a"));
        let found = all(&keys);
        let with = |finding| found.iter().filter(|found| found.contains(&finding)).count();
        assert_eq!((with(AuditFinding::ManyKeys), with(AuditFinding::SameName)), (5, 2));
        assert_eq!(found[6], [], "another person's");
    }

    /// New York, and nobody told: what a border of some hours decides is not found.
    #[test]
    fn an_assumed_clock_claims_only_what_holds_wherever_the_server_is() {
        for (changed, sure, assumed) in [
            (
                AuditedKey { expires_on: wall("2026-11-29T11:00:00"), ..key("a") },
                vec![AuditFinding::EndedNotRevoked],
                vec![AuditFinding::EndsSoon],
            ),
            (
                AuditedKey { last_used_on: wall("2026-08-31T11:00:00"), ..key("a") },
                vec![AuditFinding::Quiet],
                vec![],
            ),
            (
                AuditedKey { created_on: wall("2025-11-29T11:00:00"), ..key("a") },
                vec![AuditFinding::OverAYear],
                vec![],
            ),
            (
                AuditedKey { last_used_on: wall("2026-08-30T23:00:00"), ..key("a") },
                vec![AuditFinding::Quiet],
                vec![AuditFinding::Quiet],
            ),
        ] {
            assert_eq!(judged(changed.clone(), &utc()), sure);
            assert_eq!(judged(changed, &ServerClock::Assumed), assumed);
        }
    }

    #[test]
    fn the_ends_of_time_do_not_panic() {
        let last = AuditedKey { expires_on: wall("9999-12-31T23:59:59"), ..key("a") };
        assert_eq!(judged(last, &ServerClock::Assumed), []);
    }

    proptest! {
        /// Findings come in their order, each once, and the gravest decides where a key stands.
        #[test]
        fn findings_are_in_order(used in prop::option::of(0i64..4_000_000_000), ends in prop::option::of(0i64..4_000_000_000),
                                 made in 0i64..1_800_000_000, admin: bool, active: bool, assumed: bool) {
            let at = |seconds: i64| WallTime(jiff::tz::TimeZone::UTC.to_datetime(Timestamp::from_second(seconds).unwrap()));
            let key = AuditedKey { last_used_on: used.map(at), expires_on: ends.map(at), created_on: Some(at(made)), ..key("a") };
            let roles = if admin { vec!["Admin".to_owned()] } else { vec![] };
            let audited = Audited { people: vec![Person { active: Some(active), roles, ..person(1) }], keys: vec![key] };
            let clock = if assumed { ServerClock::Assumed } else { utc() };
            let found = findings(&audited, &clock, now(), THRESHOLDS).remove(0);
            prop_assert!(found.is_sorted_by(|one, next| one < next), "{:?}", found);
            prop_assert!(!(found.contains(&AuditFinding::Quiet) && found.contains(&AuditFinding::NeverUsed)));
            prop_assert!(!(found.contains(&AuditFinding::NoEnd) && found.contains(&AuditFinding::EndsSoon)));
            // What an assumed clock finds, a known one finds too, but for an end whose border it stands at.
            if assumed {
                let sure = findings(&audited, &utc(), now(), THRESHOLDS).remove(0);
                prop_assert!(sure.contains(&AuditFinding::EndedNotRevoked) || found.iter().all(|finding| sure.contains(finding)));
            }
        }
    }
}
