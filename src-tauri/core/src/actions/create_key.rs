//! Create a key so that a crash at any line leaves nothing unaccounted for.

use super::join_records::ApiKeyView;
use super::read_back_created::ExpiryOffView;
use crate::api_key::{CreatedApiKey, KeyOwner, KeyStatus, NewApiKey};
use crate::deed::{Deed, DeedKind};
use crate::error::ErrorCode;
use crate::ids::{ApiKeyId, InstanceId};
use crate::names::{KEY_NAME_LIMIT, display_name, slug, slug_from};
use crate::secret::KeyHint;
use crate::secrets::{Keep, Kept};
use crate::store::{CreateIntent, HeldIntent, Instance, KeyRecord, Rest};
use crate::superset::{CreateRequest, Created};
use crate::{Core, Error, Result};
use serde::{Deserialize, Serialize};

/// What `create_key` answers. No plaintext.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct CreatedKeyView {
    pub key: ApiKeyView,
    /// Another active key bears the same name, which is allowed.
    pub same_name: bool,
    /// Why the plaintext is only in memory although the keychain seemed ready to take it.
    pub store_problem: Option<ErrorCode>,
    /// The key ends at another time than was asked for; a replacement can be made.
    pub expiry_off: Option<ExpiryOffView>,
    /// Why the key that this one replaces could not be revoked.
    pub replaced_still_active: Option<ErrorCode>,
}

impl Core {
    /// Creates a key for the signed-in person.
    ///
    /// Write an intent, send, put the plaintext into the secret store before anybody sees it, write the
    /// record, clear the intent; then read back what the server really made. With [`Keep::Keychain`] nothing
    /// is sent unless the keychain can take the key.
    pub async fn create_key(&self, id: &InstanceId, new: NewApiKey, keep: Keep) -> Result<CreatedKeyView> {
        let _at_work = self.lock.begin()?;
        let _under_way = self.creating.begin();
        self.make_key(id, new, keep, None).await
    }

    /// The same, where it is a part of what is under way, such as the rotation of another key.
    pub(super) async fn make_key(
        &self,
        id: &InstanceId,
        new: NewApiKey,
        keep: Keep,
        replaces: Option<&ApiKeyId>,
    ) -> Result<CreatedKeyView> {
        let name = display_name(&new.name, KEY_NAME_LIMIT)?;
        let alias = new.alias.as_deref().map(slug).transpose()?;
        let instance = self.instance(id)?;
        if let Some(alias) = &alias
            && instance.keys.iter().any(|record| record.alias == *alias)
        {
            return Err(Error::NameTaken { name: alias.clone() });
        }
        let ends = new.expiry.instant(self.now.now(), &self.now.local_zone())?;
        let place = self.safe(move |safe| safe.place(keep)).await?;
        let owner = owner(&instance)?;
        let before = self
            .with_session(&instance, |by| async move { self.superset.list_keys(&by.site, by.auth()).await })
            .await?;
        // Listing with a pasted key may have taught us the clock.
        let instance = self.instance(id)?;
        let server_now = instance.clock.wall(self.now.now());
        let same_name =
            before.keys.iter().any(|key| key.name == name && key.status(server_now) == KeyStatus::Active);

        let intent = CreateIntent {
            id: format!("{:032x}", self.random.next()),
            name: name.clone(),
            owner: owner.clone(),
            started_at: self.now.now(),
            seen: before.keys.iter().map(|key| key.id.clone()).collect(),
            created: None,
            replaces: replaces.cloned(),
            rest: Rest::new(),
        };
        let hold = self.write_intent(&instance, intent.clone()).await?;
        failpoint!("create-intent-written");

        let wall = ends.map(|ends| instance.clock.wall(ends));
        let request = CreateRequest { name: &name, expires_on: wall, scopes: new.scopes.as_deref() };
        let answer = self
            .with_session(&instance, |by| async move {
                self.superset.create_key(&by.site, by.auth(), &request).await
            })
            .await;
        failpoint!("create-answered");
        let Created { created: CreatedApiKey { key, secret }, date } = match answer {
            Ok(created) => created,
            Err(error) => return Err(self.settle_failed_create(&instance, &intent, hold, error).await),
        };

        let user = instance.user_id().ok_or(Error::SignedOut)?;
        let (of, made) = (instance.id.clone(), key.clone());
        self.keep(move |store| store.keep_key(&of, user, &made)).await;
        let entry = instance.key_secret(&key.id);
        let hint = KeyHint::of(&secret, &key.prefix);
        let (target, copy) = (entry.clone(), secret.duplicate());
        let Kept { stored, problem } = self.safe(move |safe| safe.keep(place, &target, &copy)).await?;

        let fingerprint = match stored {
            Some(_) => self.fingerprint(&instance.id, &secret).await,
            None => None,
        };
        let record = KeyRecord {
            alias: alias.unwrap_or_default(),
            name,
            owner,
            fingerprint,
            ..KeyRecord::new(key.id.clone(), hint, self.now.now(), stored)
        };
        // The key is there: from here on nothing that fails may stand between it and the person. What cannot be
        // written now is found by a later list, through the intent.
        let recorded = self.record_created(&instance, &intent, record).await;
        if let Err(error) = &recorded {
            tracing::warn!(%error, "a new key could not be recorded");
            self.safe.hold(&entry, &secret)?;
        }
        drop(secret);
        failpoint!("create-recorded");
        if stored.is_some() && recorded.is_ok() {
            drop(hold);
        } else {
            // Until the person says it is saved, a crash would lose it: the intent stays.
            self.safe.guard(&entry, Box::new(hold));
        }

        self.note(id, Deed::of_key(DeedKind::KeyCreated, &key.id)).await;
        let (key, expiry_off) = self.read_back_created(instance, &key, date, ends, user).await;
        let store_problem = problem.map(ErrorCode::from);
        Ok(CreatedKeyView { key, same_name, store_problem, expiry_off, replaced_still_active: None })
    }

