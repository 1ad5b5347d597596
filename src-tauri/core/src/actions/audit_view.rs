//! An audit as the window and `--json` show it.

use super::audit_connection::LoginCheck;
use crate::api_key::KeyStatus;
use crate::audit::{
    AuditFinding, AuditedKey, Dated, Person, Road, Source, Thresholds, WESTMOST, compare, findings,
};
use crate::clock::{ClockView, ServerClock, TimeView, WallTime, rfc3339};
use crate::ids::ApiKeyId;
use crate::store::KeptAudit;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Everybody's keys on an instance. People are there once, and keys name them by their place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct AuditView {
    /// When the server said so, RFC 3339 in UTC.
    pub fetched: String,
    /// False for what was kept from an earlier answer.
    pub live: bool,
    pub road: AuditRoadView,
    /// Where it is assumed, findings are left out that hold only if it is right.
    pub clock: ClockView,
    pub people: Vec<AuditPersonView>,
    /// The gravest first.
    pub keys: Vec<AuditKeyView>,
    /// How many keys there are in all, also where fewer are shown.
    pub total: u32,
    /// How many of all have any finding.
    pub with_findings: u32,
    /// How many of all have each finding; in the order of how grave it is, and only those that occur.
    pub counts: Vec<FindingCount>,
    pub quiet_days: u32,
    pub ends_soon_days: u32,
    pub many_keys: u32,
    /// What changed since the last audit of another day; none where none was kept.
    pub since: Option<AuditSinceView>,
}

/// "Since 3 Nov: 12 new, 4 gone, 31 quiet."
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct AuditSinceView {
    /// When that was, RFC 3339 in UTC.
    pub at: String,
    /// Were not there before.
    pub new: Vec<ApiKeyId>,
    /// Worked, and do not any more: revoked, ended, or away with their owner.
    pub gone: Vec<GoneKeyView>,
    /// Were in use, and have become quiet since.
    pub quiet: Vec<ApiKeyId>,
}

/// A key that may not be in the list any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct GoneKeyView {
    pub id: ApiKeyId,
    pub name: String,
    /// The user name.
    pub owner: String,
}

impl AuditSinceView {
    pub(super) fn of(before: &KeptAudit, now: &KeptAudit, clock: &ServerClock, by: Thresholds) -> Self {
        let before_then = Dated { audited: &before.audited, at: before.fetched };
        let found = compare(before_then, Dated { audited: &now.audited, at: now.fetched }, clock, by);
        let ids = |keys: &[&AuditedKey]| keys.iter().map(|key| key.id.clone()).collect();
        let gone = found.gone.iter().map(|key| GoneKeyView {
            id: key.id.clone(),
            name: key.name.clone(),
            owner: before.audited.owner(key).map(|owner| owner.username.clone()).unwrap_or_default(),
        });
        Self {
            at: rfc3339(before.fetched),
            new: ids(&found.new),
            gone: gone.collect(),
            quiet: ids(&found.quiet),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FindingCount {
    pub finding: AuditFinding,
    pub keys: u32,
}

/// By what the keys were read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct AuditRoadView {
    pub kind: AuditRoadKind,
    /// The connection's name in Superset, where SQL Lab was used.
    pub database: Option<String>,
    /// Superset's own tables were read, and not the view: roles that come by groups are not known then.
    pub by_tables: bool,
    /// How it is known that the connection's login may be used; none for what was kept, unless a person trusted it.
    pub login: Option<LoginCheck>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum AuditRoadKind {
    Dataset,
    SqlLab,
}

/// Somebody who has, or had, a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct AuditPersonView {
    pub id: i32,
    pub username: String,
    /// First and last name; may be empty.
    pub name: String,
    /// None where it is not told.
    pub active: Option<bool>,
    pub roles: Vec<String>,
    /// By name and password, in a browser: calls with a key do not count (6.1.0).
    pub last_login: Option<TimeView>,
    /// Whoever is signed in here.
    pub is_you: bool,
    /// How many that are neither revoked nor ended, and how many in all.
    pub active_keys: u32,
    pub all_keys: u32,
}

/// One key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct AuditKeyView {
    pub id: ApiKeyId,
    pub name: String,
    pub scopes: Option<String>,
    /// Whose: the place in `people`.
    pub owner: u32,
    pub status: KeyStatus,
    pub created: Option<TimeView>,
    pub expires: Option<TimeView>,
    pub last_used: Option<TimeView>,
    pub revoked: Option<TimeView>,
    /// The gravest first.
    pub findings: Vec<AuditFinding>,
}

/// What a view is made with besides what was read.
pub(super) struct Shown<'a> {
    pub(super) clock: &'a ServerClock,
    pub(super) now: Timestamp,
    pub(super) thresholds: Thresholds,
    pub(super) you: Option<i32>,
    /// None for what was kept.
    pub(super) login: Option<LoginCheck>,
}

