//! Which call explains the last use of a key that a server tells of.
//!
//! A server tells one time and not who or where. What is claimed here is only what the record shows: "by nothing on this
//! computer" is said of a time that the record covers, by a clock that is known, with no call near it.

use super::{Call, Mark};
use crate::ids::ApiKeyId;
use jiff::{SignedDuration, Timestamp};

/// How far from a call a use may be and still be it: two computers' clocks, of which an offset is learned by quarters of
/// an hour, and databases that keep whole seconds.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(2);
/// A call that has just come in may not be noted yet.
const SETTLED: SignedDuration = SignedDuration::from_secs(3);
/// For so long a program that was handed a key is taken to use it by itself.
const IN_OTHER_HANDS: SignedDuration = SignedDuration::from_hours(24 * 7);

/// What the record tells of an instance, in the order it was noted.
#[derive(Debug, Clone, Default)]
pub struct Recorded {
    pub calls: Vec<Call>,
    pub marks: Vec<Mark>,
    /// The time of the first line that is left.
    pub since: Option<Timestamp>,
    /// Whether calls are noted at the moment.
    pub is_on: bool,
}

/// Who made a use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Explained {
    Call(Box<Call>),
    /// A program on this computer was handed the key before, and may have used it by itself.
    Handed(Box<Call>),
    NotKnown(Unexplained),
    /// Nothing on this computer did it, as far as its record goes.
    Nothing,
}

/// Why it cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unexplained {
    /// The record does not reach back so far, or was off.
    NoRecord,
    /// The server's clock is not known.
    ClockAssumed,
    /// It was a moment ago.
    JustNow,
}

impl Recorded {
    /// What explains that this key was used at this time.
    #[must_use]
    pub fn explains(
        &self,
        key: &ApiKeyId,
        used: Timestamp,
        clock_is_known: bool,
        now: Timestamp,
    ) -> Explained {
        let of_key = || self.calls.iter().filter(|call| call.is_with(key));
        let near =
            of_key().filter(|call| call.went_out()).filter_map(|call| Some((distance(call, used)?, call)));
        // What a tool did says more than what clients ask by themselves.
        if let Some((_, call)) =
            near.min_by_key(|(distance, call)| (!call.is_of_a_tool(), *distance, call.at))
        {
            return Explained::Call(Box::new(call.clone()));
        }
        let handed = of_key().filter(|call| call.hands_out()).filter(|call| {
            let since = used.duration_since(call.at);
            since >= -TOLERANCE && since <= IN_OTHER_HANDS
        });
        if let Some(call) = handed.max_by_key(|call| call.at) {
            return Explained::Handed(Box::new(call.clone()));
        }
        if !clock_is_known {
            return Explained::NotKnown(Unexplained::ClockAssumed);
        }
        if now.duration_since(used) < SETTLED {
            return Explained::NotKnown(Unexplained::JustNow);
        }
        if !self.covers(used) {
            return Explained::NotKnown(Unexplained::NoRecord);
        }
        Explained::Nothing
    }

    /// Whether all calls around this time were noted, and still are.
    #[must_use]
    pub fn covers(&self, time: Timestamp) -> bool {
        let (from, to) = (time - TOLERANCE, time + TOLERANCE);
        if !self.is_on || self.since.is_none_or(|since| since > from) {
            return false;
        }
        let mut marks: Vec<&Mark> = self.marks.iter().collect();
        marks.sort_by_key(|mark| mark.at);
        // What holds at `from`, and every change until `to`.
        let before = marks.iter().rev().find(|mark| mark.at <= from);
        let within = marks.iter().filter(|mark| mark.at > from && mark.at <= to);
        before.is_none_or(|mark| mark.recording) && within.into_iter().all(|mark| mark.recording)
    }

    /// The calls of this key before and after a time, those that went out.
    #[must_use]
    pub fn around(&self, key: &ApiKeyId, time: Timestamp) -> (Option<Timestamp>, Option<Timestamp>) {
        let times =
            || self.calls.iter().filter(|call| call.is_with(key) && call.went_out()).map(|call| call.at);
        (times().filter(|at| *at <= time).max(), times().filter(|at| *at > time).min())
    }
}

