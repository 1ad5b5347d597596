//! The encrypted rest of the file: a snapshot of IOTA Stronghold's.

use crate::derive::Key;
use iota_stronghold::{KeyProvider, SnapshotPath, Stronghold};
use std::path::Path;
use std::sync::Once;
use superset_keys_core::error::Source;
use zeroize::Zeroizing;

/// A snapshot in memory, of a file and with a key.
pub trait Snapshot {
    fn stronghold(&self) -> &Stronghold;
    /// Into its file.
    fn save(&self) -> Result<(), Source>;
}

/// Reads the snapshot in a file, or begins one where there is no file. Its key has 32 bytes.
pub type OpenSnapshot = fn(&Path, Zeroizing<Vec<u8>>) -> Result<Box<dyn Snapshot>, Source>;

/// The engine itself.
pub fn engine(path: &Path, key: Zeroizing<Vec<u8>>) -> Result<Box<dyn Snapshot>, Source> {
    let stronghold = Stronghold::default();
    let path = SnapshotPath::from_path(path);
    let key = KeyProvider::try_from(key)?;
    if path.exists() {
        stronghold.load_snapshot(&key, &path)?;
    }
    Ok(Box::new(Engine { stronghold, path, key }))
}

struct Engine {
    stronghold: Stronghold,
    path: SnapshotPath,
    key: KeyProvider,
}

impl Snapshot for Engine {
    fn stronghold(&self) -> &Stronghold {
        &self.stronghold
    }

    fn save(&self) -> Result<(), Source> {
        self.stronghold.commit_with_keyprovider(&self.path, &self.key).map_err(Into::into)
    }
}

/// Reads a snapshot with a key.
pub(crate) fn open(how: OpenSnapshot, path: &Path, key: &Key) -> Result<Box<dyn Snapshot>, Source> {
    static ONCE: Once = Once::new();
    // The engine would stretch the key once more (scrypt, eight seconds), which Argon2id has done. A file tells how it
    // was made, so this changes nothing for reading.
    ONCE.call_once(|| {
        if let Err(error) = iota_stronghold::engine::snapshot::try_set_encrypt_work_factor(0) {
            tracing::warn!(%error, "saving the vault takes long");
        }
    });
    how(path, Zeroizing::new(key.to_vec()))
}
