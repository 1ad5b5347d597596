//! Where the socket is: named by the installation it is of, found without a word of the environment, since AI clients hand
//! few of its words on.

use std::io;
use std::path::{Path, PathBuf};

#[cfg(unix)]
pub(super) use unix::{addresses, folder_is_ours};

/// Of a hash as much as tells installations apart.
fn short(hash: &[u8]) -> String {
    let first = hash.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    format!("{first:016x}")
}

#[cfg(unix)]
mod unix {
    use super::{Path, PathBuf, io, short};
    use sha2::{Digest, Sha256};
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::MetadataExt;
    use superset_keys_core::places::create_private_folder;

    /// The bits of a mode that are for others.
    const OTHERS: u32 = 6;
    /// What a socket's path may have (104 on macOS, with the zero at its end).
    const LONGEST: usize = 100;

    /// In the order in which they are tried: the system's folder for what ends with a session, beside the state where its
    /// path is short enough, and one that can be written where nothing else can.
    pub(in super::super) fn addresses(config: &Path) -> Vec<PathBuf> {
        let hash = Sha256::digest(config.as_os_str().as_bytes());
        let name = format!("{}.sock", short(&hash));
        let user = rustix::process::geteuid().as_raw();
        let session = PathBuf::from(format!("/run/user/{user}"));
        let session = is_private(&session).then(|| session.join("superset-keys").join(&name));
        let beside = config.join("agent").join("agent.sock");
        let beside = (beside.as_os_str().len() <= LONGEST).then_some(beside);
        let last = PathBuf::from(format!("/tmp/superset-keys-{user}")).join(name);
        session.into_iter().chain(beside).chain([last]).collect()
    }

    /// Makes the folder of a socket, and refuses one that somebody else made or can look into.
    pub(in super::super) fn folder_is_ours(socket: &Path) -> io::Result<()> {
        let folder = socket.parent().unwrap_or(Path::new("/"));
        create_private_folder(folder)?;
        if is_private(folder) { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
    }

    fn is_private(folder: &Path) -> bool {
        folder.symlink_metadata().is_ok_and(|found| {
            found.is_dir()
                && found.uid() == rustix::process::geteuid().as_raw()
                && found.mode().trailing_zeros() >= OTHERS
        })
    }
}

#[cfg(windows)]
pub(super) fn addresses(config: &Path) -> Vec<PathBuf> {
    use sha2::{Digest, Sha256};
    // Pipes of all users have one room for their names.
    let user = super::user::own().unwrap_or_default();
    let hash =
        Sha256::new().chain_update(user).chain_update(config.as_os_str().as_encoded_bytes()).finalize();
    vec![PathBuf::from(format!(r"\\.\pipe\superset-keys-{}", short(&hash)))]
}

/// A pipe has no folder; its descriptor says whose it is.
#[cfg(windows)]
pub(super) fn folder_is_ours(_: &Path) -> io::Result<()> {
    Ok(())
}
