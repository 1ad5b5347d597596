//! Replacing a key without a lost call: when may the old one go? Pure.
//!
//! Quiet is a key whose `last_used_on` did not *change* for a set time. Whether it lies later is never asked: clocks
//! step, and under parallel requests Superset 6.1.0 was seen to write an earlier time over a later one.

use crate::key_use::LastUse;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// Seconds for which a key can be asked to be quiet. Below ten nothing could be told where a database keeps whole
/// seconds only.
pub const QUIET_BOUNDS: RangeInclusive<u32> = 10..=400 * DAY;
/// Until somebody asks for another time.
pub const QUIET_FOR: u32 = DAY;
const DAY: u32 = 24 * 60 * 60;
/// Nobody looks more often, and nobody less often while a program of ours runs.
const PAUSES: RangeInclusive<i64> = 2..=300;
/// By how much the server's clock, which tells whole seconds, may seem to go slower or faster than ours between two looks.
const WHOLE_SECONDS: SignedDuration = SignedDuration::from_secs(2);

/// When the old key is revoked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum RevokeWhen {
    #[default]
    WhenQuiet,
    Now,
    /// Both stay.
    Never,
}

/// Where uses of a key leave no trace, so that nobody can call it quiet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum BlindSpot {
    /// The Public role has permissions: where those reach, Flask-AppBuilder 5.3.0 looks at no key.
    PublicRole,
    /// The MCP server answers and notes no use, as that of Superset 6.1.0.
    Mcp,
    /// Nobody could tell yet whether the MCP server notes uses: it did not answer, or not in a way that shows.
    McpUnclear,
}

/// How a rotation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum RotationEnd {
    Revoked,
    /// By somebody else: another computer, or a person.
    RevokedElsewhere,
    KeptBoth,
    /// The old key has its place again, and the new one is revoked.
    WentBack,
}

/// One look at a key: what this computer's clock said, and the server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    pub at: Timestamp,
    #[serde(default)]
    pub server: Option<Timestamp>,
}

impl Look {
    /// What has passed for sure since `before`: a clock that was set meanwhile makes no time.
    fn after(self, before: Self) -> SignedDuration {
        let here = self.at.duration_since(before.at);
        let passed = match (self.server, before.server) {
            (Some(now), Some(then)) => {
                let there = now.duration_since(then);
                if (here - there).abs() <= WHOLE_SECONDS { here } else { here.min(there) }
            }
            _ => here,
        };
        passed.max(SignedDuration::ZERO)
    }
}

/// What was seen of the key that is to go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    /// The last use as the server showed it.
    pub shown: LastUse,
    /// The last use that was not our own.
    pub by_others: LastUse,
    /// The look that saw it change last; the first one, if none did.
    pub since: Look,
    pub looked: Look,
    /// How long it was quiet between looks, in milliseconds.
    #[serde(default)]
    pub quiet_millis: u64,
    /// How often a look saw another use.
    pub changes: u32,
    /// Seconds, between two uses that were seen, or before the first look.
    #[serde(default)]
    pub longest_pause: Option<u32>,
}

impl Watch {
    /// The first look. `pause` is how long the last use lay back then.
    #[must_use]
    pub fn begin(
        shown: LastUse,
        by_others: Option<LastUse>,
        pause: Option<SignedDuration>,
        look: Look,
    ) -> Self {
        Self {
            shown,
            by_others: by_others.unwrap_or(shown),
            since: look,
            looked: look,
            quiet_millis: 0,
            changes: 0,
            longest_pause: pause.and_then(seconds),
        }
    }

    /// Another look. `by_others` is the last use without our own, and none where that is not known.
    pub fn look(&mut self, shown: LastUse, by_others: Option<LastUse>, look: Look) {
        let is_new = shown != self.shown && by_others != Some(self.by_others);
        if is_new {
            let by_others = by_others.unwrap_or(shown);
            self.changes = self.changes.saturating_add(1);
            self.longest_pause = self.longest_pause.max(between(self.by_others, by_others));
            self.by_others = by_others;
            (self.since, self.quiet_millis) = (look, 0);
        } else {
            let passed = u64::try_from(look.after(self.looked).as_millis()).unwrap_or_default();
            self.quiet_millis = self.quiet_millis.saturating_add(passed);
        }
        self.shown = shown;
        self.looked = look;
    }

    /// What was quiet before this look does not count.
    pub fn begin_anew(&mut self, look: Look) {
        (self.since, self.quiet_millis) = (look, 0);
    }

    /// For how long no use was seen, between two looks.
    #[must_use]
    pub fn quiet(&self) -> SignedDuration {
        SignedDuration::from_millis(i64::try_from(self.quiet_millis).unwrap_or(i64::MAX))
    }

    #[must_use]
    pub fn is_quiet(&self, quiet_for: u32) -> bool {
        self.quiet() >= SignedDuration::from_secs(quiet_for.into())
    }

    /// Whoever uses it may come more rarely than it is waited for.
    #[must_use]
    pub fn is_shorter_than_a_pause(&self, quiet_for: u32) -> bool {
        self.longest_pause.is_some_and(|pause| quiet_for < pause)
    }
}

