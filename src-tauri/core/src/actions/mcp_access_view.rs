//! What an instance's AI clients are let in with, as it is shown.

use super::oauth_view::OAuthView;
use crate::clock::rfc3339;
use crate::credential::McpAccess;
use crate::ids::InstanceId;
use crate::secret::StoreKind;
use crate::store::SigningRecord;
use crate::{Core, Error, Result};
use serde::{Deserialize, Serialize};

/// A secret that the server shares with this computer; never the secret itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SigningView {
    pub algorithm: String,
    pub issuer: String,
    pub audience: String,
    /// RFC 3339 in UTC.
    pub since: String,
    pub stored: StoreKind,
}

impl SigningView {
    pub(super) fn of(record: &SigningRecord) -> Self {
        Self {
            algorithm: "HS256".to_owned(),
            issuer: record.signing.issuer.clone(),
            audience: record.signing.audience.clone(),
            since: rfc3339(record.since),
            stored: record.stored,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct McpAccessView {
    pub access: McpAccess,
    /// The alias of the key that entries without one of their own present; none where there is none, or another way is in
    /// use.
    pub default_key: Option<String>,
    pub signing: Option<SigningView>,
    pub oauth: Option<OAuthView>,
}

impl Core {
    /// Asks no server.
    pub fn mcp_access(&self, id: &InstanceId) -> Result<McpAccessView> {
        let instance = self.instance(id)?;
        let key = instance.default_key.as_ref().and_then(|key| instance.record(key));
        Ok(McpAccessView {
            default_key: key
                .filter(|_| instance.mcp_access == McpAccess::ApiKey)
                .map(|record| record.alias.clone()),
            signing: instance.signing.as_ref().map(SigningView::of),
            oauth: instance.oauth.as_deref().map(OAuthView::of),
            access: instance.mcp_access,
        })
    }

    /// # Errors
    /// [`Error::NoSigningSecret`]
    pub fn show_signing(&self, id: &InstanceId) -> Result<SigningView> {
        let instance = self.instance(id)?;
        let record = instance.signing.as_ref();
        record
            .map(SigningView::of)
            .ok_or_else(|| Error::NoSigningSecret { instance: instance.short_name.clone() })
    }
}
