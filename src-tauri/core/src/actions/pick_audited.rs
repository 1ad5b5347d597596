//! Some of an audit's keys, in an order of their own.

use super::audit_view::{AuditKeyView, AuditView};
use crate::Core;
use crate::api_key::KeyStatus;
use crate::audit::{AuditFinding, WESTMOST};
use crate::clock::{ClockSource, TimeView, rfc3339};
use jiff::{SignedDuration, Timestamp};

/// Which keys of an audit are wanted: all that are not ruled out by any of these.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// By user name.
    pub owner: Option<String>,
    /// Empty for all.
    pub statuses: Vec<KeyStatus>,
    /// With one of these; empty for all.
    pub findings: Vec<AuditFinding>,
    /// That work, and were not used for so many days; of those never used, that were made so long ago.
    pub stale_days: Option<u32>,
}

/// What comes first. Among equals it is the order of [`AuditSort::Gravity`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AuditSort {
    /// The gravest findings, then the longest unused.
    #[default]
    Gravity,
    /// Never used, then the longest unused.
    LastUsed,
    /// Oldest.
    Created,
    /// Soonest end; without an end last.
    Expires,
    Owner,
    Name,
}

impl Core {
    /// What is wanted of an audit, in order. Counts stay those of all keys.
    #[must_use]
    pub fn pick_audited(&self, audit: AuditView, wanted: &AuditFilter, sort: AuditSort) -> AuditView {
        let since = wanted.stale_days.map(|days| self.stale_since(&audit, days));
        let is_wanted = |key: &AuditKeyView| {
            let owner = audit.owner(key).map(|owner| owner.username.as_str());
            wanted.owner.as_deref().is_none_or(|wanted| owner == Some(wanted))
                && (wanted.statuses.is_empty() || wanted.statuses.contains(&key.status))
                && (wanted.findings.is_empty()
                    || key.findings.iter().any(|one| wanted.findings.contains(one)))
                && since.as_deref().is_none_or(|since| is_stale(key, since))
        };
        let mut keys: Vec<_> = audit.keys.iter().filter(|key| is_wanted(key)).cloned().collect();
        sort_keys(&mut keys, &audit, sort);
        AuditView { keys, ..audit }
    }

    fn stale_since(&self, audit: &AuditView, days: u32) -> String {
        let span = SignedDuration::from_hours(i64::from(days) * 24);
        let unsure = if audit.clock.source == ClockSource::Assumed { WESTMOST } else { SignedDuration::ZERO };
        let since = self.now.now().checked_sub(span).and_then(|since| since.checked_sub(unsure));
        rfc3339(since.unwrap_or(Timestamp::MIN))
    }
}

fn is_stale(key: &AuditKeyView, since: &str) -> bool {
    let last = key.last_used.as_ref().or(key.created.as_ref());
    key.status == KeyStatus::Active && last.is_some_and(|last| last.utc.as_str() < since)
}

pub(super) fn sort_keys(keys: &mut [AuditKeyView], audit: &AuditView, sort: AuditSort) {
    let utc = |time: &Option<TimeView>| time.as_ref().map(|time| time.utc.clone());
    let owner = |key: &AuditKeyView| audit.owner(key).map(|owner| owner.username.clone());
    keys.sort_by_cached_key(gravity);
    match sort {
        AuditSort::Gravity => {}
        AuditSort::LastUsed => keys.sort_by_cached_key(|key| utc(&key.last_used)),
        AuditSort::Created => keys.sort_by_cached_key(|key| utc(&key.created)),
        AuditSort::Expires => keys.sort_by_cached_key(|key| (key.expires.is_none(), utc(&key.expires))),
        AuditSort::Owner => keys.sort_by_cached_key(owner),
        AuditSort::Name => keys.sort_by_cached_key(|key| key.name.to_lowercase()),
    }
}

/// Keys with findings first, by their gravest, then by how many; then the longest unused; then by uuid, so that the
/// order is the same each time.
fn gravity(key: &AuditKeyView) -> (bool, Option<AuditFinding>, usize, Option<String>, String) {
    let fewer = usize::MAX - key.findings.len();
    let used = key.last_used.as_ref().map(|time| time.utc.clone());
    (key.findings.is_empty(), key.findings.first().copied(), fewer, used, key.id.to_string())
}