/// How long to wait before the next look, so that a quiet key is not kept for much longer than was asked.
#[must_use]
pub fn until_next_look(watch: Option<&Watch>, quiet_for: u32) -> SignedDuration {
    let left = watch.map_or(0, |watch| i64::from(quiet_for) - watch.quiet().as_secs());
    SignedDuration::from_secs(left.clamp(*PAUSES.start(), *PAUSES.end()))
}

fn between(one: LastUse, other: LastUse) -> Option<u32> {
    let (LastUse::At(one), LastUse::At(other)) = (one, other) else { return None };
    seconds(other.0.duration_since(one.0).abs())
}

fn seconds(duration: SignedDuration) -> Option<u32> {
    u32::try_from(duration.as_secs().max(0)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::WallTime;
    use proptest::prelude::*;

    fn used(second: u32) -> LastUse {
        let day: jiff::civil::DateTime = "2026-11-20T00:00:00".parse().unwrap();
        LastUse::At(WallTime(day + SignedDuration::from_secs(second.into())))
    }

    fn look(here: i64, server: i64) -> Look {
        let at = |second| Timestamp::from_second(1_800_000_000 + second).unwrap();
        Look { at: at(here), server: Some(at(server)) }
    }

    #[test]
    fn an_earlier_time_is_a_use_as_well() {
        let mut watch = Watch::begin(used(100), Some(used(100)), None, look(0, 0));
        watch.look(used(99), Some(used(99)), look(60, 60));
        assert_eq!((watch.quiet().as_secs(), watch.changes), (0, 1));
    }

    #[test]
    fn what_hides_behind_our_own_use_is_a_use() {
        let mut watch = Watch::begin(used(100), Some(used(100)), None, look(0, 0));
        watch.look(used(150), Some(used(100)), look(60, 60));
        assert_eq!(watch.quiet().as_secs(), 60, "ours alone");
        watch.look(used(250), Some(used(200)), look(120, 120));
        assert_eq!(watch.quiet().as_secs(), 0, "somebody was there before ours");
        watch.look(used(350), None, look(180, 180));
        assert_eq!(watch.quiet().as_secs(), 0, "nobody knows");
        watch.look(used(350), None, look(240, 240));
        assert_eq!(watch.quiet().as_secs(), 60, "nothing came after that");
    }

    #[test]
    fn the_longest_pause_is_kept() {
        let mut watch = Watch::begin(used(0), None, Some(SignedDuration::from_secs(40)), look(0, 0));
        watch.look(used(30), Some(used(30)), look(30, 30));
        assert_eq!(watch.longest_pause, Some(40));
        watch.look(used(90), Some(used(90)), look(90, 90));
        assert_eq!(watch.longest_pause, Some(60));
        assert!(watch.is_shorter_than_a_pause(59) && !watch.is_shorter_than_a_pause(60));
    }

    proptest! {
        /// Looks at any times, uses in between or none, either clock set forward or back at any of them.
        #[test]
        fn quiet_is_never_said_of_a_key_that_was_used_within_that_time(
            steps in prop::collection::vec((1i64..5_000, any::<bool>(), -9_000i64..9_000, -9_000i64..9_000, 0u8..10), 1..60),
            quiet_for in 10u32..20_000,
        ) {
            let (mut truth, mut here, mut server) = (0i64, 0i64, 0i64);
            let (mut last_use, mut uses) = (0i64, 0u32);
            let mut watch = Watch::begin(used(0), Some(used(0)), None, look(0, 0));
            for (passed, is_used, step_here, step_server, which) in steps {
                truth += passed;
                // One clock at most is set between two looks, and by more than seconds.
                let step = |step: i64| step + 3 * step.signum();
                here += passed + if which == 0 { step(step_here) } else { 0 };
                server += passed + if which == 1 { step(step_server) } else { 0 };
                if is_used {
                    uses += 1;
                    last_use = truth;
                }
                watch.look(used(uses), Some(used(uses)), look(here, server));
                if watch.is_quiet(quiet_for) {
                    prop_assert!(truth - last_use >= i64::from(quiet_for), "{watch:?}");
                }
                let left = until_next_look(Some(&watch), quiet_for).as_secs();
                prop_assert!((2..=300).contains(&left));
            }
        }

        #[test]
        fn a_key_that_nobody_uses_is_quiet_in_the_end(gaps in prop::collection::vec(1i64..5_000, 1..60), quiet_for in 10u32..20_000) {
            let mut watch = Watch::begin(LastUse::Never, Some(LastUse::Never), None, look(0, 0));
            let mut now = 0;
            for gap in gaps {
                now += gap;
                watch.look(LastUse::Never, Some(LastUse::Never), look(now, now));
                prop_assert_eq!(watch.is_quiet(quiet_for), now >= i64::from(quiet_for));
            }
        }

        #[test]
        fn any_state_is_read_back_as_it_was(at in 0i64..4_000_000_000, changes in any::<u32>(), pause in any::<Option<u32>>()) {
            let seen = look(at - 1_800_000_000, 0);
            let watch = Watch { shown: used(1), by_others: LastUse::Never, since: seen, looked: seen, quiet_millis: 1, changes, longest_pause: pause };
            let text = serde_json::to_string(&watch).unwrap();
            prop_assert_eq!(serde_json::from_str::<Watch>(&text).unwrap(), watch);
        }
    }
}
