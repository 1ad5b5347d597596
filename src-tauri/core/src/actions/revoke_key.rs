//! End a key on the server, for good, and make sure of it.

use crate::api_key::{ApiKey, ApiKeyId, RevokedKeyView};
use crate::instance::{Instance, InstanceId};
use crate::secrets::{SecretId, SecretStore};
use crate::{Core, Error, Result};

impl Core {
    /// Revokes a key and reads it back: Superset answers "revoked" also when nothing happened. A key that is
    /// revoked already is left alone, since a second revoke would overwrite when it was revoked.
    ///
    /// Its plaintext, of no use any more, goes from the keychain; the record stays for its name and hint.
    pub async fn revoke_key(&self, id: &InstanceId, key: &ApiKeyId) -> Result<RevokedKeyView> {
        if key.is_pasted() {
            return Err(Error::CannotRevokePasted);
        }
        let instance = self.instance(id)?;
        let before = self.fetch_key(&instance, key).await?;
        if before.revoked_on.is_some() {
            return self.revoked(&instance, before, true).await;
        }
        let answer =
            with_session!(self, &instance, bearer => self.superset()?.revoke_key(&instance.url, bearer, key));
        failpoint!("revoke-answered");
        let after = match answer {
            Err(Error::KeyRejected) => Err(Error::KeyRejected),
            Err(error) if says_no(&error) => return Err(error),
            // Also when the answer was lost: what happened can still be seen.
            Ok(()) | Err(_) => self.fetch_key(&instance, key).await,
        };
        match after {
            Ok(after) if after.revoked_on.is_some() => self.revoked(&instance, after, false).await,
            Ok(_) => Err(Error::NotRevoked),
            // The key that made the call was this one: that it is no longer taken is the proof.
            Err(Error::KeyRejected) if self.listing_key(&instance).await.as_ref() == Some(key) => {
                let gone = ApiKey { revoked_on: Some(instance.clock.wall(self.now.now())), ..before };
                self.revoked(&instance, gone, false).await
            }
            Err(_) => Err(Error::RevokeUnclear),
        }
    }

    async fn fetch_key(&self, instance: &Instance, key: &ApiKeyId) -> Result<ApiKey> {
        let found =
            with_session!(self, instance, bearer => self.superset()?.get_key(&instance.url, bearer, key))?;
        found.ok_or_else(|| Error::NoSuchKey { name: key.to_string() })
    }

    async fn listing_key(&self, instance: &Instance) -> Option<ApiKeyId> {
        self.session(instance).await.ok()?.key_id().cloned()
    }

    async fn revoked(&self, instance: &Instance, key: ApiKey, already: bool) -> Result<RevokedKeyView> {
        if let Some(signed_in) = &instance.signed_in {
            self.store.keep_key(&instance.id, signed_in.user.id, &key);
        }
        let entry = SecretId::ApiKey(instance.id.clone(), key.id.clone());
        self.held.delete(&entry)?;
        let dropped = if instance.record(&key.id).is_some_and(|record| record.stored) {
            self.keychain(move |keychain| keychain.delete(&entry)).await
        } else {
            Ok(())
        };
        if let Err(error) = &dropped {
            tracing::warn!(%error, "the plaintext of a revoked key could not be dropped");
        }
        let (id, revoked) = (instance.id.clone(), key.id.clone());
        let noted = self
            .change(move |state| {
                let instance = state.instance_mut(&id)?;
                if let Some(record) = instance.record_mut(&revoked) {
                    record.revoked = true;
                    record.stored &= dropped.is_err();
                }
                instance.intents.retain(|intent| intent.created.as_ref() != Some(&revoked));
                Ok(())
            })
            .await;
        // It is revoked for good, whatever becomes of our note of it; the next list makes up for that.
        if let Err(error) = noted {
            tracing::warn!(%error, "a revoked key could not be noted");
        }
        self.held_intents().remove(&key.id);
        let instance = self.instance(&instance.id).unwrap_or_else(|_| instance.clone());
        let uses = self.store.key_uses(&instance.id);
        let row = self.key_view(&instance, &key, instance.record(&key.id), &uses);
        Ok(RevokedKeyView { key: row, already })
    }
}

/// Refusals after which nothing can have been revoked.
fn says_no(error: &Error) -> bool {
    use crate::error::Unreachable::{NameNotFound, Refused};
    matches!(
        error,
        Error::Forbidden
            | Error::NoSuchKey { .. }
            | Error::SessionOver
            | Error::SignedOut
            | Error::ApiKeysOff
            | Error::RateLimited
            | Error::Redirected { .. }
            | Error::CertificateUntrusted { .. }
            | Error::Unreachable { kind: NameNotFound | Refused, .. }
    )
}
