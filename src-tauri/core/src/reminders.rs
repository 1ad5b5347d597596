//! Keys that end: who is to be reminded, and when a next one is to be made. Pure.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long before its end a key is spoken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Reminder {
    /// Two weeks or less are left.
    TwoWeeks,
    Week,
    Day,
    /// It has ended.
    Ended,
}

impl Reminder {
    const ALL: [Self; 4] = [Self::Ended, Self::Day, Self::Week, Self::TwoWeeks];

    /// Whole days before the end.
    #[must_use]
    pub fn days(self) -> u8 {
        match self {
            Self::TwoWeeks => 14,
            Self::Week => 7,
            Self::Day => 1,
            Self::Ended => 0,
        }
    }

    /// What is to be said of a key now. A key that is made for a short time is not spoken of from its first day: what
    /// comes earlier than half its life is left out.
    #[must_use]
    pub fn of(made: Timestamp, ends: Timestamp, now: Timestamp) -> Option<Self> {
        let left = ends.duration_since(now);
        let half = ends.duration_since(made) / 2;
        let is_reached = |reminder: &Self| {
            let before = days(reminder.days());
            left <= before && (before <= half || before.is_zero())
        };
        // Long after its end there is nobody left who would miss it.
        Self::ALL.into_iter().find(is_reached).filter(|_| -left <= days(Self::TwoWeeks.days()))
    }
}

/// Two weeks before its end, or when half of a shorter life is over.
#[must_use]
pub fn is_time_to_replace(made: Timestamp, ends: Timestamp, now: Timestamp) -> bool {
    let half = ends.duration_since(made) / 2;
    ends.duration_since(now) <= days(Reminder::TwoWeeks.days()).min(half)
}

/// How many days a key was made for, so that the next one gets as many.
#[must_use]
pub fn days_of_life(made: Timestamp, ends: Timestamp) -> u32 {
    let hours = ends.duration_since(made).as_hours();
    u32::try_from((hours + 12) / 24).unwrap_or_default().max(1)
}

fn days(count: u8) -> SignedDuration {
    SignedDuration::from_hours(24 * i64::from(count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DAY: i64 = 86_400;

    fn at(days: i64, seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + days * DAY + seconds).unwrap()
    }

    #[test]
    fn two_weeks_a_week_and_a_day_before() {
        for (left, seconds, expected) in [
            (14, 1, None),
            (14, 0, Some(Reminder::TwoWeeks)),
            (7, 1, Some(Reminder::TwoWeeks)),
            (7, 0, Some(Reminder::Week)),
            (1, 0, Some(Reminder::Day)),
            (0, 0, Some(Reminder::Ended)),
            (-14, 0, Some(Reminder::Ended)),
            (-14, -1, None),
        ] {
            let now = at(90, 0) - SignedDuration::from_secs(left * DAY + seconds);
            assert_eq!(Reminder::of(at(0, 0), at(90, 0), now), expected, "{left} days, {seconds} s");
        }
    }

    #[test]
    fn a_short_life_is_not_spoken_of_from_its_first_day() {
        assert_eq!(Reminder::of(at(0, 0), at(7, 0), at(0, 1)), None);
        assert_eq!(Reminder::of(at(0, 0), at(7, 0), at(6, 0)), Some(Reminder::Day));
        assert!(!is_time_to_replace(at(0, 0), at(7, 0), at(3, 0)));
        assert!(is_time_to_replace(at(0, 0), at(7, 0), at(4, 0)));
        assert!(is_time_to_replace(at(0, 0), at(90, 0), at(76, 0)));
        assert!(!is_time_to_replace(at(0, 0), at(90, 0), at(76, -1)));
    }

    proptest! {
        /// Otherwise each would be replaced at once, and so on for ever.
        #[test]
        fn a_key_that_was_just_made_is_never_due(days in 1u32..40_000, made in 0i64..1_000_000_000) {
            let made = Timestamp::from_second(made).unwrap();
            let ends = made + SignedDuration::from_hours(24 * i64::from(days));
            prop_assert!(!is_time_to_replace(made, ends, made));
            prop_assert_eq!(days_of_life(made, ends), days);
        }
    }
}
