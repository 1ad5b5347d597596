//! Who else can sign a server's guest tokens? One token tells, without asking anybody.

use crate::secret::Secret;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Sha256, Sha384, Sha512};

/// What signs the server's guest tokens, as far as one of them tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum GuestSecretState {
    /// None of those that everybody knows; a leak cannot be seen.
    Own,
    /// The one that Superset ships: anybody makes such tokens.
    Shipped,
    /// One that stands in published configurations.
    Published,
    /// `SECRET_KEY`: whoever holds it makes an Admin's session.
    SecretKey,
    /// It could not be asked.
    NotTold,
}

/// `GUEST_TOKEN_JWT_SECRET` of `superset/config.py`.
const SHIPPED: &str = "test-guest-secret-change-me";

/// Placeholders of guides and examples, and what Superset's own examples set `SECRET_KEY` to: many a server has them
/// still.
const PUBLISHED: [&str; 26] = [
    "PASTE_GENERATED_SECRET_HERE",
    "CHANGE_ME",
    "CHANGEME",
    "change-me",
    "change_me",
    "changeme",
    "CHANGE_ME_IN_PRODUCTION",
    "CHANGE_ME_SECRET_KEY",
    "CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET",
    "TEST_NON_DEV_SECRET",
    "thisISaSECRET_1234",
    "YOUR_OWN_RANDOM_GENERATED_SECRET_KEY",
    "demo-guest-token-secret",
    "guest-token-secret",
    "guest_secret",
    "my-secret-key",
    "replace-with-a-long-random-production-secret",
    "secret",
    "superset",
    "superset-guest-secret",
    "test-guest-secret",
    "your-guest-token-secret",
    "your-guest-token-secret-change-me",
    "your-secret-key",
    "your_guest_token_secret",
    "your_jwt_secret_here",
];

/// Whether everybody can sign such tokens; none where it is no secret that everybody knows, or of a kind that none
/// signs.
#[must_use]
pub fn known_secret(token: &Secret) -> Option<GuestSecretState> {
    // EXPOSE: to compare signatures.
    let (signed, signature) = token.expose().trim().rsplit_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let signs = |secret: &str| {
        let (secret, signed) = (secret.as_bytes(), signed.as_bytes());
        match signature.len() {
            32 => is_of::<Hmac<Sha256>>(secret, signed, &signature),
            48 => is_of::<Hmac<Sha384>>(secret, signed, &signature),
            64 => is_of::<Hmac<Sha512>>(secret, signed, &signature),
            _ => false,
        }
    };
    if signs(SHIPPED) {
        return Some(GuestSecretState::Shipped);
    }
    PUBLISHED.iter().any(|secret| signs(secret)).then_some(GuestSecretState::Published)
}

fn is_of<M: Mac + KeyInit>(secret: &[u8], signed: &[u8], signature: &[u8]) -> bool {
    M::new_from_slice(secret).is_ok_and(|mac| mac.chain_update(signed).verify_slice(signature).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};

    fn signed(secret: &str, algorithm: Algorithm) -> Secret {
        let key = EncodingKey::from_secret(secret.as_bytes()).unwrap();
        let claims = serde_json::json!({"type": "guest", "exp": 1_764_547_500.25});
        Secret::new(encode(&Header::new(algorithm), &claims, &key).unwrap())
    }

    #[test]
    fn what_everybody_can_sign_is_told_from_what_the_server_alone_can() {
        use GuestSecretState as S;
        for (secret, state) in [
            ("test-guest-secret-change-me", Some(S::Shipped)),
            ("CHANGE_ME", Some(S::Published)),
            ("your_jwt_secret_here", Some(S::Published)),
            ("yFq0v1-of-its-own-m6Yz", None),
        ] {
            for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
                assert_eq!(known_secret(&signed(secret, algorithm)), state, "{secret} {algorithm:?}");
            }
        }
        for odd in ["", "a.b.c", "a.b.", "..."] {
            assert_eq!(known_secret(&Secret::new(odd)), None);
        }
    }
}
