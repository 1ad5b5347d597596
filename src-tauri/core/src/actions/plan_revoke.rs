//! Which keys would be revoked, and what would stop with them. Changes nothing.

use super::find_clients::ClientUse;
use super::join_records::ApiKeyView;
use crate::api_key::{ApiKey, KeyStatus};
use crate::clean_up::{KeyFilter, Known, LeftBecause, Sifted};
use crate::clock::ClockView;
use crate::ids::{ApiKeyId, InstanceId};
use crate::store::Instance;
use crate::{Core, Result};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// No two zones are further apart than a little more, and a call was made a moment ago.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

/// What a dry run answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RevokePlanView {
    /// In the order of the list; the key that one is signed in with comes last.
    pub keys: Vec<KeyToRevokeView>,
    /// What was asked for and stays.
    pub left: Vec<KeyLeftView>,
    pub clock: ClockView,
}

/// One key that would be revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct KeyToRevokeView {
    pub key: ApiKeyView,
    /// The AI clients on this computer that stop working with it.
    pub clients: Vec<ClientUse>,
    /// The session ends with it: it goes last, and only if all others are proven to be revoked.
    pub signed_in_with: bool,
}

/// One key that stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct KeyLeftView {
    pub key: ApiKeyView,
    pub because: LeftBecause,
    /// The AI clients on this computer that have it.
    pub clients: Vec<ClientUse>,
}

/// What a plan is made from.
struct Listed {
    instance: Instance,
    keys: HashMap<ApiKeyId, ApiKey>,
    rows: Vec<ApiKeyView>,
    clients: HashMap<ApiKeyId, Vec<ClientUse>>,
    signed_in_with: Option<ApiKeyId>,
    clock: ClockView,
}

impl Core {
    /// The keys of the server's list that a filter takes. The key that one is signed in with never is one of them:
    /// it must be named.
    pub async fn plan_clean_up(&self, id: &InstanceId, filter: &KeyFilter) -> Result<RevokePlanView> {
        let listed = self.listed(id).await?;
        let (now, clock) = (self.now.now(), listed.instance.clock.clone());
        Ok(listed.plan(|listed, row| {
            let Some(key) = listed.keys.get(&row.id) else { return Sifted::Passed };
            let has_client = listed.clients.contains_key(&row.id);
            let known = Known { key, before_own_use: row.before_own_use.as_ref(), has_client };
            match filter.sift(known, &clock, now) {
                Sifted::Taken if listed.may_be_signed_in_with(key, now) => {
                    Sifted::Left(LeftBecause::SignedInWith)
                }
                sifted => sifted,
            }
        }))
    }

    /// The keys that are named, as far as they can be revoked.
    pub async fn plan_revoke(&self, id: &InstanceId, keys: &[ApiKeyId]) -> Result<RevokePlanView> {
        let listed = self.listed(id).await?;
        let named: HashSet<&ApiKeyId> = keys.iter().collect();
        Ok(listed.plan(|listed, row| {
            if !named.contains(&row.id) {
                Sifted::Passed
            } else if !listed.keys.contains_key(&row.id) {
                Sifted::Left(LeftBecause::NotListed)
            } else if row.status == Some(KeyStatus::Revoked) {
                Sifted::Left(LeftBecause::AlreadyRevoked)
            } else {
                Sifted::Taken
            }
        }))
    }

    async fn listed(&self, id: &InstanceId) -> Result<Listed> {
        let (view, listed) = self.list_whole_keys(id).await?;
        let keys = listed.keys;
        let instance = self.instance(id)?;
        let signed_in_with = self.session(&instance).await?.key_id().cloned();
        Ok(Listed {
            keys: keys.into_iter().map(|key| (key.id.clone(), key)).collect(),
            rows: view.keys,
            clients: self.clients_by_key(id)?,
            signed_in_with,
            clock: view.clock,
            instance,
        })
    }
}

impl Listed {
    /// A pasted key that no list told apart may be any that was used just now, wherever the server's clock stands.
    fn may_be_signed_in_with(&self, key: &ApiKey, now: Timestamp) -> bool {
        let is_recent = |used| now.duration_since(self.instance.clock.instant(used)).abs() < A_DAY;
        match &self.signed_in_with {
            Some(own) if own.is_pasted() => key.last_used_on.is_some_and(is_recent),
            own => own.as_ref() == Some(&key.id),
        }
    }

    fn plan(mut self, sift: impl Fn(&Self, &ApiKeyView) -> Sifted) -> RevokePlanView {
        let (mut keys, mut left) = (Vec::new(), Vec::new());
        for key in std::mem::take(&mut self.rows) {
            let sifted = sift(&self, &key);
            let clients = self.clients.remove(&key.id).unwrap_or_default();
            match sifted {
                Sifted::Passed => {}
                Sifted::Left(because) => left.push(KeyLeftView { key, because, clients }),
                Sifted::Taken => keys.push(KeyToRevokeView {
                    clients,
                    signed_in_with: self.signed_in_with.as_ref() == Some(&key.id),
                    key,
                }),
            }
        }
        keys.sort_by_key(|key| key.signed_in_with);
        RevokePlanView { keys, left, clock: self.clock }
    }
}
