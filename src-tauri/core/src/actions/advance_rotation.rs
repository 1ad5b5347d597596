//! The steps of replacing a key. Each is written before it is done, and each can be done again: whoever comes after a
//! death goes on.
//!
//! Create, and store: `create_key`, whose intent names the key that is replaced. Try: the server must take the new key
//! before it gets the old one's place. Move: alias, default and sign-in, in one write. Watch: `watch_leaving_key`.
//! Revoke, and read it back: `revoke_key`.

use super::watch_leaving_key::{find, is_long_over};
use crate::api_key::NewApiKey;
use crate::credential::SignIn;
use crate::deed::{Deed, DeedKind};
use crate::error::ErrorCode;
use crate::http::Auth;
use crate::ids::{ApiKeyId, InstanceId};
use crate::key_use::{LastUse, Purpose};
use crate::mcp::{Examiner, Reception};
use crate::names::slug_from;
use crate::rotation::{RevokeWhen, RotationEnd};
use crate::secret::Secret;
use crate::secrets::Keep;
use crate::session::{OwnKey, Session};
use crate::store::{Instance, KeyRecord, Rotation, RotationStep};
use crate::{Core, Error, Result};
use std::time::Duration;

/// As long as an alias can be, less what is put behind it.
const ALIAS_ROOM: usize = 32 - "-old".len();
/// For one call of the MCP server, which may be down.
const MCP_PATIENCE: Duration = Duration::from_secs(5);
const WHOLE_SECOND: Duration = Duration::from_millis(1_100);

/// How far to go. One that `has_begun` just now comes to nothing if there is no new key in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    /// The new key has the old one's place.
    Moved { has_begun: bool },
    /// There is nothing to do but wait.
    Waiting { has_begun: bool },
}

impl Core {
    /// The lock on the instance's rotations is held.
    pub(super) async fn advance_rotation(&self, id: &InstanceId, rotation: &str, until: Until) -> Result<()> {
        let (Until::Moved { has_begun } | Until::Waiting { has_begun }) = until;
        let done = Box::pin(self.steps_of(id, rotation, until)).await;
        let problem = done.as_ref().err().map(Error::code);
        let params = done.as_ref().err().map(Error::params).unwrap_or_default();
        // A create without a clear end is never sent again by itself.
        let ends_it = problem.is_some() && (has_begun || problem == Some(ErrorCode::CreateUnclear));
        let (of, named, now) = (id.clone(), rotation.to_owned(), self.now.now());
        let noted = self.change(move |state| {
            let instance = state.instance_mut(&of)?;
            let is_void = |rotation: &Rotation| {
                ends_it && rotation.id == named && rotation.step() == RotationStep::Creating
            };
            instance.rotations.retain(|rotation| !is_void(rotation));
            if let Some(rotation) = instance.rotation_mut(&named) {
                rotation.tried_at = Some(now);
                rotation.problem = problem.map(code_name);
                rotation.problem_params = params;
            }
            Ok(())
        });
        if let Err(error) = noted.await {
            tracing::warn!(%error, "how far a rotation came could not be noted");
        }
        done
    }

    async fn steps_of(&self, id: &InstanceId, rotation: &str, until: Until) -> Result<()> {
        loop {
            let instance = self.instance(id)?;
            let Some(rotation) = instance.rotation(rotation).cloned() else { return Ok(()) };
            if instance.user_id().is_some_and(|user| user != rotation.owner) {
                return Err(Error::NoSuchKey { name: rotation.name });
            }
            match (rotation.step(), &rotation.new) {
                (RotationStep::Creating, _) | (RotationStep::Proving, None) => {
                    self.make_new_key(&instance, &rotation).await?;
                }
                (RotationStep::Proving, Some(new)) => self.try_new_key(&instance, &rotation, new).await?,
                (RotationStep::Watching, _) => {
                    if matches!(until, Until::Moved { .. }) {
                        return Ok(());
                    }
                    if !self.watch_leaving_key(&instance, &rotation).await? {
                        return Ok(());
                    }
                }
                (RotationStep::Revoking, _) => self.let_go(&instance, &rotation).await?,
                (RotationStep::Ended, _) => return Ok(()),
            }
        }
    }

