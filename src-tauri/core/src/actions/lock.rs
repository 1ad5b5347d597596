//! Lock this program, and unlock it. Locked, it has no secret of ours in its memory and asks nobody anything.

use crate::clock::rfc3339;
use crate::deed::{Deed, DeedKind};
use crate::ids::{ApiKeyId, InstanceId};
use crate::lock::{LockReason, Locked};
use crate::secrets::StoreState;
use crate::settings::Setting;
use crate::{Core, Result};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// Whether this program is locked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct LockView {
    pub locked: Option<LockedView>,
}

/// What a locked program says of itself. No secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct LockedView {
    /// RFC 3339 in UTC.
    pub since: String,
    pub reason: LockReason,
    /// After how many nobody is taken to be here.
    pub idle_minutes: u32,
    /// Keys that are being replaced, and are gone on with after unlocking.
    pub rotations_waiting: u32,
    /// Instances to sign in to again: what their sign-in stood on was in memory alone.
    pub signed_out: Vec<String>,
}

/// What came of locking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum LockOutcome {
    Locked {
        view: LockedView,
    },
    /// It is not locked: a key that is nowhere but in this process's memory would be lost.
    Unsaved {
        instance: InstanceId,
        key: ApiKeyId,
    },
}

impl Core {
    /// Locks. What must not end half-way, such as the making of a key, is waited for; all else that is under way ends with
    /// [`crate::Error::AppLocked`]. A key that is nowhere else stops it, unless `discard` says that it may be lost; its
    /// create is named by the next list, as after a window that was closed over it.
    pub async fn lock(&self, reason: LockReason, discard: bool) -> Result<LockOutcome> {
        loop {
            self.lock.quiet().await;
            if let Some(locked) = self.lock.locked() {
                return Ok(LockOutcome::Locked { view: self.locked_view(locked) });
            }
            if !discard && let Some((instance, key)) = self.safe.unsaved_key() {
                return Ok(LockOutcome::Unsaved { instance, key });
            }
            let locked = Locked { since: self.now.now(), reason, signed_out: self.signed_out_by_lock() };
            if self.lock.close(locked) {
                break;
            }
        }
        // Before: what chains the line lies in a store.
        let how: &'static str = reason.into();
        self.note_of(None, None, Deed::new(DeedKind::AppLocked).how(how)).await;
        self.sessions.close();
        self.connections.close();
        let bridges_go_on = self.bridges_go_on();
        self.safe(move |safe| {
            safe.lock();
            if !bridges_go_on {
                safe.vault().lock_everywhere();
            }
            Ok(())
        })
        .await?;
        tracing::info!(?reason, "locked");
        let locked =
            self.lock.locked().unwrap_or(Locked { since: self.now.now(), reason, signed_out: Vec::new() });
        Ok(LockOutcome::Locked { view: self.locked_view(locked) })
    }

    /// Unlocks. A keychain that is locked asks its person; a store that is open asks nothing, so that somebody is at the
    /// window is all that is known.
    ///
    /// # Errors
    /// Those of a store that stays locked: so does the program then. [`crate::Error::VaultLocked`] is mended by
    /// [`Core::unlock_vault`].
    pub async fn unlock(&self) -> Result<LockView> {
        self.safe(|safe| {
            if let StoreState::Problem(problem) = safe.state()
                && problem.is_shut()
            {
                safe.unlock()?;
            }
            safe.open();
            Ok(())
        })
        .await?;
        self.connections.open();
        self.sessions.open();
        self.lock.open();
        self.note_presence();
        tracing::info!("unlocked");
        self.note_of(None, None, Deed::new(DeedKind::AppUnlocked)).await;
        Ok(self.lock_view())
    }

    #[must_use]
    pub fn lock_view(&self) -> LockView {
        LockView { locked: self.lock.locked().map(|locked| self.locked_view(locked)) }
    }

    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.lock.check().is_err()
    }

    /// Whether AI clients are answered for the vault while this program is locked.
    #[must_use]
    pub fn bridges_go_on(&self) -> bool {
        self.setting(Setting::BridgesWhenLocked) == 1
    }

    /// Somebody is using this program.
    pub fn note_presence(&self) {
        self.lock.note_presence(self.now.now());
    }

    /// How long until it is to be locked because nobody is here, zero where that is now; none where it never is.
    #[must_use]
    pub fn idle_in(&self) -> Option<SignedDuration> {
        if self.is_locked() {
            return None;
        }
        self.lock.idle_in(self.setting(Setting::LockAfterMinutes), self.now.now())
    }

    /// Whether this program is to be locked when that happens.
    #[must_use]
    pub fn locks_on(&self, reason: LockReason) -> bool {
        match reason {
            LockReason::ByHand => true,
            LockReason::Idle => self.setting(Setting::LockAfterMinutes) > 0,
            LockReason::Suspend => self.setting(Setting::LockOnSuspend) == 1,
            LockReason::Screen => self.setting(Setting::LockWithScreen) == 1,
        }
    }

    fn signed_out_by_lock(&self) -> Vec<String> {
        let instances = self.store.read().map(|state| state.instances).unwrap_or_default();
        let ends = instances.into_iter().filter(|instance| {
            let stays = instance.signed_in.as_ref().is_some_and(|signed_in| signed_in.how.stays());
            !stays && self.live_session(instance).is_some()
        });
        ends.map(|instance| instance.name).collect()
    }

    fn locked_view(&self, locked: Locked) -> LockedView {
        let instances = self.store.read().map(|state| state.instances).unwrap_or_default();
        let waiting = instances.iter().flat_map(|instance| &instance.rotations);
        LockedView {
            since: rfc3339(locked.since),
            reason: locked.reason,
            idle_minutes: self.setting(Setting::LockAfterMinutes),
            rotations_waiting: u32::try_from(waiting.filter(|it| it.is_under_way()).count())
                .unwrap_or(u32::MAX),
            signed_out: locked.signed_out,
        }
    }
}
