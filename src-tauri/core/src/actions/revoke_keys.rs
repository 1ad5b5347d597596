//! End many keys on the server, for good, and make sure of each.
//!
//! There is no plan on disk to be taken up again: what is revoked is told by the server's list, so the same call
//! again does what is left.

use super::join_records::ApiKeyView;
use super::outcome::Outcome;
use super::send_revokes::{RevokeProgress, Sent, WhyNotView};
use crate::api_key::{ApiKey, KeyStatus};
use crate::deed::{Deed, DeedKind};
use crate::ids::{ApiKeyId, InstanceId};
use crate::store::KeyRecord;
use crate::{Core, Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// What became of each key, in the order in which they were named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RevokedKeysView {
    pub keys: Vec<KeyRevokedView>,
    /// Why not all were tried, or not all could be proven.
    pub stopped: Option<WhyNotView>,
}

/// What became of one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct KeyRevokedView {
    pub id: ApiKeyId,
    /// As the server shows it now; none where it lists no such key, or could not be asked.
    pub key: Option<ApiKeyView>,
    pub outcome: RevokeOutcome,
    /// Why it failed.
    pub problem: Option<WhyNotView>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum RevokeOutcome {
    /// Read back from the server.
    Revoked,
    /// It was before; nothing was sent.
    Already,
    Failed,
    /// Something stopped the rest before its turn came.
    NotTried,
}

impl Core {
    /// Revokes keys, four at a time, and reads one list at the end: Superset answers "revoked" also when nothing
    /// happened. A key that is revoked already is left alone, since a second revoke would overwrite when the first
    /// one was. A server that says 429 is waited for, for a minute at most without any progress.
    ///
    /// The key that one is signed in with goes last, and only if all others are revoked for certain.
    ///
    /// # Errors
    /// Those of the first list, before which nothing is sent. All later ones are told of each key.
    pub async fn revoke_keys(
        &self,
        id: &InstanceId,
        keys: &[ApiKeyId],
        told: &(dyn Fn(RevokeProgress) + Sync),
    ) -> Result<RevokedKeysView> {
        let _at_work = self.lock.begin()?;
        let instance = self.instance(id)?;
        let mut named = HashSet::new();
        let mut keys: Vec<_> = keys.iter().filter(|key| named.insert(*key)).cloned().collect();
        let own = self.session(&instance).await?.key_id().cloned().filter(|own| named.contains(own));
        keys.retain(|key| own.as_ref() != Some(key));
        let listed = self.fetch_keys(&instance).await?;
        let before: HashMap<&ApiKeyId, &ApiKey> = listed.iter().map(|key| (&key.id, key)).collect();
        let is_open = |key: &&ApiKeyId| before.get(key).is_some_and(|key| key.revoked_on.is_none());
        let open: Vec<_> = keys.iter().filter(is_open).cloned().collect();
        let of = open.len();
        let mut sent = self.send_revokes(&instance, open, told).await;
        failpoint!("revokes-answered");
        let after = self.read_back_revoked(id, of, told).await;
        let mut shown: Option<HashMap<ApiKeyId, ApiKeyView>> = None;
        let mut stopped = sent.stopped.take();
        match after {
            Ok(rows) => {
                self.drop_revoked(id, &rows).await?;
                shown = Some(rows.into_iter().map(|row| (row.id.clone(), row)).collect());
            }
            Err(error) => stopped = stopped.or(Some(WhyNotView::from(&error))),
        }
        let result = |key: ApiKeyId| {
            let was = before.get(&key).copied();
            let row = match &mut shown {
                None => ReadBack::Not,
                Some(shown) => {
                    shown.remove(&key).map_or(ReadBack::Missing, |row| ReadBack::Shown(Box::new(row)))
                }
            };
            result(key, was, row, &mut sent)
        };
        let mut keys: Vec<_> = keys.into_iter().map(result).collect();
        for key in keys.iter().filter(|key| key.outcome == RevokeOutcome::Revoked) {
            let listed = before.get(&key.id).map_or("", |key| &key.name);
            let name = instance.called(&key.id).unwrap_or(listed);
            self.note(id, Deed::of_key(DeedKind::KeyRevoked, &key.id).named(name)).await;
        }
        if let Some(own) = own {
            keys.push(self.revoke_last(id, own, &keys).await);
        }
        Ok(RevokedKeysView { keys, stopped })
    }

