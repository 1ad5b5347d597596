//! Write down one's own keys, signed, for somebody whom nobody lets read everybody's.

use super::join_records::ApiKeyView;
use super::list_keys::KeyListView;
use crate::deed::{Deed, DeedKind};
use crate::ids::{InstanceId, SecretId};
use crate::report::{
    Fingerprint, Report, ReportedInstance, ReportedKey, ReportedOwner, SignedReport, SigningKey,
};
use crate::store::Instance;
use crate::{Core, Error, Result};
use jiff::Timestamp;
use serde::Serialize;

/// A report, and what its maker should know of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MadeReportView {
    /// What to hand on.
    pub text: String,
    /// Of the key that signed it: what its reader compares.
    pub fingerprint: Fingerprint,
    pub keys: u32,
    /// When the server said so, RFC 3339 in UTC.
    pub as_of: String,
    /// False where the server could not be asked, and an earlier list is in it.
    pub live: bool,
}

impl Core {
    /// Asks the server for the list of whoever is signed in and signs it; with the server away, the list of its last
    /// answer. The key it is signed with is made at the first report and lies in the keychain.
    ///
    /// # Errors
    /// Those of a list, and of a keychain: without one nothing is signed.
    pub async fn make_report(&self, id: &InstanceId) -> Result<MadeReportView> {
        let list = match self.list_keys(id).await {
            Err(error) if error.is_offline() => self.kept_keys(id)?.ok_or(error)?,
            listed => listed?,
        };
        let instance = self.instance(id)?;
        let as_of = list.fetched.parse().map_err(|_| Error::Internal { what: "time of a list" })?;
        let report = self.report(&instance, &list, as_of)?;
        let key = self.report_key().await?;
        let signed = SignedReport::sign(report, &key);
        self.note(id, Deed::new(DeedKind::ReportSigned)).await;
        Ok(MadeReportView {
            text: signed.text(),
            fingerprint: key.fingerprint(),
            keys: u32::try_from(signed.report().keys.len()).unwrap_or(u32::MAX),
            as_of: list.fetched,
            live: list.live,
        })
    }

    fn report(&self, instance: &Instance, list: &KeyListView, as_of: Timestamp) -> Result<Report> {
        let signed_in = instance.signed_in.as_ref().ok_or(Error::SignedOut)?;
        let owner = match &signed_in.user {
            Some(user) => ReportedOwner {
                id: Some(user.id),
                username: user.username.clone(),
                roles: user.roles.clone(),
            },
            // A server that does not tell whose a key is.
            None => ReportedOwner {
                id: None,
                username: instance.last_username.clone().unwrap_or_default(),
                roles: Vec::new(),
            },
        };
        Ok(Report {
            made: self.now.now(),
            as_of,
            instance: ReportedInstance { url: instance.url.to_string(), name: instance.name.clone() },
            owner,
            clock: list.clock.clone(),
            keys: list.keys.iter().filter_map(reported).collect(),
        })
    }

    async fn report_key(&self) -> Result<SigningKey> {
        let new = SigningKey::random(&*self.random);
        let kept = self.safe(move |safe| {
            let entry = SecretId::report_key();
            if safe.get(&entry)?.as_ref().and_then(SigningKey::read).is_none() {
                safe.put(&entry, &new)?;
            }
            // Another program may have put its own there meanwhile.
            safe.get(&entry)
        });
        kept.await?.as_ref().and_then(SigningKey::read).ok_or(Error::Internal { what: "report key" })
    }
}

/// Only what the server lists as theirs.
fn reported(row: &ApiKeyView) -> Option<ReportedKey> {
    Some(ReportedKey {
        id: row.id.clone(),
        name: row.name.clone(),
        status: row.status?,
        created: row.created.clone(),
        last_used: row.last_used.clone(),
        expires: row.expires.clone(),
        revoked: row.revoked.clone(),
    })
}
