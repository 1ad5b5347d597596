//! A new key that is only in memory: save it, or say that it is saved.

use crate::api_key::ApiKeyId;
use crate::instance::InstanceId;
use crate::secrets::{SecretId, SecretStore};
use crate::{Core, Error, Result};

impl Core {
    /// Whether a key is only in this process's memory, and the person has not said that it is saved.
    #[must_use]
    pub fn holds_unsaved_keys(&self) -> bool {
        !self.held_intents().is_empty()
    }

    /// The person has saved a key that is only in memory: it may go.
    pub async fn acknowledge_saved(&self, id: &InstanceId, key: &ApiKeyId) -> Result<()> {
        self.held.delete(&SecretId::ApiKey(id.clone(), key.clone()))?;
        self.clear_intents_of(id, key).await?;
        self.held_intents().remove(key);
        Ok(())
    }

    /// Tries again to put a key that is only in memory into the keychain.
    pub async fn store_held_key(&self, id: &InstanceId, key: &ApiKeyId) -> Result<()> {
        let entry = SecretId::ApiKey(id.clone(), key.clone());
        let secret = self.held.get(&entry)?.ok_or_else(|| Error::SecretNotHere { name: key.to_string() })?;
        let target = entry.clone();
        self.keychain(move |keychain| {
            keychain.unlock()?;
            keychain.set(&target, &secret)
        })
        .await?;
        let (instance_id, stored) = (id.clone(), key.clone());
        self.change(move |state| {
            let instance = state.instance_mut(&instance_id)?;
            if let Some(record) = instance.record_mut(&stored) {
                record.stored = true;
            }
            instance.default_key.get_or_insert(stored);
            Ok(())
        })
        .await?;
        self.acknowledge_saved(id, key).await
    }
}
