//! Take what another computer exported.

use super::export_secrets::{ExportedState, LAYOUT, STATE};
use crate::deed::{Deed, DeedKind};
use crate::ids::{ApiKeyId, InstanceId, SecretId, SecretKind};
use crate::names::slug_from;
use crate::secret::{Secret, StoreKind};
use crate::secrets::VaultState;
use crate::store::{Instance, KeyRecord, State};
use crate::{Core, Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::path::PathBuf;

/// What came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ImportedView {
    pub instances_added: u32,
    pub keys_added: u32,
    /// Keys that were here.
    pub keys_known: u32,
    /// A vault was made for it, of the file's passphrase.
    pub vault_made: bool,
}

impl Core {
    /// Into the vault; where there is none, one of the same passphrase is made. What is here stays as it is.
    ///
    /// # Errors
    /// [`Error::NotAVault`], [`Error::VaultDamaged`] and [`Error::WrongPassphrase`] of the file; [`Error::VaultLocked`]
    /// where the vault here is.
    pub async fn import_secrets(&self, path: PathBuf, passphrase: Secret) -> Result<ImportedView> {
        let (file, same) = (path.clone(), passphrase.duplicate());
        let (entries, vault_made) = self
            .safe(move |safe| {
                let vault = safe.vault();
                if vault.vault_state() == VaultState::Locked {
                    return Err(Error::VaultLocked);
                }
                let entries = vault.import(&file, &passphrase)?;
                // An export of something else, or of a later layout, makes no vault here.
                read(&entries, &file)?;
                Ok((entries, vault.vault_state() == VaultState::Missing))
            })
            .await?;
        let view = self.vault_view().await?;
        // What comes goes into the vault, and what is here stays where it is.
        if vault_made {
            let first = if view.keychain_problem.is_some() { StoreKind::Vault } else { view.first };
            self.make_vault(same, Some(first), true).await?;
        } else {
            self.put_secrets_in(view.first, true).await?;
        }
        let came = read(&entries, &path)?;
        let known = self.store.read()?;
        let homes: HashMap<InstanceId, InstanceId> =
            came.instances.iter().map(|one| (one.id.clone(), home(&known, one))).collect();
        let mut secrets = Vec::new();
        for (name, secret) in entries {
            let Ok(id) = SecretId::try_from(name) else { continue };
            let id = match &id.of {
                Some(of) => match homes.get(of) {
                    // The way to an instance that is here is its own.
                    Some(home) if is_of_the_way(&id) && known.instance(home).is_ok() => continue,
                    Some(home) => SecretId { of: Some(home.clone()), ..id },
                    None => continue,
                },
                None => id,
            };
            secrets.push((id, secret));
        }
        // The secrets first: a record says what is there.
        let kept = self
            .safe(move |safe| {
                let mut kept = Vec::new();
                for (id, secret) in secrets {
                    if safe.holds(&id) {
                        continue;
                    }
                    // Also of an import that died before it came to the records.
                    let lies = if let Some((place, _)) = safe.find(&id)? {
                        place
                    } else {
                        safe.vault().set(&id, &secret)?;
                        StoreKind::Vault
                    };
                    kept.push((id, lies));
                }
                Ok(kept)
            })
            .await?;
        failpoint!("import-kept");
        let mut view = self.change(move |state| Ok(merge(state, came, &homes, &kept))).await?;
        view.vault_made = vault_made;
        self.note_of(None, None, Deed::new(DeedKind::SecretsImported).at(&self.computer.shown(&path))).await;
        Ok(view)
    }
}

fn is_of_the_way(id: &SecretId) -> bool {
    matches!(id.kind, SecretKind::ClientKey(_) | SecretKind::ProxyPassword(_))
}

fn read(entries: &[(String, Secret)], path: &std::path::Path) -> Result<ExportedState> {
    let state = entries
        .iter()
        .find(|(name, _)| name == STATE)
        .ok_or_else(|| Error::NotAVault { path: path.to_owned() })?;
    // EXPOSE: instances and records; it holds no secret.
    let state: ExportedState =
        serde_json::from_str(state.1.expose()).map_err(|_| Error::VaultNewer { path: path.to_owned() })?;
    if state.layout == LAYOUT { Ok(state) } else { Err(Error::VaultNewer { path: path.to_owned() }) }
}

/// The instance that it is here: the same one, or one at the same address.
fn home(known: &State, came: &Instance) -> InstanceId {
    let same = known.instances.iter().find(|one| one.id == came.id);
    let there = same.or_else(|| known.instances.iter().find(|one| one.url == came.url));
    there.map_or_else(|| came.id.clone(), |one| one.id.clone())
}

fn merge(
    state: &mut State,
    came: ExportedState,
    homes: &HashMap<InstanceId, InstanceId>,
    kept: &[(SecretId, StoreKind)],
) -> ImportedView {
    let mut view = ImportedView::default();
    for instance in came.instances {
        let Some(home) = homes.get(&instance.id) else { continue };
        let stored = |key: &ApiKeyId| {
            let kind = SecretKind::ApiKey(key.clone());
            kept.iter().find(|(id, _)| id.of.as_ref() == Some(home) && id.kind == kind).map(|(_, lies)| *lies)
        };
        let Ok(here) = state.instance_mut(home) else {
            view.instances_added += 1;
            view.keys_added += u32::try_from(instance.keys.len()).unwrap_or(u32::MAX);
            let short_name = slug_from(&instance.short_name, "superset", |made| state.short_name_taken(made));
            let keys = instance.keys.into_iter();
            let keys = keys.map(|record| KeyRecord { stored: stored(&record.id), ..record }).collect();
            state.instances.push(Instance { id: home.clone(), short_name, keys, ..instance });
            continue;
        };
        for record in instance.keys {
            let lies = stored(&record.id);
            if let Some(known) = here.record_mut(&record.id) {
                view.keys_known += 1;
                if !known.is_stored() {
                    known.stored = lies;
                }
                continue;
            }
            view.keys_added += 1;
            let alias = slug_from(&record.alias, "key", |made| here.keys.iter().any(|key| key.alias == made));
            here.keys.push(KeyRecord { alias, stored: lies, ..record });
        }
        here.signing = here.signing.take().or(instance.signing);
        here.oauth = here.oauth.take().or(instance.oauth);
    }
    view
}
