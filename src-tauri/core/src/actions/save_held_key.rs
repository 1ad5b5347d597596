//! A new key that is only in memory: save it, or say that it is saved.

use crate::ids::{ApiKeyId, InstanceId, SecretId};
use crate::{Core, Error, Result};

impl Core {
    /// The person has saved a key that is only in memory: it may go.
    pub async fn acknowledge_saved(&self, id: &InstanceId, key: &ApiKeyId) -> Result<()> {
        self.clear_intents_of(id, key).await?;
        self.safe.release(&SecretId::api_key(id, key));
        Ok(())
    }

    /// Tries again to put a key that is only in memory into the keychain.
    pub async fn store_held_key(&self, id: &InstanceId, key: &ApiKeyId) -> Result<()> {
        let _at_work = self.lock.begin()?;
        let entry = SecretId::api_key(id, key);
        let lies = self.safe(move |safe| safe.save_held(&entry)).await?;
        let lies = lies.ok_or_else(|| Error::SecretNotHere { name: key.to_string() })?;
        let (instance_id, stored) = (id.clone(), key.clone());
        self.change(move |state| {
            let instance = state.instance_mut(&instance_id)?;
            if let Some(record) = instance.record_mut(&stored) {
                record.stored = Some(lies);
            }
            instance.default_key.get_or_insert(stored);
            Ok(())
        })
        .await?;
        self.acknowledge_saved(id, key).await
    }
}
