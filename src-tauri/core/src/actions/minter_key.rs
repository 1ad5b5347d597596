//! The key of an account that is not whoever is signed in: made as it, with a password that this program alone knows for a
//! moment.

use super::outcome::Outcome;
use super::recover_creates::led_to;
use crate::api_key::{ApiKey, CreatedApiKey, KeyOwner, KeyStatus};
use crate::credential::Provider;
use crate::deed::{Deed, DeedKind};
use crate::http::Auth;
use crate::ids::ApiKeyId;
use crate::names::slug_from;
use crate::secret::{KeyHint, Secret, StoreKind};
use crate::secrets::Kept;
use crate::store::{CreateIntent, Instance, KeyRecord, Rest};
use crate::superset::{CreateRequest, Created};
use crate::{Core, Error, Result};
use jiff::Timestamp;

/// What is wanted.
#[derive(Debug)]
pub(super) struct MinterKey {
    pub(super) owner: KeyOwner,
    pub(super) name: String,
    pub(super) ends: Option<Timestamp>,
    pub(super) place: Option<StoreKind>,
}

/// A key, as it lies here.
#[derive(Debug)]
pub(super) struct MadeMinterKey {
    pub(super) id: ApiKeyId,
    pub(super) alias: String,
    pub(super) hint: KeyHint,
    pub(super) expires: Option<Timestamp>,
    pub(super) created: bool,
    pub(super) secret: Secret,
}

impl Core {
    /// Signs in as the account, takes up the key that is there and here, or makes one.
    ///
    /// # Errors
    /// [`Error::MinterKeyElsewhere`], those of creating a key.
    pub(super) async fn key_of_minter(
        &self,
        instance: &Instance,
        password: &Secret,
        wanted: MinterKey,
    ) -> Result<MadeMinterKey> {
        let site = self.site(instance);
        let username = &wanted.owner.username;
        let tokens = self.superset.sign_in(&site, Provider::Db, username, password).await?;
        let auth = Auth::NewToken(tokens.access.secret());
        let mut listed = self.superset.list_keys(&site, auth).await?.keys;
        if self.settle_minter_creates(instance, &wanted.owner, auth, &listed).await? {
            listed = self.superset.list_keys(&site, auth).await?.keys;
        }
        let instance = self.instance(&instance.id)?;
        let server_now = instance.clock.wall(self.now.now());
        let named: Vec<&ApiKey> = listed
            .iter()
            .filter(|key| key.name == wanted.name && key.status(server_now) == KeyStatus::Active)
            .collect();
        for key in &named {
            if let Some(here) = self.minter_key_here(&instance, key).await? {
                return Ok(here);
            }
        }
        if !named.is_empty() {
            return Err(Error::MinterKeyElsewhere { name: wanted.name });
        }
        self.make_minter_key(&instance, auth, wanted, &listed).await
    }

    /// One that lies in a store of this computer.
    async fn minter_key_here(&self, instance: &Instance, key: &ApiKey) -> Result<Option<MadeMinterKey>> {
        let Some(record) = instance.record(&key.id).filter(|record| record.is_stored()) else {
            return Ok(None);
        };
        let entry = instance.key_secret(&key.id);
        let Some(secret) = self.safe(move |safe| safe.get(&entry)).await? else { return Ok(None) };
        Ok(Some(MadeMinterKey {
            id: key.id.clone(),
            alias: record.alias.clone(),
            hint: record.hint.clone(),
            expires: key.expires_on.map(|wall| instance.clock.instant(wall)),
            created: false,
            secret,
        }))
    }

