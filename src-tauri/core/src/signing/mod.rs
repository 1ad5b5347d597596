//! A secret that is shared with an MCP server, and the tokens it signs: HS256 (RFC 7515, RFC 7519), as Superset 6.1.0's
//! `MCP_JWT_*` settings take them. Pure.
//!
//! - `inspect`: what a token says, and which of it a server looks at
//! - `config`: what a server's `superset_config.py` needs

pub mod config;
mod inspect;

pub(crate) use inspect::{Beside, inspect_beside};
pub use inspect::{Claim, ClaimView, EndView, Heed, InspectedToken, Signature, TokenNote, inspect};

use crate::error::{Error, Result, SigningProblem};
use crate::random::Random;
use crate::secret::Secret;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use zeroize::Zeroizing;

/// As Superset's own guide names them.
pub const ISSUER: &str = "superset-mcp";
pub const AUDIENCE: &str = "superset-mcp-clients";

/// The key of an HMAC is as long as its hash at least (RFC 7518, section 3.2). Superset takes any.
const LEAST_BYTES: usize = 32;
const MOST_BYTES: usize = 4096;
/// As `openssl rand -base64 42` makes them.
const RANDOM_BYTES: usize = 42;
/// Printed in guides, so that whoever read them can sign with them.
const PUBLISHED: [&str; 1] = ["K7gNU3sdo+OL0wNhqoVWhr3g6s1xYv72ol/pe/Unols="];

/// What both sides sign with. The bytes are those of the text, as `PyJWT` takes them: never decoded.
pub struct SigningSecret(Secret);

impl SigningSecret {
    /// A new one: 56 letters.
    pub fn random(random: &dyn Random) -> Self {
        let mut bytes = Zeroizing::new([0_u8; RANDOM_BYTES]);
        for piece in bytes.chunks_mut(16) {
            let drawn = Zeroizing::new(random.next().to_le_bytes());
            piece.copy_from_slice(&drawn[..piece.len()]);
        }
        Self(Secret::new(STANDARD.encode(*bytes)))
    }

    /// One that a person gave. Spaces and line ends around it are none of it.
    ///
    /// # Errors
    /// [`Error::SigningSecretUnusable`]
    pub fn given(text: &Secret) -> Result<Self> {
        // EXPOSE: to see whether it can sign.
        let text = text.expose().trim();
        let problem = if text.is_empty() {
            Some(SigningProblem::Empty)
        } else if text.len() < LEAST_BYTES {
            Some(SigningProblem::TooShort)
        } else if text.len() > MOST_BYTES || text.chars().any(char::is_control) {
            Some(SigningProblem::NotOneLine)
        } else if PUBLISHED.contains(&text) {
            Some(SigningProblem::Published)
        } else {
            None
        };
        match problem {
            Some(problem) => Err(Error::SigningSecretUnusable { problem }),
            None => Ok(Self(Secret::new(text))),
        }
    }

    /// As the secret store keeps it.
    #[must_use]
    pub fn kept(secret: Secret) -> Self {
        Self(secret)
    }

    /// For the secret store, and for the server's configuration.
    #[must_use]
    pub fn text(&self) -> &Secret {
        &self.0
    }

    #[must_use]
    pub fn into_text(self) -> Secret {
        self.0
    }

    /// Signs them.
    pub fn sign(&self, claims: &TokenClaims) -> Result<Secret> {
        // EXPOSE: to sign with it.
        let key = EncodingKey::from_secret(self.0.expose().as_bytes());
        let signed = key.and_then(|key| jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &key));
        signed.map(Secret::new).map_err(|_| Error::Internal { what: "signing" })
    }

    /// Whether it signed this token, whatever that says.
    #[must_use]
    pub fn signed(&self, token: &Secret) -> bool {
        let mut any = Validation::new(Algorithm::HS256);
        any.required_spec_claims.clear();
        any.validate_exp = false;
        any.validate_aud = false;
        // EXPOSE: to compare signatures.
        let Ok(key) = DecodingKey::from_secret(self.0.expose().as_bytes()) else { return false };
        // EXPOSE: as above.
        jsonwebtoken::decode::<Value>(token.expose(), &key, &any).is_ok()
    }
}

/// What a token of ours says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenClaims {
    /// The name of a Superset user, letter for letter.
    pub sub: String,
    pub iss: String,
    pub aud: String,
    /// Seconds of the epoch.
    pub iat: i64,
    pub exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

impl TokenClaims {
    /// For `life` from now on.
    #[must_use]
    pub fn new(
        made_with: &Signing,
        subject: &str,
        scope: Option<&str>,
        now: Timestamp,
        life: SignedDuration,
    ) -> Self {
        let iat = now.as_second();
        Self {
            sub: subject.to_owned(),
            iss: made_with.issuer.clone(),
            aud: made_with.audience.clone(),
            iat,
            exp: iat.saturating_add(life.as_secs()),
            scope: scope.map(str::to_owned),
        }
    }
}

/// What the server compares beside the signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Signing {
    pub issuer: String,
    pub audience: String,
}

impl Default for Signing {
    fn default() -> Self {
        Self { issuer: ISSUER.to_owned(), audience: AUDIENCE.to_owned() }
    }
}

#[cfg(test)]
mod tests;
