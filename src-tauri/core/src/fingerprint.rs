//! What a record keeps of its key, so that the key is known again where it turns up.
//!
//! An HMAC-SHA256 under a random key that lies in the secret store, bound to the instance. The state file alone
//! tells nothing: without that key nobody can test a guess, or see that two records hold the same text.

use crate::error::{Error, Result};
use crate::ids::InstanceId;
use crate::random::Random;
use crate::secret::Secret;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

/// 128 bits: no two keys share one by chance.
const KEPT: usize = 16;
/// Enough to tell one fingerprint key from another.
const NAMED_BY: usize = 4;

/// The keyed fingerprint of one key on one instance: `<which fingerprint key>.<code>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

/// What fingerprints are made with. One per installation, never outside the secret store.
pub struct FingerprintKey(Zeroizing<Vec<u8>>);

impl FingerprintKey {
    /// A new one, as text for the secret store.
    pub fn random(random: &dyn Random) -> Secret {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        bytes[..16].copy_from_slice(&random.next().to_le_bytes());
        bytes[16..].copy_from_slice(&random.next().to_le_bytes());
        Secret::new(URL_SAFE_NO_PAD.encode(*bytes))
    }

    /// As the secret store keeps it. `None` for what no program of ours wrote.
    #[must_use]
    pub fn read(kept: &Secret) -> Option<Self> {
        // EXPOSE: to make fingerprints with it.
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(kept.expose()).ok()?);
        (bytes.len() == 32).then_some(Self(bytes))
    }

    /// The fingerprint of `key` on `instance`.
    pub fn of(&self, instance: &InstanceId, key: &Secret) -> Result<Fingerprint> {
        // EXPOSE: goes into a one-way code.
        let code = self.code(&[b"api-key", instance.as_str().as_bytes(), key.expose().as_bytes()])?;
        Ok(Fingerprint(format!("{}.{}", self.name()?, URL_SAFE_NO_PAD.encode(&code[..KEPT]))))
    }

    /// Whether a fingerprint was made with this key: with another, it can be compared with nothing.
    pub fn made(&self, fingerprint: &Fingerprint) -> Result<bool> {
        Ok(fingerprint.0.split('.').next() == Some(self.name()?.as_str()))
    }

    fn name(&self) -> Result<String> {
        Ok(URL_SAFE_NO_PAD.encode(&self.code(&[b"name"])?[..NAMED_BY]))
    }

    fn code(&self, parts: &[&[u8]]) -> Result<[u8; 32]> {
        let wrong = |_| Error::Internal { what: "fingerprint key" };
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).map_err(wrong)?;
        for part in parts {
            // With its length, so that no two lists of parts run together.
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        Ok(mac.finalize().into_bytes().into())
    }
}

impl std::fmt::Debug for FingerprintKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FingerprintKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    struct Counting(AtomicU64);

    impl Random for Counting {
        fn next(&self) -> u128 {
            u128::from(self.0.fetch_add(1, Ordering::Relaxed))
        }
    }

    #[test]
    fn a_fingerprint_is_of_one_key_on_one_instance_under_one_fingerprint_key() {
        let random = Counting(AtomicU64::new(7));
        let new = || FingerprintKey::read(&FingerprintKey::random(&random)).unwrap();
        let (ours, theirs) = (new(), new());
        let (here, there) = (InstanceId::from_random(1), InstanceId::from_random(2));
        let key = Secret::new("sst_PNHkqdrcN3FhhTsEjG0RASQIS_JFXo8EvdZoFtKDlPI");
        let print = ours.of(&here, &key).unwrap();
        assert_eq!(print, ours.of(&here, &key.duplicate()).unwrap());
        assert_ne!(print, ours.of(&there, &key).unwrap());
        assert_ne!(print, theirs.of(&here, &key).unwrap());
        assert_ne!(print, ours.of(&here, &Secret::new("sst_other")).unwrap());
        assert!(ours.made(&print).unwrap() && !theirs.made(&print).unwrap());
        assert!(!format!("{print:?}").contains("PNHk"));
        assert!(FingerprintKey::read(&Secret::new("not ours")).is_none());
    }

    /// As another program's HMAC has it. Fingerprints outlive versions of this program: a change of how they are made would silently match nothing.
    #[test]
    fn it_is_made_as_it_always_was() {
        let key = FingerprintKey(Zeroizing::new(vec![7; 32]));
        let print = key.of(&InstanceId::from_random(1), &Secret::new("sst_text")).unwrap();
        assert_eq!(print.0, "RAYtfA.5jnOZ6fiHHNhfvsDqWxq_g");
    }
}
