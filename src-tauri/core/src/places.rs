//! Where this program keeps its files. The app and the command line share this code, so they share a state.

use directories::ProjectDirs;
use std::collections::BTreeMap;
use std::ffi::OsString;
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

/// The person's home folder and environment, where other programs' files are looked for. Passed in, so that
/// tests have a computer of their own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Computer {
    pub home: PathBuf,
    pub variables: BTreeMap<String, OsString>,
}

/// The variables that say where files and programs are. No other is kept: any may hold a secret.
const TELLING_VARIABLES: [&str; 11] = [
    "PATH",
    "PATHEXT",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "APPDATA",
    "LOCALAPPDATA",
    "USERPROFILE",
    "CLAUDE_CONFIG_DIR",
    "CODEX_HOME",
    "ZDOTDIR",
    "HISTFILE",
];

impl Computer {
    /// This one, as the process was told of it.
    #[must_use]
    pub fn this() -> Self {
        let home = directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_owned()).unwrap_or_default();
        let told = |name: &str| Some((name.to_owned(), std::env::var_os(name)?));
        Self { home, variables: TELLING_VARIABLES.into_iter().filter_map(told).collect() }
    }

    /// A variable that names a folder by an absolute path.
    #[must_use]
    pub fn folder_in(&self, variable: &str) -> Option<PathBuf> {
        let folder = PathBuf::from(self.variables.get(variable)?);
        folder.is_absolute().then_some(folder)
    }

    /// A path as the client table writes it: `~/…`, `%APPDATA%\…`. On Linux `~/.config` is where
    /// `XDG_CONFIG_HOME` says.
    #[must_use]
    pub fn resolve(&self, text: &str) -> Option<PathBuf> {
        if let Some(rest) = text.strip_prefix("~/") {
            let config = rest.strip_prefix(".config/").filter(|_| cfg!(target_os = "linux"));
            return Some(match (config, self.folder_in("XDG_CONFIG_HOME")) {
                (Some(rest), Some(folder)) => folder.join(rest),
                _ => self.home.join(rest),
            });
        }
        let (variable, rest) = text.strip_prefix('%')?.split_once("%\\")?;
        let folder =
            self.folder_in(variable).or_else(|| (variable == "USERPROFILE").then(|| self.home.clone()))?;
        Some(rest.split('\\').fold(folder, |path, part| path.join(part)))
    }

    /// A path as a person would write it.
    #[must_use]
    pub fn shown(&self, path: &Path) -> String {
        match path.strip_prefix(&self.home) {
            Ok(rest) if cfg!(windows) => format!("%USERPROFILE%\\{}", rest.display()),
            Ok(rest) => format!("~/{}", rest.display()),
            Err(_) => path.display().to_string(),
        }
    }

    /// A folder in which any program keeps files.
    #[must_use]
    pub fn is_for_everybody(&self, folder: &Path) -> bool {
        let config = self.folder_in("XDG_CONFIG_HOME").unwrap_or_else(|| self.home.join(".config"));
        folder == config
            || ["APPDATA", "LOCALAPPDATA"].iter().any(|name| self.folder_in(name).as_deref() == Some(folder))
    }

    /// A program on the `PATH` that may be run.
    #[must_use]
    pub fn program(&self, name: &str) -> Option<PathBuf> {
        let endings = match self.variables.get("PATHEXT").and_then(|endings| endings.to_str()) {
            Some(endings) if cfg!(windows) => endings.split(';').map(str::to_ascii_lowercase).collect(),
            _ if cfg!(windows) => vec![".exe".to_owned(), ".cmd".to_owned()],
            _ => vec![String::new()],
        };
        let folders = std::env::split_paths(self.variables.get("PATH")?).collect::<Vec<_>>();
        let all = folders.iter().filter(|folder| folder.is_absolute());
        all.flat_map(|folder| endings.iter().map(move |ending| folder.join(format!("{name}{ending}"))))
            .find(|path| may_be_run(path))
    }
}

fn may_be_run(path: &Path) -> bool {
    let Ok(file) = path.metadata() else { return false };
    #[cfg(unix)]
    let runs = std::os::unix::fs::PermissionsExt::mode(&file.permissions()) & 0o111 != 0;
    #[cfg(not(unix))]
    let runs = true;
    file.is_file() && runs
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