    pub(super) async fn write_intent(&self, instance: &Instance, intent: CreateIntent) -> Result<HeldIntent> {
        let hold = self.store.hold_intent(&intent.id)?;
        let id = instance.id.clone();
        self.change(move |state| {
            state.instance_mut(&id)?.intents.push(intent);
            Ok(())
        })
        .await?;
        Ok(hold)
    }

    /// One write: the record is there and the intent is not, or the other way round.
    async fn record_created(
        &self,
        instance: &Instance,
        intent: &CreateIntent,
        record: KeyRecord,
    ) -> Result<()> {
        let (id, replaces, intent) = (instance.id.clone(), intent.replaces.clone(), intent.id.clone());
        self.change(move |state| {
            // All secrets may have been moved since it was decided where this one goes.
            state.secrets_elsewhere |= record.stored.is_some_and(|lies| lies != state.first_store());
            let instance = state.instance_mut(&id)?;
            if let Some(old) = &replaces {
                instance.note_replacement(old, &record.id, record.stored_at);
            }
            let taken = |made: &str| instance.keys.iter().any(|key| key.alias == made);
            let alias = match record.alias.as_str() {
                "" => slug_from(&record.name, "key", taken),
                // Another process took it while the server was asked.
                wanted if taken(wanted) => slug_from(wanted, "key", taken),
                wanted => wanted.to_owned(),
            };
            if record.is_stored() {
                instance.intents.retain(|open| open.id != intent);
                instance.default_key.get_or_insert_with(|| record.id.clone());
            } else if let Some(open) = instance.intent_mut(&intent) {
                open.created = Some(record.id.clone());
            }
            instance.keys.push(KeyRecord { alias, ..record });
            Ok(())
        })
        .await
    }
}

/// None where the server does not tell who is signed in.
fn owner(instance: &Instance) -> Result<Option<KeyOwner>> {
    let user = instance.signed_in.as_ref().ok_or(Error::SignedOut)?.user.as_ref();
    Ok(user.map(|user| KeyOwner { id: user.id, username: user.username.clone() }))
}
