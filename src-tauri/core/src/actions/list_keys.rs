//! The signed-in person's keys: Superset shows nobody another person's, not even an Admin.

use crate::api_key::{ApiKey, KeyListView, KeyRecord};
use crate::clock::{ClockView, rfc3339};
use crate::instance::{Instance, InstanceId};
use crate::secrets::{KeychainState, SecretId};
use crate::session::Session;
use crate::store::KeptList;
use crate::{Core, Error, Result};
use std::collections::HashMap;

impl Core {
    /// Asks the server for all keys of the signed-in person, brings the records on this computer up to date,
    /// accounts for creates that a crash cut off, and keeps the list for when the server is away.
    pub async fn list_keys(&self, id: &InstanceId) -> Result<KeyListView> {
        let instance = self.instance(id)?;
        // Whose list it is, also if another process signs in somebody else meanwhile.
        let user = instance.signed_in.as_ref().map(|signed_in| signed_in.user.id);
        let listed =
            with_session!(self, &instance, bearer => self.superset()?.list_keys(&instance.url, bearer))?;
        let session = self.session(&instance).await?;
        if let Session::Key { id: pasted, .. } = &*session {
            self.learn_from_key_listing(&instance, pasted, &listed).await?;
        }
        let fetched = self.now.now();
        let instance = self.update_records(id, &listed.keys).await?;
        let unaccounted = self.recover_creates(&instance, user, &listed.keys).await?;
        // Recovering may have found a stored plaintext, which changes the rows.
        let instance = self.instance(id)?;
        if let Some(user_id) = user {
            let list = KeptList { user_id, fetched, keys: listed.keys.clone() };
            self.store.keep_list(id, &list);
        }
        Ok(KeyListView {
            keys: self.join_records(&instance, &listed.keys),
            fetched: rfc3339(fetched),
            live: true,
            clock: ClockView::of(&instance.clock, fetched),
            unaccounted,
            listed_with_key: session.key_id().is_some(),
        })
    }

    /// The list of an earlier answer, without a call; without one, what this computer stores; without either,
    /// none.
    pub fn kept_keys(&self, id: &InstanceId) -> Result<Option<KeyListView>> {
        let instance = self.instance(id)?;
        let user = instance.signed_in.as_ref().map(|signed_in| signed_in.user.id);
        let Some(list) = self.store.kept_list(id).filter(|list| user.is_none_or(|user| user == list.user_id))
        else {
            return Ok(self.records_alone(&instance));
        };
        Ok(Some(KeyListView {
            keys: self.join_records(&instance, &list.keys),
            fetched: rfc3339(list.fetched),
            live: false,
            clock: ClockView::of(&instance.clock, self.now.now()),
            unaccounted: Vec::new(),
            listed_with_key: false,
        }))
    }

    /// Never listed for this person: what this computer stores of the instance's keys.
    fn records_alone(&self, instance: &Instance) -> Option<KeyListView> {
        let stored = instance.keys.iter().filter(|record| record.stored);
        let latest = stored.map(|record| record.stored_at).max()?;
        Some(KeyListView {
            keys: self.stored_rows(instance),
            fetched: rfc3339(latest),
            live: false,
            clock: ClockView::of(&instance.clock, self.now.now()),
            unaccounted: Vec::new(),
            listed_with_key: false,
        })
    }

    /// Copies what the server shows of stored keys into their records, and notices plaintexts that are gone
    /// from the keychain.
    async fn update_records(&self, id: &InstanceId, listed: &[ApiKey]) -> Result<Instance> {
        let instance = self.instance(id)?;
        let gone = self.missing_secrets(&instance).await;
        let by_id: HashMap<_, _> = listed.iter().map(|key| (key.id.clone(), key.clone())).collect();
        let id = id.clone();
        let now = self.now.now();
        self.change(move |state| {
            let instance = state.instance_mut(&id)?;
            let clock = instance.clock.clone();
            for record in &mut instance.keys {
                if let Some(key) = by_id.get(&record.id) {
                    record.name.clone_from(&key.name);
                    record.expires = key.expires_on.map(|wall| clock.instant(wall));
                    record.revoked = key.revoked_on.is_some();
                }
                // One stored a moment ago by another process may not be in our look at the keychain.
                if gone.contains(&record.id) && now.duration_since(record.stored_at).as_secs() > 60 {
                    record.stored = false;
                }
            }
            Ok(instance.clone())
        })
        .await
    }

    async fn missing_secrets(&self, instance: &Instance) -> Vec<crate::api_key::ApiKeyId> {
        let stored: Vec<_> =
            instance.keys.iter().filter(|record: &&KeyRecord| record.stored).map(|r| r.id.clone()).collect();
        if stored.is_empty() {
            return Vec::new();
        }
        let id = instance.id.clone();
        self.keychain(move |keychain| {
            if keychain.state() != KeychainState::Ready {
                return Err(Error::Internal { what: "keychain not ready" });
            }
            let mut missing = Vec::new();
            for key in stored {
                if keychain.get(&SecretId::ApiKey(id.clone(), key.clone()))?.is_none() {
                    missing.push(key);
                }
            }
            Ok(missing)
        })
        .await
        // A keychain that cannot be looked into says nothing about what is in it.
        .unwrap_or_default()
    }
}