    /// Earlier calls that were cut off: a key whose plaintext reached its store gets its record, one whose plaintext is
    /// lost is revoked. Answers whether one was.
    async fn settle_minter_creates(
        &self,
        instance: &Instance,
        owner: &KeyOwner,
        auth: Auth<'_>,
        listed: &[ApiKey],
    ) -> Result<bool> {
        let mut revoked = false;
        let ours = instance.intents.iter().filter(|intent| intent.owner.as_ref() == Some(owner));
        for intent in ours.filter(|intent| !self.store.intent_is_held(&intent.id)) {
            let mut found = false;
            for key in listed.iter().filter(|key| led_to(intent, instance, key)) {
                found = true;
                if !self.adopt_stored(instance, intent, key).await? {
                    self.superset.revoke_key(&self.site(instance), auth, &key.id).await?;
                    self.note(&instance.id, Deed::of_key(DeedKind::KeyRevoked, &key.id).named(&key.name))
                        .await;
                    revoked = true;
                }
            }
            if found || self.is_settled(intent) {
                self.drop_intent(&instance.id, &intent.id).await?;
            }
        }
        Ok(revoked)
    }

    async fn make_minter_key(
        &self,
        instance: &Instance,
        auth: Auth<'_>,
        wanted: MinterKey,
        before: &[ApiKey],
    ) -> Result<MadeMinterKey> {
        let MinterKey { owner, name, ends, place } = wanted;
        let site = self.site(instance);
        let intent = CreateIntent {
            id: format!("{:032x}", self.random.next()),
            name: name.clone(),
            owner: Some(owner.clone()),
            started_at: self.now.now(),
            seen: before.iter().map(|key| key.id.clone()).collect(),
            created: None,
            replaces: None,
            rest: Rest::new(),
        };
        let hold = self.write_intent(instance, intent.clone()).await?;
        failpoint!("minter-intent-written");
        let wall = ends.map(|ends| instance.clock.wall(ends));
        let asked = CreateRequest { name: &name, expires_on: wall, scopes: None };
        let answer = self.superset.create_key(&site, auth, &asked).await;
        failpoint!("minter-key-answered");
        let Created { created: CreatedApiKey { key, secret }, date } = match answer {
            Ok(created) => created,
            Err(error) if Outcome::after(&error) == Outcome::Nothing => {
                self.drop_intent(&instance.id, &intent.id).await?;
                return Err(error);
            }
            // The intent stays: the same call again looks what came of it.
            Err(_) => return Err(Error::CreateUnclear { found: None }),
        };
        let entry = instance.key_secret(&key.id);
        let copy = secret.duplicate();
        let Kept { stored, problem } = self.safe(move |safe| safe.keep(place, &entry, &copy)).await?;
        let Some(stored) = stored else {
            // In memory alone it would be lost with this program, and nobody would know the account's other way in.
            self.superset.revoke_key(&site, auth, &key.id).await?;
            let entry = instance.key_secret(&key.id);
            self.safe.release(&entry);
            self.drop_intent(&instance.id, &intent.id).await?;
            return Err(problem.map_or(Error::NothingWouldKeepIt, |problem| Error::keychain(problem, None)));
        };
        failpoint!("minter-key-stored");

        // Its answer shows the server's clock, as any create does.
        let clock = match (key.created_on, date) {
            (Some(created_on), Some(date)) => instance.clock.learn(created_on, date),
            _ => instance.clock.clone(),
        };
        self.keep_clock(&instance.id, clock.clone()).await?;
        let read_back = self.superset.get_key(&site, auth, &key.id).await.ok().flatten();
        let expires_on = read_back.as_ref().unwrap_or(&key).expires_on;
        let expires = expires_on.map(|wall| clock.instant(wall));
        let hint = KeyHint::of(&secret, &key.prefix);
        let fingerprint = self.fingerprint(&instance.id, &secret).await;
        let record = KeyRecord {
            name,
            owner: Some(owner),
            expires,
            fingerprint,
            ..KeyRecord::new(key.id.clone(), hint.clone(), self.now.now(), Some(stored))
        };
        let (id, intent) = (instance.id.clone(), intent.id);
        let alias = self
            .change(move |state| {
                let instance = state.instance_mut(&id)?;
                let taken = |made: &str| instance.keys.iter().any(|key| key.alias == made);
                let alias = slug_from(&record.name, "key", taken);
                instance.intents.retain(|open| open.id != intent);
                instance.keys.push(KeyRecord { alias: alias.clone(), ..record });
                Ok(alias)
            })
            .await?;
        drop(hold);
        Ok(MadeMinterKey { id: key.id, alias, hint, expires, created: true, secret })
    }
}
