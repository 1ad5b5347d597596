//! What `--json` prints of audits: each key with its owner, where the window's view has a number.

use crate::failure::Failure;
use crate::words::words;
use serde::Serialize;
use superset_keys_core::actions::{
    AuditKeyView, AuditPersonView, AuditRoadView, AuditSinceView, AuditView, FindingCount, InstanceView,
};
use superset_keys_core::api_key::KeyStatus;
use superset_keys_core::audit::AuditFinding;
use superset_keys_core::clock::{ClockView, TimeView};
use superset_keys_core::ids::ApiKeyId;

/// What came of one instance.
pub struct Told {
    pub instance: InstanceView,
    pub answer: Result<AuditView, Failure>,
}

#[derive(Serialize)]
pub struct Answer<'a> {
    pub instances: Vec<OneView<'a>>,
}

/// One instance of several.
#[derive(Serialize)]
#[serde(untagged)]
pub enum OneView<'a> {
    Read(Both<'a>),
    Failed { instance: &'a str, error: ErrorView },
}

#[derive(Serialize)]
pub struct ErrorView {
    code: String,
    message: String,
    hint: Option<String>,
}

#[derive(Serialize)]
pub struct Both<'a> {
    instance: &'a str,
    fetched: &'a str,
    live: bool,
    road: &'a AuditRoadView,
    clock: &'a ClockView,
    total: u32,
    with_findings: u32,
    counts: &'a [FindingCount],
    quiet_days: u32,
    ends_soon_days: u32,
    many_keys: u32,
    since: Option<&'a AuditSinceView>,
    keys: Vec<KeyView<'a>>,
}

#[derive(Serialize)]
struct KeyView<'a> {
    id: &'a ApiKeyId,
    name: &'a str,
    owner: Option<&'a AuditPersonView>,
    status: KeyStatus,
    findings: &'a [AuditFinding],
    created: Option<&'a TimeView>,
    last_used: Option<&'a TimeView>,
    expires: Option<&'a TimeView>,
    revoked: Option<&'a TimeView>,
    scopes: Option<&'a str>,
}

impl<'a> KeyView<'a> {
    fn of(key: &'a AuditKeyView, audit: &'a AuditView) -> Self {
        Self {
            id: &key.id,
            name: &key.name,
            owner: audit.owner(key),
            status: key.status,
            findings: &key.findings,
            created: key.created.as_ref(),
            last_used: key.last_used.as_ref(),
            expires: key.expires.as_ref(),
            revoked: key.revoked.as_ref(),
            scopes: key.scopes.as_deref(),
        }
    }
}

impl<'a> OneView<'a> {
    pub fn of(told: &'a Told) -> Self {
        match &told.answer {
            Ok(audit) => Self::Read(Both::of(&told.instance, audit)),
            Err(failure) => {
                let said = words(failure);
                let error = ErrorView { code: said.code, message: said.message, hint: said.hint };
                Self::Failed { instance: &told.instance.short_name, error }
            }
        }
    }
}

impl<'a> Both<'a> {
    pub fn of(instance: &'a InstanceView, audit: &'a AuditView) -> Self {
        Self {
            instance: &instance.short_name,
            fetched: &audit.fetched,
            live: audit.live,
            road: &audit.road,
            clock: &audit.clock,
            total: audit.total,
            with_findings: audit.with_findings,
            counts: &audit.counts,
            quiet_days: audit.quiet_days,
            ends_soon_days: audit.ends_soon_days,
            many_keys: audit.many_keys,
            since: audit.since.as_ref(),
            keys: audit.keys.iter().map(|key| KeyView::of(key, audit)).collect(),
        }
    }
}
