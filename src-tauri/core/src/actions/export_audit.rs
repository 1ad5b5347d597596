//! An audit as a file: a table for spreadsheets, with times in UTC, no secret, and no cell that is taken for a formula; or
//! JSON.

use super::audit_view::{AuditKeyView, AuditView};
use crate::Core;
use crate::api_key::KeyStatus;
use crate::audit::{AuditFinding, csv};
use crate::clock::TimeView;
use crate::error::{Error, Result};
use crate::ids::{ApiKeyId, InstanceId};
use crate::output_file::write_output_file;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// What a file of an audit is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum AuditForm {
    /// Spreadsheets.
    Csv,
    /// Programs: the view, with people once and keys that name them by their place.
    Json,
}

#[derive(Serialize)]
struct Envelope<'a> {
    version: u32,
    data: &'a AuditView,
}

impl Core {
    /// Writes these keys of the audit that was read last, in this order, into a file of this folder that is named by
    /// instance and time. Keys that it does not have are left out. Answers where it is.
    ///
    /// # Errors
    /// [`Error::NoAuditRoad`] where no audit is kept, [`Error::OutputNotRegular`], [`Error::OutputUnwritable`].
    pub fn export_audit(
        &self,
        id: &InstanceId,
        keys: &[ApiKeyId],
        form: AuditForm,
        folder: &Path,
    ) -> Result<PathBuf> {
        let instance = self.instance(id)?;
        let mut audit = self.kept_audit(id)?.ok_or(Error::NoAuditRoad)?;
        let mut all: HashMap<ApiKeyId, AuditKeyView> =
            audit.keys.drain(..).map(|key| (key.id.clone(), key)).collect();
        audit.keys = keys.iter().filter_map(|key| all.remove(key)).collect();
        let (text, ending) = match form {
            AuditForm::Csv => (audit_csv(&[(instance.short_name.as_str(), &audit)]).into_bytes(), "csv"),
            AuditForm::Json => {
                let written = serde_json::to_vec_pretty(&Envelope { version: 1, data: &audit });
                (written.map_err(|_| Error::Internal { what: "an audit as JSON" })?, "json")
            }
        };
        let time = self.now.now().strftime("%Y-%m-%d-%H%M%S");
        let path = folder.join(format!("key-audit-{}-{time}.{ending}", instance.short_name));
        write_output_file(&path, &text)?;
        Ok(path)
    }
}

/// New ones come behind.
const COLUMNS: [&str; 14] = [
    "instance",
    "uuid",
    "name",
    "owner",
    "owner_name",
    "owner_active",
    "owner_roles",
    "status",
    "created_utc",
    "last_used_utc",
    "expires_utc",
    "revoked_utc",
    "scopes",
    "findings",
];

/// The keys that are shown of one instance, or of several, each with what its instance is called.
#[must_use]
pub fn audit_csv(audits: &[(&str, &AuditView)]) -> String {
    let rows = audits.iter().flat_map(|(name, audit)| audit.keys.iter().map(|key| row(name, audit, key)));
    csv::table(&COLUMNS, rows)
}

fn row(instance: &str, audit: &AuditView, key: &AuditKeyView) -> Vec<String> {
    let utc = |time: &Option<TimeView>| time.as_ref().map(|time| time.utc.clone()).unwrap_or_default();
    let owner = audit.owner(key);
    let active = owner.and_then(|owner| owner.active);
    vec![
        instance.to_owned(),
        key.id.to_string(),
        key.name.clone(),
        owner.map(|owner| owner.username.clone()).unwrap_or_default(),
        owner.map(|owner| owner.name.clone()).unwrap_or_default(),
        active.map(|active| active.to_string()).unwrap_or_default(),
        owner.map(|owner| owner.roles.join("; ")).unwrap_or_default(),
        status(key.status).to_owned(),
        utc(&key.created),
        utc(&key.last_used),
        utc(&key.expires),
        utc(&key.revoked),
        key.scopes.clone().unwrap_or_default(),
        key.findings.iter().map(|finding| AuditFinding::as_str(*finding)).collect::<Vec<_>>().join("; "),
    ]
}

fn status(status: KeyStatus) -> &'static str {
    match status {
        KeyStatus::Active => "active",
        KeyStatus::Expired => "expired",
        KeyStatus::Revoked => "revoked",
    }
}
