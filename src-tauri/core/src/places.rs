//! Where this program keeps its files. The app and the command line share this code, so they share a state.

use crate::put_in_place::put_in_place;
use crate::surroundings::told;
use directories::ProjectDirs;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::Duration;

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
        let home = without_links(&home);
        let namespace = Some(home.display().to_string());
        let home = as_people_write_it(home);
        Self { config: home.join("config"), state: home.join("state"), cache: home.join("cache"), namespace }
    }

    /// Closes our folders to everybody else, whoever made them and however. One that is not there stays so.
    pub fn close(&self) {
        for folder in [&self.config, &self.state, &self.cache] {
            if let Err(error) = close_folder(folder) {
                tracing::warn!(folder = %folder.display(), %error, "a folder of ours stays open to others");
            }
        }
    }

    /// `SUPERSET_KEYS_HOME`, or this system's usual folders; `None` where it has no home folder at all.
    #[must_use]
    pub fn of_this_computer() -> Option<Self> {
        if let Some(home) = std::env::var_os("SUPERSET_KEYS_HOME").filter(|home| !home.is_empty()) {
            return Some(Self::under(Path::new(&home)));
        }
        Self::usual()
    }

    /// This system's usual folders, whatever `SUPERSET_KEYS_HOME` says. On Windows what an earlier version kept elsewhere is
    /// brought there: it roamed with a profile, and the keychain's entries that it is of do not.
    #[must_use]
    #[cfg(windows)]
    pub fn usual() -> Option<Self> {
        use crate::moved_folder::moved_folder;
        let former = ProjectDirs::from("org", OWN_NAME, OWN_NAME)?;
        let now = directories::BaseDirs::new()?.data_local_dir().join(OWN_NAME);
        Some(Self {
            config: moved_folder(former.config_dir(), now.join("config")),
            state: moved_folder(former.data_local_dir(), now.join("state")),
            cache: moved_folder(former.cache_dir(), now.join("cache")),
            namespace: None,
        })
    }

    /// This system's usual folders, whatever `SUPERSET_KEYS_HOME` says.
    #[must_use]
    #[cfg(not(windows))]
    pub fn usual() -> Option<Self> {
        let dirs = ProjectDirs::from("org", "superset-keys", "superset-keys")?;
        Some(Self {
            config: dirs.config_dir().to_owned(),
            state: dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir()).to_owned(),
            cache: dirs.cache_dir().to_owned(),
            namespace: None,
        })
    }
}

/// The same place whether it is there already or not: links are followed as far as there is something.
fn without_links(path: &Path) -> PathBuf {
    for there in path.ancestors() {
        if let (Ok(real), Ok(rest)) = (there.canonicalize(), path.strip_prefix(there)) {
            // Joined to nothing, a path gets a slash at its end, and so another name.
            return if rest.as_os_str().is_empty() { real } else { real.join(rest) };
        }
    }
    path.to_owned()
}

/// Without what Windows puts before a path whose links it has followed (`\\?\C:\…`), which nobody writes and many programs do not
/// take; where it is too long for the usual way of writing it, as it is.
fn as_people_write_it(path: PathBuf) -> PathBuf {
    // Of the 260 that Windows' own limit is, the longest of our names takes less than this.
    const MOST: usize = 160;
    let plain = path.to_str().and_then(|text| text.strip_prefix(r"\\?\")).filter(|rest| {
        rest.encode_utf16().count() <= MOST && rest.as_bytes().get(1..3) == Some(br":\".as_slice())
    });
    plain.map(PathBuf::from).unwrap_or(path)
}

/// Folders in place of the usual ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OtherFolders {
    pub config: Option<PathBuf>,
    pub state: Option<PathBuf>,
    pub cache: Option<PathBuf>,
}

impl Places {
    /// With other folders.
    #[must_use]
    pub fn at(self, others: OtherFolders) -> Self {
        let absolute = |folder: PathBuf| std::path::absolute(&folder).unwrap_or(folder);
        let OtherFolders { config, state, cache } = others;
        Self {
            config: config.map_or(self.config, absolute),
            state: state.map_or(self.state, absolute),
            cache: cache.map_or(self.cache, absolute),
            ..self
        }
    }
}

