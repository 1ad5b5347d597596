//! Take an instance off the list. Nothing is revoked.

use crate::deed::{Deed, DeedKind};
use crate::ids::{ApiKeyId, InstanceId, SecretId};
use crate::store::Instance;
use crate::{Core, Error, Result};
use serde::{Deserialize, Serialize};

/// What went with an instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RemovedView {
    /// Plaintexts dropped from this computer; the keys still work on the server.
    pub forgotten_keys: u32,
    /// Secrets that lie in a store which is locked or away; they are deleted when it is back.
    pub left_behind: u32,
}

impl Core {
    /// Removes an instance. Where plaintexts are stored, `forget_keys` must say yes to losing them.
    pub async fn remove_instance(&self, id: &InstanceId, forget_keys: bool) -> Result<RemovedView> {
        let known = self.kept_keys_of(&self.instance(id)?);
        if !known.is_empty() && !forget_keys {
            return Err(Error::KeysWouldBeForgotten { count: known.len() });
        }
        let (removed, agreed) = (id.clone(), known.clone());
        // The record first: whatever becomes of the secrets, what nobody agreed to forget is still there.
        let gone = self
            .change(move |state| {
                let instance = state.instance(&removed)?.clone();
                let new = instance.keys.iter().filter(|key| key.is_stored() && !agreed.contains(&key.id));
                match new.count() {
                    0 => state.instances.retain(|instance| instance.id != removed),
                    count => return Err(Error::KeysWouldBeForgotten { count }),
                }
                // Until they are deleted, should this process end in between.
                state.leave_behind(instance.secrets());
                Ok(instance)
            })
            .await?;
        self.sessions.end(id);
        self.store.drop_list(id);
        self.store.drop_audit(id);
        self.store.drop_checkups(id);
        for key in &known {
            self.safe.release(&gone.key_secret(key));
        }
        self.delete_left_behind().await;
        let left = self.store.read()?.left_behind;
        let is_known = |key: &ApiKeyId| left.contains(&gone.key_secret(key));
        let signing = gone.signing.iter().map(|_| SecretId::signing_secret(&gone.id));
        let oauth = gone.oauth.iter().flat_map(|_| gone.oauth_secrets());
        let left_behind = known.iter().filter(|key| is_known(key)).count()
            + signing.filter(|it| left.contains(it)).count()
            + oauth.filter(|it| left.contains(it)).count()
            + gone.network_secrets().iter().filter(|it| left.contains(it)).count()
            + if gone.stays_signed_in() {
                gone.sign_in_secrets().iter().filter(|it| left.contains(it)).count()
            } else {
                0
            };
        let [forgotten_keys, left_behind] =
            [known.len(), left_behind].map(|count| u32::try_from(count).unwrap_or(u32::MAX));
        let called = Some(gone.short_name.clone());
        let forgotten = known.iter().map(|key| {
            let alias = gone.record(key).map_or("", |record| &record.alias);
            Deed::of_key(DeedKind::KeyForgotten, key).named(alias)
        });
        for deed in forgotten.chain([Deed::new(DeedKind::InstanceRemoved)]) {
            self.note_of(Some(id), called.clone(), deed).await;
        }
        Ok(RemovedView { forgotten_keys, left_behind })
    }

    /// Those whose plaintext is on this computer, also those that wait in memory to be saved by hand.
    fn kept_keys_of(&self, instance: &Instance) -> Vec<ApiKeyId> {
        let kept = instance
            .keys
            .iter()
            .filter(|record| record.is_stored() || self.safe.holds(&instance.key_secret(&record.id)));
        kept.map(|record| record.id.clone()).collect()
    }
}
