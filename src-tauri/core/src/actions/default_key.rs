//! Which key do AI clients use unless told otherwise?

use super::find_key::DefaultKeyView;
use crate::ids::{ApiKeyId, InstanceId};
use crate::{Core, Error, Result};

impl Core {
    /// The default key as set, usable or not; none where no key was ever stored.
    pub fn default_key(&self, id: &InstanceId) -> Result<Option<DefaultKeyView>> {
        let instance = self.instance(id)?;
        let Some(default) = &instance.default_key else { return Ok(None) };
        let record = instance.record(default);
        Ok(Some(DefaultKeyView {
            id: default.clone(),
            alias: record.map_or_else(|| default.to_string(), |record| record.alias.clone()),
            name: record.map(|record| record.name.clone()).unwrap_or_default(),
            usable: record.is_some_and(|record| record.is_usable(self.now.now())),
        }))
    }

    /// Makes a key on this computer the default.
    pub async fn set_default_key(&self, id: &InstanceId, key: &ApiKeyId) -> Result<()> {
        let now = self.now.now();
        let (id, key) = (id.clone(), key.clone());
        self.change(move |state| {
            let instance = state.instance_mut(&id)?;
            match instance.record(&key) {
                None => Err(Error::NoSuchKey { name: key.to_string() }),
                Some(record) if !record.is_usable(now) => {
                    Err(Error::SecretNotHere { name: record.alias.clone() })
                }
                Some(_) => {
                    instance.default_key = Some(key);
                    Ok(())
                }
            }
        })
        .await
    }
}