/// The person's home folder and environment, where other programs' files are looked for. Passed in, so that
/// tests have a computer of their own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Computer {
    pub home: PathBuf,
    pub variables: BTreeMap<String, OsString>,
}

/// What this computer is called, without the domain it is in; empty where the system does not tell.
#[must_use]
pub fn computer_name() -> String {
    #[cfg(unix)]
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    #[cfg(windows)]
    let name = std::env::var("COMPUTERNAME").unwrap_or_default();
    name.split('.').next().unwrap_or_default().to_owned()
}

/// Where AI clients look for their files unless a variable says otherwise (XDG Base Directory Specification).
const MOVED_BY_XDG: [(&str, &str); 2] = [(".config", "XDG_CONFIG_HOME"), (".local/share", "XDG_DATA_HOME")];

/// Our own folders on Linux, unless a variable says otherwise, and the arguments that say it again.
const OWN_FOLDERS: [(&str, &str, &str); 3] = [
    ("--config-folder", ".config", "XDG_CONFIG_HOME"),
    ("--state-folder", ".local/state", "XDG_STATE_HOME"),
    ("--cache-folder", ".cache", "XDG_CACHE_HOME"),
];
/// As `ProjectDirs` calls our folder in each of these.
const OWN_NAME: &str = "superset-keys";

/// The folder of a person's documents, as if a variable named it: Windows moves it, to a cloud say, and calls it by another
/// word in other languages.
pub const DOCUMENTS: &str = "DOCUMENTS";

#[cfg(windows)]
fn documents() -> Option<PathBuf> {
    directories::UserDirs::new()?.document_dir().map(Path::to_owned)
}

/// No program that we look for keeps anything there.
#[cfg(not(windows))]
fn documents() -> Option<PathBuf> {
    None
}

/// The variables that say where files and programs are, beside those of AI clients. No other is kept: any may hold a
/// secret.
const TELLING_VARIABLES: &[&str] = &[
    "PATH",
    "PATHEXT",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
    "XDG_CACHE_HOME",
    "APPDATA",
    "LOCALAPPDATA",
    "USERPROFILE",
    "ZDOTDIR",
    "HISTFILE",
    "APPDIR",
    "APPIMAGE",
    "SNAP",
    "XDG_STATE_HOME",
    "ENV",
    "BASH_ENV",
    "PYTHONSTARTUP",
    "PYTHON_HISTORY",
    "IPYTHONDIR",
    "NODE_REPL_HISTORY",
    "PSQL_HISTORY",
    "SQLITE_HISTORY",
    "MYSQL_HISTFILE",
];