    /// The session ends with this one.
    async fn revoke_last(&self, id: &InstanceId, key: ApiKeyId, others: &[KeyRevokedView]) -> KeyRevokedView {
        let is_done =
            |other: &KeyRevokedView| matches!(other.outcome, RevokeOutcome::Revoked | RevokeOutcome::Already);
        if !others.iter().all(is_done) {
            return KeyRevokedView { id: key, key: None, outcome: RevokeOutcome::NotTried, problem: None };
        }
        let (row, outcome, problem) = match self.revoke_key(id, &key).await {
            Ok(revoked) if revoked.already => (Some(revoked.key), RevokeOutcome::Already, None),
            Ok(revoked) => (Some(revoked.key), RevokeOutcome::Revoked, None),
            Err(error) => (None, RevokeOutcome::Failed, Some(WhyNotView::from(&error))),
        };
        KeyRevokedView { id: key, key: row, outcome, problem }
    }

    /// Also those of an earlier call that was killed before it could.
    async fn drop_revoked(&self, id: &InstanceId, rows: &[ApiKeyView]) -> Result<()> {
        let instance = self.instance(id)?;
        let is_kept = |row: &&ApiKeyView| {
            row.status == Some(KeyStatus::Revoked)
                && (instance.record(&row.id).is_some_and(KeyRecord::is_stored)
                    || self.safe.holds(&instance.key_secret(&row.id)))
        };
        let revoked: Vec<_> = rows.iter().filter(is_kept).map(|row| row.id.clone()).collect();
        if !revoked.is_empty() {
            self.note_revoked(&instance, revoked).await;
        }
        Ok(())
    }
}

/// A key in the list that was read last.
enum ReadBack {
    Shown(Box<ApiKeyView>),
    Missing,
    /// The list could not be read.
    Not,
}

/// What is known of a key by the list before, by the list after, if that could be read, and by what was sent.
fn result(id: ApiKeyId, before: Option<&ApiKey>, after: ReadBack, sent: &mut Sent) -> KeyRevokedView {
    let is_revoked = |row: &ApiKeyView| row.status == Some(KeyStatus::Revoked);
    let refused = sent.refused.remove(&id);
    let (outcome, problem) = match (before, &after) {
        (None, _) if id.is_pasted() => (RevokeOutcome::Failed, Some(Error::CannotRevokePasted)),
        (None, _) => (RevokeOutcome::Failed, Some(Error::NoSuchKey { name: id.to_string() })),
        (Some(before), _) if before.revoked_on.is_some() => (RevokeOutcome::Already, None),
        // By us, or by another at the same time.
        (_, ReadBack::Shown(row)) if is_revoked(row) => (RevokeOutcome::Revoked, None),
        _ if sent.left.contains(&id) => (RevokeOutcome::NotTried, None),
        (_, after) => {
            let lost = refused.as_ref().is_none_or(|error| Outcome::after(error) == Outcome::Lost);
            let problem = match (after, refused) {
                (ReadBack::Shown(_), None) => Error::NotRevoked,
                (ReadBack::Missing, None) => Error::NoSuchKey { name: id.to_string() },
                (_, Some(error)) if !lost => error,
                _ => Error::RevokeUnclear,
            };
            (RevokeOutcome::Failed, Some(problem))
        }
    };
    let problem = problem.as_ref().map(WhyNotView::from);
    let key = match after {
        ReadBack::Shown(row) => Some(*row),
        ReadBack::Missing | ReadBack::Not => None,
    };
    KeyRevokedView { id, key, outcome, problem }
}