    async fn make_new_key(&self, instance: &Instance, rotation: &Rotation) -> Result<()> {
        let begun_before = |instance: &Instance| {
            instance.intents.iter().any(|it| it.replaces.as_ref() == Some(&rotation.old))
        };
        if begun_before(instance) {
            // Another process died over it. What reached the keychain is taken up; what did not is named in the list.
            let lost = self.list_keys(&instance.id).await?.unaccounted;
            let found = self.instance(&instance.id)?;
            if found.rotation(&rotation.id).is_some_and(|found| found.new.is_some()) {
                return Ok(());
            }
            for intent in found.intents.iter().filter(|it| it.replaces.as_ref() == Some(&rotation.old)) {
                let made =
                    lost.iter().find(|lost| lost.intent == intent.id).and_then(|lost| lost.key.as_ref());
                // What was sent may still be on its way to the server's database.
                let entry = found.key_secret(made.ok_or(Error::StateBusy)?);
                // A keychain that cannot be read may hold it.
                if self.safe(move |safe| safe.get(&entry)).await?.is_some() {
                    return Err(Error::StateBusy);
                }
            }
            let (id, old) = (instance.id.clone(), rotation.old.clone());
            self.change(move |state| {
                let intents = &mut state.instance_mut(&id)?.intents;
                intents.retain_mut(|intent| {
                    if intent.replaces.as_ref() == Some(&old) {
                        intent.replaces = None;
                    }
                    true
                });
                Ok(())
            })
            .await?;
        }
        let new = NewApiKey {
            name: rotation.name.clone(),
            expiry: rotation.expiry,
            scopes: rotation.scopes.clone(),
            alias: None,
        };
        let _under_way = self.creating.begin();
        // One that the keychain did not take is tried there once more by the next step.
        self.make_key(&instance.id, new, Keep::Keychain, Some(&rotation.old)).await?;
        let made = self.instance(&instance.id)?;
        match made.rotation(&rotation.id) {
            // The record could not be written. A later list finds the key, through its intent.
            Some(rotation) if rotation.new.is_none() => Err(Error::StateBusy),
            _ => Ok(()),
        }
    }

    /// The server must take it, and know both keys as the same person's.
    async fn try_new_key(&self, instance: &Instance, rotation: &Rotation, new: &ApiKeyId) -> Result<()> {
        if !instance.record(new).is_some_and(KeyRecord::is_stored) {
            return self.drop_lost_key(instance, rotation, new).await;
        }
        let secret = self.secret(&instance.id, new).await?;
        let noted = self.begin_own_use(instance, new, true, Purpose::Rotation).await;
        let site = self.site(instance);
        let listed = self.superset.list_keys(&site, Auth::Key(&secret)).await?;
        noted.sent(&["GET /api/v1/security/api_keys/"]);
        if [new, &rotation.old].iter().any(|key| listed.keys.iter().all(|listed| listed.id != **key)) {
            return Err(Error::UnexpectedAnswer { what: "key list", status: 200 });
        }
        let mcp_notes_uses = match rotation.revoke {
            RevokeWhen::WhenQuiet => self.mcp_notes_uses(instance, new, &secret).await,
            RevokeWhen::Now | RevokeWhen::Never => None,
        };
        failpoint!("rotation-proven");
        let (now, named, new) = (self.now.now(), rotation.id.clone(), new.clone());
        let id = instance.id.clone();
        self.change(move |state| {
            let instance = state.instance_mut(&id)?;
            let Some(rotation) = instance.rotation_mut(&named) else { return Ok(()) };
            rotation.moved_at = Some(now);
            rotation.mcp_notes_uses = mcp_notes_uses;
            let old = rotation.old.clone();
            move_place(instance, &old, &new, "-old");
            Ok(())
        })
        .await?;
        self.note(&instance.id, Deed::of_key(DeedKind::KeyReplaced, &rotation.old).named(&rotation.name))
            .await;
        failpoint!("rotation-moved");
        Ok(())
    }

    /// Its text is in no store. In memory it may still be saved; otherwise nobody can ever use it, so it goes, and the
    /// next one is made.
    async fn drop_lost_key(&self, instance: &Instance, rotation: &Rotation, new: &ApiKeyId) -> Result<()> {
        if self.safe.holds(&instance.key_secret(new)) {
            self.store_held_key(&instance.id, new).await?;
            return Ok(());
        }
        self.revoke_key(&instance.id, new).await?;
        let (id, named) = (instance.id.clone(), rotation.id.clone());
        self.change(move |state| {
            if let Some(rotation) = state.instance_mut(&id)?.rotation_mut(&named) {
                rotation.new = None;
                rotation.created_at = None;
            }
            Ok(())
        })
        .await
    }

