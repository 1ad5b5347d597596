//! When a new key should end.

use crate::error::{Error, Result};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

/// A server that stores expiries in a column without a zone takes years to 9999; no person means more than a
/// hundred.
const FURTHEST_DAYS: u32 = 36_525;

/// When a new key should end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Expiry {
    InDays {
        days: u32,
    },
    /// The end of that day where the person is: `2027-01-31`.
    EndOf {
        #[cfg_attr(feature = "specta", specta(type = String))]
        date: jiff::civil::Date,
    },
    Never,
}

impl Default for Expiry {
    fn default() -> Self {
        Self::InDays { days: 90 }
    }
}

impl Expiry {
    /// The instant it means. A date is the end of that day where the person is.
    pub fn instant(self, now: Timestamp, zone: &TimeZone) -> Result<Option<Timestamp>> {
        let ends = match self {
            Self::Never => return Ok(None),
            Self::InDays { days: 0 } => return Err(Error::ExpiryPast),
            Self::InDays { days } if days > FURTHEST_DAYS => return Err(Error::ExpiryTooFar),
            Self::InDays { days } => now + SignedDuration::from_hours(24 * i64::from(days)),
            Self::EndOf { date } => {
                let next_day = date.checked_add(1.day()).map_err(|_| Error::ExpiryTooFar)?;
                let midnight = next_day.to_zoned_datetime(zone.clone()).map_err(|_| Error::ExpiryTooFar)?;
                midnight.timestamp() - SignedDuration::from_secs(1)
            }
        };
        if ends <= now {
            return Err(Error::ExpiryPast);
        }
        if ends.duration_since(now) > SignedDuration::from_hours(24 * (i64::from(FURTHEST_DAYS) + 1)) {
            return Err(Error::ExpiryTooFar);
        }
        Ok(Some(ends))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_the_end_of_that_day_where_the_person_is() {
        let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        let zone = TimeZone::get("Europe/Vienna").unwrap();
        let date = "2027-01-31".parse().unwrap();
        let ends = Expiry::EndOf { date }.instant(now, &zone).unwrap();
        assert_eq!(ends, Some("2027-01-31T22:59:59Z".parse().unwrap()));
    }

    #[test]
    fn the_past_today_and_the_far_future() {
        let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        let end = |date: &str| Expiry::EndOf { date: date.parse().unwrap() }.instant(now, &TimeZone::UTC);
        assert!(matches!(end("2026-11-19"), Err(Error::ExpiryPast)));
        assert!(end("2026-11-20").is_ok());
        assert!(matches!(end("9999-12-31"), Err(Error::ExpiryTooFar)));
        assert!(matches!(Expiry::InDays { days: 0 }.instant(now, &TimeZone::UTC), Err(Error::ExpiryPast)));
        assert!(Expiry::InDays { days: u32::MAX }.instant(now, &TimeZone::UTC).is_err());
        assert_eq!(Expiry::Never.instant(now, &TimeZone::UTC).unwrap(), None);
    }
}
