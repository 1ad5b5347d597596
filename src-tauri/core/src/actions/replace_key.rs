//! Put a right key in the place of one that ends at the wrong time.

use super::create_key::CreatedKeyView;
use crate::api_key::NewApiKey;
use crate::ids::{ApiKeyId, InstanceId};
use crate::secrets::Keep;
use crate::{Core, Result};

impl Core {
    /// Creates a key, stores it, gives it the wrong key's alias and place as default, then revokes the wrong
    /// one. If the new key cannot be made, nothing has changed; once it is made, it is answered whatever
    /// becomes of the wrong one.
    pub async fn replace_key(
        &self,
        id: &InstanceId,
        wrong: &ApiKeyId,
        new: NewApiKey,
        keep: Keep,
    ) -> Result<CreatedKeyView> {
        // Until the wrong one is gone too: of a window that closes in between, two would be left.
        let _at_work = self.lock.begin()?;
        let _under_way = self.creating.begin();
        let mut created = self.make_key(id, NewApiKey { alias: None, ..new }, keep, None).await?;
        match self.move_alias(id, wrong, &created.key.id).await {
            Ok((alias, is_default)) => {
                created.key.alias = alias.or(created.key.alias);
                created.key.is_default = is_default;
            }
            Err(error) => tracing::warn!(%error, "the replaced key keeps its alias"),
        }
        created.replaced_still_active = self.revoke_key(id, wrong).await.err().map(|error| error.code());
        Ok(created)
    }

    /// The new key's alias, if the old one had one to give, and whether it is the default now.
    async fn move_alias(
        &self,
        id: &InstanceId,
        old: &ApiKeyId,
        new: &ApiKeyId,
    ) -> Result<(Option<String>, bool)> {
        let (id, old, new) = (id.clone(), old.clone(), new.clone());
        self.change(move |state| {
            let instance = state.instance_mut(&id)?;
            if instance.default_key.as_ref() == Some(&old) {
                instance.default_key = Some(new.clone());
            }
            let is_default = instance.default_key.as_ref() == Some(&new);
            let Some(alias) = instance.record(&old).map(|record| record.alias.clone()) else {
                return Ok((None, is_default));
            };
            let freed = instance.record(&new).map(|record| record.alias.clone()).unwrap_or_default();
            if let Some(record) = instance.record_mut(&old) {
                record.alias = freed;
            }
            if let Some(record) = instance.record_mut(&new) {
                record.alias.clone_from(&alias);
            }
            Ok((Some(alias), is_default))
        })
        .await
    }
}
