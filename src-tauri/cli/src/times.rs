//! Times as a person reads them.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use superset_keys_core::clock::{ClockSource, ClockView, Now, SystemNow, TimeView};

pub fn now() -> Timestamp {
    SystemNow.now()
}

/// Where the person is.
pub fn zone() -> TimeZone {
    SystemNow.local_zone()
}

/// `3 days ago`, `in 2 months`.
pub fn relative(time: Option<&TimeView>, now: Timestamp) -> Option<String> {
    let instant: Timestamp = time?.utc.parse().ok()?;
    Some(from_now(instant.duration_since(now)))
}

/// RFC 3339 in UTC from core, as `3 days ago`.
pub fn relative_utc(utc: &str, now: Timestamp) -> String {
    utc.parse().map_or_else(|_| utc.to_owned(), |instant: Timestamp| from_now(instant.duration_since(now)))
}

/// `2027-01-31 23:59 (here), 2027-01-31 17:59 (the server's clock)`.
pub fn both_clocks(time: &TimeView, zone: &TimeZone) -> String {
    let server = minutes(&time.server);
    match time.utc.parse::<Timestamp>() {
        Ok(instant) => format!("{} (here), {server} (the server's clock)", here(instant, zone)),
        Err(_) => format!("{server} (the server's clock)"),
    }
}

/// An instant where the person is.
pub fn here_utc(utc: &str, zone: &TimeZone) -> String {
    utc.parse().map_or_else(|_| utc.to_owned(), |instant| here(instant, zone))
}

/// The same to the second.
pub fn here_with_seconds(utc: &str, zone: &TimeZone) -> String {
    let exact = |instant: Timestamp| {
        instant.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
    };
    utc.parse().map_or_else(|_| utc.to_owned(), exact)
}

fn here(instant: Timestamp, zone: &TimeZone) -> String {
    instant.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

fn minutes(wall: &str) -> String {
    wall.get(..16).unwrap_or(wall).replacen('T', " ", 1)
}

/// `UTC+02:00, learned from the server`.
pub fn clock(clock: &ClockView) -> String {
    let sign = if clock.offset_minutes < 0 { '-' } else { '+' };
    let offset = clock.offset_minutes.unsigned_abs();
    let utc = if offset == 0 {
        "UTC".to_owned()
    } else {
        format!("UTC{sign}{:02}:{:02}", offset / 60, offset % 60)
    };
    match (clock.source, &clock.zone) {
        (ClockSource::Assumed, _) => format!("{utc}, assumed until the server shows its time"),
        (ClockSource::Learned, _) => format!("{utc}, learned from the server"),
        (ClockSource::Zone, zone) => {
            format!("{} ({utc} now), set by you", zone.as_deref().unwrap_or("a zone"))
        }
    }
}

fn from_now(distance: SignedDuration) -> String {
    let seconds = distance.as_secs().unsigned_abs();
    let (count, unit) = match seconds {
        0..60 => return "just now".to_owned(),
        60..3600 => (seconds / 60, "minute"),
        3600..86_400 => (seconds / 3600, "hour"),
        86_400..5_184_000 => (seconds / 86_400, "day"),
        5_184_000..63_072_000 => (seconds / 2_592_000, "month"),
        _ => (seconds / 31_536_000, "year"),
    };
    let plural = if count == 1 { "" } else { "s" };
    if distance.is_positive() {
        format!("in {count} {unit}{plural}")
    } else {
        format!("{count} {unit}{plural} ago")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        let day = 86_400;
        for (seconds, said) in [
            (0, "just now"),
            (-59, "just now"),
            (-60, "1 minute ago"),
            (3600, "in 1 hour"),
            (-2 * day, "2 days ago"),
            (30 * day, "in 30 days"),
            (90 * day, "in 3 months"),
            (-800 * day, "2 years ago"),
        ] {
            assert_eq!(from_now(SignedDuration::from_secs(seconds)), said);
        }
    }

    #[test]
    fn clocks() {
        let view = |offset_minutes, source| ClockView { offset_minutes, source, zone: None };
        assert_eq!(clock(&view(0, ClockSource::Assumed)), "UTC, assumed until the server shows its time");
        assert_eq!(clock(&view(-210, ClockSource::Learned)), "UTC-03:30, learned from the server");
        let time = TimeView { utc: "2027-01-31T22:59:59Z".into(), server: "2027-01-31T17:59:59".into() };
        let vienna = TimeZone::get("Europe/Vienna").unwrap();
        assert_eq!(
            both_clocks(&time, &vienna),
            "2027-01-31 23:59 (here), 2027-01-31 17:59 (the server's clock)"
        );
    }
}
