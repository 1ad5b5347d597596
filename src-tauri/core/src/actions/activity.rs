//! What AI clients did through this computer, and the uses of keys that nothing here explains.

use super::explain_uses::LastUseBy;
use super::known_callers::{client_id, client_name, is_client};
use crate::activity::{Call, Counts, Outcome, Summary};
use crate::clock::{TimeView, rfc3339};
use crate::credential::AccessKind;
use crate::ids::{ApiKeyId, InstanceId};
use crate::secret::KeyHint;
use crate::store::{Instance, SeenUse};
use crate::{Core, Result};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// As many rows as a person can look through. All are counted.
const ROWS: usize = 5000;
const USUAL_HOURS: u32 = 24 * 7;

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ActivityRequest {
    /// All of them where it is left out.
    #[serde(default)]
    pub instance: Option<InstanceId>,
    /// A client's id, or what it calls itself.
    #[serde(default)]
    pub client: Option<String>,
    #[serde(default)]
    pub key: Option<ApiKeyId>,
    /// How far back; a week when left out.
    #[serde(default)]
    pub hours: Option<u32>,
}

/// The answer. Times are RFC 3339 in UTC; days are those of this computer's zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ActivityView {
    /// Whether calls are noted at the moment.
    pub is_on: bool,
    /// Where the record begins.
    pub recorded_since: Option<String>,
    pub from: String,
    pub to: String,
    /// Of calls of tools.
    pub counts: Counts,
    pub by_client: Vec<ClientCount>,
    pub by_tool: Vec<ToolCount>,
    /// Every day of the time asked for, the oldest first.
    pub by_day: Vec<DayCount>,
    /// Calls of tools, and keys that were handed out; the newest first.
    pub rows: Vec<ActivityRow>,
    /// There are more than were answered.
    pub more: bool,
    /// Uses that nothing here explains and nobody has said to be theirs; the newest first.
    pub unexplained: Vec<UnexplainedUseView>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ClientCount {
    pub client: String,
    #[serde(flatten)]
    pub counts: Counts,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ToolCount {
    pub tool: String,
    #[serde(flatten)]
    pub counts: Counts,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DayCount {
    /// `2026-11-29`
    pub day: String,
    #[serde(flatten)]
    pub counts: Counts,
}

/// Who asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ClientSeen {
    /// Of the table of AI clients, where it is known from what it calls itself.
    pub id: Option<&'static str>,
    /// What a person knows it by.
    pub name: String,
    pub version: Option<String>,
    /// The program that started us.
    pub program: Option<String>,
}

/// One call, or one key that was handed out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ActivityRow {
    pub at: String,
    pub instance: InstanceId,
    /// Its name, as long as it is on the list.
    pub instance_name: Option<String>,
    pub key: Option<ApiKeyId>,
    pub key_name: Option<String>,
    /// What it was sent with, where that was no key.
    pub access: Option<AccessKind>,
    /// None where neither the client nor the system told.
    pub client: Option<ClientSeen>,
    /// `tools/call`, or how a key was handed out: `headers`, `exec`.
    pub method: String,
    pub tool: Option<String>,
    pub outcome: Outcome,
    pub ms: Option<u32>,
    /// The answer's length.
    pub bytes: Option<u32>,
}

/// A use that the server told of and nothing here explains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct UnexplainedUseView {
    /// For saying "it was me".
    pub id: String,
    pub instance: InstanceId,
    pub instance_name: String,
    pub key: ApiKeyId,
    pub key_name: Option<String>,
    pub hint: Option<KeyHint>,
    pub used: TimeView,
    /// When the server told of it.
    pub seen: String,
    /// The calls through this computer with the key that are nearest to it.
    pub last_call_before: Option<String>,
    pub first_call_after: Option<String>,
}