impl Computer {
    /// This one, as the process was told of it, also by the variables of these names.
    #[must_use]
    pub fn this<'a>(besides: impl IntoIterator<Item = &'a str>) -> Self {
        let home = directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_owned()).unwrap_or_default();
        let set = |name: &str| Some((name.to_owned(), std::env::var_os(name)?));
        let names = TELLING_VARIABLES.iter().copied().chain(besides);
        let ways_out = told(|name| std::env::var_os(name));
        let documents = documents().map(|folder| (DOCUMENTS.to_owned(), folder.into_os_string()));
        Self { home, variables: names.filter_map(set).chain(ways_out).chain(documents).collect() }
    }

    /// A variable that names a folder by an absolute path.
    #[must_use]
    pub fn folder_in(&self, variable: &str) -> Option<PathBuf> {
        let folder = PathBuf::from(self.variables.get(variable)?);
        folder.is_absolute().then_some(folder)
    }

    /// A path as the client table writes it: `~/…`, `%APPDATA%\…`, `$NAME` and `$NAME/…` where that variable names
    /// something, or an absolute one. On Linux `~/.config` and `~/.local/share` are
    /// where `XDG_CONFIG_HOME` and `XDG_DATA_HOME` say.
    #[must_use]
    pub fn resolve(&self, text: &str) -> Option<PathBuf> {
        if let Some(rest) = text.strip_prefix("~/") {
            let moved = |(usual, variable): &(&str, &str)| {
                Some(self.folder_in(variable)?.join(rest.strip_prefix(usual)?.strip_prefix('/')?))
            };
            let moved = MOVED_BY_XDG.iter().filter(|_| cfg!(target_os = "linux")).find_map(moved);
            return Some(moved.unwrap_or_else(|| self.home.join(rest)));
        }
        if let Some(rest) = text.strip_prefix('$') {
            let (variable, rest) = rest.split_once('/').unwrap_or((rest, ""));
            let named = self.folder_in(variable)?;
            return Some(
                rest.split('/').filter(|part| !part.is_empty()).fold(named, |path, part| path.join(part)),
            );
        }
        if Path::new(text).is_absolute() {
            return Some(PathBuf::from(text));
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
            Ok(rest) if rest.as_os_str().is_empty() => "~".to_owned(),
            Ok(rest) if cfg!(windows) => format!("%USERPROFILE%\\{}", rest.display()),
            Ok(rest) => format!("~/{}", rest.display()),
            Err(_) => path.display().to_string(),
        }
    }

    /// The arguments by which our command line finds its folders where the variables that say where they are may be
    /// missing, or others: those that lie elsewhere than usual, or all of them.
    #[must_use]
    pub fn own_folders(&self, all: bool) -> Vec<String> {
        if !cfg!(target_os = "linux") {
            return Vec::new();
        }
        let folder = |(argument, usual, variable): &(&str, &str, &str)| {
            let usual = self.home.join(usual);
            let folder = self.folder_in(variable).unwrap_or_else(|| usual.clone());
            let is_told = all || folder != usual;
            is_told.then(|| [(*argument).to_owned(), folder.join(OWN_NAME).display().to_string()])
        };
        OWN_FOLDERS.iter().filter_map(folder).flatten().collect()
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

#[cfg(unix)]
fn close_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = match std::fs::metadata(folder) {
        Ok(found) => found.permissions().mode() & 0o777,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if mode == mode & 0o700 {
        return Ok(());
    }
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
}

/// The folders of a person are closed by what is above them.
#[cfg(not(unix))]
fn close_folder(_folder: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Creates a folder that only its owner can look into. One that exists is left as it is: see [`Places::close`].
pub fn create_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Replaces a file whole or not at all: written beside it (0600), synced, renamed.
pub fn write_private_file(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    create_private_folder(folder)?;
    let mut file = tempfile::Builder::new().prefix(WRITING).tempfile_in(folder)?;
    std::io::Write::write_all(&mut file, content)?;
    file.as_file().sync_all()?;
    put_in_place(file, path)?;
    #[cfg(unix)]
    std::fs::File::open(folder)?.sync_all()?;
    sweep(folder, |name| name.starts_with(WRITING));
    Ok(())
}

/// What a death in the middle of a write leaves.
pub(crate) fn is_being_written(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with(WRITING))
}

const WRITING: &str = ".writing-";
/// Nothing of ours is written for so long.
const ABANDONED: Duration = Duration::from_secs(600);

/// Removes what a process that died left in a folder, by its name there: files, and folders with all in them.
pub fn sweep(folder: &Path, is_ours: impl Fn(&str) -> bool) {
    let Ok(left) = std::fs::read_dir(folder) else { return };
    for left in left.flatten() {
        let Ok(metadata) = left.metadata() else { continue };
        let age = metadata.modified().ok().and_then(|changed| changed.elapsed().ok());
        if left.file_name().to_str().is_some_and(&is_ours) && age.is_some_and(|age| age > ABANDONED) {
            let _ = if metadata.is_dir() {
                std::fs::remove_dir_all(left.path())
            } else {
                std::fs::remove_file(left.path())
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_on_windows_is_written_as_people_write_it() {
        let written =
            |path: &str| as_people_write_it(PathBuf::from(path)).into_os_string().into_string().unwrap();
        assert_eq!(written(r"\\?\C:\Users\Jörg\keys"), r"C:\Users\Jörg\keys");
        let long = format!(r"\\?\C:\{}", "x".repeat(200));
        for as_it_is in [r"\\?\UNC\server\share\keys", r"C:\keys", "/home/jane/keys", &long] {
            assert_eq!(written(as_it_is), as_it_is);
        }
    }
}
