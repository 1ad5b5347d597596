//! How an instance's AI clients get tokens, as it is shown.

use crate::clock::rfc3339;
use crate::credential::OAuthGrant;
use crate::ids::InstanceId;
use crate::store::OAuthRecord;
use crate::{Core, Result};
use serde::{Deserialize, Serialize};

/// Of an OAuth client; no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct OAuthView {
    pub issuer: String,
    pub client_id: String,
    pub has_secret: bool,
    /// The authorization server made the client when it was asked to.
    pub registered: bool,
    pub grant: OAuthGrant,
    pub scopes: Vec<String>,
    pub resource: String,
    pub audience: Option<String>,
    /// Where a browser comes back to, as it is to be registered: any port goes with it. None where none does.
    pub redirect: Option<String>,
    /// RFC 3339 in UTC.
    pub since: String,
    pub signed_in: Option<OAuthSignInView>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct OAuthSignInView {
    /// Whom the first token named, where it can be read.
    pub subject: Option<String>,
    /// RFC 3339 in UTC.
    pub at: String,
    /// It outlives its first token.
    pub renews: bool,
}

impl OAuthView {
    pub(super) fn of(record: &OAuthRecord) -> Self {
        let redirect = (record.grant == OAuthGrant::Code).then(|| crate::oauth::REDIRECT.to_owned());
        Self {
            issuer: record.issuer.clone(),
            client_id: record.client_id.clone(),
            has_secret: record.has_secret,
            registered: record.registered,
            grant: record.grant,
            scopes: record.scopes.clone(),
            resource: record.resource.clone(),
            audience: record.audience.clone(),
            redirect,
            since: rfc3339(record.since),
            signed_in: record.signed_in.as_ref().map(|signed_in| OAuthSignInView {
                subject: signed_in.subject.clone(),
                at: rfc3339(signed_in.at),
                renews: signed_in.renews,
            }),
        }
    }
}

impl Core {
    /// Asks no server.
    ///
    /// # Errors
    /// [`crate::Error::NoOauthClient`]
    pub fn show_oauth(&self, id: &InstanceId) -> Result<OAuthView> {
        Ok(OAuthView::of(&self.getting_tokens(id).record()?))
    }
}
