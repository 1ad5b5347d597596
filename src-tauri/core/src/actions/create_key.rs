//! Create a key so that a crash at any line leaves nothing unaccounted for.

use crate::api_key::{
    ApiKey, ApiKeyView, CreateIntent, CreatedApiKey, CreatedKeyView, Expiry, ExpiryOffView, Keep, KeyOwner,
    KeyRecord, KeyStatus, NewApiKey,
};
use crate::clock::{TimeView, WallTime, rfc3339};
use crate::error::KeychainProblem;
use crate::instance::{Instance, InstanceId};
use crate::key_use::OwnUses;
use crate::names::{KEY_NAME_LIMIT, display_name, slug, slug_from};
use crate::secret::{KeyHint, Secret};
use crate::secrets::{KeychainState, SecretId, SecretStore};
use crate::store::HeldIntent;
use crate::superset::{CreateRequest, Created};
use crate::{Core, Error, Result};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// A server that stores expiries in a column without a zone takes years to 9999; no person means more than a
/// hundred.
const FURTHEST_DAYS: u32 = 36_525;
/// How far the expiry read back may be from the one asked for: whole seconds were sent.
const EXPIRY_TOLERANCE: SignedDuration = SignedDuration::from_secs(90);

impl Core {
    /// Creates a key for the signed-in person.
    ///
    /// Write an intent, send, put the plaintext into the secret store before anybody sees it, write the
    /// record, clear the intent; then read back what the server really made. With [`Keep::Keychain`] nothing
    /// is sent unless the keychain can take the key.
    pub async fn create_key(&self, id: &InstanceId, new: NewApiKey, keep: Keep) -> Result<CreatedKeyView> {
        let name = display_name(&new.name, KEY_NAME_LIMIT)?;
        let alias = new.alias.as_deref().map(slug).transpose()?;
        let instance = self.instance(id)?;
        if let Some(alias) = &alias
            && instance.keys.iter().any(|record| record.alias == *alias)
        {
            return Err(Error::NameTaken { name: alias.clone() });
        }
        let ends = expiry_instant(new.expiry, self.now.now(), &self.now.local_zone())?;
        let keychain_works = self.check_keychain(keep).await?;
        let owner = owner(&instance)?;
        let before =
            with_session!(self, &instance, bearer => self.superset()?.list_keys(&instance.url, bearer))?;
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
        };
        let hold = self.write_intent(&instance, intent.clone()).await?;
        failpoint!("create-intent-written");

        let wall = ends.map(|ends| instance.clock.wall(ends));
        let request = CreateRequest { name: &name, expires_on: wall, scopes: new.scopes.as_deref() };
        let answer = with_session!(self, &instance, bearer => self.superset()?.create_key(&instance.url, bearer, &request));
        failpoint!("create-answered");
        let Created { created: CreatedApiKey { key, secret }, date } = match answer {
            Ok(created) => created,
            Err(error) => return Err(self.settle_failed_create(&instance, &intent, hold, error).await),
        };

        self.store.keep_key(&instance.id, owner.id, &key);
        let entry = SecretId::ApiKey(instance.id.clone(), key.id.clone());
        let hint = KeyHint::of(&secret, &key.prefix);
        let (stored, store_problem) = self.keep_plaintext(&entry, &secret, keychain_works).await?;

        let fingerprint = if stored { self.fingerprint(&instance.id, &secret).await } else { None };
        let record = KeyRecord {
            id: key.id.clone(),
            alias: alias.unwrap_or_default(),
            name,
            hint,
            owner: Some(owner.clone()),
            stored_at: self.now.now(),
            stored,
            expires: None,
            revoked: false,
            fingerprint,
        };
        // The key is there: from here on nothing that fails may stand between it and the person. What cannot be
        // written now is found by a later list, through the intent.
        let recorded = self.record_created(&instance, &intent, record, stored).await;
        if let Err(error) = &recorded {
            tracing::warn!(%error, "a new key could not be recorded");
            self.held.set(&entry, &secret)?;
        }
        drop(secret);
        failpoint!("create-recorded");
        if stored && recorded.is_ok() {
            drop(hold);
        } else {
            // Until the person says it is saved, a crash would lose it: the intent stays.
            self.held_intents().insert(key.id.clone(), hold);
        }

