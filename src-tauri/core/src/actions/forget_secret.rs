//! Drop a plaintext from this computer. The key still works on the server.

use crate::Core;
use crate::deed::{Deed, DeedKind};
use crate::error::{Error, Result};
use crate::ids::{ApiKeyId, InstanceId};

impl Core {
    /// Forgets a key's plaintext. Forgetting what is forgotten is fine. A pasted key that the server does not
    /// list has nothing else to it, so its record goes too.
    pub async fn forget_secret(&self, id: &InstanceId, key: &ApiKeyId) -> Result<()> {
        let instance = self.instance(id)?;
        let Some(record) = instance.record(key) else {
            return Err(Error::NoSuchKey { name: key.to_string() });
        };
        let entry = instance.key_secret(key);
        // One that is only in memory needs no keychain to be forgotten.
        if record.is_stored() || !self.safe.holds(&entry) {
            let entry = entry.clone();
            self.safe(move |safe| safe.delete(&entry)).await?;
        }
        // On purpose, so that no later start calls it lost.
        self.clear_intents_of(id, key).await?;
        self.safe.release(&entry);
        self.note(id, Deed::of_key(DeedKind::KeyForgotten, key)).await;
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