impl Core {
    /// Reads the record of this computer. Asks no server.
    pub fn activity(&self, request: &ActivityRequest) -> Result<ActivityView> {
        let state = self.store.read()?;
        if let Some(id) = &request.instance {
            state.instance(id)?;
        }
        let (now, zone) = (self.now.now(), self.now.local_zone());
        let hours = i64::from(request.hours.unwrap_or(USUAL_HOURS));
        let from = now.checked_sub(SignedDuration::from_hours(hours)).unwrap_or(Timestamp::MIN);
        let is_on = self.keeps_activity();
        let recorded = self.store.activity(request.instance.as_ref(), is_on);
        let wanted = |call: &&Call| {
            call.at >= from
                && (call.is_of_a_tool() || call.hands_out())
                && request.key.as_ref().is_none_or(|key| call.key.as_ref() == Some(key))
                && request.client.as_ref().is_none_or(|client| is_client(&call.caller, client))
        };
        let mut calls: Vec<&Call> = recorded.calls.iter().filter(wanted).collect();
        calls.sort_by_key(|call| call.at);
        let calls = without_beginnings(calls);
        let summary =
            Summary::of(calls.iter().copied(), &zone, |call| client_name(&call.caller).unwrap_or_default());
        let instances: HashMap<&InstanceId, &Instance> =
            state.instances.iter().map(|one| (&one.id, one)).collect();
        let rows = calls.iter().rev().take(ROWS).map(|call| row(call, &instances)).collect();
        let mut by_day = summary.by_day;
        let mut day = zone.to_datetime(from.max(now - SignedDuration::from_hours(24 * 366))).date();
        while day <= zone.to_datetime(now).date() {
            by_day.entry(day).or_default();
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
        let unexplained =
            if request.client.is_some() { Vec::new() } else { self.unexplained(request, from, &instances) };
        Ok(ActivityView {
            is_on,
            recorded_since: recorded.since.map(rfc3339),
            from: rfc3339(from),
            to: rfc3339(now),
            counts: summary.all,
            by_client: most_first(summary.by_client, |client, counts| ClientCount { client, counts }),
            by_tool: most_first(summary.by_tool, |tool, counts| ToolCount { tool, counts }),
            by_day: by_day
                .into_iter()
                .map(|(day, counts)| DayCount { day: day.to_string(), counts })
                .collect(),
            rows,
            more: calls.len() > ROWS,
            unexplained,
        })
    }

    /// Those that were seen and are still explained by nothing: what a call was under way for may be noted by now.
    fn unexplained(
        &self,
        request: &ActivityRequest,
        from: Timestamp,
        instances: &HashMap<&InstanceId, &Instance>,
    ) -> Vec<UnexplainedUseView> {
        let mut all: Vec<(Timestamp, UnexplainedUseView)> = Vec::new();
        let open = self.store.seen_uses().into_iter().filter(|seen| {
            seen.mine.is_none()
                && request.instance.as_ref().is_none_or(|id| seen.instance == *id)
                && request.key.as_ref().is_none_or(|key| seen.key == *key)
        });
        let mut by_instance: BTreeMap<String, Vec<SeenUse>> = BTreeMap::new();
        for seen in open {
            by_instance.entry(seen.instance.as_str().to_owned()).or_default().push(seen);
        }
        for seen in by_instance.into_values() {
            let Some(instance) = seen.first().and_then(|first| instances.get(&first.instance)) else {
                continue;
            };
            let known = self.uses(instance);
            for one in seen {
                let used = instance.clock.instant(one.at);
                let by = self.use_by(instance, &one.key, one.at, &known);
                if used < from || matches!(by, LastUseBy::Call { .. } | LastUseBy::Handed { .. }) {
                    continue;
                }
                let record = instance.record(&one.key);
                let (before, after) = known.recorded.around(&one.key, used);
                all.push((
                    used,
                    UnexplainedUseView {
                        id: one.id(),
                        instance: instance.id.clone(),
                        instance_name: instance.name.clone(),
                        key_name: record
                            .map(|record| record.name.clone())
                            .or_else(|| self.listed_name(instance, &one.key)),
                        hint: record.map(|record| record.hint.clone()),
                        key: one.key,
                        used: TimeView::of(one.at, &instance.clock),
                        seen: rfc3339(one.seen),
                        last_call_before: before.map(rfc3339),
                        first_call_after: after.map(rfc3339),
                    },
                ));
            }
        }
        all.sort_by_key(|(used, _)| std::cmp::Reverse(*used));
        all.into_iter().map(|(_, view)| view).collect()
    }

    /// What the last list called a key that this computer keeps nothing of.
    fn listed_name(&self, instance: &Instance, key: &ApiKeyId) -> Option<String> {
        let list = self.store.kept_list(&instance.id)?;
        list.keys.into_iter().find(|listed| listed.id == *key).map(|listed| listed.name)
    }
}

fn row(call: &Call, instances: &HashMap<&InstanceId, &Instance>) -> ActivityRow {
    let small = |number: Option<u64>| number.map(|number| u32::try_from(number).unwrap_or(u32::MAX));
    let instance = instances.get(&call.instance);
    let record = instance.zip(call.key.as_ref()).and_then(|(instance, key)| instance.record(key));
    ActivityRow {
        at: rfc3339(call.at),
        instance: call.instance.clone(),
        instance_name: instance.map(|instance| instance.name.clone()),
        key: call.key.clone(),
        key_name: record.map(|record| record.name.clone()),
        access: call.access,
        client: client_name(&call.caller).map(|name| ClientSeen {
            id: client_id(&call.caller),
            name,
            version: call.caller.version.clone(),
            program: call.caller.program.clone(),
        }),
        method: call.method.clone(),
        tool: call.tool.clone(),
        outcome: call.outcome,
        ms: small(call.ms),
        bytes: small(call.bytes),
    }
}

/// A long call is noted when it has been under way for a while, and again when it is over. Sorted by time.
fn without_beginnings(calls: Vec<&Call>) -> Vec<&Call> {
    let ended: std::collections::HashSet<_> = calls
        .iter()
        .filter(|call| call.outcome != Outcome::UnderWay)
        .map(|call| (call.at, &call.instance, &call.tool))
        .collect();
    let is_the_last_word = |call: &&Call| {
        call.outcome != Outcome::UnderWay || !ended.contains(&(call.at, &call.instance, &call.tool))
    };
    calls.into_iter().filter(is_the_last_word).collect()
}

fn most_first<T>(counts: BTreeMap<String, Counts>, make: impl Fn(String, Counts) -> T) -> Vec<T> {
    let mut all: Vec<_> = counts.into_iter().collect();
    all.sort_by(|(name, counts), (other_name, other)| {
        other.calls.cmp(&counts.calls).then(name.cmp(other_name))
    });
    all.into_iter().map(|(name, counts)| make(name, counts)).collect()
}
