//! Make or keep the secret that an instance's MCP server shares with this computer, and let go of it.

use super::mcp_access_view::SigningView;
use crate::Core;
use crate::credential::McpAccess;
use crate::deed::{Deed, DeedKind};
use crate::error::{Error, Result};
use crate::ids::{InstanceId, SecretId};
use crate::names;
use crate::secret::Secret;
use crate::secrets::Keep;
use crate::signing::{Signing, SigningSecret};
use crate::store::{Rest, SigningRecord};
use serde::Deserialize;

/// Of what a token says of who made it, and for whom.
const LIMIT: usize = 256;

/// A secret that is wanted.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct NewSigningSecret {
    /// What the server compares; Superset's own guide's where left out.
    #[serde(default)]
    pub issuer: Option<String>,
    #[serde(default)]
    pub audience: Option<String>,
    /// The server's; a new one is made where left out.
    #[serde(default)]
    #[cfg_attr(feature = "specta", specta(type = Option<String>))]
    pub secret: Option<Secret>,
    /// In the place of one that is kept: tokens of that one end when the server has the new one.
    pub replace: bool,
}

impl Core {
    /// Keeps it in the secret store. Nothing that AI clients present changes.
    ///
    /// # Errors
    /// [`Error::SigningSecretUnusable`], [`Error::SigningSecretKept`], and those of a keychain: without one nothing is kept.
    pub async fn keep_signing_secret(&self, id: &InstanceId, new: NewSigningSecret) -> Result<SigningView> {
        let instance = self.instance(id)?;
        if instance.signing.is_some() && !new.replace {
            return Err(Error::SigningSecretKept { instance: instance.short_name });
        }
        let before = instance.signing.map(|record| record.signing).unwrap_or_default();
        let signing = Signing {
            issuer: new.issuer.map_or(Ok(before.issuer), |issuer| names::display_name(&issuer, LIMIT))?,
            audience: new
                .audience
                .map_or(Ok(before.audience), |audience| names::display_name(&audience, LIMIT))?,
        };
        let secret = match &new.secret {
            Some(given) => SigningSecret::given(given)?,
            None => SigningSecret::random(&*self.random),
        };
        self.safe(|safe| safe.place(Keep::Keychain)).await?;
        let stored = self.put_secret(&SecretId::signing_secret(id), secret.text()).await?;
        let record = SigningRecord { signing, since: self.now.now(), stored, rest: Rest::new() };
        let view = SigningView::of(&record);
        let changed = id.clone();
        self.change(move |state| {
            state.instance_mut(&changed)?.signing = Some(record);
            Ok(())
        })
        .await?;
        self.note(id, Deed::new(DeedKind::SigningSecretKept)).await;
        Ok(view)
    }

    /// Deletes the secret from this computer. The server goes on taking what was signed with it.
    ///
    /// # Errors
    /// [`Error::NoSigningSecret`]; [`Error::SigningSecretInUse`] as long as AI clients are let in with it.
    pub async fn forget_signing_secret(&self, id: &InstanceId) -> Result<()> {
        let gone = id.clone();
        self.change(move |state| {
            let instance = state.instance_mut(&gone)?;
            if matches!(instance.mcp_access, McpAccess::Signed { .. }) {
                return Err(Error::SigningSecretInUse { instance: instance.short_name.clone() });
            }
            if instance.signing.take().is_none() {
                return Err(Error::NoSigningSecret { instance: instance.short_name.clone() });
            }
            // Until it is deleted, should this process end in between.
            state.leave_behind(vec![SecretId::signing_secret(&gone)]);
            Ok(())
        })
        .await?;
        self.delete_left_behind().await;
        self.note(id, Deed::new(DeedKind::SigningSecretForgotten)).await;
        Ok(())
    }
}
