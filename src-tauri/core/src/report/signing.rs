//! The key that reports are signed with, and what is told of it.

use crate::random::Random;
use crate::secret::Secret;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::{self, Write};
use zeroize::Zeroizing;

/// Bytes of the seed of an Ed25519 key (RFC 8032).
const SEED: usize = 32;
/// How much of a public key's hash two people compare: 80 bits, as ten pairs of letters.
const COMPARED: usize = 10;

/// One of each installation, never outside the secret store.
pub struct SigningKey(Ed25519KeyPair);

/// By which people know a maker of reports: `3f9a 22c1 07be 91d4 5a60`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(transparent)]
pub struct Fingerprint(String);

/// As it stands in a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Signature {
    algorithm: Algorithm,
    /// Base64.
    public_key: String,
    /// Of that key, for people's eyes: what is compared is made anew.
    fingerprint: String,
    /// Base64.
    value: String,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
enum Algorithm {
    Ed25519,
}

impl SigningKey {
    /// A new one, as text for the secret store.
    pub fn random(random: &dyn Random) -> Secret {
        let mut seed = Zeroizing::new([0_u8; SEED]);
        seed[..16].copy_from_slice(&random.next().to_le_bytes());
        seed[16..].copy_from_slice(&random.next().to_le_bytes());
        Secret::new(STANDARD.encode(*seed))
    }

    /// As the secret store keeps it. `None` for what no program of ours wrote.
    #[must_use]
    pub fn read(kept: &Secret) -> Option<Self> {
        // EXPOSE: to sign with it.
        let seed = Zeroizing::new(STANDARD.decode(kept.expose()).ok()?);
        Ed25519KeyPair::from_seed_unchecked(&seed).ok().map(Self)
    }

    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self.0.public_key().as_ref())
    }

    pub(super) fn sign(&self, bytes: &[u8]) -> Signature {
        let public = self.0.public_key().as_ref();
        Signature {
            algorithm: Algorithm::Ed25519,
            public_key: STANDARD.encode(public),
            fingerprint: Fingerprint::of(public).0,
            value: STANDARD.encode(self.0.sign(bytes).as_ref()),
        }
    }
}

impl Signature {
    /// Whose it is; none where it does not fit.
    pub(super) fn verify(&self, bytes: &[u8]) -> Option<Fingerprint> {
        let Algorithm::Ed25519 = self.algorithm;
        let public = STANDARD.decode(&self.public_key).ok()?;
        let value = STANDARD.decode(&self.value).ok()?;
        UnparsedPublicKey::new(&ED25519, &public).verify(bytes, &value).ok()?;
        let maker = Fingerprint::of(&public);
        // A file that shows another fingerprint than its key's would mislead whoever reads it by eye.
        (self.fingerprint == maker.0).then_some(maker)
    }
}

impl Fingerprint {
    fn of(public: &[u8]) -> Self {
        let mut text = String::new();
        for (place, byte) in Sha256::digest(public).iter().take(COMPARED).enumerate() {
            if place > 0 && place % 2 == 0 {
                text.push(' ');
            }
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
