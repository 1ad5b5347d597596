//! Account for creates that a crash or a dropped connection cut off.

use crate::Core;
use crate::api_key::ApiKey;
use crate::clock::rfc3339;
use crate::deed::{Deed, DeedKind};
use crate::error::Result;
use crate::ids::{ApiKeyId, InstanceId, UserId};
use crate::names::slug_from;
use crate::secret::KeyHint;
use crate::store::{CreateIntent, Instance, KeyRecord};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// A request whose sender died or lost the answer may reach the server's database later than the next list.
const STILL_AT_IT: SignedDuration = SignedDuration::from_mins(2);

/// A create that a crash or a dropped connection left without a known end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct UnaccountedView {
    pub intent: String,
    pub name: String,
    /// RFC 3339 in UTC.
    pub started: String,
    /// The key on the server whose plaintext is lost; none when nothing was created.
    pub key: Option<ApiKeyId>,
}

impl Core {
    /// Looks at each intent whose process is gone. A key whose plaintext did reach the keychain gets its
    /// record; an intent that led to nothing is cleared; what remains is named, to be revoked or dismissed.
    /// `user` is whose list it is.
    pub(super) async fn recover_creates(
        &self,
        instance: &Instance,
        user: Option<UserId>,
        listed: &[ApiKey],
    ) -> Result<Vec<UnaccountedView>> {
        let mut lost = Vec::new();
        for intent in &instance.intents {
            let maker = UserId(intent.owner.as_ref().map(|owner| owner.id));
            if Some(maker) != user || self.store.intent_is_held(&intent.id) {
                continue;
            }
            let made: Vec<&ApiKey> = listed.iter().filter(|key| led_to(intent, instance, key)).collect();
            let mut open = None;
            let mut accounted = listed.iter().any(|key| key.revoked_on.is_some() && fits(intent, key));
            for key in made {
                if self.adopt_stored(instance, intent, key).await? {
                    (open, accounted) = (None, true);
                    break;
                }
                open = open.or(Some(key.id.clone()));
            }
            match open {
                Some(key) => lost.push(UnaccountedView {
                    intent: intent.id.clone(),
                    name: intent.name.clone(),
                    started: rfc3339(intent.started_at),
                    key: Some(key),
                }),
                None if accounted || self.is_settled(intent) => {
                    self.drop_intent(&instance.id, &intent.id).await?;
                }
                None => {}
            }
        }
        Ok(lost)
    }

    pub(super) fn is_settled(&self, intent: &CreateIntent) -> bool {
        self.now.now().duration_since(intent.started_at).abs() > STILL_AT_IT
    }

    /// The person wants to keep the key without its plaintext, or has dealt with it elsewhere.
    pub async fn dismiss_unaccounted(&self, id: &InstanceId, intent: &str) -> Result<()> {
        self.drop_intent(id, intent).await
    }

    /// The plaintext reached the keychain and the record did not reach the disk: write it now.
    pub(super) async fn adopt_stored(
        &self,
        instance: &Instance,
        intent: &CreateIntent,
        key: &ApiKey,
    ) -> Result<bool> {
        if instance.record(&key.id).is_some_and(KeyRecord::is_stored) {
            return Ok(true);
        }
        let entry = instance.key_secret(&key.id);
        // A keychain that cannot be read leaves the question open.
        let Ok(Some((kind, secret))) = self.safe(move |safe| safe.find(&entry)).await else {
            return Ok(false);
        };
        let fingerprint = self.fingerprint(&instance.id, &secret).await;
        let hint = KeyHint::of(&secret, &key.prefix);
        let lies = Some(kind);
        let record = KeyRecord {
            name: key.name.clone(),
            owner: intent.owner.clone(),
            expires: key.expires_on.map(|wall| instance.clock.instant(wall)),
            fingerprint,
            ..KeyRecord::new(key.id.clone(), hint, self.now.now(), lies)
        };
        let (id, replaces) = (instance.id.clone(), intent.replaces.clone());
        // That of an account that mints guest tokens is no key for AI clients.
        let is_own = instance.user_id() == Some(UserId(intent.owner.as_ref().map(|owner| owner.id)));
        let deed = Deed::of_key(DeedKind::KeyCreated, &key.id).how("recovered");
        self.change(move |state| {
            let instance = state.instance_mut(&id)?;
            if let Some(replaced) = &replaces {
                instance.note_replacement(replaced, &record.id, record.stored_at);
            }
            if is_own {
                instance.default_key.get_or_insert_with(|| record.id.clone());
            }
            // A record that came here another way has the alias a person chose.
            if let Some(old) = instance.record_mut(&record.id) {
                old.stored = lies;
                return Ok(());
            }
            let alias = slug_from(&record.name, "key", |made| instance.keys.iter().any(|k| k.alias == made));
            instance.keys.push(KeyRecord { alias, ..record });
            Ok(())
        })
        .await?;
        self.note(&instance.id, deed).await;
        Ok(true)
    }

    pub(super) async fn drop_intent(&self, id: &InstanceId, intent: &str) -> Result<()> {
        let (id, intent) = (id.clone(), intent.to_owned());
        self.change(move |state| {
            state.instance_mut(&id)?.intents.retain(|open| open.id != intent);
            Ok(())
        })
        .await
    }

    /// A key's fate is known: no intent needs to remember it.
    pub(super) async fn clear_intents_of(&self, id: &InstanceId, key: &ApiKeyId) -> Result<()> {
        let (id, key) = (id.clone(), key.clone());
        self.change(move |state| {
            state.instance_mut(&id)?.intents.retain(|open| open.created.as_ref() != Some(&key));
            Ok(())
        })
        .await
    }
}

/// A key this intent may have made: the one its answer named, or one of its name that was not there before.
/// A revoked key needs no accounting.
pub(super) fn led_to(intent: &CreateIntent, instance: &Instance, key: &ApiKey) -> bool {
    let elsewhere = intent.created.is_none() && instance.record(&key.id).is_some_and(KeyRecord::is_stored);
    key.revoked_on.is_none() && fits(intent, key) && !elsewhere
}

fn fits(intent: &CreateIntent, key: &ApiKey) -> bool {
    match &intent.created {
        Some(created) => *created == key.id,
        None => key.name == intent.name && !intent.seen.contains(&key.id),
    }
}
