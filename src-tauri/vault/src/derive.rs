//! From a passphrase to the key of a snapshot: Argon2id (RFC 9106), with a salt of ours.

use superset_keys_core::secret::Secret;
use superset_keys_core::{Error, Result};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// As the engine wants it.
pub(crate) const KEY_BYTES: usize = 32;
pub(crate) const SALT_BYTES: usize = 32;
/// A guess costs a tenth of a second or so, and whoever has the file has time.
pub(crate) const LEAST_LETTERS: usize = 8;

pub(crate) type Key = Zeroizing<[u8; KEY_BYTES]>;
pub(crate) type Salt = [u8; SALT_BYTES];

/// What a guess at the passphrase costs. It stands in the file, so that it can be raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
}

impl Cost {
    /// RFC 9106, section 4, its second choice: 64 MiB, three passes, four lanes.
    pub const NOW: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 4 };
    /// Whoever changes a file can make opening it dear, and no more than that.
    const MOST: Self = Self { memory_kib: 1024 * 1024, passes: 64, lanes: 16 };

    /// Whoever guesses would pay less.
    pub(crate) fn is_below(self, other: Self) -> bool {
        let work = |cost: Self| u64::from(cost.memory_kib) * u64::from(cost.passes);
        self.memory_kib < other.memory_kib || work(self) < work(other)
    }

    pub(crate) fn is_bearable(self) -> bool {
        let Self { memory_kib, passes, lanes } = self;
        (8 * lanes..=Self::MOST.memory_kib).contains(&memory_kib)
            && (1..=Self::MOST.passes).contains(&passes)
            && (1..=Self::MOST.lanes).contains(&lanes)
    }
}

/// Of a new vault or a new passphrase.
pub(crate) fn is_fit(passphrase: &Secret) -> Result<()> {
    // EXPOSE: its letters are counted.
    match passphrase.expose().chars().count() {
        0..LEAST_LETTERS => Err(Error::PassphraseShort { least: LEAST_LETTERS }),
        _ => Ok(()),
    }
}

/// The same letters make the same key on each keyboard and system: they are composed first (Unicode NFC).
pub(crate) fn key(passphrase: &Secret, salt: &Salt, cost: Cost) -> Result<Key> {
    // EXPOSE: it is what the key is made of.
    let composed: Zeroizing<String> = Zeroizing::new(passphrase.expose().nfc().collect());
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    let wrong = |_| Error::Internal { what: "argon2" };
    let cost =
        argon2::Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(KEY_BYTES)).map_err(wrong)?;
    argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, cost)
        .hash_password_into(composed.as_bytes(), salt, key.as_mut())
        .map_err(wrong)?;
    Ok(key)
}
