//! What is being replaced, and how far it is.

use super::find_clients::ClientUse;
use crate::clock::{ServerClock, TimeView, rfc3339};
use crate::error::{ErrorCode, ErrorParams};
use crate::ids::{ApiKeyId, InstanceId};
use crate::key_use::LastUse;
use crate::rotation::{BlindSpot, RevokeWhen, RotationEnd, Watch};
use crate::secret::KeyHint;
use crate::store::{Instance, Rotation, RotationStep};
use crate::{Core, Error, Result};
use serde::{Deserialize, Serialize};

/// A key that is being replaced, or was. Times are RFC 3339 in UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[allow(clippy::struct_excessive_bools, reason = "each is said of a rotation by itself")]
pub struct RotationView {
    /// To go on with it, or to change it.
    pub id: String,
    pub instance: InstanceId,
    /// What a person types for the instance.
    pub short_name: String,
    /// What both keys are called on the server.
    pub name: String,
    pub old: RotatedKeyView,
    /// None until it is created.
    pub new: Option<RotatedKeyView>,
    /// The old key has its place again, and the new one is the one to go.
    pub back: bool,
    pub step: RotationStep,
    pub started: String,
    /// The new key was created and stored.
    pub created: Option<String>,
    /// The server took it, and it got the old one's place.
    pub moved: Option<String>,
    /// From here on the key that is to go is being revoked.
    pub decided: Option<String>,
    pub ended: Option<String>,
    pub end: Option<RotationEnd>,
    pub revoke: RevokeWhen,
    /// What was seen of the key that is to go; none before the first look.
    pub watch: Option<WatchView>,
    /// For how many seconds it must be quiet.
    pub quiet_for: u32,
    /// Where its uses cannot be seen. It is not revoked by itself then, unless a person accepts that.
    pub blind_spots: Vec<BlindSpot>,
    pub accepts_blind_spots: bool,
    /// Whoever uses it was seen to come more rarely than it is waited for.
    pub shorter_than_a_pause: bool,
    /// It was used once more just before it was revoked: whoever that was is shut out now.
    pub late_use: bool,
    /// What stood in the way the last time; it is tried again.
    pub problem: Option<ErrorCode>,
    /// What a sentence about that needs.
    pub problem_params: ErrorParams,
}

/// One of the two keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RotatedKeyView {
    pub id: ApiKeyId,
    pub alias: Option<String>,
    pub hint: Option<KeyHint>,
    pub expires: Option<String>,
}

/// What was seen of the key that is to go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct WatchView {
    /// Its last use that was not our own; none where it was never used.
    pub last_use: Option<TimeView>,
    /// Since when no other use was seen.
    pub since: String,
    pub looked: String,
    /// Whole seconds in which none was seen.
    pub quiet: u32,
    /// Whole seconds until it is quiet, if nobody uses it.
    pub left: u32,
    /// How often a look saw another use.
    pub changes: u32,
    /// The longest time in seconds that was seen between two uses.
    pub longest_pause: Option<u32>,
}

impl WatchView {
    pub(super) fn of(watch: &Watch, quiet_for: u32, clock: &ServerClock) -> Self {
        let quiet = u32::try_from(watch.quiet().as_secs()).unwrap_or(u32::MAX);
        Self {
            last_use: match watch.by_others {
                LastUse::Never => None,
                LastUse::At(wall) => Some(TimeView::of(wall, clock)),
            },
            since: rfc3339(watch.since.at),
            looked: rfc3339(watch.looked.at),
            quiet,
            left: quiet_for.saturating_sub(quiet),
            changes: watch.changes,
            longest_pause: watch.longest_pause,
        }
    }
}

impl Core {
    /// Of one instance, or of all; those under way and the last that ended, the newest first. Asks no server.
    pub fn rotations(&self, id: Option<&InstanceId>) -> Result<Vec<RotationView>> {
        let state = self.store.read()?;
        if let Some(id) = id {
            return state.instance(id).map(rotations_of);
        }
        Ok(state.instances.iter().flat_map(rotations_of).collect())
    }

    pub fn show_rotation(&self, id: &InstanceId, rotation: &str) -> Result<RotationView> {
        let instance = self.instance(id)?;
        let found = instance.rotation(rotation);
        found
            .map(|found| view(&instance, found))
            .ok_or_else(|| Error::NotRotating { name: rotation.to_owned() })
    }

    /// The rotation under way that a key is part of, old or new.
    pub fn rotation_of(&self, id: &InstanceId, key: &ApiKeyId) -> Result<Option<RotationView>> {
        let instance = self.instance(id)?;
        Ok(instance.rotation_of(key).map(|found| view(&instance, found)))
    }

    /// The clients on this computer whose files still name the key that is to go, or hold its text.
    pub fn clients_of_rotation(&self, id: &InstanceId, rotation: &str) -> Result<Vec<ClientUse>> {
        let instance = self.instance(id)?;
        let leaving = instance.rotation(rotation).and_then(Rotation::leaving);
        leaving.map_or_else(|| Ok(Vec::new()), |leaving| self.clients_that_use(id, leaving))
    }
}

/// The latest first.
pub(super) fn rotations_of(instance: &Instance) -> Vec<RotationView> {
    instance.rotations.iter().rev().map(|rotation| view(instance, rotation)).collect()
}

fn view(instance: &Instance, rotation: &Rotation) -> RotationView {
    let watch = rotation.watch.as_ref();
    RotationView {
        id: rotation.id.clone(),
        instance: instance.id.clone(),
        short_name: instance.short_name.clone(),
        name: rotation.name.clone(),
        old: key_view(instance, &rotation.old),
        new: rotation.new.as_ref().map(|new| key_view(instance, new)),
        back: rotation.back_at.is_some(),
        step: rotation.step(),
        started: rfc3339(rotation.started_at),
        created: rotation.created_at.map(rfc3339),
        moved: rotation.moved_at.map(rfc3339),
        decided: rotation.decided_at.map(rfc3339),
        ended: rotation.ended_at.map(rfc3339),
        end: rotation.end,
        revoke: rotation.revoke,
        watch: watch.map(|watch| WatchView::of(watch, rotation.quiet_for, &instance.clock)),
        quiet_for: rotation.quiet_for,
        blind_spots: rotation.blind_spots.clone(),
        accepts_blind_spots: rotation.accepts_blind_spots,
        shorter_than_a_pause: watch.is_some_and(|watch| watch.is_shorter_than_a_pause(rotation.quiet_for)),
        late_use: rotation.late_use,
        problem: rotation.problem.as_ref().and_then(|name| serde_json::from_value(name.as_str().into()).ok()),
        problem_params: rotation.problem_params.clone(),
    }
}

fn key_view(instance: &Instance, id: &ApiKeyId) -> RotatedKeyView {
    let record = instance.record(id);
    RotatedKeyView {
        id: id.clone(),
        alias: record.map(|record| record.alias.clone()),
        hint: record.map(|record| record.hint.clone()),
        expires: record.and_then(|record| record.expires).map(rfc3339),
    }
}
