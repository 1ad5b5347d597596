//! The signed-in person's keys: Superset shows nobody another person's, not even an Admin.

use super::join_records::ApiKeyView;
use super::recover_creates::UnaccountedView;
use crate::api_key::ApiKey;
use crate::clock::{ClockView, rfc3339};
use crate::ids::{InstanceId, SecretId};
use crate::store::{Instance, KeptList};
use crate::superset::Listed;
use crate::{Core, Result};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What `list_keys` answers: the server's list, joined with what this computer keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct KeyListView {
    pub keys: Vec<ApiKeyView>,
    /// When the server said so, RFC 3339 in UTC.
    pub fetched: String,
    /// False for the list kept from an earlier answer.
    pub live: bool,
    pub clock: ClockView,
    /// Creates that ended without a known end; to be revoked or dismissed.
    pub unaccounted: Vec<UnaccountedView>,
    /// Listing was done with an API key, which moved that key's own last-used time.
    pub listed_with_key: bool,
}

impl Core {
    /// Asks the server for all keys of the signed-in person, brings the records on this computer up to date,
    /// accounts for creates that a crash cut off, and keeps the list for when the server is away.
    pub async fn list_keys(&self, id: &InstanceId) -> Result<KeyListView> {
        self.list_whole_keys(id).await.map(|(view, _)| view)
    }

    /// The same, with what the server answered.
    pub(super) async fn list_whole_keys(&self, id: &InstanceId) -> Result<(KeyListView, Listed)> {
        let instance = self.instance(id)?;
        // Whose list it is, also if another process signs in somebody else meanwhile.
        let user = instance.user_id();
        let listed = self
            .with_session(&instance, |by| async move { self.superset.list_keys(&by.site, by.auth()).await })
            .await?;
        let session = self.session(&instance).await?;
        if let Some(pasted) = session.key_id() {
            self.learn_from_key_listing(&instance, pasted, &listed).await?;
        }
        let fetched = self.now.now();
        let instance = self.update_records(id, &listed.keys).await?;
        let unaccounted = self.recover_creates(&instance, user, &listed.keys).await?;
        // Recovering may have found a stored plaintext, which changes the rows.
        let instance = self.instance(id)?;
        if let Some(user_id) = user {
            let (id, list) = (id.clone(), KeptList { user_id, fetched, keys: listed.keys.clone() });
            self.keep(move |store| store.keep_list(&id, &list)).await;
        }
        let keys = self.join_records(&instance, &listed.keys);
        let told = keys.iter().filter_map(|row| Some((&row.id, row.last_used_by.as_ref()?)));
        self.note_unexplained(&instance, told).await;
        let view = KeyListView {
            keys,
            fetched: rfc3339(fetched),
            live: true,
            clock: ClockView::of(&instance.clock, fetched),
            unaccounted,
            listed_with_key: session.key_id().is_some(),
        };
        Ok((view, listed))
    }

    /// The list of an earlier answer, without a call; without one, what this computer stores; without either,
    /// none.
    pub fn kept_keys(&self, id: &InstanceId) -> Result<Option<KeyListView>> {
        let instance = self.instance(id)?;
        let user = instance.user_id();
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
        let stored = instance.keys.iter().filter(|record| record.is_stored());
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
                if gone.contains(&SecretId::api_key(&id, &record.id))
                    && now.duration_since(record.stored_at).as_secs() > 60
                {
                    record.stored = None;
                }
            }
            instance.forget_old_ends();
            Ok(instance.clone())
        })
        .await
    }

    /// A store that cannot be looked into says nothing about what is in it.
    async fn missing_secrets(&self, instance: &Instance) -> Vec<SecretId> {
        let stored = instance.keys.iter().filter(|record| record.is_stored());
        let stored: Vec<_> = stored.map(|record| instance.key_secret(&record.id)).collect();
        self.safe(move |safe| safe.missing(stored)).await.unwrap_or_default()
    }
}