    /// Whether a use at the MCP server moves the key's last-used time; none where that cannot be told.
    pub(super) async fn mcp_notes_uses(
        &self,
        instance: &Instance,
        new: &ApiKeyId,
        secret: &Secret,
    ) -> Option<bool> {
        let site = self.site(instance).at(instance.mcp_url.clone()?);
        let last_use = || async {
            let asked = self.with_session(instance, |by| async move {
                self.superset.get_key(&by.site, by.auth(), new).await
            });
            asked.await.ok().flatten().map(|key| key.last_used_on)
        };
        // With this very key it could not be told what asking did.
        if self.session(instance).await.ok()?.key_id() == Some(new) {
            return None;
        }
        let before = last_use().await?;
        if before.is_some_and(|last| last.0.subsec_nanosecond() == 0) {
            // A database that keeps whole seconds shows two uses within one as the same.
            tokio::time::sleep(WHOLE_SECOND).await;
        }
        let noted = self.begin_own_use(instance, new, true, Purpose::Rotation).await;
        let examiner = Examiner::new(self.streams(), self.timeouts().call.min(MCP_PATIENCE));
        let seen = examiner.as_owner(&site, Auth::Key(secret)).await.ok()?;
        noted.sent(&seen.sent);
        match seen.call {
            Reception::LetIn(_) | Reception::Tool(_) => last_use().await.map(|after| after != before),
            // Keys are not taken there at all: no use goes unnoted, since there is none.
            Reception::Transport { .. } => Some(true),
            Reception::Odd { .. } => None,
        }
    }

    async fn let_go(&self, instance: &Instance, rotation: &Rotation) -> Result<()> {
        let (Some(leaving), Some(staying)) = (rotation.leaving(), rotation.staying()) else { return Ok(()) };
        // It may have been decided long ago, by a process that died over it.
        let listed = self.list_without(instance, leaving, staying).await?;
        let key = find(&listed, leaving, rotation)?;
        if key.revoked_on.is_none() {
            if let Err(error) = self.must_be_good(instance, &listed, staying) {
                self.decide_anew(instance, rotation).await?;
                return Err(error);
            }
            let was_used = rotation.watch.as_ref().is_some_and(|watch| watch.shown != LastUse::of(key));
            let must_be_quiet = rotation.revoke == RevokeWhen::WhenQuiet && rotation.moved_at.is_some();
            if must_be_quiet && was_used && !is_long_over(instance, key, &listed) {
                return self.decide_anew(instance, rotation).await;
            }
        }
        let by = self.in_place_of_session(instance, leaving, staying).await?;
        let revoked = self.revoke_key_with(&instance.id, leaving, by.as_ref()).await?;
        failpoint!("rotation-revoked");
        let seen = rotation.watch.as_ref().map(|watch| watch.shown);
        let shown = revoked.key.last_used.as_ref().map(|time| time.server.clone());
        let late_use = match seen {
            Some(LastUse::At(last)) => shown.is_some_and(|shown| shown != last.to_wire()),
            Some(LastUse::Never) => shown.is_some(),
            None => false,
        };
        let end = if rotation.back_at.is_some() { RotationEnd::WentBack } else { RotationEnd::Revoked };
        self.end_rotation(instance, rotation, end, late_use).await
    }

    pub(super) async fn end_rotation(
        &self,
        instance: &Instance,
        rotation: &Rotation,
        end: RotationEnd,
        late_use: bool,
    ) -> Result<()> {
        if end != RotationEnd::KeptBoth {
            self.stay_signed_in(instance, rotation).await?;
        }
        let (id, named, now) = (instance.id.clone(), rotation.id.clone(), self.now.now());
        self.change(move |state| {
            if let Some(rotation) = state.instance_mut(&id)?.rotation_mut(&named) {
                rotation.end = Some(end);
                rotation.ended_at = Some(now);
                rotation.late_use = late_use;
                rotation.problem = None;
                rotation.problem_params.clear();
            }
            Ok(())
        })
        .await
    }

