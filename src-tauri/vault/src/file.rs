//! The vault's file: read whole, replaced whole, and the one before it kept.

use crate::derive::{Cost, Key, Salt, key};
use crate::head::{Head, Unread, split};
use crate::snapshot::{OpenSnapshot, Snapshot, open};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use superset_keys_core::file_lock::lock;
use superset_keys_core::places::{sweep, write_private_file};
use superset_keys_core::secret::Secret;
use superset_keys_core::{Error, Result};
use tempfile::TempDir;
use zeroize::{Zeroize, Zeroizing};

/// Beyond any number of keys; a larger file is not read.
const MOST_BYTES: u64 = 64 << 20;
/// All entries lie in one of the engine's rooms.
const ROOM: &str = "secrets";
/// While it is open, its bytes lie under this name, in a folder that begins with that one.
const SNAPSHOT: &str = "snapshot";
const OPEN: &str = ".vault-";

/// What opens one file: a key, and of which salt and cost it is.
#[derive(Clone)]
pub(crate) struct Opener {
    pub head: Head,
    pub key: Key,
}

impl Opener {
    pub(crate) fn new(passphrase: &Secret, salt: Salt, cost: Cost) -> Result<Self> {
        Ok(Self { head: Head { cost, salt }, key: key(passphrase, &salt, cost)? })
    }
}

/// A file of ours at a path.
pub(crate) struct VaultFile<'a> {
    pub path: &'a Path,
    pub how: OpenSnapshot,
}

/// An open snapshot; what was decrypted goes with it.
pub(crate) struct Opened {
    snapshot: Box<dyn Snapshot>,
    /// Where its bytes lie while it is open.
    folder: TempDir,
}

impl VaultFile<'_> {
    pub(crate) fn exists(&self) -> bool {
        self.path.symlink_metadata().is_ok()
    }

    pub(crate) fn copy_path(&self) -> PathBuf {
        beside(self.path, ".before")
    }

    /// Its bytes; none where there is no file.
    fn bytes(&self) -> Result<Option<Vec<u8>>> {
        match self.path.metadata() {
            Ok(found) if found.len() > MOST_BYTES => {
                return Err(Error::VaultDamaged { path: self.path.to_owned() });
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.unusable(error)),
        }
        std::fs::read(self.path).map(Some).map_err(|error| self.unusable(error))
    }

    /// What it says of itself.
    pub(crate) fn head(&self) -> Result<Head> {
        let bytes = self.bytes()?.ok_or(Error::NoVault)?;
        split(&bytes).map(|(head, _)| head).map_err(|why| self.unread(why))
    }

    /// An opener of another file, or of this one before its passphrase changed, opens nothing.
    pub(crate) fn open(&self, opener: &Opener) -> Result<Opened> {
        let bytes = self.bytes()?.ok_or(Error::NoVault)?;
        let (head, snapshot) = split(&bytes).map_err(|why| self.unread(why))?;
        if head != opener.head {
            return Err(Error::VaultLocked);
        }
        let folder = self.room(snapshot)?;
        let path = folder.path().join(SNAPSHOT);
        // Its bytes are whole, so it is the key that does not fit.
        let snapshot = open(self.how, &path, &opener.key).map_err(|error| {
            tracing::info!(%error, "the vault was not opened");
            Error::WrongPassphrase { path: self.path.to_owned() }
        })?;
        snapshot
            .stronghold()
            .load_client(ROOM)
            .map_err(|_| Error::VaultDamaged { path: self.path.to_owned() })?;
        Ok(Opened { snapshot, folder })
    }

    /// One without an entry, not on disk yet.
    pub(crate) fn begin(&self, opener: &Opener) -> Result<Opened> {
        let folder = self.room(&[])?;
        let snapshot = open(self.how, &folder.path().join(SNAPSHOT), &opener.key)
            .map_err(|error| self.broken(&*error))?;
        snapshot.stronghold().create_client(ROOM).map_err(|error| self.broken(&error))?;
        Ok(Opened { snapshot, folder })
    }

    /// Replaces the file; what it was before becomes the copy.
    pub(crate) fn write(&self, opened: &Opened, head: &Head) -> Result<()> {
        let before = self.bytes()?;
        let written = self.written(opened, head)?;
        if let Some(before) = before {
            write_private_file(&self.copy_path(), &before).map_err(|error| self.unusable(error))?;
        }
        superset_keys_core::failpoint!("vault-copied");
        write_private_file(self.path, &written).map_err(|error| self.unusable(error))?;
        superset_keys_core::failpoint!("vault-written");
        self.sweep();
        Ok(())
    }

    /// Takes away what a death left while it was open: an older passphrase may open that.
    fn sweep(&self) {
        if let Some(folder) = self.path.parent() {
            sweep(folder, |name| name.starts_with(OPEN));
        }
    }

    /// What the file would be.
    pub(crate) fn written(&self, opened: &Opened, head: &Head) -> Result<Vec<u8>> {
        opened.snapshot.save().map_err(|error| self.broken(&*error))?;
        let snapshot =
            std::fs::read(opened.folder.path().join(SNAPSHOT)).map_err(|error| self.unusable(error))?;
        Ok(head.before(&snapshot))
    }

    /// Where the file itself is gone, its copy may be all there is.
    pub(crate) fn keep_copy_aside(&self) -> Result<()> {
        self.keep_aside(&self.copy_path())
    }

    fn keep_aside(&self, path: &Path) -> Result<()> {
        let mut names = (1..)
            .map(|number: u32| beside(path, &format!("-{number}")))
            .filter(|aside| aside.symlink_metadata().is_err());
        match names.next().map(|aside| std::fs::rename(path, aside)) {
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => Err(self.unusable(error)),
            _ => Ok(()),
        }
    }

    /// Makes the copy what the file is: nothing is left that an older passphrase opens.
    pub(crate) fn renew_copy(&self) -> Result<()> {
        let Some(now) = self.bytes()? else { return Ok(()) };
        write_private_file(&self.copy_path(), &now).map_err(|error| self.unusable(error))
    }

    /// The copy takes the place of the file, which is kept under another name.
    pub(crate) fn restore_copy(&self) -> Result<()> {
        let copy = match std::fs::read(self.copy_path()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Error::NoVault),
            copy => copy.map_err(|error| self.unusable(error))?,
        };
        // A copy that is damaged too mends nothing.
        split(&copy).map_err(|why| self.unread(why))?;
        self.keep_aside(self.path)?;
        write_private_file(self.path, &copy).map_err(|error| self.unusable(error))
    }

    /// Held while it is changed.
    pub(crate) fn lock(&self) -> Result<File> {
        let taken = lock(&beside(self.path, ".lock")).map_err(|error| self.unusable(error))?;
        taken.ok_or_else(|| Error::VaultBusy { path: self.path.to_owned() })
    }

    /// For the snapshot, which is encrypted: beside the file, or elsewhere where nothing more can be written there.
    fn room(&self, snapshot: &[u8]) -> Result<TempDir> {
        let folders = self.path.parent().map(Path::to_owned).into_iter().chain([std::env::temp_dir()]);
        let mut problem = io::ErrorKind::NotFound.into();
        for folder in folders {
            let made = tempfile::Builder::new().prefix(OPEN).tempdir_in(folder).and_then(|room| {
                // The engine begins where there is none.
                if !snapshot.is_empty() {
                    std::fs::write(room.path().join(SNAPSHOT), snapshot)?;
                }
                Ok(room)
            });
            match made {
                Ok(room) => return Ok(room),
                Err(error) => problem = error,
            }
        }
        Err(self.unusable(problem))
    }

    fn unread(&self, why: Unread) -> Error {
        let path = self.path.to_owned();
        match why {
            Unread::NotAVault => Error::NotAVault { path },
            Unread::Newer => Error::VaultNewer { path },
            Unread::Damaged => Error::VaultDamaged { path },
        }
    }

    fn unusable(&self, source: io::Error) -> Error {
        Error::VaultUnusable { path: self.path.to_owned(), source }
    }

    /// The engine's errors have no types; what the system said of a disk is in their text.
    fn broken(&self, error: &(dyn std::error::Error + 'static)) -> Error {
        let text = error.to_string();
        let number = text.split("(os error ").nth(1).and_then(|rest| rest.split(')').next()?.parse().ok());
        self.unusable(number.map_or_else(|| io::Error::other(text), io::Error::from_raw_os_error))
    }
}

