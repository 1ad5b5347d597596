//! The server's list joined with what this computer keeps.

use super::explain_uses::{LastUseBy, Uses};
use crate::Core;
use crate::api_key::{ApiKey, KeyStatus};
use crate::clock::TimeView;
use crate::ids::{ApiKeyId, UserId};
use crate::key_use::BeforeOwnUse;
use crate::secret::{KeyHint, StoreKind};
use crate::store::{Instance, KeyRecord};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// Whether this computer can hand out a key's plaintext.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// In the OS keychain.
    Keychain,
    /// In our encrypted file.
    Vault,
    /// In the app's memory until it quits, because there is no keychain.
    Memory,
    NotHere,
}

impl Presence {
    /// It outlives this program.
    #[must_use]
    pub fn is_kept(self) -> bool {
        matches!(self, Self::Keychain | Self::Vault)
    }
}

/// One row of the key list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ApiKeyView {
    pub id: ApiKeyId,
    pub name: String,
    pub alias: Option<String>,
    pub hint: Option<KeyHint>,
    /// None where the server does not tell: a pasted key it does not list, or another person's key.
    pub status: Option<KeyStatus>,
    pub scopes: Option<String>,
    pub created: Option<TimeView>,
    /// As the server shows it, by whomever.
    pub last_used: Option<TimeView>,
    /// Set where that was this app's own check: the last use before it.
    pub before_own_use: Option<BeforeOwnUse>,
    /// Who made it, or the one before where that was this app's own check. None where it was never used.
    pub last_used_by: Option<LastUseBy>,
    pub expires: Option<TimeView>,
    pub revoked: Option<TimeView>,
    pub presence: Presence,
    pub is_default: bool,
    /// Pasted and not found in the list: it can be copied and used, not revoked.
    pub pasted: bool,
    /// Somebody else's key that lies on this computer: their user name.
    pub belongs_to: Option<String>,
    /// It is replaced by itself before it ends.
    pub replace_in_time: bool,
}

impl Core {
    /// One row per key the server listed, then the rows only this computer knows: pasted keys, and keys of
    /// people who were signed in before.
    pub(super) fn join_records(&self, instance: &Instance, listed: &[ApiKey]) -> Vec<ApiKeyView> {
        let records: HashMap<&ApiKeyId, &KeyRecord> = instance.keys.iter().map(|r| (&r.id, r)).collect();
        let ids: HashSet<&ApiKeyId> = listed.iter().map(|key| &key.id).collect();
        let known_uses = self.uses(instance);
        let view = |key: &ApiKey| self.key_view(instance, key, records.get(&key.id).copied(), &known_uses);
        let mut rows: Vec<_> = listed.iter().map(view).collect();
        let user = instance.user_id();
        for record in &instance.keys {
            let somebody_else_s = is_somebody_else_s(record, user);
            if !ids.contains(&record.id) && record.is_stored() && (somebody_else_s || record.id.is_pasted()) {
                rows.push(self.record_view(instance, record, somebody_else_s));
            }
        }
        rows
    }

    /// Every key whose plaintext this computer keeps, as far as it knows them.
    pub(super) fn stored_rows(&self, instance: &Instance) -> Vec<ApiKeyView> {
        let user = instance.user_id();
        let stored = instance.keys.iter().filter(|record| record.is_stored());
        stored.map(|record| self.record_view(instance, record, is_somebody_else_s(record, user))).collect()
    }

    pub(super) fn key_view(
        &self,
        instance: &Instance,
        key: &ApiKey,
        record: Option<&KeyRecord>,
        uses: &Uses,
    ) -> ApiKeyView {
        let clock = &instance.clock;
        let time = |wall: Option<crate::clock::WallTime>| wall.map(|wall| TimeView::of(wall, clock));
        ApiKeyView {
            id: key.id.clone(),
            name: key.name.clone(),
            alias: record.map(|record| record.alias.clone()),
            hint: record.map(|record| record.hint.clone()),
            status: Some(key.status(clock.wall(self.now.now()))),
            scopes: key.scopes.clone(),
            created: time(key.created_on),
            last_used: time(key.last_used_on),
            before_own_use: uses.own.before(key, clock),
            last_used_by: self.last_use_by(instance, key, uses),
            expires: time(key.expires_on),
            revoked: time(key.revoked_on),
            presence: self.presence(instance, &key.id, record),
            is_default: instance.default_key.as_ref() == Some(&key.id),
            pasted: false,
            belongs_to: None,
            replace_in_time: record.is_some_and(|record| record.replace_in_time),
        }
    }

    fn record_view(&self, instance: &Instance, record: &KeyRecord, somebody_else_s: bool) -> ApiKeyView {
        ApiKeyView {
            id: record.id.clone(),
            name: record.name.clone(),
            alias: Some(record.alias.clone()),
            hint: Some(record.hint.clone()),
            status: None,
            scopes: None,
            created: None,
            last_used: None,
            before_own_use: None,
            last_used_by: None,
            expires: None,
            revoked: None,
            presence: self.presence(instance, &record.id, Some(record)),
            is_default: instance.default_key.as_ref() == Some(&record.id),
            pasted: record.id.is_pasted(),
            belongs_to: record.owner.as_ref().filter(|_| somebody_else_s).map(|owner| owner.username.clone()),
            replace_in_time: record.replace_in_time,
        }
    }

    fn presence(&self, instance: &Instance, id: &ApiKeyId, record: Option<&KeyRecord>) -> Presence {
        match record.and_then(|record| record.stored) {
            _ if self.safe.holds(&instance.key_secret(id)) => Presence::Memory,
            Some(StoreKind::Keychain) => Presence::Keychain,
            Some(StoreKind::Vault) => Presence::Vault,
            None => Presence::NotHere,
        }
    }
}

/// With nobody signed in, or somebody of whom the server does not tell who it is, there is nobody else.
fn is_somebody_else_s(record: &KeyRecord, user: Option<UserId>) -> bool {
    let (Some(UserId(Some(user))), Some(owner)) = (user, &record.owner) else { return false };
    owner.id != user
}
