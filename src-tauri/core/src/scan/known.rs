//! Where keys usually end up: clients' files, what a shell reads when it starts, what it remembers, `.env`.

use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// What a file is for, which decides what is to be done about a key in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FileKind {
    /// The configuration of an AI client, by its id.
    AiClient {
        client: String,
    },
    /// Read by a shell or a session when it starts.
    ShellStartup,
    ShellHistory,
    EnvFile,
    /// Read by a program that makes requests: `.netrc`, `.curlrc`.
    RequestSettings,
    Other,
}

/// A file worth looking into, whether or not it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFile {
    pub path: PathBuf,
    pub kind: FileKind,
}

/// Where a person's files lie. Passed in, so that a scan can be of any home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surroundings {
    pub home: PathBuf,
    /// Where `.env` and a project's client files are looked for.
    pub current: Option<PathBuf>,
    /// `XDG_CONFIG_HOME`; `~/.config` where it is not set.
    pub config: PathBuf,
    /// `XDG_DATA_HOME`; `~/.local/share` where it is not set.
    pub data: PathBuf,
    /// `APPDATA`, on Windows.
    pub app_data: Option<PathBuf>,
    /// `ZDOTDIR`, where zsh's files lie.
    pub zsh: Option<PathBuf>,
    /// `HISTFILE`, where it is handed on.
    pub history: Option<PathBuf>,
}

const STARTUP: &[&str] = &[
    ".bashrc",
    ".bash_profile",
    ".bash_login",
    ".bash_aliases",
    ".bash_logout",
    ".profile",
    ".xprofile",
    ".xsessionrc",
    ".pam_environment",
    ".kshrc",
    ".cshrc",
    ".tcshrc",
    ".login",
];
const ZSH_STARTUP: &[&str] = &[".zshrc", ".zshenv", ".zprofile", ".zlogin"];
const HISTORIES: &[&str] = &[".bash_history", ".zsh_history", ".zhistory", ".ksh_history", ".python_history"];
const ENV: &[&str] = &[".env", ".env.local", ".env.development", ".env.production", ".envrc"];
const REQUESTS: &[&str] = &[".netrc", "_netrc", ".curlrc", "_curlrc", ".wgetrc"];
const POWERSHELL: &[&str] =
    &["profile.ps1", "Microsoft.PowerShell_profile.ps1", "Microsoft.VSCode_profile.ps1"];

impl Surroundings {
    /// This person's, from the home folder and the variables that move files; `None` without a home folder.
    #[must_use]
    pub fn of_this_computer() -> Option<Self> {
        let home = directories::BaseDirs::new()?.home_dir().to_owned();
        let variable = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        Some(Self {
            config: variable("XDG_CONFIG_HOME").unwrap_or_else(|| home.join(".config")),
            data: variable("XDG_DATA_HOME").unwrap_or_else(|| home.join(".local/share")),
            app_data: variable("APPDATA"),
            zsh: variable("ZDOTDIR"),
            history: variable("HISTFILE"),
            current: std::env::current_dir().ok(),
            home,
        })
    }

    /// A client's location, as its facts spell it: `~`, `%APPDATA%`, `%USERPROFILE%` or `<project>` first.
    #[must_use]
    pub fn resolve(&self, location: &str) -> Option<PathBuf> {
        let (root, rest) = location.split_once(['/', '\\'])?;
        let root = match root {
            "~" | "%USERPROFILE%" => &self.home,
            "%APPDATA%" => self.app_data.as_ref()?,
            "<project>" => self.current.as_ref()?,
            _ => return None,
        };
        // `~/.config` lies where the variable says.
        match rest.strip_prefix(".config/") {
            Some(rest) if location.starts_with('~') => Some(self.config.join(rest)),
            _ => Some(rest.split(['/', '\\']).fold(root.clone(), |path, part| path.join(part))),
        }
    }
}

