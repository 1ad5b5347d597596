//! Whether a key is replaced by itself before it ends, and which keys end soon.

use crate::clock::rfc3339;
use crate::ids::{ApiKeyId, InstanceId};
use crate::reminders::Reminder;
use crate::settings::Setting;
use crate::store::{Instance, KeyRecord};
use crate::{Core, Error, Result};
use serde::{Deserialize, Serialize};

/// A key of this computer that ends soon, or has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ReminderView {
    pub instance: InstanceId,
    /// What the instance is called.
    pub instance_name: String,
    pub key: ApiKeyId,
    pub name: String,
    pub alias: String,
    pub reminder: Reminder,
    /// RFC 3339 in UTC.
    pub expires: String,
    pub is_default: bool,
    /// It is replaced by itself.
    pub replace_in_time: bool,
    /// The desktop is to tell of it now: a person wants that, and it has not told of it yet.
    pub is_to_notify: bool,
}

impl Core {
    /// Sets whether a key on this computer is replaced by itself, two weeks before it ends.
    pub async fn set_replace_in_time(&self, id: &InstanceId, key: &ApiKeyId, on: bool) -> Result<()> {
        let (id, key) = (id.clone(), key.clone());
        self.change(move |state| {
            let instance = state.instance_mut(&id)?;
            let missing = || Error::NoSuchKey { name: key.to_string() };
            let record = instance.record_mut(&key).ok_or_else(missing)?;
            // Nobody can make another in its place, or watch it.
            if key.is_pasted() && on {
                return Err(Error::CannotRevokePasted);
            }
            record.replace_in_time = on;
            Ok(())
        })
        .await
    }

    pub fn is_replaced_in_time(&self, id: &InstanceId, key: &ApiKeyId) -> Result<bool> {
        Ok(self.instance(id)?.record(key).is_some_and(|record| record.replace_in_time))
    }

    /// The keys of this computer that end within two weeks, the soonest first, but for those that are being replaced.
    pub fn reminders(&self) -> Result<Vec<ReminderView>> {
        let state = self.store.read()?;
        let notify = state.settings.get(Setting::NotifyOfEnds) == 1;
        let mut all: Vec<_> =
            state.instances.iter().flat_map(|instance| self.reminders_of(instance, notify)).collect();
        all.sort_by(|one, other| one.expires.cmp(&other.expires));
        Ok(all)
    }

    /// The desktop has told of a key's end: until the next reminder it does not again.
    pub async fn note_notified(&self, id: &InstanceId, key: &ApiKeyId, reminder: Reminder) -> Result<()> {
        let (id, key) = (id.clone(), key.clone());
        self.change(move |state| {
            let instance = state.instance_mut(&id)?;
            let record =
                instance.record_mut(&key).ok_or_else(|| Error::NoSuchKey { name: key.to_string() })?;
            record.reminded = Some(reminder.days());
            Ok(())
        })
        .await
    }

    fn reminders_of(&self, instance: &Instance, notify: bool) -> Vec<ReminderView> {
        let now = self.now.now();
        let spoken_of = instance.keys.iter().filter(|record| record.is_stored() && !record.revoked);
        // One that cannot go on saves nobody.
        let goes_on = |record: &&KeyRecord| {
            instance
                .rotation_of(&record.id)
                .is_some_and(|rotation| rotation.new.is_some() || rotation.problem.is_none())
        };
        let spoken_of = spoken_of.filter(|record| !goes_on(record));
        let reminders = spoken_of.filter_map(|record| {
            let ends = record.expires?;
            let reminder = Reminder::of(record.stored_at, ends, now)?;
            Some(ReminderView {
                instance: instance.id.clone(),
                instance_name: instance.name.clone(),
                key: record.id.clone(),
                name: record.name.clone(),
                alias: record.alias.clone(),
                reminder,
                expires: rfc3339(ends),
                is_default: instance.default_key.as_ref() == Some(&record.id),
                replace_in_time: record.replace_in_time,
                is_to_notify: notify && needs_somebody(record, reminder),
            })
        });
        reminders.collect()
    }
}

/// Nobody was told yet, and it is not replaced by itself, or that did not come off.
fn needs_somebody(record: &KeyRecord, reminder: Reminder) -> bool {
    let is_new = record.reminded.is_none_or(|told| told > reminder.days());
    is_new && (!record.replace_in_time || matches!(reminder, Reminder::Day | Reminder::Ended))
}