        let (key, expiry_off) = self.read_back_created(instance, &key, date, ends, owner.id).await;
        let store_problem = store_problem.map(KeychainProblem::code);
        Ok(CreatedKeyView { key, same_name, store_problem, expiry_off, replaced_still_active: None })
    }

    /// Puts the plaintext where it is to be kept. Answers whether the keychain has it, and why not where it
    /// should; then it is in memory.
    async fn keep_plaintext(
        &self,
        entry: &SecretId,
        secret: &Secret,
        keychain_works: bool,
    ) -> Result<(bool, Option<KeychainProblem>)> {
        let mut problem = None;
        if keychain_works {
            let (entry, copy) = (entry.clone(), secret.duplicate());
            match self.keychain(move |keychain| keychain.set(&entry, &copy)).await {
                Ok(()) => {
                    failpoint!("create-stored");
                    return Ok((true, None));
                }
                Err(Error::Keychain { problem: why, .. }) => problem = Some(why),
                Err(_) => problem = Some(KeychainProblem::Other),
            }
        }
        self.held.set(entry, secret)?;
        Ok((false, problem))
    }

    /// Learns the clock from the answer, reads the key back and compares its end with the one asked for. The
    /// key is there, so whatever fails here is only logged.
    async fn read_back_created(
        &self,
        instance: Instance,
        key: &ApiKey,
        date: Option<Timestamp>,
        ends: Option<Timestamp>,
        owner: i32,
    ) -> (ApiKeyView, Option<ExpiryOffView>) {
        let clock = match (key.created_on, date) {
            (Some(created_on), Some(date)) => instance.clock.learn(created_on, date),
            _ => instance.clock.clone(),
        };
        let id = instance.id.clone();
        let kept = self.keep_clock(&id, clock.clone()).await;
        let instance = match kept.and_then(|()| self.instance(&id)) {
            Ok(instance) => instance,
            Err(error) => {
                tracing::warn!(%error, "a server's clock could not be kept");
                Instance { clock, ..instance }
            }
        };
        let read_back = self.read_back(&instance, key).await;
        self.store.keep_key(&id, owner, &read_back);
        let expiry_off = expiry_off(&instance, ends, read_back.expires_on);
        if let Err(error) = self.note_expiry(&instance, &read_back).await {
            tracing::warn!(%error, "a key's end could not be kept");
        }
        let instance = self.instance(&id).unwrap_or(instance);
        let uses = OwnUses::default();
        (self.key_view(&instance, &read_back, instance.record(&key.id), &uses), expiry_off)
    }

    /// Whether the keychain will take the key. With [`Keep::Keychain`] a no is an error, before anything is
    /// sent; a locked one is always an error, since the person can unlock it.
    async fn check_keychain(&self, keep: Keep) -> Result<bool> {
        if keep == Keep::Memory {
            return Ok(false);
        }
        match self.keychain_problem().await {
            None => Ok(true),
            Some(problem @ (KeychainProblem::Locked | KeychainProblem::Dismissed)) => {
                Err(Error::Keychain { problem, source: None })
            }
            Some(_) if keep == Keep::KeychainOrMemory => Ok(false),
            Some(_) => Err(Error::NothingWouldKeepIt),
        }
    }

    async fn keychain_problem(&self) -> Option<KeychainProblem> {
        match self.keychain(|keychain| Ok(keychain.state())).await {
            Ok(KeychainState::Ready) => None,
            Ok(KeychainState::Problem(problem)) => Some(problem),
            Err(_) => Some(KeychainProblem::Other),
        }
    }

    async fn write_intent(&self, instance: &Instance, intent: CreateIntent) -> Result<HeldIntent> {
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
        stored: bool,
    ) -> Result<()> {
        let (id, intent) = (instance.id.clone(), intent.id.clone());
        self.change(move |state| {
            let instance = state.instance_mut(&id)?;
            let taken = |made: &str| instance.keys.iter().any(|key| key.alias == made);
            let alias = match record.alias.as_str() {
                "" => slug_from(&record.name, "key", taken),
                // Another process took it while the server was asked.
                wanted if taken(wanted) => slug_from(wanted, "key", taken),
                wanted => wanted.to_owned(),
            };
            if stored {
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

    /// What the server really made. If it cannot be asked now, what it said when it made it.
    async fn read_back(&self, instance: &Instance, key: &ApiKey) -> ApiKey {
        let read = async {
            with_session!(self, instance, bearer => self.superset()?.get_key(&instance.url, bearer, &key.id))
        };
        read.await.ok().flatten().unwrap_or_else(|| key.clone())
    }

    async fn note_expiry(&self, instance: &Instance, key: &ApiKey) -> Result<()> {
        let (instance_id, id) = (instance.id.clone(), key.id.clone());
        let expires = key.expires_on.map(|wall| instance.clock.instant(wall));
        self.change(move |state| {
            if let Some(record) = state.instance_mut(&instance_id)?.record_mut(&id) {
                record.expires = expires;
            }
            Ok(())
        })
        .await
    }
}

fn owner(instance: &Instance) -> Result<KeyOwner> {
    let user = &instance.signed_in.as_ref().ok_or(Error::SignedOut)?.user;
    Ok(KeyOwner { id: user.id, username: user.username.clone() })
}

/// The instant a new key should end. A date means the end of that day where the person is.
fn expiry_instant(expiry: Expiry, now: Timestamp, zone: &TimeZone) -> Result<Option<Timestamp>> {
    let ends = match expiry {
        Expiry::Never => return Ok(None),
        Expiry::InDays { days: 0 } => return Err(Error::ExpiryPast),
        Expiry::InDays { days } if days > FURTHEST_DAYS => return Err(Error::ExpiryTooFar),
        Expiry::InDays { days } => now + SignedDuration::from_hours(24 * i64::from(days)),
        Expiry::EndOf { date } => {
            let next_day = date.checked_add(1.day()).map_err(|_| Error::ExpiryTooFar)?;
            let midnight = next_day.to_zoned(zone.clone()).map_err(|_| Error::ExpiryTooFar)?;
            midnight.timestamp() - SignedDuration::from_secs(1)
        }
    };
    if ends <= now {
        return Err(Error::ExpiryPast);
    }
    if ends.duration_since(now) > SignedDuration::from_hours(24 * (i64::from(FURTHEST_DAYS) + 1)) {
        return Err(Error::ExpiryTooFar);
    }
    Ok(Some(ends))
}

fn expiry_off(
    instance: &Instance,
    asked: Option<Timestamp>,
    really: Option<WallTime>,
) -> Option<ExpiryOffView> {
    let asked = asked?;
    let close = really
        .is_some_and(|wall| instance.clock.instant(wall).duration_since(asked).abs() <= EXPIRY_TOLERANCE);
    let really = really.map(|wall| TimeView::of(wall, &instance.clock));
    (!close).then(|| ExpiryOffView { asked: rfc3339(asked), really })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_the_end_of_that_day_where_the_person_is() {
        let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        let zone = TimeZone::get("Europe/Vienna").unwrap();
        let date = "2027-01-31".parse().unwrap();
        let ends = expiry_instant(Expiry::EndOf { date }, now, &zone).unwrap();
        assert_eq!(ends, Some("2027-01-31T22:59:59Z".parse().unwrap()));
    }

    #[test]
    fn the_past_today_and_the_far_future() {
        let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        let end =
            |date: &str| expiry_instant(Expiry::EndOf { date: date.parse().unwrap() }, now, &TimeZone::UTC);
        assert!(matches!(end("2026-11-19"), Err(Error::ExpiryPast)));
        assert!(end("2026-11-20").is_ok());
        assert!(matches!(end("9999-12-31"), Err(Error::ExpiryTooFar)));
        assert!(matches!(
            expiry_instant(Expiry::InDays { days: 0 }, now, &TimeZone::UTC),
            Err(Error::ExpiryPast)
        ));
        assert!(expiry_instant(Expiry::InDays { days: u32::MAX }, now, &TimeZone::UTC).is_err());
        assert_eq!(expiry_instant(Expiry::Never, now, &TimeZone::UTC).unwrap(), None);
    }
}
