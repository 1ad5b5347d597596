//! Who made the last use of a key that the server tells of: a call through a bridge here, this program, or nothing on
//! this computer.

use crate::Core;
use crate::activity::{Call, Explained, Recorded, Unexplained};
use crate::api_key::ApiKey;
use crate::clients;
use crate::clock::{WallTime, rfc3339};
use crate::ids::ApiKeyId;
use crate::key_use::{BeforeOwnUse, OwnUses};
use crate::store::{Instance, SeenUse, use_id};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::OnceLock;

/// How a client has a key that stands in its own file.
const FILE: &str = "file";

/// Who made it. Where a check-up of ours came after it, the use before that is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LastUseBy {
    /// This program, with the key as its session or in a check-up.
    Ourselves,
    /// A call through a bridge here. `client` as it calls itself.
    Call {
        client: Option<String>,
        method: String,
        tool: Option<String>,
        at: String,
    },
    /// A program that was handed the key before, or has it in its own file, and may have used it by itself. `method`
    /// says how: `headers`, `exec` or `file`; `at` when, where it was handed out.
    Handed {
        client: Option<String>,
        method: String,
        at: Option<String>,
    },
    NotKnown {
        why: WhyNotKnown,
    },
    /// Nothing on this computer, as far as its record goes. `id` is for saying "it was me".
    Nothing {
        id: String,
        mine: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum WhyNotKnown {
    NoRecord,
    ClockAssumed,
    JustNow,
}

/// All that it takes to tell for the keys of one instance.
#[derive(Default)]
pub(super) struct Uses {
    pub own: OwnUses,
    pub recorded: Recorded,
    seen: Vec<SeenUse>,
    /// The keys that clients on this computer have in their own files, looked for when it comes to that.
    in_files: OnceLock<HashMap<ApiKeyId, &'static str>>,
}

impl Core {
    pub(super) fn uses(&self, instance: &Instance) -> Uses {
        let is_on = self.keeps_activity();
        Uses {
            own: self.store.key_uses(&instance.id),
            recorded: self.store.activity(Some(&instance.id), is_on),
            seen: self.store.seen_uses(),
            in_files: OnceLock::new(),
        }
    }

    /// None for a key that was never used, by anybody but us.
    pub(super) fn last_use_by(&self, instance: &Instance, key: &ApiKey, uses: &Uses) -> Option<LastUseBy> {
        let last = key.last_used_on?;
        let session = instance.signed_in.as_ref().and_then(|signed_in| signed_in.how.key());
        if session == Some(&key.id) {
            return Some(LastUseBy::Ourselves);
        }
        let at = match uses.own.before(key, &instance.clock) {
            None => last,
            Some(BeforeOwnUse::At { time }) => WallTime::parse(&time.server)?,
            Some(BeforeOwnUse::Never | BeforeOwnUse::Unknown) => return Some(LastUseBy::Ourselves),
        };
        Some(self.use_by(instance, &key.id, at, uses))
    }

    pub(super) fn use_by(&self, instance: &Instance, key: &ApiKeyId, at: WallTime, uses: &Uses) -> LastUseBy {
        let clock = &instance.clock;
        let name = |call: &Call| super::known_callers::client_name(&call.caller);
        match uses.recorded.explains(key, clock.instant(at), !clock.is_assumed(), self.now.now()) {
            Explained::Call(call) => LastUseBy::Call {
                client: name(&call),
                method: call.method,
                tool: call.tool,
                at: rfc3339(call.at),
            },
            Explained::Handed(call) => {
                LastUseBy::Handed { client: name(&call), method: call.method, at: Some(rfc3339(call.at)) }
            }
            Explained::NotKnown(why) => LastUseBy::NotKnown {
                why: match why {
                    Unexplained::NoRecord => WhyNotKnown::NoRecord,
                    Unexplained::ClockAssumed => WhyNotKnown::ClockAssumed,
                    Unexplained::JustNow => WhyNotKnown::JustNow,
                },
            },
            Explained::Nothing => {
                let in_files = uses.in_files.get_or_init(|| self.keys_in_files(instance));
                if let Some(client) = in_files.get(key) {
                    let (client, method) = (Some((*client).to_owned()), FILE.to_owned());
                    return LastUseBy::Handed { client, method, at: None };
                }
                let known = uses.seen.iter().find(|seen| seen.is(&instance.id, key, at));
                LastUseBy::Nothing {
                    id: use_id(&instance.id, key, at),
                    mine: known.is_some_and(|seen| seen.mine.is_some()),
                }
            }
        }
    }

    /// Which client has which key of an instance in its own file, and calls the server with it past us.
    fn keys_in_files(&self, instance: &Instance) -> HashMap<ApiKeyId, &'static str> {
        let found = self.find_clients(None).unwrap_or_default();
        let mut keys = HashMap::new();
        for client in found {
            let name = clients::find(&client.client).map_or("", |client| client.name);
            let entries = client.files.into_iter().flat_map(|file| file.entries);
            for entry in entries.filter(|entry| entry.instance == instance.id) {
                keys.extend(entry.held.map(|key| (key, name)));
            }
        }
        keys
    }

    /// Notes the uses of a list that has just come that nothing explains: the server tells of the last one only, so an
    /// earlier one is known as long as it is noted.
    pub(super) async fn note_unexplained<'a>(
        &self,
        instance: &Instance,
        rows: impl Iterator<Item = (&'a ApiKeyId, &'a LastUseBy)>,
    ) {
        let now = self.now.now();
        let unexplained = rows.filter_map(|(key, by)| match by {
            LastUseBy::Nothing { id, mine: false } => {
                let at = id.rsplit('/').next().and_then(WallTime::parse)?;
                Some(SeenUse { instance: instance.id.clone(), key: key.clone(), at, seen: now, mine: None })
            }
            _ => None,
        });
        let unexplained: Vec<_> = unexplained.collect();
        let begins = self.keeps_activity();
        self.keep(move |store| {
            if begins {
                store.begin_activity(now);
            }
            if !unexplained.is_empty()
                && let Err(error) = store.change_uses(unexplained, |_| {})
            {
                tracing::warn!(%error, "uses that nothing explains could not be noted");
            }
        })
        .await;
    }
}
