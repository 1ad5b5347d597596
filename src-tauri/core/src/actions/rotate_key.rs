//! Put a new key in an old one's place without a lost call, and let the old one go when nobody uses it.
//!
//! What is to be done is written before it is done, so that any process can go on with it: `advance_rotation` has the
//! steps. At each moment one of the two keys works.

use super::advance_rotation::Until;
use super::rewrite_clients::RewrittenView;
use super::show_rotations::RotationView;
use crate::credential::SignIn;
use crate::expiry::Expiry;
use crate::ids::{ApiKeyId, InstanceId};
use crate::rotation::{QUIET_BOUNDS, QUIET_FOR, RevokeWhen};
use crate::store::{Instance, Rotation};
use crate::{Core, Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::time::{Duration, Instant};

/// A step takes a few calls.
const LOCK_PATIENCE: Duration = Duration::from_secs(20);
/// A key that lists keys is known by being the only one that was used within a few seconds.
const UNTIL_TOLD_APART: Duration = Duration::from_secs(6);
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// How a key is to be replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RotateRequest {
    /// When the new key ends.
    #[serde(default)]
    pub expiry: Expiry,
    #[serde(default)]
    pub revoke: RevokeWhen,
    /// For how many seconds the old key must be quiet.
    #[serde(default = "usual_quiet")]
    pub quiet_for: u32,
    /// AI clients on this computer whose files hold the old key get the new one before the old one is revoked.
    #[serde(default)]
    pub rewrite_clients: bool,
}

/// How far a key's replacement is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RotatedView {
    #[serde(flatten)]
    pub rotation: RotationView,
    /// The clients' entries that were written anew, or stand as they were.
    pub rewritten: Vec<RewrittenView>,
}

fn usual_quiet() -> u32 {
    QUIET_FOR
}

impl Default for RotateRequest {
    fn default() -> Self {
        Self {
            expiry: Expiry::default(),
            revoke: RevokeWhen::default(),
            quiet_for: QUIET_FOR,
            rewrite_clients: false,
        }
    }
}

impl Core {
    /// Begins to replace a key, and goes as far as can be gone now. One that is being replaced already is gone on with,
    /// as it was asked for then. `program` is our command line, as an AI client is to start it.
    ///
    /// An error before there is a new key has changed nothing. After that the rotation is kept, and goes on from where
    /// it stands.
    pub async fn rotate_key(
        &self,
        id: &InstanceId,
        key: &ApiKeyId,
        request: &RotateRequest,
        program: &str,
    ) -> Result<RotatedView> {
        let _at_work = self.lock.begin()?;
        fits(request.quiet_for)?;
        if key.is_pasted() {
            return Err(Error::CannotRevokePasted);
        }
        let _lock = self.lock_rotations(id).await?;
        let instance = self.instance(id)?;
        let instance = match instance.rotation_of(key) {
            // The key that leaked is the one that was to stay. What it replaces goes first, and then it is replaced itself.
            Some(under_way) if request.revoke == RevokeWhen::Now && under_way.leaving() != Some(key) => {
                self.end_now(id, &under_way.id).await?;
                let after = self.instance(id)?;
                if after.rotation_of(key).is_some() {
                    return Err(Error::NotRevoked);
                }
                after
            }
            _ => instance,
        };
        let (rotation, has_begun) = match instance.rotation_of(key) {
            Some(rotation) => (rotation.id.clone(), false),
            None => (self.begin_rotation(&instance, key, request).await?, true),
        };
        let mut rewritten = Vec::new();
        if request.rewrite_clients {
            self.advance_rotation(id, &rotation, Until::Moved { has_begun }).await?;
            rewritten = self.rewrite_clients(id, &rotation, program).await?;
        }
        self.advance_rotation(id, &rotation, Until::Waiting { has_begun }).await?;
        Ok(RotatedView { rotation: self.show_rotation(id, &rotation)?, rewritten })
    }

    async fn end_now(&self, id: &InstanceId, rotation: &str) -> Result<()> {
        let (of, named) = (id.clone(), rotation.to_owned());
        self.change(move |state| {
            if let Some(rotation) = state.instance_mut(&of)?.rotation_mut(&named) {
                rotation.revoke = RevokeWhen::Now;
            }
            Ok(())
        })
        .await?;
        self.advance_rotation(id, rotation, Until::Waiting { has_begun: false }).await
    }

    async fn begin_rotation(
        &self,
        instance: &Instance,
        key: &ApiKeyId,
        request: &RotateRequest,
    ) -> Result<String> {
        // What a person must say otherwise is said before anything is written.
        request.expiry.instant(self.now.now(), &self.now.local_zone())?;
        let owner = instance.user_id().ok_or(Error::SignedOut)?;
        // It also tells which of them somebody is signed in with, so that it is not what looks for uses.
        let mut listed = self.list_keys(&instance.id).await?.keys;
        let how = self.instance(&instance.id)?.signed_in.map(|signed_in| signed_in.how);
        let is_unmatched = how.as_ref().and_then(SignIn::key).is_some_and(ApiKeyId::is_pasted);
        if is_unmatched && request.revoke != RevokeWhen::Now {
            // Another key was used just now, so it could not be told which is which.
            tokio::time::sleep(UNTIL_TOLD_APART).await;
            listed = self.list_keys(&instance.id).await?.keys;
        }
        let old = listed.into_iter().find(|listed| listed.id == *key && listed.status.is_some());
        let old = old.ok_or_else(|| Error::NoSuchKey { name: key.to_string() })?;
        let rotation = Rotation {
            id: format!("{:032x}", self.random.next()),
            owner,
            old: old.id,
            new: None,
            name: old.name,
            scopes: old.scopes,
            expiry: request.expiry,
            revoke: request.revoke,
            quiet_for: request.quiet_for,
            started_at: self.now.now(),
            created_at: None,
            moved_at: None,
            back_at: None,
            mcp_notes_uses: None,
            blind_spots: Vec::new(),
            accepts_blind_spots: false,
            watch: None,
            decided_at: None,
            tried_at: None,
            problem: None,
            problem_params: BTreeMap::new(),
            ended_at: None,
            end: None,
            late_use: false,
            rest: serde_json::Map::new(),
        };
        let (id, name) = (instance.id.clone(), rotation.id.clone());
        self.change(move |state| {
            let instance = state.instance_mut(&id)?;
            instance.rotations.push(rotation);
            instance.forget_old_rotations();
            Ok(())
        })
        .await?;
        failpoint!("rotation-written");
        Ok(name)
    }

    /// Waits for whoever moves this instance's rotations on.
    pub(super) async fn lock_rotations(&self, id: &InstanceId) -> Result<File> {
        let since = Instant::now();
        loop {
            if let Some(lock) = self.store.try_lock_rotations(id)? {
                return Ok(lock);
            }
            if since.elapsed() > LOCK_PATIENCE {
                return Err(Error::StateBusy);
            }
            tokio::time::sleep(LOCK_PAUSE).await;
        }
    }
}

pub(super) fn fits(quiet_for: u32) -> Result<()> {
    let (least, most) = (*QUIET_BOUNDS.start(), *QUIET_BOUNDS.end());
    if QUIET_BOUNDS.contains(&quiet_for) {
        return Ok(());
    }
    Err(Error::SettingOutOfBounds { name: "quiet-for", least, most })
}
