//! Move all secrets from the keychain to the vault, or back.
//!
//! Each is in one place or in both, never in none: it is stored and read back at the new place, the record says so, and then it
//! is deleted at the old one. Whoever dies in between goes on when the same is asked again. The old place is not looked into
//! any more when nothing of ours can be there: what other programs make meanwhile may have gone there.

use crate::client_files::Backups;
use crate::deed::{Deed, DeedKind};
use crate::ids::{SecretId, SecretKind};
use crate::secret::StoreKind;
use crate::secrets::{Copied, StoreState};
use crate::store::{Instance, KeyRecord, State};
use crate::{Core, Error, Result};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What became of a move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SecretsMovedView {
    pub to: StoreKind,
    pub moved: u32,
    /// They were there already.
    pub were_there: u32,
    /// They are at the new place, and still at the old one, which did not let go of them.
    pub left: u32,
    /// A person stopped it; the rest is where it was.
    pub stopped: bool,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MoveProgress {
    pub done: u32,
    pub of: u32,
}

impl Core {
    /// New secrets go to `to` from now on, and those that are here go there. `report` is told of each, and stops it by
    /// answering false.
    ///
    /// # Errors
    /// [`Error::NoVault`], [`Error::VaultLocked`], the keychain's own reasons. What was moved until then stays moved.
    pub async fn move_secrets(
        &self,
        to: StoreKind,
        report: impl Fn(MoveProgress) -> bool + Send + 'static,
    ) -> Result<SecretsMovedView> {
        let from = match to {
            StoreKind::Keychain => StoreKind::Vault,
            StoreKind::Vault => StoreKind::Keychain,
        };
        self.safe(move |safe| {
            safe.unlock_store(to)?;
            match safe.state_of(from) {
                StoreState::Problem(problem) if problem.is_shut() => safe.unlock_store(from),
                _ => Ok(()),
            }
        })
        .await?;
        let all = self.all_secrets()?;
        let now = self.store.read()?;
        if now.first_store() == from && now.secrets_elsewhere {
            self.bring_up_to_date(all.clone(), from, to).await?;
        }
        self.put_secrets_in(to, true).await?;
        let all = self.all_secrets()?;
        let of = u32::try_from(all.len()).unwrap_or(u32::MAX);
        let mut view = SecretsMovedView { to, moved: 0, were_there: 0, left: 0, stopped: false };
        let report = Arc::new(report);
        for (done, id) in (0..).zip(all) {
            if !report(MoveProgress { done, of }) {
                view.stopped = true;
                return Ok(view);
            }
            let moving = id.clone();
            let found = self.safe(move |safe| safe.copy_between(&moving, from, to)).await?;
            failpoint!("move-copied");
            if found != Copied::Nowhere {
                self.note_place(&id, to).await?;
            }
            failpoint!("move-noted");
            match found {
                Copied::Moved => view.moved += 1,
                Copied::WasThere => view.were_there += 1,
                Copied::Nowhere => continue,
            }
            let (old, name) = (id.clone(), from);
            if self.safe(move |safe| safe.delete_from(name, &old)).await.is_err() {
                view.left += 1;
            }
            failpoint!("move-deleted");
        }
        if view.left == 0 {
            self.let_go_of(from).await?;
        }
        let to = match to {
            StoreKind::Keychain => "keychain",
            StoreKind::Vault => "vault",
        };
        self.note_of(None, None, Deed::new(DeedKind::SecretsMoved).how(to)).await;
        report(MoveProgress { done: of, of });
        Ok(view)
    }

    /// A move the other way did not come to its end. What was renewed since lies in both places, and the new one at `from`.
    async fn bring_up_to_date(&self, all: Vec<SecretId>, from: StoreKind, to: StoreKind) -> Result<()> {
        self.safe(move |safe| all.iter().try_for_each(|id| safe.renew_copy(id, from, to))).await
    }

    /// Nothing of ours is in `from` any more, unless another program put it there meanwhile, or is about to.
    async fn let_go_of(&self, from: StoreKind) -> Result<()> {
        self.change(move |state| {
            let came = |instance: &Instance| {
                let lies = |record: &KeyRecord| record.stored == Some(from);
                instance.keys.iter().any(lies) || !instance.intents.is_empty()
            };
            state.secrets_elsewhere = state.instances.iter().any(came);
            Ok(())
        })
        .await
    }

    /// The names of all secrets that this computer may keep.
    pub(super) fn all_secrets(&self) -> Result<Vec<SecretId>> {
        let state = self.store.read()?;
        let of_backups = Backups::under(&self.store.places().state).kept_for_all();
        Ok(state
            .instances
            .iter()
            .flat_map(Instance::secrets)
            .chain(SecretId::of_the_installation())
            .chain(of_backups)
            .collect())
    }

    async fn note_place(&self, id: &SecretId, to: StoreKind) -> Result<()> {
        let id = id.clone();
        let is_noted = |state: &State| id.of.is_none() || !lies_elsewhere(state, &id, to);
        if is_noted(&self.store.read()?) {
            return Ok(());
        }
        self.change(move |state| {
            let Some(of) = &id.of else { return Ok(()) };
            let instance = match state.instance_mut(of) {
                // Removed meanwhile.
                Err(Error::NoSuchInstance { .. }) => return Ok(()),
                instance => instance?,
            };
            match &id.kind {
                SecretKind::ApiKey(key) => {
                    if let Some(record) = instance.record_mut(key).filter(|record| record.is_stored()) {
                        record.stored = Some(to);
                    }
                }
                SecretKind::SigningSecret => {
                    if let Some(signing) = &mut instance.signing {
                        signing.stored = to;
                    }
                }
                _ => {}
            }
            Ok(())
        })
        .await
    }
}

fn lies_elsewhere(state: &State, id: &SecretId, to: StoreKind) -> bool {
    let Some(instance) = id.of.as_ref().and_then(|of| state.instance(of).ok()) else { return false };
    match &id.kind {
        SecretKind::ApiKey(key) => {
            instance.record(key).and_then(|record| record.stored).is_some_and(|kind| kind != to)
        }
        SecretKind::SigningSecret => instance.signing.as_ref().is_some_and(|signing| signing.stored != to),
        _ => false,
    }
}