impl AuditView {
    pub(super) fn of(kept: &KeptAudit, shown: &Shown<'_>) -> Self {
        let Shown { clock, now, thresholds, you, login } = shown;
        let found = findings(&kept.audited, clock, *now, *thresholds);
        // What an assumed clock shows is not claimed here either.
        let doubt = if clock.is_assumed() { WESTMOST } else { SignedDuration::ZERO };
        let server_now = clock.wall(now.checked_sub(doubt).unwrap_or(Timestamp::MIN));
        let mut people: Vec<_> =
            kept.audited.people.iter().map(|person| AuditPersonView::of(person, clock, *you)).collect();
        let mut keys = Vec::with_capacity(kept.audited.keys.len());
        for (key, findings) in kept.audited.keys.iter().zip(found) {
            let view = AuditKeyView::of(key, findings, clock, server_now);
            if let Some(person) = usize::try_from(view.owner).ok().and_then(|place| people.get_mut(place)) {
                person.all_keys += 1;
                person.active_keys += u32::from(view.status == KeyStatus::Active);
            }
            keys.push(view);
        }
        let with = |has: &dyn Fn(&AuditKeyView) -> bool| count(keys.iter().filter(|key| has(key)).count());
        let counts = AuditFinding::ALL.iter().map(|finding| FindingCount {
            finding: *finding,
            keys: with(&|key| key.findings.contains(finding)),
        });
        Self {
            fetched: rfc3339(kept.fetched),
            live: login.is_some(),
            road: AuditRoadView::of(kept, login.clone()),
            clock: ClockView::of(clock, *now),
            counts: counts.filter(|count| count.keys > 0).collect(),
            with_findings: with(&|key| !key.findings.is_empty()),
            total: count(keys.len()),
            people,
            keys,
            quiet_days: thresholds.quiet_days,
            ends_soon_days: thresholds.ends_soon_days,
            many_keys: thresholds.many_keys,
            since: None,
        }
    }

    /// Whose a key is.
    #[must_use]
    pub fn owner(&self, key: &AuditKeyView) -> Option<&AuditPersonView> {
        self.people.get(usize::try_from(key.owner).ok()?)
    }
}

impl AuditRoadView {
    fn of(kept: &KeptAudit, login: Option<LoginCheck>) -> Self {
        let login = login.or_else(|| kept.trusted.then_some(LoginCheck::Trusted));
        match &kept.road {
            Road::Dataset { .. } => {
                Self { kind: AuditRoadKind::Dataset, database: None, by_tables: false, login }
            }
            Road::SqlLab { name, source, .. } => Self {
                kind: AuditRoadKind::SqlLab,
                database: Some(name.clone()),
                by_tables: *source == Source::Tables,
                login,
            },
        }
    }
}

impl AuditPersonView {
    fn of(person: &Person, clock: &ServerClock, you: Option<i32>) -> Self {
        Self {
            id: person.id,
            username: person.username.clone(),
            name: person.name.clone(),
            active: person.active,
            roles: person.roles.clone(),
            last_login: time(person.last_login, clock),
            is_you: you == Some(person.id),
            active_keys: 0,
            all_keys: 0,
        }
    }
}

impl AuditKeyView {
    fn of(key: &AuditedKey, findings: Vec<AuditFinding>, clock: &ServerClock, server_now: WallTime) -> Self {
        Self {
            id: key.id.clone(),
            name: key.name.clone(),
            scopes: key.scopes.clone(),
            owner: key.owner,
            status: KeyStatus::of(key.revoked_on, key.expires_on, server_now),
            created: time(key.created_on, clock),
            expires: time(key.expires_on, clock),
            last_used: time(key.last_used_on, clock),
            revoked: time(key.revoked_on, clock),
            findings,
        }
    }
}

fn time(wall: Option<WallTime>, clock: &ServerClock) -> Option<TimeView> {
    wall.map(|wall| TimeView::of(wall, clock))
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
