//! The server's clock. Superset sends and reads its own local time without a zone (6.1.0 with
//! Flask-AppBuilder 5.3.0), so each instance needs an offset to tell instants from wall times.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A wall time as the server wrote it: no zone, microseconds or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WallTime(pub DateTime);

impl WallTime {
    /// Reads `2026-11-20T20:43:18.674185`; a space instead of `T` is fine. An offset, which no Superset
    /// sends today, is refused rather than ignored.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if !text.is_ascii() || text.len() < 19 || text[10..].contains(['Z', 'z', '+', '-', '[']) {
            return None;
        }
        text.replacen(' ', "T", 1).parse().ok().map(Self)
    }

    /// What goes into `expires_on`: whole seconds, no zone.
    #[must_use]
    pub fn to_wire(self) -> String {
        self.0.strftime("%Y-%m-%dT%H:%M:%S").to_string()
    }
}

/// How far the server's wall clock is from UTC, and how we know.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "source", rename_all = "snake_case")]
pub enum ServerClock {
    /// Nobody has told us: UTC, and shown as assumed.
    #[default]
    Assumed,
    /// Read off an answer that showed the server's now.
    Learned { offset_minutes: i32, at: Timestamp },
    /// Set by a person: an IANA name such as `America/New_York`.
    Zone { name: String },
}

impl ServerClock {
    fn zone(&self) -> TimeZone {
        match self {
            Self::Assumed => TimeZone::UTC,
            Self::Learned { offset_minutes, .. } => {
                Offset::from_seconds(offset_minutes.saturating_mul(60)).map_or(TimeZone::UTC, TimeZone::fixed)
            }
            Self::Zone { name } => TimeZone::get(name).unwrap_or(TimeZone::UTC),
        }
    }

    /// The instant a server's wall time means. In the hour that a zone repeats, the earlier one.
    #[must_use]
    pub fn instant(&self, wall: WallTime) -> Timestamp {
        self.zone().to_ambiguous_zoned_datetime(wall.0).compatible().map_or_else(
            // Only at the very ends of time, year 9999: cut to the nearest instant there is.
            |_| if wall.0.year() > 0 { Timestamp::MAX } else { Timestamp::MIN },
            |zoned| zoned.timestamp(),
        )
    }

    /// The server's wall time at an instant, in whole seconds.
    #[must_use]
    pub fn wall(&self, instant: Timestamp) -> WallTime {
        let wall = self.zone().to_datetime(instant);
        WallTime(wall.with().subsec_nanosecond(0).build().unwrap_or(wall))
    }

    /// The offset in minutes at `now`.
    #[must_use]
    pub fn offset_minutes(&self, now: Timestamp) -> i32 {
        self.zone().to_offset(now).seconds() / 60
    }

    #[must_use]
    pub fn is_assumed(&self) -> bool {
        matches!(self, Self::Assumed)
    }

    /// Learns from an answer that showed the server's now as `wall`, given that the true time is `now`.
    /// A zone that a person set is kept. Nothing is learned from a difference no zone on Earth has.
    #[must_use]
    pub fn learn(&self, wall: WallTime, now: Timestamp) -> Self {
        if matches!(self, Self::Zone { .. }) {
            return self.clone();
        }
        match offset_between(wall, now) {
            Some(offset_minutes) => Self::Learned { offset_minutes, at: now },
            None => self.clone(),
        }
    }
}

/// Minutes between a wall time and the true time, rounded to 15 (every zone in use is a multiple).
#[must_use]
pub fn offset_between(wall: WallTime, now: Timestamp) -> Option<i32> {
    let as_utc = wall.0.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp();
    let difference: SignedDuration = as_utc.duration_since(now);
    let quarters = (difference.as_secs_f64() / 900.0).round();
    // UTC-12 to UTC+14.
    if !(-48.0..=56.0).contains(&quarters) {
        return None;
    }
    #[allow(clippy::cast_possible_truncation)] // bounded above
    Some(quarters as i32 * 15)
}

/// A time as the app and `--json` show it: the instant, and what the server's own clock says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TimeView {
    /// RFC 3339 in UTC.
    pub utc: String,
    /// The server's wall time, without a zone.
    pub server: String,
}

