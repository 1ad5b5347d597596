//! What a person wants otherwise, while a key is being replaced.

use super::advance_rotation::{Until, move_place};
use super::rotate_key::fits;
use super::show_rotations::RotationView;
use crate::ids::InstanceId;
use crate::rotation::{RevokeWhen, RotationEnd};
use crate::store::{Instance, Rotation, RotationStep};
use crate::{Core, Error, Result};
use serde::{Deserialize, Serialize};

/// What is to be otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RotationChange {
    /// Nothing; it is gone on with.
    GoOn,
    /// The key that is to go is revoked now, used or not.
    RevokeNow,
    /// The new key has the place, and the old one stays as well.
    KeepBoth,
    /// The old key gets its place back, and the new one goes when it is quiet.
    GoBack,
    /// What can be seen is enough to call it quiet.
    AcceptBlindSpots,
    /// It must be quiet for so many seconds.
    QuietFor { seconds: u32 },
}

impl Core {
    /// Changes a rotation under way, and goes on with it.
    pub async fn change_rotation(
        &self,
        id: &InstanceId,
        rotation: &str,
        change: RotationChange,
    ) -> Result<RotationView> {
        let _at_work = self.lock.begin()?;
        let _lock = self.lock_rotations(id).await?;
        let instance = self.instance(id)?;
        let under_way = instance.rotation(rotation).filter(|found| found.is_under_way());
        let found = under_way.ok_or_else(|| Error::NotRotating { name: rotation.to_owned() })?;
        match change {
            RotationChange::GoOn => {}
            RotationChange::RevokeNow => self.set(id, rotation, |it| it.revoke = RevokeWhen::Now).await?,
            RotationChange::KeepBoth => self.keep_both(&instance, found).await?,
            RotationChange::GoBack => self.go_back(&instance, found).await?,
            RotationChange::AcceptBlindSpots => {
                self.set(id, rotation, |it| it.accepts_blind_spots = true).await?;
            }
            RotationChange::QuietFor { seconds } => {
                fits(seconds)?;
                self.set(id, rotation, move |it| {
                    it.revoke = RevokeWhen::WhenQuiet;
                    it.quiet_for = seconds;
                    if it.moved_at.is_some() {
                        // Decided was by what was asked for before.
                        it.decided_at = None;
                    }
                })
                .await?;
            }
        }
        self.advance_rotation(id, rotation, Until::Waiting { has_begun: false }).await?;
        self.show_rotation(id, rotation)
    }

    async fn set(
        &self,
        id: &InstanceId,
        rotation: &str,
        change: impl FnOnce(&mut Rotation) + Send + 'static,
    ) -> Result<()> {
        let (id, rotation) = (id.clone(), rotation.to_owned());
        self.change(move |state| {
            state.instance_mut(&id)?.rotation_mut(&rotation).map(change);
            Ok(())
        })
        .await
    }

    /// Before the new key has the place there is nothing to keep but what is there.
    async fn keep_both(&self, instance: &Instance, rotation: &Rotation) -> Result<()> {
        match rotation.step() {
            RotationStep::Creating | RotationStep::Proving => {
                self.set(&instance.id, &rotation.id, |it| it.revoke = RevokeWhen::Never).await
            }
            _ => self.end_rotation(instance, rotation, RotationEnd::KeptBoth, false).await,
        }
    }

    /// The old key must be good for something. A new key that nobody was ever handed goes at once.
    async fn go_back(&self, instance: &Instance, rotation: &Rotation) -> Result<()> {
        let now = self.now.now();
        if rotation.moved_at.is_some() {
            let missing = || Error::SecretNotHere { name: rotation.old.to_string() };
            let old = instance.record(&rotation.old).ok_or_else(missing)?;
            if !old.is_usable(now) {
                return Err(Error::KeyUnusable { alias: old.alias.clone() });
            }
        }
        if let Some(new) = rotation.new.as_ref().filter(|_| rotation.back_at.is_none()) {
            // Somebody else may have revoked it meanwhile.
            let listed = self.list_without(instance, new, &rotation.old).await?;
            self.must_be_good(instance, &listed, &rotation.old)?;
        }
        let (id, named) = (instance.id.clone(), rotation.id.clone());
        self.change(move |state| {
            let instance = state.instance_mut(&id)?;
            let Some(rotation) = instance.rotation_mut(&named) else { return Ok(()) };
            if rotation.back_at.is_some() {
                return Ok(());
            }
            rotation.back_at = Some(now);
            // Whatever was asked for the old key was not asked for this one.
            rotation.revoke = RevokeWhen::WhenQuiet;
            rotation.watch = None;
            // Decided was the other one's end.
            rotation.decided_at = None;
            let (old, new, moved) = (rotation.old.clone(), rotation.new.clone(), rotation.moved_at.is_some());
            if new.is_none() {
                rotation.end = Some(RotationEnd::WentBack);
                rotation.ended_at = Some(now);
            } else if !moved {
                rotation.decided_at = Some(now);
            }
            if let Some(new) = new.filter(|_| moved) {
                move_place(instance, &new, &old, "-new");
            }
            // Otherwise the next look replaced it once more.
            if let Some(record) = instance.record_mut(&old) {
                record.replace_in_time = false;
            }
            Ok(())
        })
        .await
    }
}
