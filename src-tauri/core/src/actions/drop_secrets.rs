//! Delete secrets from their stores, now or when the store is back.

use crate::ids::{SecretId, SecretKind};
use crate::secret::{Secret, StoreKind};
use crate::secrets::{Safe, StoreState};
use crate::{Core, Result};
use std::sync::Arc;

impl Core {
    /// Deletes these from the secret stores, and answers how many could not be: their store is locked, or away. Those
    /// are noted, and deleted when it is back.
    pub(super) async fn drop_secrets(&self, ids: Vec<SecretId>) -> Result<u32> {
        let left =
            self.safe(move |safe| Ok(ids.into_iter().filter(|id| is_left(safe, id)).collect::<Vec<_>>()));
        let left = left.await?;
        let count = u32::try_from(left.len()).unwrap_or(u32::MAX);
        if count > 0 {
            self.change(move |state| {
                state.leave_behind(left);
                Ok(())
            })
            .await?;
        }
        Ok(count)
    }

    /// Stores a secret of a name that may have been left behind: it is not to be deleted any more.
    pub(super) async fn put_secret(&self, id: &SecretId, secret: &Secret) -> Result<StoreKind> {
        if self.store.read()?.left_behind.contains(id) {
            let taken = id.clone();
            self.change(move |state| {
                state.left_behind.retain(|left| *left != taken);
                Ok(())
            })
            .await?;
        }
        let (id, secret) = (id.clone(), secret.duplicate());
        self.safe(move |safe| safe.put(&id, &secret)).await
    }

    /// Deletes what was left behind, if its store is back. What still cannot be deleted stays noted, and is answered.
    pub(super) async fn delete_left_behind(&self) -> Vec<SecretId> {
        let left = |core: &Self| core.store.read().map(|state| state.left_behind).unwrap_or_default();
        let all = left(self);
        if all.is_empty() {
            return all;
        }
        // A keychain may ask a person about each, and nobody else waits for that: no other secret gets these names.
        let once: Vec<_> = all.into_iter().filter(|id| !is_used_again(id)).collect();
        let deleted = self.safe(move |safe| {
            let ready = safe.state() == StoreState::Ready;
            Ok(once.into_iter().filter(|id| ready && !is_left(safe, id)).collect::<Vec<_>>())
        });
        let deleted = deleted.await.unwrap_or_default();
        let safe = Arc::clone(&self.safe);
        let noted = self.change(move |state| {
            state.left_behind.retain(|id| !deleted.contains(id));
            // Under the state's lock: another process may be about to store a secret of the same name.
            if state.left_behind.iter().any(is_used_again) && safe.state() == StoreState::Ready {
                state.left_behind.retain(|id| !is_used_again(id) || is_left(&safe, id));
            }
            Ok(())
        });
        if let Err(error) = noted.await {
            tracing::info!(%error, "what was left in a secret store is still there");
        }
        left(self)
    }
}

/// Each sign-in stores its token under the same name, and an instance has one secret to sign with after another.
fn is_used_again(id: &SecretId) -> bool {
    match id.kind {
        SecretKind::RefreshToken
        | SecretKind::SigningSecret
        | SecretKind::OAuthRefresh
        | SecretKind::OAuthClientSecret
        | SecretKind::OAuthAccess => true,
        SecretKind::ApiKey(_)
        | SecretKind::ClientKey(_)
        | SecretKind::ProxyPassword(_)
        | SecretKind::FingerprintKey
        | SecretKind::ReportKey
        | SecretKind::RecordChain
        | SecretKind::OfBackup(_) => false,
    }
}

fn is_left(safe: &Safe, id: &SecretId) -> bool {
    safe.delete(id).inspect_err(|error| tracing::info!(%error, "a secret was left in its store")).is_err()
}