impl TimeView {
    #[must_use]
    pub fn of(wall: WallTime, clock: &ServerClock) -> Self {
        Self { utc: rfc3339(clock.instant(wall)), server: wall.to_wire() }
    }
}

/// `2026-11-20T20:43:18Z`, whole seconds.
#[must_use]
pub fn rfc3339(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// How the app and `--json` show an instance's clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ClockView {
    pub offset_minutes: i32,
    pub source: ClockSource,
    pub zone: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ClockSource {
    Assumed,
    Learned,
    Zone,
}

impl ClockView {
    #[must_use]
    pub fn of(clock: &ServerClock, now: Timestamp) -> Self {
        let (source, zone) = match clock {
            ServerClock::Assumed => (ClockSource::Assumed, None),
            ServerClock::Learned { .. } => (ClockSource::Learned, None),
            ServerClock::Zone { name } => (ClockSource::Zone, Some(name.clone())),
        };
        Self { offset_minutes: clock.offset_minutes(now), source, zone }
    }
}

/// Where "now" comes from. Passed in, so that tests can hold it still.
pub trait Now: Send + Sync {
    fn now(&self) -> Timestamp;
    /// The zone of the person at this computer.
    fn local_zone(&self) -> TimeZone;
}

/// The computer's own clock.
pub struct SystemNow;

impl Now for SystemNow {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn local_zone(&self) -> TimeZone {
        TimeZone::system()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wall(text: &str) -> WallTime {
        WallTime::parse(text).unwrap()
    }

    #[test]
    fn reads_the_server_s_spellings_and_nothing_else() {
        for text in ["2026-11-20T20:43:18.674185", "2031-01-01T00:00:00", "2026-11-20 20:57:42.383099"] {
            assert!(WallTime::parse(text).is_some(), "{text}");
        }
        for text in [
            "",
            "2026-11-20",
            "2026-11-20T20:43:18Z",
            "2026-11-20T20:43:18+05:30",
            "tomorrow",
            "0a 🛜𞹉0 a0⁰ 0123456789",
            "2026-02-30T00:00:00",
        ] {
            assert!(WallTime::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn learns_new_york_from_a_create_reply() {
        let now: Timestamp = "2026-11-20T20:56:50Z".parse().unwrap();
        let clock = ServerClock::Assumed.learn(wall("2026-11-20T15:56:50.120000"), now);
        assert_eq!(clock.offset_minutes(now), -300);
        assert_eq!(clock.wall(now).to_wire(), "2026-11-20T15:56:50");
        assert_eq!(clock.instant(wall("2026-11-20T15:56:50")), now);
    }

    #[test]
    fn a_zone_set_by_a_person_is_kept_and_knows_daylight_saving() {
        let clock = ServerClock::Zone { name: "America/New_York".into() };
        let winter: Timestamp = "2026-11-20T20:00:00Z".parse().unwrap();
        let summer: Timestamp = "2026-07-01T20:00:00Z".parse().unwrap();
        assert_eq!(clock.learn(wall("2026-11-20T20:00:00"), winter), clock);
        assert_eq!((clock.offset_minutes(winter), clock.offset_minutes(summer)), (-300, -240));
    }

    #[test]
    fn year_9999_does_not_panic() {
        assert!(ServerClock::Assumed.instant(wall("9999-12-31T23:59:59")) > Timestamp::UNIX_EPOCH);
    }

    proptest! {
        #[test]
        fn any_offset_on_earth_is_learned_and_inverts(quarters in -48i32..=56, seconds in 0i64..4_000_000_000, lag in -400i64..400) {
            let now = Timestamp::from_second(seconds).unwrap();
            let offset = SignedDuration::from_mins(i64::from(quarters) * 15);
            let shown = WallTime((now + offset + SignedDuration::from_secs(lag)).to_zoned_datetime(TimeZone::UTC).datetime());
            let clock = ServerClock::Assumed.learn(shown, now);
            prop_assert_eq!(clock.offset_minutes(now), quarters * 15);
            prop_assert_eq!(clock.instant(clock.wall(now)), now);
        }

        #[test]
        fn any_text_is_read_or_refused_without_panic(text in "\\PC{0,40}") {
            let _ = WallTime::parse(&text);
        }
    }
}
