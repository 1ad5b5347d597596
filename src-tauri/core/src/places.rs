//! Where this program keeps its files. The app and the command line share this code, so they share a state.

use directories::ProjectDirs;
use std::path::{Path, PathBuf};

/// The folders of one installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Instances and key records.
    pub config: PathBuf,
    /// Logs and other things worth keeping that are no configuration.
    pub state: PathBuf,
    /// Last key lists; safe to delete.
    pub cache: PathBuf,
    /// Set for a home of its own (`SUPERSET_KEYS_HOME`): keychain entries bear it, so that a demo never
    /// touches a person's keys.
    pub namespace: Option<String>,
}

impl Places {
    /// Everything under one folder.
    #[must_use]
    pub fn under(home: &Path) -> Self {
        let home = std::path::absolute(home).unwrap_or_else(|_| home.to_owned());
        let home = home.canonicalize().unwrap_or(home);
        Self {
            config: home.join("config"),
            state: home.join("state"),
            cache: home.join("cache"),
            namespace: Some(home.display().to_string()),
        }
    }

    /// `SUPERSET_KEYS_HOME`, or this system's usual folders; `None` where it has no home folder at all.
    #[must_use]
    pub fn of_this_computer() -> Option<Self> {
        if let Some(home) = std::env::var_os("SUPERSET_KEYS_HOME").filter(|home| !home.is_empty()) {
            return Some(Self::under(Path::new(&home)));
        }
        let dirs = ProjectDirs::from("org", "superset-keys", "superset-keys")?;
        Some(Self {
            config: dirs.config_dir().to_owned(),
            state: dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir()).to_owned(),
            cache: dirs.cache_dir().to_owned(),
            namespace: None,
        })
    }
}

/// Creates a folder that only its owner can look into. One that exists is left as it is.
pub(crate) fn create_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Replaces a file whole or not at all: written beside it (0600), synced, renamed.
pub(crate) fn write_private_file(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    create_private_folder(folder)?;
    let mut file = tempfile::Builder::new().prefix(".writing-").tempfile_in(folder)?;
    std::io::Write::write_all(&mut file, content)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    #[cfg(unix)]
    std::fs::File::open(folder)?.sync_all()?;
    Ok(())
}
