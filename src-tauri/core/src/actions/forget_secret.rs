//! Drop a plaintext from this computer. The key still works on the server.

use crate::Core;
use crate::api_key::ApiKeyId;
use crate::error::{Error, Result};
use crate::instance::InstanceId;
use crate::secrets::{SecretId, SecretStore};

impl Core {
    /// Forgets a key's plaintext. Forgetting what is forgotten is fine. A pasted key that the server does not
    /// list has nothing else to it, so its record goes too.
    pub async fn forget_secret(&self, id: &InstanceId, key: &ApiKeyId) -> Result<()> {
        let instance = self.instance(id)?;
        let Some(record) = instance.record(key) else {
            return Err(Error::NoSuchKey { name: key.to_string() });
        };
        let entry = SecretId::ApiKey(id.clone(), key.clone());
        // One that is only in memory needs no keychain to be forgotten.
        if record.stored || self.held_secret(&entry)?.is_none() {
            let entry = entry.clone();
            self.keychain(move |keychain| keychain.delete(&entry)).await?;
        }
        self.held.delete(&entry)?;
        // On purpose, so that no later start calls it lost.
        self.clear_intents_of(id, key).await?;
        self.held_intents().remove(key);
        if !key.is_pasted() {
            return self.mark_gone(id, key).await;
        }
        let (id, key) = (id.clone(), key.clone());
        self.change(move |state| {
            state.instance_mut(&id)?.keys.retain(|record| record.id != key);
            Ok(())
        })
        .await
    }
}
