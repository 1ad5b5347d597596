//! Take an instance off the list. Nothing is revoked.

use crate::instance::InstanceId;
use crate::secrets::{SecretId, SecretStore};
use crate::{Core, Error, Result};
use serde::{Deserialize, Serialize};

/// What went with an instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RemovedView {
    /// Plaintexts dropped from this computer; the keys still work on the server.
    pub forgotten_keys: u32,
}

impl Core {
    /// Removes an instance. Where plaintexts are stored, `forget_keys` must say yes to losing them.
    pub async fn remove_instance(&self, id: &InstanceId, forget_keys: bool) -> Result<RemovedView> {
        let instance = self.instance(id)?;
        let mut stored = Vec::new();
        for record in &instance.keys {
            // Also those that wait in memory to be saved by hand.
            let held = self.held_secret(&SecretId::ApiKey(id.clone(), record.id.clone()))?.is_some();
            if record.stored || held {
                stored.push(record.id.clone());
            }
        }
        if !stored.is_empty() && !forget_keys {
            return Err(Error::KeysWouldBeForgotten { count: stored.len() });
        }
        let kept = instance.keys.iter().filter(|record| record.stored);
        let mut entries: Vec<_> =
            kept.map(|record| SecretId::ApiKey(id.clone(), record.id.clone())).collect();
        if instance.signed_in.as_ref().is_some_and(|signed_in| signed_in.stays) {
            entries.push(SecretId::RefreshToken(id.clone()));
        }
        if !entries.is_empty() {
            // Before the record goes: a locked keychain must not leave entries nobody knows of.
            self.keychain(move |keychain| entries.iter().try_for_each(|entry| keychain.delete(entry)))
                .await?;
        }
        let (removed, known) = (id.clone(), stored.clone());
        self.change(move |state| {
            // Nobody agreed to forget what another process stored meanwhile.
            let new = state.instance(&removed)?.keys.iter().filter(|it| it.stored && !known.contains(&it.id));
            match new.count() {
                0 => state.instances.retain(|instance| instance.id != removed),
                count => return Err(Error::KeysWouldBeForgotten { count }),
            }
            Ok(())
        })
        .await?;
        self.sessions.end(id);
        self.store.drop_list(id);
        self.store.drop_checkups(id);
        for key in &stored {
            self.held.delete(&SecretId::ApiKey(id.clone(), key.clone()))?;
            self.held_intents().remove(key);
        }
        Ok(RemovedView { forgotten_keys: u32::try_from(stored.len()).unwrap_or(u32::MAX) })
    }
}