/// How far a use is from a call, where that is near enough.
fn distance(call: &Call, used: Timestamp) -> Option<SignedDuration> {
    let took = SignedDuration::from_millis(call.ms.and_then(|ms| i64::try_from(ms).ok()).unwrap_or_default());
    let ended = call.at.checked_add(took).unwrap_or(call.at);
    let distance = if used < call.at {
        call.at.duration_since(used)
    } else if used > ended {
        used.duration_since(ended)
    } else {
        SignedDuration::ZERO
    };
    (distance <= TOLERANCE).then_some(distance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activity::{Caller, HEADERS, Outcome, TOOLS_CALL};
    use crate::ids::InstanceId;
    use proptest::prelude::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    fn call(key: &str, from: i64, ms: u64, method: &str, outcome: Outcome) -> Call {
        Call {
            at: at(from),
            instance: InstanceId::from_random(1),
            key: Some(ApiKeyId::new(key)),
            caller: Caller::named("cursor", None),
            method: method.to_owned(),
            tool: (method == TOOLS_CALL).then(|| "execute_sql".to_owned()),
            outcome,
            ms: Some(ms),
            bytes: None,
            also: None,
            access: None,
        }
    }

    fn recorded(calls: Vec<Call>) -> Recorded {
        Recorded { calls, marks: Vec::new(), since: Some(at(-100_000)), is_on: true }
    }

    fn explained(recorded: &Recorded, used: i64) -> Explained {
        recorded.explains(&ApiKeyId::new("k"), at(used), true, at(1_000_000))
    }

    #[test]
    fn a_use_in_or_near_a_call_is_that_call() {
        let calls = vec![
            call("k", 0, 300_000, TOOLS_CALL, Outcome::Done),
            call("k", 1000, 5, "initialize", Outcome::Done),
            call("k", 1001, 5, TOOLS_CALL, Outcome::Failed),
        ];
        let recorded = recorded(calls.clone());
        for (used, expected) in [(-119, 0), (0, 0), (299, 0), (419, 0), (999, 2), (1000, 2), (1120, 2)] {
            assert_eq!(
                explained(&recorded, used),
                Explained::Call(Box::new(calls[expected].clone())),
                "{used}"
            );
        }
        for used in [-121, 421, 879, 1122] {
            assert_eq!(explained(&recorded, used), Explained::Nothing, "{used}");
        }
    }

    #[test]
    fn other_keys_and_calls_that_never_left_explain_nothing() {
        let recorded = recorded(vec![
            call("other", 0, 5, TOOLS_CALL, Outcome::Done),
            call("k", 0, 5, TOOLS_CALL, Outcome::Refused),
        ]);
        assert_eq!(explained(&recorded, 0), Explained::Nothing);
    }

    #[test]
    fn a_call_during_which_its_key_was_replaced_explains_both() {
        let call = Call { also: Some(ApiKeyId::new("old")), ..call("k", 0, 5, TOOLS_CALL, Outcome::Done) };
        let recorded = recorded(vec![call.clone()]);
        for key in ["k", "old"] {
            let by = recorded.explains(&ApiKeyId::new(key), at(0), true, at(1000));
            assert_eq!(by, Explained::Call(Box::new(call.clone())), "{key}");
        }
    }

    #[test]
    fn whoever_was_handed_the_key_may_have_used_it_later() {
        let handed = call("k", 0, 0, HEADERS, Outcome::Done);
        let recorded = recorded(vec![handed.clone()]);
        let by_it = Explained::Handed(Box::new(handed));
        assert_eq!(explained(&recorded, 0), by_it);
        assert_eq!(explained(&recorded, 86_400), by_it);
        assert_eq!(explained(&recorded, -3600), Explained::Nothing, "before it was handed out");
        assert_eq!(explained(&recorded, 86_400 * 8), Explained::Nothing);
    }

    #[test]
    fn nothing_is_claimed_that_is_not_known() {
        use Unexplained::{ClockAssumed, JustNow, NoRecord};
        let key = ApiKeyId::new("k");
        let empty = recorded(Vec::new());
        let now = at(1_000_000);
        assert_eq!(empty.explains(&key, at(0), false, now), Explained::NotKnown(ClockAssumed));
        assert_eq!(empty.explains(&key, at(0), true, at(2)), Explained::NotKnown(JustNow));
        assert_eq!(empty.explains(&key, at(-100_000), true, now), Explained::NotKnown(NoRecord));
        assert_eq!(Recorded::default().explains(&key, at(0), true, now), Explained::NotKnown(NoRecord));
        let off = Recorded { is_on: false, ..empty.clone() };
        assert_eq!(off.explains(&key, at(0), true, now), Explained::NotKnown(NoRecord));
        let mark = |seconds, recording| Mark { at: at(seconds), recording };
        let pause = Recorded { marks: vec![mark(1000, false), mark(2000, true)], ..empty };
        for (used, covered) in
            [(0, true), (879, true), (881, false), (1500, false), (2119, false), (2121, true)]
        {
            let expected = if covered { Explained::Nothing } else { Explained::NotKnown(NoRecord) };
            assert_eq!(explained(&pause, used), expected, "{used}");
        }
    }

    proptest! {
        /// Whoever says that nothing did it has looked at every call.
        #[test]
        fn nothing_means_nothing(calls in prop::collection::vec((0_i64..5000, 0_u64..900_000, any::<bool>()), 0..8), used in -500_i64..6500) {
            let all: Vec<Call> = calls.iter().map(|(from, ms, mine)| call(if *mine { "k" } else { "o" }, *from, *ms, TOOLS_CALL, Outcome::Done)).collect();
            let is_near = |(from, ms, mine): &(i64, u64, bool)| {
                let ended = from * 1000 + i64::try_from(*ms).unwrap();
                *mine && used * 1000 >= (from - 120) * 1000 && used * 1000 <= ended + 120_000
            };
            let expected = calls.iter().any(is_near);
            prop_assert_eq!(explained(&recorded(all), used) != Explained::Nothing, expected);
        }
    }
}
