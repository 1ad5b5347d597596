//! Our own uses of keys. A check-up, a scan that asks, and the trying of a new key move `last_used_on` as anybody's use
//! does, so it is noted, and told apart.

use crate::api_key::ApiKey;
use crate::clock::{ServerClock, TimeView, WallTime};
use crate::ids::{ApiKeyId, InstanceId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// How far outside our requests a last use may lie and still be ours. Databases that keep whole seconds round by
/// one; the rest is for two computers' clocks, and for requests of a process that ended before it could note them.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(5);

/// Requests of ours that carried a key: one line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyUse {
    pub instance: InstanceId,
    pub key: ApiKeyId,
    pub what: Purpose,
    /// When the first request was sent.
    pub began: Timestamp,
    /// When the last answer had come, or was not waited for any longer; when it began, in the line written then.
    pub ended: Timestamp,
    /// The last use before ours. Absent where nobody could be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<LastUse>,
    /// What was sent, by method or path; empty until it ended, and if it was stopped.
    pub requests: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    Checkup,
    /// Whether a key that was found in a file still works.
    Scan,
    /// Whether a key that takes another's place works.
    Rotation,
}

/// A key's last use as Superset shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LastUse {
    Never,
    At(WallTime),
}

impl LastUse {
    #[must_use]
    pub fn of(key: &ApiKey) -> Self {
        key.last_used_on.map_or(Self::Never, Self::At)
    }
}

/// What is known of a key's last use before we used it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BeforeOwnUse {
    Never,
    At { time: TimeView },
    Unknown,
}

impl KeyUse {
    fn covers(&self, instant: Timestamp) -> bool {
        self.began.duration_since(instant) <= TOLERANCE && instant.duration_since(self.ended) <= TOLERANCE
    }
}

/// Our own uses of an instance's keys, each key's in the order they were noted.
#[derive(Debug, Clone, Default)]
pub struct OwnUses(HashMap<ApiKeyId, Vec<KeyUse>>);

impl FromIterator<KeyUse> for OwnUses {
    fn from_iter<I: IntoIterator<Item = KeyUse>>(uses: I) -> Self {
        let mut by_key: HashMap<_, Vec<_>> = HashMap::new();
        for ours in uses {
            by_key.entry(ours.key.clone()).or_default().push(ours);
        }
        Self(by_key)
    }
}

impl OwnUses {
    /// None where the last use that the server shows is not ours.
    #[must_use]
    pub fn before(&self, key: &ApiKey, clock: &ServerClock) -> Option<BeforeOwnUse> {
        match self.by_others(key, clock) {
            Some(others) if others == LastUse::of(key) => None,
            Some(LastUse::Never) => Some(BeforeOwnUse::Never),
            Some(LastUse::At(earlier)) => Some(BeforeOwnUse::At { time: TimeView::of(earlier, clock) }),
            None => Some(BeforeOwnUse::Unknown),
        }
    }

    /// The last use that was not ours; none where ours hide it. What was before one of ours may be ours too, so it is
    /// looked for backwards.
    #[must_use]
    pub fn by_others(&self, key: &ApiKey, clock: &ServerClock) -> Option<LastUse> {
        let Some(mut last) = key.last_used_on else { return Some(LastUse::Never) };
        for ours in self.0.get(&key.id).into_iter().flatten().rev() {
            if !ours.covers(clock.instant(last)) {
                continue;
            }
            match ours.before? {
                LastUse::At(earlier) => last = earlier,
                LastUse::Never => return Some(LastUse::Never),
            }
        }
        Some(LastUse::At(last))
    }
}
