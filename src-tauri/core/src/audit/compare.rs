//! What changed between two audits. Pure.

use super::finding::AuditFinding;
use super::judge::{Thresholds, findings};
use super::rows::{Audited, AuditedKey};
use crate::clock::ServerClock;
use crate::ids::ApiKeyId;
use jiff::Timestamp;
use std::collections::{HashMap, HashSet};

/// An audit, and when it was.
#[derive(Debug, Clone, Copy)]
pub struct Dated<'a> {
    pub audited: &'a Audited,
    pub at: Timestamp,
}

/// Keys of the later audit, but for those that are gone: they are of the earlier one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes<'a> {
    /// Were not there before.
    pub new: Vec<&'a AuditedKey>,
    /// Worked, and do not any more: revoked, ended, or away with their owner.
    pub gone: Vec<&'a AuditedKey>,
    /// Were in use, and have become quiet since.
    pub quiet: Vec<&'a AuditedKey>,
}

/// Both are judged by the same clock and the same thresholds: what is told are changes of the keys, and of nothing else.
#[must_use]
pub fn compare<'a>(
    before: Dated<'a>,
    now: Dated<'a>,
    clock: &ServerClock,
    thresholds: Thresholds,
) -> Changes<'a> {
    let (was, is) = (Judged::of(before, clock, thresholds), Judged::of(now, clock, thresholds));
    let known: HashSet<&ApiKeyId> = before.audited.keys.iter().map(|key| &key.id).collect();
    let listed = now.audited.keys.iter();
    Changes {
        new: listed.clone().filter(|key| !known.contains(&key.id)).collect(),
        gone: before.audited.keys.iter().filter(|key| was.works(key) && !is.works(key)).collect(),
        quiet: listed
            .filter(|key| known.contains(&key.id) && is.is_quiet(key) && !was.is_quiet(key) && was.works(key))
            .collect(),
    }
}

