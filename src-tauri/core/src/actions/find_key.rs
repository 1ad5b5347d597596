//! Which key does a person mean?

use super::join_records::ApiKeyView;
use crate::credential::McpAccess;
use crate::ids::{ApiKeyId, InstanceId};
use crate::store::{Instance, KeyRecord};
use crate::{Core, Error, Result};
use jiff::Timestamp;
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
            Some(name) => named_record(&instance, name, self.now.now()).map(|record| record.id.clone()),
            None => self.usable_default(&instance).map(|record| record.id.clone()),
        }
    }

    /// As [`Core::find_stored_key`], and it must be good for something: neither revoked nor expired, as far
    /// as this computer knows.
    pub fn find_usable_key(&self, id: &InstanceId, name: Option<&str>) -> Result<ApiKeyId> {
        let Some(name) = name else { return self.find_stored_key(id, None) };
        let instance = self.instance(id)?;
        let now = self.now.now();
        let record = named_record(&instance, name, now)?;
        if record.is_usable(now) {
            Ok(record.id.clone())
        } else if record.revoked || record.is_stored() {
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

/// What is presented for an entry that names this key by alias, uuid or name, or none.
pub(super) fn access_of(instance: &Instance, named: Option<&str>, now: Timestamp) -> McpAccess {
    let follows = named.is_none_or(|name| match named_record(instance, name, now) {
        Ok(record) => instance.has_moved(&record.id),
        // What is gone from this computer is still named.
        Err(_) => instance.mcp_move.as_ref().is_some_and(|moving| {
            moving.keys.iter().any(|moved| moved.alias == name || moved.id.as_str() == name)
        }),
    });
    if follows { instance.mcp_access.clone() } else { McpAccess::ApiKey }
}

fn named_record<'a>(instance: &'a Instance, name: &str, now: Timestamp) -> Result<&'a KeyRecord> {
    if let Some(record) = instance.keys.iter().find(|r| r.alias == name || r.id.as_str() == name) {
        return Ok(record);
    }
    only_one(name, &bearers(instance, name, now), |record| *record, |record| record.alias.clone())
}

/// The records that a name may mean. A rotation makes a second key of the same name: whoever goes by the name goes on
/// with the one that has the place.
pub(super) fn bearers<'a>(instance: &'a Instance, name: &str, now: Timestamp) -> Vec<&'a KeyRecord> {
    let all: Vec<_> = instance.keys.iter().filter(|record| record.name == name).collect();
    let usable = some_of(all, |record| record.is_usable(now));
    some_of(usable, |record| !instance.stands_back(&record.id))
}

/// Those that are so; all, if none is.
fn some_of<T: Copy>(all: Vec<T>, is_so: impl Fn(T) -> bool) -> Vec<T> {
    let some: Vec<T> = all.iter().copied().filter(|one| is_so(*one)).collect();
    if some.is_empty() { all } else { some }
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
