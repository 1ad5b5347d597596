//! What whoever runs the server puts into its configuration.

use crate::deed::{Deed, DeedKind};
use crate::error::Result;
use crate::ids::InstanceId;
use crate::secret::Secret;
use crate::signing::config::{ConfigFor, superset_config};
use crate::{Core, Error};

impl Core {
    /// Lines for `superset_config.py`, with the secret only when that is asked for. For the instance's version where none
    /// is said: as long as that is not known, for 6.1.
    ///
    /// # Errors
    /// [`Error::NoSigningSecret`]
    pub async fn signing_config(
        &self,
        id: &InstanceId,
        with_secret: bool,
        server: Option<ConfigFor>,
    ) -> Result<Secret> {
        if !with_secret {
            return self.signing_config_text(id, server).map(Secret::new);
        }
        let server = server.unwrap_or(config_for(self.instance(id)?.version.as_deref()));
        let (record, secret) = self.signing_secret(id).await?;
        self.note(id, Deed::new(DeedKind::SigningSecretShown)).await;
        Ok(Secret::new(superset_config(&record.signing, Some(&secret), server)))
    }

    /// The lines without the secret: they take it from a variable.
    pub fn signing_config_text(&self, id: &InstanceId, server: Option<ConfigFor>) -> Result<String> {
        let instance = self.instance(id)?;
        let server = server.unwrap_or(config_for(instance.version.as_deref()));
        let record = instance.signing.ok_or(Error::NoSigningSecret { instance: instance.short_name })?;
        Ok(superset_config(&record.signing, None, server))
    }

    /// The secret itself, for the clipboard of whoever puts it on the server.
    pub async fn read_signing_secret(&self, id: &InstanceId) -> Result<Secret> {
        let (_, secret) = self.signing_secret(id).await?;
        self.note(id, Deed::new(DeedKind::SigningSecretCopied)).await;
        Ok(secret.into_text())
    }
}

/// Superset's main branch names users by itself; what 6.1 is made from does not.
pub(super) fn config_for(version: Option<&str>) -> ConfigFor {
    use crate::checkup::judge::Generation;
    match Generation::of(version) {
        Generation::After => ConfigFor::Later,
        Generation::Before | Generation::Unknown => ConfigFor::V6_1,
    }
}
