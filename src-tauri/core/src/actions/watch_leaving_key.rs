//! Is the key that is to go still used? Looked at with a session or with the key that stays, never with itself, since a
//! look would be a use.

use crate::api_key::{ApiKey, KeyStatus};
use crate::http::Auth;
use crate::ids::ApiKeyId;
use crate::key_use::LastUse;
use crate::rotation::{BlindSpot, Look, RevokeWhen, RotationEnd, Watch};
use crate::secret::Secret;
use crate::store::{Instance, Rotation};
use crate::superset::Listed;
use crate::{Core, Error, Result};
use jiff::SignedDuration;

const SURELY_OVER: SignedDuration = SignedDuration::from_hours(1);

impl Core {
    /// One look. Answers whether there is something to do at once.
    pub(super) async fn watch_leaving_key(&self, instance: &Instance, rotation: &Rotation) -> Result<bool> {
        let (Some(leaving), Some(staying)) = (rotation.leaving(), rotation.staying()) else {
            return Ok(false);
        };
        let listed = self.list_without(instance, leaving, staying).await?;
        let look = Look { at: self.now.now(), server: listed.date };
        let key = find(&listed, leaving, rotation)?;
        if key.revoked_on.is_some() {
            // Our record says so too, so that no client is handed it.
            self.revoked(instance, key.clone(), true).await?;
            self.end_rotation(instance, rotation, RotationEnd::RevokedElsewhere, false).await?;
            return Ok(true);
        }
        self.must_be_good(instance, &listed, staying)?;
        match rotation.revoke {
            RevokeWhen::Never => {
                self.end_rotation(instance, rotation, RotationEnd::KeptBoth, false).await?;
                return Ok(true);
            }
            // Nobody can use an ended key, so there is nothing to wait for.
            RevokeWhen::WhenQuiet if is_long_over(instance, key, &listed) => {}
            RevokeWhen::Now => {}
            RevokeWhen::WhenQuiet => {
                let seen = self.note_look(instance, rotation, key, look).await?;
                failpoint!("rotation-looked");
                let is_quiet = seen.watch.as_ref().is_some_and(|watch| watch.is_quiet(seen.quiet_for));
                if !is_quiet || seen.is_blind() {
                    return Ok(false);
                }
            }
        }
        self.decide_end(instance, rotation).await?;
        Ok(true)
    }

    /// Whatever was asked for: beside a key that is good for nothing the other one is the only one that works.
    pub(super) fn must_be_good(&self, instance: &Instance, listed: &Listed, key: &ApiKeyId) -> Result<()> {
        let now = self.now.now();
        let server_now = instance.clock.wall(listed.date.unwrap_or(now));
        let shown = listed.keys.iter().find(|shown| shown.id == *key);
        let is_good = shown.is_some_and(|shown| shown.status(server_now) == KeyStatus::Active)
            && instance.record(key).is_none_or(|record| record.is_usable(now));
        if is_good {
            return Ok(());
        }
        let alias = instance.record(key).map_or_else(|| key.to_string(), |record| record.alias.clone());
        Err(Error::KeyUnusable { alias })
    }

    /// The list, asked for with anything but the key that is to go.
    pub(super) async fn list_without(
        &self,
        instance: &Instance,
        leaving: &ApiKeyId,
        staying: &ApiKeyId,
    ) -> Result<Listed> {
        if let Some(secret) = self.in_place_of_session(instance, leaving, staying).await? {
            return self.superset.list_keys(&self.site(instance), Auth::Key(&secret)).await;
        }
        self.with_session(instance, |by| async move { self.superset.list_keys(&by.site, by.auth()).await })
            .await
    }

    /// The key that stays, where the session may be the one that is to go: a pasted key that was not matched may be.
    pub(super) async fn in_place_of_session(
        &self,
        instance: &Instance,
        leaving: &ApiKeyId,
        staying: &ApiKeyId,
    ) -> Result<Option<Secret>> {
        let may_be_it = |key: &ApiKeyId| key == leaving || key.is_pasted();
        if self.session(instance).await?.key_id().is_some_and(may_be_it) {
            return self.secret(&instance.id, staying).await.map(Some);
        }
        Ok(None)
    }

