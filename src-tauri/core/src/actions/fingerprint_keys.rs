//! Give records the fingerprints by which their keys are known again.

use crate::fingerprint::{Fingerprint, FingerprintKey};
use crate::ids::{ApiKeyId, InstanceId, SecretId};
use crate::secret::Secret;
use crate::secrets::StoreState;
use crate::store::{KeyRecord, State};
use crate::{Core, Result};

impl Core {
    /// The fingerprint of a key that was just stored. A key without one is stored all the same: a scan makes up
    /// for it.
    pub(super) async fn fingerprint(&self, instance: &InstanceId, key: &Secret) -> Option<Fingerprint> {
        let made = self.fingerprint_key(true).await;
        match made.and_then(|made| made.map(|made| made.of(instance, key)).transpose()) {
            Ok(fingerprint) => fingerprint,
            Err(error) => {
                tracing::info!(%error, "a key was stored without a fingerprint");
                None
            }
        }
    }

    /// What fingerprints are made with; with `make`, made when there is none yet.
    async fn fingerprint_key(&self, make: bool) -> Result<Option<FingerprintKey>> {
        let new = FingerprintKey::random(&*self.random);
        self.safe(move |safe| {
            let entry = SecretId::fingerprint_key();
            let mut kept = safe.get(&entry)?.as_ref().and_then(FingerprintKey::read);
            if kept.is_none() && make {
                safe.put(&entry, &new)?;
                // Another program may have put its own there meanwhile.
                kept = safe.get(&entry)?.as_ref().and_then(FingerprintKey::read);
            }
            Ok(kept)
        })
        .await
    }

    /// What found keys can be compared with: the fingerprint key, and in `state` the fingerprints of all keys
    /// whose text is on this computer, also of those stored by an older version. `None` where the keychain does
    /// not answer without a person.
    pub(super) async fn complete_fingerprints(&self, state: &mut State) -> Option<FingerprintKey> {
        let ready = self.safe(|safe| Ok(safe.state() == StoreState::Ready)).await;
        if !ready.unwrap_or(false) {
            return None;
        }
        let completed = async {
            let here =
                |state: &State| state.instances.iter().any(|i| i.keys.iter().any(KeyRecord::is_stored));
            let Some(made) = self.fingerprint_key(here(state)).await? else { return Ok(None) };
            let fingerprints = self.missing_fingerprints(state, &made).await?;
            if !fingerprints.is_empty() {
                put(state, &fingerprints);
                let kept = self.change(move |state| {
                    put(state, &fingerprints);
                    Ok(())
                });
                if let Err(error) = kept.await {
                    tracing::info!(%error, "fingerprints could not be kept");
                }
            }
            Ok(Some(made))
        };
        completed.await.unwrap_or_else(|error: crate::Error| {
            tracing::info!(%error, "keys could not be fingerprinted");
            None
        })
    }

    async fn missing_fingerprints(&self, state: &State, made: &FingerprintKey) -> Result<Vec<Named>> {
        let mut wanted = Vec::new();
        for instance in &state.instances {
            for record in instance.keys.iter().filter(|record| record.is_stored()) {
                let has = record.fingerprint.as_ref().map(|print| made.made(print)).transpose()?;
                if has != Some(true) {
                    wanted.push((instance.id.clone(), record.id.clone()));
                }
            }
        }
        let texts = self.safe(move |safe| {
            let get = |(instance, key): (InstanceId, ApiKeyId)| {
                let text = safe.get(&SecretId::api_key(&instance, &key))?;
                Ok(text.map(|text| (instance, key, text)))
            };
            wanted.into_iter().map(get).collect::<Result<Vec<_>>>()
        });
        let named = texts.await?.into_iter().flatten().map(|(instance, key, text)| {
            let fingerprint = made.of(&instance, &text)?;
            Ok(Named { instance, key, fingerprint })
        });
        named.collect()
    }
}

struct Named {
    instance: InstanceId,
    key: ApiKeyId,
    fingerprint: Fingerprint,
}

fn put(state: &mut State, fingerprints: &[Named]) {
    for named in fingerprints {
        if let Ok(instance) = state.instance_mut(&named.instance)
            && let Some(record) = instance.record_mut(&named.key)
        {
            record.fingerprint = Some(named.fingerprint.clone());
        }
    }
}
