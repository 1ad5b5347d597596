//! Which keys a clean-up takes, and which it leaves because what is known of them does not show enough. Pure.

use crate::api_key::{ApiKey, KeyStatus};
use crate::clock::{ServerClock, WallTime};
use crate::glob::Glob;
use crate::key_use::BeforeOwnUse;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Nobody has told the server's zone: it may be up to 14 hours from UTC.
const ANY_ZONE: SignedDuration = SignedDuration::from_hours(14);
/// Between summer and winter, and in the hour that a zone repeats.
const SAVING: SignedDuration = SignedDuration::from_hours(1);

/// What a key must be to be taken: all that is set must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyFilter {
    /// Ended, and not revoked yet.
    pub expired: bool,
    /// Not used for so many days; a key that was never used, not made within them.
    pub unused_days: Option<u32>,
    /// By its name.
    pub name: Option<Glob>,
}

/// Why a key that was asked for stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum LeftBecause {
    /// It is revoked.
    AlreadyRevoked,
    /// The server's zone is only assumed, and its end is too near to say.
    EndUncertain,
    /// So is the last use, or the clock may have been changed since.
    UseUncertain,
    /// A check of this program's own was the last use, and what was before it is not known; or the server tells not
    /// even when it was made.
    UseUnknown,
    /// An AI client on this computer has it. Superset 6.1's MCP server notes no use, so it may only seem unused.
    ClientHasIt,
    /// Whoever asks is signed in with it, or may be: a filter never takes that one.
    SignedInWith,
    /// The server does not list it: pasted, or another person's.
    NotListed,
}

/// What is known of one key.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    pub key: &'a ApiKey,
    /// Where the last use was a check of our own.
    pub before_own_use: Option<&'a BeforeOwnUse>,
    /// An AI client on this computer has it.
    pub has_client: bool,
}

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sifted {
    Taken,
    Left(LeftBecause),
    /// It is none of those that were asked for.
    Passed,
}

impl KeyFilter {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// A filter without a condition takes nothing.
    #[must_use]
    pub fn sift(&self, known: Known<'_>, clock: &ServerClock, now: Timestamp) -> Sifted {
        let key = known.key;
        if self.is_empty() || key.status(clock.wall(now)) == KeyStatus::Revoked {
            return Sifted::Passed;
        }
        if self.name.as_ref().is_some_and(|name| !name.matches(&key.name)) {
            return Sifted::Passed;
        }
        let ended = if self.expired { has_ended(key, clock, now) } else { Sifted::Taken };
        let unused = match self.unused_days {
            Some(days) => is_unused(known, days, clock, now),
            None => Sifted::Taken,
        };
        match (ended, unused) {
            (Sifted::Passed, _) | (_, Sifted::Passed) => Sifted::Passed,
            (left @ Sifted::Left(_), _) | (_, left) => left,
        }
    }
}

fn has_ended(key: &ApiKey, clock: &ServerClock, now: Timestamp) -> Sifted {
    let Some(end) = key.expires_on else { return Sifted::Passed };
    let since = now.duration_since(clock.instant(end));
    // An offset that was learned may be of before the clocks were changed.
    let doubt = if clock.is_assumed() { ANY_ZONE } else { SAVING };
    if since > doubt {
        Sifted::Taken
    } else if since > SignedDuration::ZERO {
        Sifted::Left(LeftBecause::EndUncertain)
    } else {
        Sifted::Passed
    }
}

fn is_unused(known: Known<'_>, days: u32, clock: &ServerClock, now: Timestamp) -> Sifted {
    let at = |wall: WallTime| clock.instant(wall);
    let made = known.key.created_on.map(at);
    let last = match (known.before_own_use, known.key.last_used_on) {
        (Some(BeforeOwnUse::Unknown), _) => None,
        (Some(BeforeOwnUse::At { time }), _) => time.utc.parse().ok(),
        (Some(BeforeOwnUse::Never), _) | (None, None) => made,
        (None, Some(used)) => Some(at(used)),
    };
    let asked = SignedDuration::from_hours(i64::from(days).saturating_mul(24));
    let Some(last) = last else {
        // Made within the days that were asked for, it cannot be unused for them.
        let is_young = made.is_some_and(|made| now.duration_since(made) < asked);
        return if is_young { Sifted::Passed } else { Sifted::Left(LeftBecause::UseUnknown) };
    };
    let doubt = if clock.is_assumed() { ANY_ZONE } else { SAVING };
    let since = now.duration_since(last);
    if since < asked {
        Sifted::Passed
    } else if since < asked + doubt {
        Sifted::Left(LeftBecause::UseUncertain)
    } else if known.has_client {
        Sifted::Left(LeftBecause::ClientHasIt)
    } else {
        Sifted::Taken
    }
}

#[cfg(test)]
mod tests;
