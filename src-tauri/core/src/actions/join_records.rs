//! The server's list joined with what this computer keeps.

use crate::Core;
use crate::api_key::{ApiKey, ApiKeyId, ApiKeyView, KeyRecord, Presence};
use crate::clock::TimeView;
use crate::instance::Instance;
use crate::key_use::OwnUses;
use crate::secrets::SecretId;
use std::collections::{HashMap, HashSet};

impl Core {
    /// One row per key the server listed, then the rows only this computer knows: pasted keys, and keys of
    /// people who were signed in before.
    pub(super) fn join_records(&self, instance: &Instance, listed: &[ApiKey]) -> Vec<ApiKeyView> {
        let records: HashMap<&ApiKeyId, &KeyRecord> = instance.keys.iter().map(|r| (&r.id, r)).collect();
        let ids: HashSet<&ApiKeyId> = listed.iter().map(|key| &key.id).collect();
        let own_uses = self.store.key_uses(&instance.id);
        let view = |key: &ApiKey| self.key_view(instance, key, records.get(&key.id).copied(), &own_uses);
        let mut rows: Vec<_> = listed.iter().map(view).collect();
        let user = instance.signed_in.as_ref().map(|signed_in| signed_in.user.id);
        for record in &instance.keys {
            let somebody_else_s = is_somebody_else_s(record, user);
            if !ids.contains(&record.id) && record.stored && (somebody_else_s || record.id.is_pasted()) {
                rows.push(self.record_view(instance, record, somebody_else_s));
            }
        }
        rows
    }

    /// Every key whose plaintext this computer keeps, as far as it knows them.
    pub(super) fn stored_rows(&self, instance: &Instance) -> Vec<ApiKeyView> {
        let user = instance.signed_in.as_ref().map(|signed_in| signed_in.user.id);
        let stored = instance.keys.iter().filter(|record| record.stored);
        stored.map(|record| self.record_view(instance, record, is_somebody_else_s(record, user))).collect()
    }

    pub(super) fn key_view(
        &self,
        instance: &Instance,
        key: &ApiKey,
        record: Option<&KeyRecord>,
        uses: &OwnUses,
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
            before_own_use: uses.before(key, clock),
            expires: time(key.expires_on),
            revoked: time(key.revoked_on),
            presence: self.presence(instance, &key.id, record),
            is_default: instance.default_key.as_ref() == Some(&key.id),
            pasted: false,
            belongs_to: None,
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
            expires: None,
            revoked: None,
            presence: self.presence(instance, &record.id, Some(record)),
            is_default: instance.default_key.as_ref() == Some(&record.id),
            pasted: record.id.is_pasted(),
            belongs_to: record.owner.as_ref().filter(|_| somebody_else_s).map(|owner| owner.username.clone()),
        }
    }

    fn presence(&self, instance: &Instance, id: &ApiKeyId, record: Option<&KeyRecord>) -> Presence {
        let entry = SecretId::ApiKey(instance.id.clone(), id.clone());
        if self.held_secret(&entry).is_ok_and(|held| held.is_some()) {
            Presence::Memory
        } else if record.is_some_and(|record| record.stored) {
            Presence::Keychain
        } else {
            Presence::NotHere
        }
    }
}

/// With nobody signed in there is nobody else.
fn is_somebody_else_s(record: &KeyRecord, user: Option<i32>) -> bool {
    user.is_some_and(|user| record.owner.as_ref().is_some_and(|owner| owner.id != user))
}