/// Every file worth looking into, each once: `clients` and what `around` has.
#[must_use]
pub fn known_files(around: &Surroundings, clients: Vec<KnownFile>) -> Vec<KnownFile> {
    let mut files = clients;
    let mut add = |kind: FileKind, folder: &Path, names: &[&str]| {
        files.extend(names.iter().map(|name| KnownFile { path: folder.join(name), kind: kind.clone() }));
    };
    let Surroundings { home, config, data, .. } = around;
    add(FileKind::ShellStartup, home, STARTUP);
    add(FileKind::ShellStartup, around.zsh.as_ref().unwrap_or(home), ZSH_STARTUP);
    add(
        FileKind::ShellStartup,
        config,
        &["fish/config.fish", "fish/fish_variables", "nushell/config.nu", "nushell/env.nu"],
    );
    add(FileKind::ShellHistory, home, HISTORIES);
    add(
        FileKind::ShellHistory,
        data,
        &["fish/fish_history", "powershell/PSReadLine/ConsoleHost_history.txt"],
    );
    add(FileKind::ShellHistory, config, &["nushell/history.txt"]);
    add(FileKind::EnvFile, home, ENV);
    add(FileKind::RequestSettings, home, REQUESTS);
    add(FileKind::RequestSettings, config, &["curlrc"]);
    add(FileKind::ShellStartup, &config.join("powershell"), POWERSHELL);
    if cfg!(windows) {
        add(FileKind::ShellStartup, &home.join("Documents/PowerShell"), POWERSHELL);
        add(FileKind::ShellStartup, &home.join("Documents/WindowsPowerShell"), POWERSHELL);
    }
    if let Some(app_data) = &around.app_data {
        let history = app_data.join("Microsoft/Windows/PowerShell/PSReadLine");
        add(FileKind::ShellHistory, &history, &["ConsoleHost_history.txt"]);
    }
    if let Some(current) = &around.current {
        add(FileKind::EnvFile, current, ENV);
    }
    if let Some(zsh) = &around.zsh {
        add(FileKind::ShellHistory, zsh, HISTORIES);
    }
    // What systemd gives to everything a person starts.
    for entry in std::fs::read_dir(config.join("environment.d")).into_iter().flatten().flatten() {
        if entry.path().extension().is_some_and(|ending| ending == "conf") {
            files.push(KnownFile { path: entry.path(), kind: FileKind::ShellStartup });
        }
    }
    if let Some(history) = &around.history {
        files.push(KnownFile { path: history.clone(), kind: FileKind::ShellHistory });
    }
    let mut seen = HashSet::new();
    files.retain(|file| seen.insert(file.path.clone()));
    files
}

impl FileKind {
    /// What a file found in some folder is, by its name.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        let name = name.as_ref();
        if name == ".envrc" || name == ".env" || name.starts_with(".env.") || has_ending(path, "env") {
            Self::EnvFile
        } else if HISTORIES.contains(&name) || matches!(name, "fish_history" | "ConsoleHost_history.txt") {
            Self::ShellHistory
        } else if STARTUP.contains(&name)
            || ZSH_STARTUP.contains(&name)
            || POWERSHELL.contains(&name)
            || name == "config.fish"
        {
            Self::ShellStartup
        } else if REQUESTS.contains(&name) {
            Self::RequestSettings
        } else {
            Self::Other
        }
    }
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|found| found.eq_ignore_ascii_case(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around() -> Surroundings {
        Surroundings {
            home: "/home/jane".into(),
            current: Some("/work".into()),
            config: "/home/jane/cfg".into(),
            data: "/home/jane/.local/share".into(),
            app_data: Some("/app".into()),
            zsh: Some("/home/jane/zsh".into()),
            history: Some("/home/jane/hist".into()),
        }
    }

    #[test]
    fn locations_as_clients_spell_them() {
        for (location, path) in [
            ("~/.claude.json", Some("/home/jane/.claude.json")),
            ("~/.config/Code/User/mcp.json", Some("/home/jane/cfg/Code/User/mcp.json")),
            ("%APPDATA%\\Code\\User\\mcp.json", Some("/app/Code/User/mcp.json")),
            ("%USERPROFILE%\\.claude.json", Some("/home/jane/.claude.json")),
            ("<project>/.mcp.json", Some("/work/.mcp.json")),
            ("$NOWHERE/x", None),
        ] {
            assert_eq!(around().resolve(location), path.map(PathBuf::from), "{location}");
        }
    }

    #[test]
    fn each_file_once_and_where_variables_say() {
        let files = known_files(&around(), vec![]);
        let has = |path: &str| files.iter().filter(|file| file.path == Path::new(path)).count();
        for path in ["/home/jane/.bashrc", "/home/jane/zsh/.zshrc", "/work/.env", "/home/jane/hist"] {
            assert_eq!(has(path), 1, "{path}");
        }
        assert_eq!(has("/home/jane/.zshrc"), 0);
    }

    #[test]
    fn kinds_by_name() {
        for (name, kind) in [
            ("x/.env.production", FileKind::EnvFile),
            ("prod.env", FileKind::EnvFile),
            (".bash_history", FileKind::ShellHistory),
            ("dots/.zshrc", FileKind::ShellStartup),
            (".netrc", FileKind::RequestSettings),
            ("env.py", FileKind::Other),
        ] {
            assert_eq!(FileKind::of(Path::new(name)), kind, "{name}");
        }
    }
}