impl Opened {
    pub(crate) fn get(&self, name: &str) -> Result<Option<Secret>> {
        let Some(bytes) = self.store()?.get(name.as_bytes()).map_err(|_| ENGINE)? else { return Ok(None) };
        String::from_utf8(bytes).map(|text| Some(Secret::new(text))).map_err(|error| {
            error.into_bytes().zeroize();
            ENGINE
        })
    }

    pub(crate) fn has(&self, name: &str) -> Result<bool> {
        self.store()?.contains_key(name.as_bytes()).map_err(|_| ENGINE)
    }

    pub(crate) fn set(&self, name: &str, secret: &Secret) -> Result<()> {
        // EXPOSE: keeping it is what a vault is for.
        let bytes = secret.expose().as_bytes().to_vec();
        let older = self.store()?.insert(name.as_bytes().to_vec(), bytes, None).map_err(|_| ENGINE)?;
        drop(older.map(Zeroizing::new));
        Ok(())
    }

    pub(crate) fn delete(&self, name: &str) -> Result<bool> {
        let deleted = self.store()?.delete(name.as_bytes()).map_err(|_| ENGINE)?;
        Ok(deleted.map(Zeroizing::new).is_some())
    }

    pub(crate) fn names(&self) -> Result<Vec<String>> {
        let names = self.store()?.keys().map_err(|_| ENGINE)?;
        Ok(names.into_iter().filter_map(|name| String::from_utf8(name).ok()).collect())
    }

    pub(crate) fn entries(&self) -> Result<Vec<(String, Secret)>> {
        let mut entries = Vec::new();
        for name in self.names()? {
            if let Some(secret) = self.get(&name)? {
                entries.push((name, secret));
            }
        }
        Ok(entries)
    }

    fn store(&self) -> Result<iota_stronghold::Store> {
        let room = self.snapshot.stronghold().get_client(ROOM).map_err(|_| ENGINE)?;
        Ok(room.store())
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        let _ = self.snapshot.stronghold().clear();
    }
}

/// The engine failed at what cannot fail on a whole snapshot in memory.
const ENGINE: Error = Error::Internal { what: "vault engine" };

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}
