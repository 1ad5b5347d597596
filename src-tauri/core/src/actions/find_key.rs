//! Which key does a person mean?

use crate::api_key::{ApiKeyId, ApiKeyView, KeyRecord};
use crate::instance::{Instance, InstanceId};
use crate::{Core, Error, Result};
use serde::{Deserialize, Serialize};

/// The key AI clients use unless told otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DefaultKeyView {
    pub id: ApiKeyId,
    pub alias: String,
    pub name: String,
    /// False once it is revoked, expired or forgotten; nothing takes its place silently.
    pub usable: bool,
}

impl Core {
    /// A key on this computer by alias, uuid, or a name that only one key bears; without a name, the
    /// instance's default key.
    pub fn find_stored_key(&self, id: &InstanceId, name: Option<&str>) -> Result<ApiKeyId> {
        let instance = self.instance(id)?;
        match name {
            Some(name) => named_record(&instance, name).map(|record| record.id.clone()),
            None => self.usable_default(&instance).map(|record| record.id.clone()),
        }
    }

    /// As [`Core::find_stored_key`], and it must be good for something: neither revoked nor expired, as far
    /// as this computer knows.
    pub fn find_usable_key(&self, id: &InstanceId, name: Option<&str>) -> Result<ApiKeyId> {
        let Some(name) = name else { return self.find_stored_key(id, None) };
        let instance = self.instance(id)?;
        let record = named_record(&instance, name)?;
        if record.is_usable(self.now.now()) {
            Ok(record.id.clone())
        } else if record.revoked || record.stored {
            // Revoking forgets the plaintext too; that it was revoked is what helps.
            Err(Error::KeyUnusable { alias: record.alias.clone() })
        } else {
            Err(Error::SecretNotHere { name: record.alias.clone() })
        }
    }

    /// A key on the server, for revoking: as above, and by the name of a key that is not on this computer.
    pub async fn find_listed_key(&self, id: &InstanceId, name: &str) -> Result<ApiKeyId> {
        let instance = self.instance(id)?;
        if let Some(record) = instance.keys.iter().find(|r| r.alias == name || r.id.as_str() == name) {
            return Ok(record.id.clone());
        }
        let listed = self.list_keys(id).await?.keys;
        if let Some(key) = listed.iter().find(|key| key.id.as_str() == name) {
            return Ok(key.id.clone());
        }
        let bearers: Vec<&ApiKeyView> = listed.iter().filter(|key| key.name == name).collect();
        only_one(name, &bearers, |key| key.id.clone(), |key| key.id.to_string())
    }

    pub(super) fn usable_default<'a>(&self, instance: &'a Instance) -> Result<&'a KeyRecord> {
        let others = || {
            let usable = instance.keys.iter().filter(|record| record.is_usable(self.now.now()));
            usable.map(|record| record.alias.clone()).collect::<Vec<_>>()
        };
        let Some(default) = &instance.default_key else {
            return Err(Error::NoDefaultKey { instance: instance.short_name.clone(), others: others() });
        };
        match instance.record(default) {
            Some(record) if record.is_usable(self.now.now()) => Ok(record),
            Some(record) => Err(Error::DefaultKeyUnusable { alias: record.alias.clone(), others: others() }),
            None => Err(Error::DefaultKeyUnusable { alias: default.to_string(), others: others() }),
        }
    }
}

fn named_record<'a>(instance: &'a Instance, name: &str) -> Result<&'a KeyRecord> {
    if let Some(record) = instance.keys.iter().find(|r| r.alias == name || r.id.as_str() == name) {
        return Ok(record);
    }
    let bearers: Vec<&KeyRecord> = instance.keys.iter().filter(|record| record.name == name).collect();
    only_one(name, &bearers, |record| *record, |record| record.alias.clone())
}

fn only_one<T, R>(name: &str, found: &[T], take: impl Fn(&T) -> R, tell: impl Fn(&T) -> String) -> Result<R> {
    match found {
        [] => Err(Error::NoSuchKey { name: name.to_owned() }),
        [one] => Ok(take(one)),
        many => {
            Err(Error::AmbiguousKey { name: name.to_owned(), candidates: many.iter().map(tell).collect() })
        }
    }
}
