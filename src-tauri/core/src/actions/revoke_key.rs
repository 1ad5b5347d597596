//! End a key on the server, for good, and make sure of it.

use super::join_records::ApiKeyView;
use super::outcome::Outcome;
use crate::api_key::ApiKey;
use crate::deed::{Deed, DeedKind};
use crate::http::Auth;
use crate::ids::{ApiKeyId, InstanceId};
use crate::secret::Secret;
use crate::store::{Instance, KeyRecord};
use crate::{Core, Error, Result};
use serde::{Deserialize, Serialize};

/// What `revoke_key` answers: the key as the server shows it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RevokedKeyView {
    pub key: ApiKeyView,
    /// It was revoked before; nothing was sent.
    pub already: bool,
}

impl Core {
    /// Revokes a key and reads it back: Superset answers "revoked" also when nothing happened. A key that is
    /// revoked already is left alone, since a second revoke would overwrite when it was revoked.
    ///
    /// Its plaintext, of no use any more, goes from the keychain; the record stays for its name and hint.
    pub async fn revoke_key(&self, id: &InstanceId, key: &ApiKeyId) -> Result<RevokedKeyView> {
        let _at_work = self.lock.begin()?;
        self.revoke_key_with(id, key, None).await
    }

    /// The same, with another key in place of the session, where that may be the one to go.
    pub(super) async fn revoke_key_with(
        &self,
        id: &InstanceId,
        key: &ApiKeyId,
        by: Option<&Secret>,
    ) -> Result<RevokedKeyView> {
        if key.is_pasted() {
            return Err(Error::CannotRevokePasted);
        }
        let instance = self.instance(id)?;
        let before = self.fetch_key(&instance, key, by).await?;
        if before.revoked_on.is_some() {
            return self.revoked(&instance, before, true).await;
        }
        let asked = match by {
            Some(by) => self.superset.revoke_key(&self.site(&instance), Auth::Key(by), key).await,
            None => {
                self.with_session(&instance, |by| async move {
                    self.superset.revoke_key(&by.site, by.auth(), key).await
                })
                .await
            }
        };
        failpoint!("revoke-answered");
        let still_active = match asked {
            Ok(()) => Error::NotRevoked,
            Err(Error::KeyRejected) => Error::KeyRejected,
            Err(error) => match Outcome::after(&error) {
                Outcome::Nothing => return Err(error),
                Outcome::Done => error,
                Outcome::Lost => Error::RevokeUnclear,
            },
        };
        // Also when the answer was lost, or refused by something on the way: what happened can still be seen.
        match self.fetch_key(&instance, key, by).await {
            Ok(after) if after.revoked_on.is_some() => self.revoked(&instance, after, false).await,
            Ok(_) => Err(still_active),
            // The key that made the call was this one: that it is no longer taken is the proof.
            Err(Error::KeyRejected)
                if by.is_none() && self.listing_key(&instance).await.as_ref() == Some(key) =>
            {
                let gone = ApiKey { revoked_on: Some(instance.clock.wall(self.now.now())), ..before };
                self.revoked(&instance, gone, false).await
            }
            Err(_) => Err(Error::RevokeUnclear),
        }
    }

    async fn fetch_key(&self, instance: &Instance, key: &ApiKeyId, by: Option<&Secret>) -> Result<ApiKey> {
        let found = match by {
            Some(by) => self.superset.get_key(&self.site(instance), Auth::Key(by), key).await?,
            None => {
                self.with_session(instance, |by| async move {
                    self.superset.get_key(&by.site, by.auth(), key).await
                })
                .await?
            }
        };
        found.ok_or_else(|| Error::NoSuchKey { name: key.to_string() })
    }

    async fn listing_key(&self, instance: &Instance) -> Option<ApiKeyId> {
        self.session(instance).await.ok()?.key_id().cloned()
    }

    /// Notes that a key is revoked, as the server shows it.
    pub(super) async fn revoked(
        &self,
        instance: &Instance,
        key: ApiKey,
        already: bool,
    ) -> Result<RevokedKeyView> {
        if let Some(user) = instance.user_id() {
            let (of, ended) = (instance.id.clone(), key.clone());
            self.keep(move |store| store.keep_key(&of, user, &ended)).await;
        }
        self.note_revoked(instance, vec![key.id.clone()]).await;
        if !already {
            let name = instance.called(&key.id).unwrap_or(&key.name);
            self.note(&instance.id, Deed::of_key(DeedKind::KeyRevoked, &key.id).named(name)).await;
        }
        let instance = self.instance(&instance.id).unwrap_or_else(|_| instance.clone());
        let uses = self.uses(&instance);
        let row = self.key_view(&instance, &key, instance.record(&key.id), &uses);
        Ok(RevokedKeyView { key: row, already })
    }

    /// Forgets the plaintexts of keys that are revoked, and notes that they are. They are revoked for good, whatever
    /// becomes of our note of it; the next list makes up for that.
    pub(super) async fn note_revoked(&self, instance: &Instance, keys: Vec<ApiKeyId>) {
        for key in &keys {
            self.safe.release(&instance.key_secret(key));
        }
        let is_stored = |key: &&ApiKeyId| instance.record(key).is_some_and(KeyRecord::is_stored);
        let stored: Vec<_> = keys.iter().filter(is_stored).map(|key| instance.key_secret(key)).collect();
        if !stored.is_empty()
            && let Err(error) = self.drop_secrets(stored).await
        {
            tracing::warn!(%error, "the plaintext of a revoked key could not be dropped");
        }
        let id = instance.id.clone();
        let noted = self
            .change(move |state| {
                let instance = state.instance_mut(&id)?;
                for key in &keys {
                    if let Some(record) = instance.record_mut(key) {
                        record.revoked = true;
                        record.stored = None;
                    }
                }
                instance
                    .intents
                    .retain(|intent| !intent.created.as_ref().is_some_and(|made| keys.contains(made)));
                Ok(())
            })
            .await;
        if let Err(error) = noted {
            tracing::warn!(%error, "a revoked key could not be noted");
        }
    }
}
