//! Write what this computer keeps into one encrypted file, for another computer or for a bad day.

use crate::deed::{Deed, DeedKind};
use crate::ids::{SecretId, SecretKind};
use crate::secret::{Secret, StoreKind};
use crate::store::{Instance, KeyRecord};
use crate::{Core, Error, Result};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// In the file, beside the secrets: instances and records.
pub(super) const STATE: &str = "state";
/// What the layout of that is called.
pub(super) const LAYOUT: u32 = 1;

/// What lies under [`STATE`].
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ExportedState {
    pub layout: u32,
    pub instances: Vec<Instance>,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ExportedView {
    pub path: PathBuf,
    pub instances: u32,
    pub secrets: u32,
    /// Keys with a record here whose text no store has.
    pub not_here: u32,
}

impl Core {
    /// Instances, records, keys and what tokens are signed with; nothing in the file can be read without the passphrase.
    /// Sign-ins stay here: of two computers with one OAuth sign-in, the first that renews it ends the other's.
    ///
    /// # Errors
    /// [`Error::PassphraseShort`], [`Error::VaultLocked`] and the keychain's own reasons where a secret lies there,
    /// [`Error::OutputUnwritable`].
    pub async fn export_secrets(&self, path: PathBuf, passphrase: Secret) -> Result<ExportedView> {
        let began = self.now.now();
        let instances: Vec<Instance> =
            self.store.read()?.instances.into_iter().map(Instance::for_elsewhere).collect();
        let ids: Vec<SecretId> =
            instances.iter().flat_map(Instance::secrets).chain([SecretId::report_key()]).collect();
        let stored = |id: &SecretId| {
            let instance = instances.iter().find(|one| Some(&one.id) == id.of.as_ref());
            match (&id.kind, instance) {
                (SecretKind::ApiKey(key), Some(instance)) => {
                    instance.record(key).is_some_and(KeyRecord::is_stored)
                }
                _ => false,
            }
        };
        let ids: Vec<_> = ids.into_iter().filter(is_exported).map(|id| (stored(&id), id)).collect();
        let state = ExportedState { layout: LAYOUT, instances };
        let told = serde_json::to_string(&state).map_err(|_| Error::Internal { what: "export" })?;
        let (count, out) = (u32::try_from(state.instances.len()).unwrap_or(u32::MAX), path.clone());
        let (secrets, not_here) = self
            .safe(move |safe| {
                let (mut entries, mut not_here) = (vec![(STATE.to_owned(), Secret::new(told))], 0);
                for (stored, id) in ids {
                    match safe.get(&id)? {
                        Some(secret) => entries.push((id.account(), secret)),
                        None if stored => not_here += 1,
                        None => {}
                    }
                }
                safe.vault().export(&out, &passphrase, &entries)?;
                Ok((u32::try_from(entries.len() - 1).unwrap_or(u32::MAX), not_here))
            })
            .await?;
        // Of what was read then: a key that came meanwhile is not in it.
        self.change(move |state| {
            state.exported_at = Some(began);
            Ok(())
        })
        .await?;
        self.note_of(None, None, Deed::new(DeedKind::SecretsExported).at(&self.computer.shown(&path))).await;
        Ok(ExportedView { path, instances: count, secrets, not_here })
    }
}

fn is_exported(id: &SecretId) -> bool {
    match id.kind {
        SecretKind::ApiKey(_)
        | SecretKind::SigningSecret
        | SecretKind::OAuthClientSecret
        | SecretKind::ClientKey(_)
        | SecretKind::ProxyPassword(_)
        | SecretKind::ReportKey => true,
        SecretKind::RefreshToken
        | SecretKind::OAuthRefresh
        | SecretKind::OAuthAccess
        | SecretKind::FingerprintKey
        | SecretKind::RecordChain
        | SecretKind::OfBackup(_) => false,
    }
}

impl Instance {
    /// Without what is only of this computer: sign-ins, and what is under way.
    fn for_elsewhere(mut self) -> Self {
        self.signed_in = None;
        self.intents.clear();
        self.rotations.clear();
        self.mcp_move = None;
        if let Some(oauth) = &mut self.oauth {
            oauth.signed_in = None;
        }
        for record in &mut self.keys {
            // Made with a key of this computer.
            record.fingerprint = None;
            record.stored = record.stored.map(|_| StoreKind::Vault);
        }
        if let Some(signing) = &mut self.signing {
            signing.stored = StoreKind::Vault;
        }
        self
    }
}
