//! Move on whatever is being replaced, and begin what is to be replaced in time: for a timer, and while the app is open.

use super::advance_rotation::Until;
use super::rotate_key::RotateRequest;
use super::show_rotations::{RotationView, rotations_of};
use crate::error::{ErrorCode, ErrorParams};
use crate::expiry::Expiry;
use crate::ids::{ApiKeyId, InstanceId};
use crate::reminders;
use crate::store::{Instance, State};
use crate::{Core, Error, Result};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// What was gone on with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ContinuedView {
    /// As they are now; those that ended just now too.
    pub rotations: Vec<RotationView>,
    /// Keys that are to be replaced in time, and could not be.
    pub not_begun: Vec<NotBegunView>,
}

/// A key that is to be replaced in time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct NotBegunView {
    pub instance: InstanceId,
    pub short_name: String,
    pub key: ApiKeyId,
    pub alias: String,
    pub problem: ErrorCode,
    pub problem_params: ErrorParams,
}

impl Core {
    /// Goes on with every rotation of every instance, as far as it can be gone now; what stands in the way of one is in
    /// its view. What another process is at is left to that.
    pub async fn continue_rotations(&self) -> Result<ContinuedView> {
        let _at_work = self.lock.begin()?;
        let mut done = ContinuedView { rotations: Vec::new(), not_begun: Vec::new() };
        for instance in self.store.read()?.instances {
            let open: Vec<_> = instance.rotations.iter().filter(|it| it.is_under_way()).collect();
            let due: Vec<_> = self.due_keys(&instance);
            if open.is_empty() && due.is_empty() {
                continue;
            }
            let Some(lock) = self.store.try_lock_rotations(&instance.id)? else {
                done.rotations.extend(rotations_of(&instance));
                continue;
            };
            for rotation in open {
                // Why it stands still is written down with it.
                let _ = self
                    .advance_rotation(&instance.id, &rotation.id, Until::Waiting { has_begun: false })
                    .await;
                done.rotations.extend(self.show_rotation(&instance.id, &rotation.id).ok());
            }
            drop(lock);
            for (key, expiry) in due {
                // Boxed: a whole rotation is in it.
                match Box::pin(self.begin_in_time(&instance.id, &key, expiry)).await {
                    Ok(begun) => done.rotations.push(begun),
                    Err(error) => done.not_begun.extend(instance.record(&key).map(|record| NotBegunView {
                        instance: instance.id.clone(),
                        short_name: instance.short_name.clone(),
                        key: key.clone(),
                        alias: record.alias.clone(),
                        problem: error.code(),
                        problem_params: error.params(),
                    })),
                }
            }
        }
        Ok(done)
    }

    /// Not while it is unclear what became of the last try: each could leave another key that nobody can use.
    async fn begin_in_time(&self, id: &InstanceId, key: &ApiKeyId, expiry: Expiry) -> Result<RotationView> {
        let tried = |instance: Instance| {
            instance.intents.into_iter().find(|intent| intent.replaces.as_ref() == Some(key))
        };
        if tried(self.instance(id)?).is_some() {
            // It forgets what led to nothing, or was dealt with.
            let lost = self.list_keys(id).await?.unaccounted;
            if let Some(intent) = tried(self.instance(id)?) {
                let made = lost.into_iter().find(|lost| lost.intent == intent.id).and_then(|lost| lost.key);
                return Err(Error::CreateUnclear { found: made.map(|key| key.to_string()) });
            }
        }
        let request = RotateRequest { expiry, ..RotateRequest::default() };
        Ok(self.rotate_key(id, key, &request, "").await?.rotation)
    }

    /// How long until it is worth while to go on with one of them; none where nothing waits. Asks nobody.
    pub fn rotations_are_due(&self) -> Result<Option<SignedDuration>> {
        let now = self.now.now();
        let State { instances, .. } = self.store.read()?;
        let open = instances.iter().flat_map(|instance| &instance.rotations).filter(|it| it.is_under_way());
        Ok(open.map(|rotation| rotation.due_in(now)).min())
    }

    /// The keys that a person wants replaced in time, and whose time has come; and when their next ones are to end.
    fn due_keys(&self, instance: &Instance) -> Vec<(ApiKeyId, Expiry)> {
        let now = self.now.now();
        let due = instance.keys.iter().filter(|record| {
            record.replace_in_time
                && record.is_usable(now)
                && instance.rotation_of(&record.id).is_none()
                && record
                    .expires
                    .is_some_and(|ends| reminders::is_time_to_replace(record.stored_at, ends, now))
        });
        due.filter_map(|record| {
            let days = reminders::days_of_life(record.stored_at, record.expires?);
            Some((record.id.clone(), Expiry::InDays { days }))
        })
        .collect()
    }
}
