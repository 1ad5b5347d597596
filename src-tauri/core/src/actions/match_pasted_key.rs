//! Which of the listed keys is the pasted one? A key that lists keys shows its own `last_used_on` as the
//! server's now in that very answer (Superset 6.1.0, Flask-AppBuilder 5.3.0).

use crate::Core;
use crate::api_key::ApiKey;
use crate::clock::{ServerClock, offset_between};
use crate::credential::SignIn;
use crate::error::Result;
use crate::ids::ApiKeyId;
use crate::session::{OwnKey, Session};
use crate::store::{Instance, SignedIn};
use crate::superset::Listed;
use jiff::Timestamp;

/// How far the key's own last use may be from the answer's `Date`: hashing a key takes up to half a second
/// on a default server, and `Date` has whole seconds.
const LISTING_SECONDS: i64 = 5;

impl Core {
    /// Learns the clock from a listing made with a key, and gives an unmatched pasted key its uuid.
    pub(super) async fn learn_from_key_listing(
        &self,
        instance: &Instance,
        listing_key: &ApiKeyId,
        listed: &Listed,
    ) -> Result<()> {
        let Some(date) = listed.date else { return Ok(()) };
        let own = if listing_key.is_pasted() {
            used_at(&listed.keys, date)
        } else {
            listed.keys.iter().find(|key| key.id == *listing_key)
        };
        let Some(own) = own else { return Ok(()) };
        let clock =
            own.last_used_on.map_or_else(|| instance.clock.clone(), |wall| instance.clock.learn(wall, date));
        self.keep_clock(&instance.id, clock).await?;
        if listing_key.is_pasted() { self.give_uuid(instance, listing_key, own).await } else { Ok(()) }
    }

    async fn give_uuid(&self, instance: &Instance, pasted: &ApiKeyId, own: &ApiKey) -> Result<()> {
        let (from, to) = (instance.key_secret(pasted), instance.key_secret(&own.id));
        // Copied first, the record changed, the old entry deleted last: a crash leaves one entry too many,
        // never one too few.
        let source = from.clone();
        let Some(key) = self.safe(move |safe| safe.get(&source)).await? else { return Ok(()) };
        let lies = self.put_secret(&to, &key).await?;
        let (instance_id, pasted, own) = (instance.id.clone(), pasted.clone(), own.clone());
        let (new_id, stored_at) = (own.id.clone(), self.now.now());
        let user_id = instance.user_id();
        self.change(move |state| {
            let instance = state.instance_mut(&instance_id)?;
            if let Some(record) = instance.record_mut(&own.id) {
                // Forgotten or lost before: pasting brought its plaintext back.
                if !record.is_stored() {
                    record.stored = Some(lies);
                    record.stored_at = stored_at;
                }
                instance.keys.retain(|record| record.id != pasted);
            } else {
                let alias = crate::names::slug_from(&own.name, "key", |made| {
                    instance.keys.iter().any(|record| record.id != pasted && record.alias == made)
                });
                if let Some(record) = instance.record_mut(&pasted) {
                    record.id = own.id.clone();
                    record.name.clone_from(&own.name);
                    record.alias = alias;
                }
            }
            if instance.default_key.as_ref() == Some(&pasted) {
                instance.default_key = Some(own.id.clone());
            }
            if let Some(SignedIn { how: SignIn::ApiKey { key }, .. }) = &mut instance.signed_in
                && *key == pasted
            {
                *key = own.id.clone();
            }
            Ok(())
        })
        .await?;
        if let Some(user_id) = user_id {
            self.sessions.put(&instance.id, user_id, Session::OwnKey(OwnKey { id: new_id, key }));
        }
        self.drop_secrets(vec![from]).await.map(drop)
    }

    pub(super) async fn keep_clock(&self, id: &crate::ids::InstanceId, clock: ServerClock) -> Result<()> {
        let id = id.clone();
        self.change(move |state| {
            let instance = state.instance_mut(&id)?;
            // A person may have set a zone while we learned.
            if matches!(instance.clock, ServerClock::Zone { .. }) {
                return Ok(());
            }
            // The time of learning alone is no reason to write.
            let same = match (&instance.clock, &clock) {
                (
                    ServerClock::Learned { offset_minutes: old, .. },
                    ServerClock::Learned { offset_minutes: new, .. },
                ) => old == new,
                (old, new) => old == new,
            };
            if !same {
                instance.clock = clock;
            }
            Ok(())
        })
        .await
    }
}

/// The one key whose last use is `date` in some zone. Two that fit are none.
fn used_at(keys: &[ApiKey], date: Timestamp) -> Option<&ApiKey> {
    // A revoked one cannot have asked.
    let mut fitting = keys.iter().filter(|key| key.revoked_on.is_none()).filter(|key| {
        key.last_used_on.is_some_and(|wall| {
            offset_between(wall, date).is_some_and(|minutes| {
                let clock = ServerClock::Learned { offset_minutes: minutes, at: date };
                clock.instant(wall).duration_since(date).as_secs().abs() <= LISTING_SECONDS
            })
        })
    });
    let first = fitting.next()?;
    fitting.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::WallTime;

    fn used(uuid: &str, at: &str) -> ApiKey {
        ApiKey {
            id: ApiKeyId::new(uuid),
            name: uuid.into(),
            prefix: "sst_".into(),
            scopes: None,
            created_on: None,
            expires_on: None,
            last_used_on: WallTime::parse(at),
            revoked_on: None,
        }
    }

    #[test]
    fn the_key_used_now_in_any_zone_is_the_one() {
        let date: Timestamp = "2026-11-20T20:56:50Z".parse().unwrap();
        let keys = [
            used("old", "2026-11-20T20:44:09.386563"),
            used("own", "2026-11-20T15:56:49.9"),
            used("never", ""),
        ];
        assert_eq!(used_at(&keys, date).map(|key| key.id.as_str()), Some("own"));
    }

    #[test]
    fn a_revoked_key_did_not_ask() {
        let date: Timestamp = "2026-11-20T20:56:50Z".parse().unwrap();
        let own = used("own", "2026-11-20T20:56:49");
        let revoked_on = WallTime::parse("2026-11-20T20:56:49");
        let revoked = ApiKey { revoked_on, ..used("revoked", "2026-11-20T20:56:48") };
        assert_eq!(used_at(&[revoked, own], date).map(|key| key.id.as_str()), Some("own"));
    }

    #[test]
    fn two_that_fit_are_none() {
        let date: Timestamp = "2026-11-20T20:56:50Z".parse().unwrap();
        let keys = [used("a", "2026-11-20T20:56:49"), used("b", "2026-11-20T15:56:49")];
        assert_eq!(used_at(&keys, date), None);
    }
}