    /// Whoever pasted the key that is revoked now, which nobody could tell among the listed ones, goes on with the one
    /// that stays: it is the same person's.
    async fn stay_signed_in(&self, instance: &Instance, rotation: &Rotation) -> Result<()> {
        let Some(staying) = rotation.staying() else { return Ok(()) };
        let session = self.session(instance).await?;
        let Session::OwnKey(own) = &*session else { return Ok(()) };
        if !own.id.is_pasted() {
            return Ok(());
        }
        match self.superset.who(&self.site(instance), Auth::Key(&own.key)).await {
            Err(Error::KeyRejected) => {}
            // It was another one. Where the server does not tell, it is found out when a list is refused.
            _ => return Ok(()),
        }
        let key = self.secret(&instance.id, staying).await?;
        if let Some(user) = instance.user_id() {
            self.sessions.put(&instance.id, user, Session::OwnKey(OwnKey { id: staying.clone(), key }));
        }
        let (id, pasted, to) = (instance.id.clone(), own.id.clone(), staying.clone());
        // The new key has a name already where the old one had one here: clients may go by that.
        let has_name = rotation.leaving().is_some_and(|leaving| instance.record(leaving).is_some());
        self.change(move |state| {
            let instance = state.instance_mut(&id)?;
            if has_name {
                move_use(instance, &pasted, &to);
            } else {
                move_place(instance, &pasted, &to, "-old");
            }
            Ok(())
        })
        .await?;
        self.note_revoked(&self.instance(&instance.id)?, vec![own.id.clone()]).await;
        Ok(())
    }

    /// Back to watching. A new key that never had the place has nothing to be watched for: its end stays decided.
    async fn decide_anew(&self, instance: &Instance, rotation: &Rotation) -> Result<()> {
        let (id, named) = (instance.id.clone(), rotation.id.clone());
        self.change(move |state| {
            if let Some(rotation) = state.instance_mut(&id)?.rotation_mut(&named)
                && rotation.moved_at.is_some()
            {
                rotation.decided_at = None;
            }
            Ok(())
        })
        .await
    }

    /// To be revoked from now on, whoever goes on, unless it is used or needed in between.
    pub(super) async fn decide_end(&self, instance: &Instance, rotation: &Rotation) -> Result<()> {
        let (id, named, now) = (instance.id.clone(), rotation.id.clone(), self.now.now());
        self.change(move |state| {
            if let Some(rotation) = state.instance_mut(&id)?.rotation_mut(&named) {
                rotation.decided_at = Some(now);
            }
            Ok(())
        })
        .await?;
        failpoint!("rotation-decided");
        Ok(())
    }
}

/// The one key's place becomes the other's: its alias, whether AI clients use it unless told otherwise, whether it is
/// what somebody is signed in with, and what a person set for it.
pub(super) fn move_place(instance: &mut Instance, from: &ApiKeyId, to: &ApiKeyId, suffix: &str) {
    move_use(instance, from, to);
    let Some(before) = instance.record(from).cloned() else { return };
    let kept = before.alias[..before.alias.len().min(ALIAS_ROOM)].trim_end_matches('-');
    let aside = format!("{kept}{suffix}");
    // A name that only a revoked key bears is free to be had.
    let spent = instance.keys.iter().position(|it| it.alias == aside && it.revoked && !it.is_stored());
    if let Some(spent) = spent {
        instance.keys[spent].alias = free_alias(instance, &aside);
    }
    let aside = free_alias(instance, &aside);
    if let Some(record) = instance.record_mut(from) {
        record.alias = aside;
        record.replace_in_time = false;
    }
    if let Some(record) = instance.record_mut(to) {
        record.alias = before.alias;
        record.replace_in_time = before.replace_in_time;
    }
    instance.move_along(from, to);
}

/// Whether AI clients use it unless told otherwise, and whether it is what somebody is signed in with.
fn move_use(instance: &mut Instance, from: &ApiKeyId, to: &ApiKeyId) {
    if instance.default_key.as_ref() == Some(from) {
        instance.default_key = Some(to.clone());
    }
    if let Some(signed_in) = &mut instance.signed_in
        && matches!(&signed_in.how, SignIn::ApiKey { key } if key == from)
    {
        signed_in.how = SignIn::ApiKey { key: to.clone() };
    }
}

fn free_alias(instance: &Instance, wanted: &str) -> String {
    slug_from(wanted, "key", |made| instance.keys.iter().any(|key| key.alias == made))
}

fn code_name(code: ErrorCode) -> String {
    match serde_json::to_value(code) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
