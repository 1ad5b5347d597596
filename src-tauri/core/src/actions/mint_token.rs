//! Sign one token by hand: for a script, or another computer.

use crate::clock::rfc3339;
use crate::deed::{Deed, DeedKind};
use crate::ids::InstanceId;
use crate::names::{self, USER_NAME_LIMIT};
use crate::secret::Secret;
use crate::signing::TokenClaims;
use crate::{Core, Result};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// A year is long for what nobody can end.
const MOST_HOURS: u32 = 8760;

/// What is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TokenRequest {
    /// A Superset user's name, letter for letter.
    pub user: String,
    /// For how long, from 1 to 8760.
    pub hours: u32,
    /// Only where the server demands scopes.
    #[serde(default)]
    pub scope: Option<String>,
}

/// A token, and what is told of it.
#[derive(Debug)]
pub struct MintedToken {
    pub token: Secret,
    pub about: MintedView,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MintedView {
    pub user: String,
    pub issuer: String,
    pub audience: String,
    /// RFC 3339 in UTC.
    pub expires: String,
    /// How many it has.
    pub letters: u32,
}

impl Core {
    /// Signs it with the instance's secret. Nobody is asked whether that user exists, and nobody can call it back.
    ///
    /// # Errors
    /// [`crate::Error::NoSigningSecret`], [`crate::Error::NameMissing`]
    pub async fn mint_token(&self, id: &InstanceId, request: &TokenRequest) -> Result<MintedToken> {
        let user = names::display_name(&request.user, USER_NAME_LIMIT)?;
        let (record, secret) = self.signing_secret(id).await?;
        let (now, life) =
            (self.now.now(), SignedDuration::from_hours(request.hours.clamp(1, MOST_HOURS).into()));
        let claims = TokenClaims::new(&record.signing, &user, request.scope.as_deref(), now, life);
        let token = secret.sign(&claims)?;
        // EXPOSE: to count its letters.
        let letters = u32::try_from(token.expose().len()).unwrap_or(u32::MAX);
        let about = MintedView {
            user,
            issuer: claims.iss.clone(),
            audience: claims.aud.clone(),
            expires: rfc3339(now + life),
            letters,
        };
        let deed = Deed::new(DeedKind::TokenMinted).who(Some(&about.user)).how(&about.expires);
        self.note(id, deed).await;
        Ok(MintedToken { token, about })
    }
}