    async fn note_look(
        &self,
        instance: &Instance,
        rotation: &Rotation,
        key: &ApiKey,
        look: Look,
    ) -> Result<Rotation> {
        let shown = LastUse::of(key);
        let by_others = self.store.key_uses(&instance.id).by_others(key, &instance.clock);
        let pause = match by_others.unwrap_or(shown) {
            LastUse::At(wall) => Some(look.at.duration_since(instance.clock.instant(wall))),
            LastUse::Never => None,
        };
        let mcp_notes_uses = match rotation.mcp_notes_uses {
            // Nobody could tell when the key was tried: the server was down, or its address was not known.
            None => self.ask_mcp_again(instance, rotation).await,
            told => told,
        };
        let blind_spots = self.blind_spots(instance, mcp_notes_uses).await?;
        let (id, named) = (instance.id.clone(), rotation.id.clone());
        self.change(move |state| {
            let instance = state.instance_mut(&id)?;
            let gone = || Error::NotRotating { name: named.clone() };
            let rotation = instance.rotation_mut(&named).ok_or_else(gone)?;
            match &mut rotation.watch {
                Some(watch) => watch.look(shown, by_others, look),
                begun @ None => *begun = Some(Watch::begin(shown, by_others, pause, look)),
            }
            let was_hidden = rotation.is_blind() && rotation.blind_spots.contains(&BlindSpot::PublicRole);
            if was_hidden
                && !blind_spots.contains(&BlindSpot::PublicRole)
                && let Some(watch) = &mut rotation.watch
            {
                // What nobody could have seen was no quiet.
                watch.begin_anew(look);
            }
            rotation.blind_spots = blind_spots;
            rotation.mcp_notes_uses = mcp_notes_uses;
            Ok(rotation.clone())
        })
        .await
    }

    /// Asked anew at each look: a server's roles change.
    pub(super) async fn blind_spots(
        &self,
        instance: &Instance,
        mcp_notes_uses: Option<bool>,
    ) -> Result<Vec<BlindSpot>> {
        let public = match self.superset.who(&self.site(instance), Auth::Nobody).await {
            Ok(told) => told.is_none(),
            Err(Error::WrongCredentials) => false,
            // It was not seen to be one thing or the other.
            Err(error) => return Err(error),
        };
        let unclear = mcp_notes_uses.is_none() && instance.mcp_url.is_some();
        let spots = [
            (public, BlindSpot::PublicRole),
            (mcp_notes_uses == Some(false), BlindSpot::Mcp),
            (unclear, BlindSpot::McpUnclear),
        ];
        Ok(spots.into_iter().filter(|(is_one, _)| *is_one).map(|(_, spot)| spot).collect())
    }

    async fn ask_mcp_again(&self, instance: &Instance, rotation: &Rotation) -> Option<bool> {
        instance.mcp_url.as_ref()?;
        let staying = rotation.staying()?;
        let secret = self.secret(&instance.id, staying).await.ok()?;
        self.mcp_notes_uses(instance, staying, &secret).await
    }
}

pub(super) fn find<'a>(listed: &'a Listed, key: &ApiKeyId, rotation: &Rotation) -> Result<&'a ApiKey> {
    let missing = || Error::NoSuchKey { name: rotation.name.clone() };
    listed.keys.iter().find(|shown| shown.id == *key).ok_or_else(missing)
}

/// Whether a key has ended by the server's own clock, and not just now: where that clock's zone was learned by half,
/// or this computer's clock is wrong, a key that works may seem to have ended.
pub(super) fn is_long_over(instance: &Instance, key: &ApiKey, listed: &Listed) -> bool {
    let before = listed.date.map(|date| instance.clock.wall(date - SURELY_OVER));
    before.is_some_and(|before| key.status(before) == KeyStatus::Expired)
}
