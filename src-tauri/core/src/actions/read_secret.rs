//! Hand out a plaintext: to the clipboard, to a person who asked to see it, to an AI client.

use crate::Core;
use crate::api_key::ApiKeyId;
use crate::error::{Error, Result};
use crate::instance::InstanceId;
use crate::secret::Secret;
use crate::secrets::{SecretId, SecretStore};

impl Core {
    /// The plaintext of a key on this computer. A record whose plaintext turns out to be gone is marked so,
    /// everywhere, at once.
    pub async fn read_secret(&self, id: &InstanceId, key: &ApiKeyId) -> Result<Secret> {
        let entry = SecretId::ApiKey(id.clone(), key.clone());
        if let Some(held) = self.held_secret(&entry)? {
            return Ok(held);
        }
        let instance = self.instance(id)?;
        let record = instance.record(key).ok_or_else(|| Error::SecretNotHere { name: key.to_string() })?;
        let gone = Error::SecretNotHere { name: record.alias.clone() };
        if !record.stored {
            return Err(gone);
        }
        if let Some(secret) = self.keychain(move |keychain| keychain.get(&entry)).await? {
            return Ok(secret);
        }
        self.mark_gone(id, key).await?;
        Err(gone)
    }

    pub(crate) fn held_secret(&self, entry: &SecretId) -> Result<Option<Secret>> {
        self.held.get(entry)
    }

    pub(super) async fn mark_gone(&self, id: &InstanceId, key: &ApiKeyId) -> Result<()> {
        let (id, key) = (id.clone(), key.clone());
        self.change(move |state| {
            if let Some(record) = state.instance_mut(&id)?.record_mut(&key) {
                record.stored = false;
            }
            Ok(())
        })
        .await
    }
}