/// What was found of each key then.
struct Judged<'a>(HashMap<&'a ApiKeyId, (&'a AuditedKey, Vec<AuditFinding>)>);

impl<'a> Judged<'a> {
    fn of(dated: Dated<'a>, clock: &ServerClock, thresholds: Thresholds) -> Self {
        let found = findings(dated.audited, clock, dated.at, thresholds);
        let keys = dated.audited.keys.iter().zip(found);
        Self(keys.map(|(key, found)| (&key.id, (key, found))).collect())
    }

    fn works(&self, key: &AuditedKey) -> bool {
        self.0.get(&key.id).is_some_and(|(key, found)| {
            key.revoked_on.is_none() && !found.contains(&AuditFinding::EndedNotRevoked)
        })
    }

    fn is_quiet(&self, key: &AuditedKey) -> bool {
        self.0.get(&key.id).is_some_and(|(_, found)| found.contains(&AuditFinding::Quiet))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Person;
    use crate::clock::WallTime;
    use jiff::SignedDuration;
    use proptest::prelude::*;

    const THRESHOLDS: Thresholds = Thresholds { quiet_days: 90, ends_soon_days: 14, many_keys: 5 };

    fn clock(now: Timestamp) -> ServerClock {
        ServerClock::Learned { offset_minutes: 0, at: now }
    }

    fn now() -> Timestamp {
        "2026-11-20T12:00:00Z".parse().unwrap()
    }

    fn ago(days: i64) -> Timestamp {
        now() - SignedDuration::from_hours(24 * days)
    }

    #[allow(clippy::unnecessary_wraps, reason = "what a key's times are")]
    fn wall(days: i64) -> Option<WallTime> {
        Some(clock(now()).wall(ago(days)))
    }

    fn key(id: &str, used: Option<i64>, revoked: Option<i64>, ends: Option<i64>) -> AuditedKey {
        AuditedKey {
            id: ApiKeyId::new(id),
            name: id.to_owned(),
            scopes: None,
            owner: 0,
            created_on: wall(400),
            expires_on: ends.and_then(wall),
            last_used_on: used.and_then(wall),
            revoked_on: revoked.and_then(wall),
        }
    }

    fn audit(keys: Vec<AuditedKey>) -> Audited {
        let owner = Person {
            id: 1,
            username: "jane".into(),
            name: String::new(),
            active: Some(true),
            roles: Vec::new(),
            last_login: None,
        };
        Audited { people: vec![owner], keys }
    }

    fn names(keys: &[&AuditedKey]) -> Vec<String> {
        keys.iter().map(|key| key.name.clone()).collect()
    }

    fn changes(before: Vec<AuditedKey>, after: Vec<AuditedKey>) -> [Vec<String>; 3] {
        let (before, after) = (audit(before), audit(after));
        let (before, after) = (Dated { audited: &before, at: ago(17) }, Dated { audited: &after, at: now() });
        let found = compare(before, after, &clock(now()), THRESHOLDS);
        [names(&found.new), names(&found.gone), names(&found.quiet)]
    }

    #[test]
    fn each_change_is_told_once() {
        let before = vec![
            key("same", Some(20), None, None),
            key("falls quiet", Some(100), None, None),
            key("was quiet", Some(200), None, None),
            key("is revoked", Some(20), None, None),
            key("ends", Some(20), None, Some(3)),
            key("owner deleted", Some(20), None, None),
            key("was revoked", Some(200), Some(150), None),
            key("never used", None, None, None),
        ];
        let after = vec![
            key("same", Some(1), None, None),
            key("falls quiet", Some(100), None, None),
            key("was quiet", Some(200), None, None),
            key("is revoked", Some(20), Some(2), None),
            key("ends", Some(20), None, Some(3)),
            key("was revoked", Some(200), Some(150), None),
            key("never used", None, None, None),
            key("made since", None, None, None),
            key("made and revoked since", None, Some(1), None),
        ];
        let [new, gone, quiet] = changes(before, after);
        assert_eq!(new, ["made since", "made and revoked since"]);
        assert_eq!(gone, ["is revoked", "ends", "owner deleted"]);
        assert_eq!(quiet, ["falls quiet"]);
    }

    /// A key that woke up and fell quiet anew is no news twice: what counts is that it was not quiet then.
    #[test]
    fn one_that_is_in_use_again_is_not_quiet() {
        let [_, _, quiet] =
            changes(vec![key("k", Some(200), None, None)], vec![key("k", Some(1), None, None)]);
        assert!(quiet.is_empty());
    }

    proptest! {
        #[test]
        fn nothing_changed_is_no_change(used in prop::collection::vec(prop::option::of(0i64..400), 0..20)) {
            let keys: Vec<_> = used.iter().enumerate().map(|(n, used)| key(&n.to_string(), *used, None, None)).collect();
            let audited = audit(keys);
            let dated = Dated { audited: &audited, at: now() };
            prop_assert_eq!(compare(dated, dated, &clock(now()), THRESHOLDS), Changes::default());
        }

        /// Whatever there was and is: none is new and gone, and what is gone does not work now.
        #[test]
        fn the_three_never_overlap(
            before in prop::collection::btree_map(0u8..8, (prop::option::of(0i64..400), prop::option::of(17i64..100)), 0..8),
            after in prop::collection::btree_map(0u8..8, (prop::option::of(0i64..400), prop::option::of(0i64..100)), 0..8),
        ) {
            let keys = |of: &std::collections::BTreeMap<u8, (Option<i64>, Option<i64>)>| {
                of.iter().map(|(n, (used, revoked))| key(&n.to_string(), *used, *revoked, None)).collect::<Vec<_>>()
            };
            let [new, gone, quiet] = changes(keys(&before), keys(&after));
            for name in &new {
                prop_assert!(!gone.contains(name) && !quiet.contains(name));
            }
            for name in &gone {
                prop_assert!(!quiet.contains(name), "{name}");
            }
        }
    }
}
