//! Where keys usually end up: clients' files, what a shell reads when it starts, what it remembers, `.env`.

use crate::places::Computer;
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
const STARTUP_IN_CONFIG: &[&str] =
    &["fish/config.fish", "fish/fish_variables", "nushell/config.nu", "nushell/env.nu"];
const HISTORIES_IN_DATA: &[&str] = &["fish/fish_history", "powershell/PSReadLine/ConsoleHost_history.txt"];
const POWERSHELL: &[&str] =
    &["profile.ps1", "Microsoft.PowerShell_profile.ps1", "Microsoft.VSCode_profile.ps1"];

/// Every file worth looking into, each once: `clients` and what shells and their like have on `computer`, and in
/// the folder a person is in.
#[must_use]
pub fn known_files(computer: &Computer, current: Option<&Path>, clients: Vec<KnownFile>) -> Vec<KnownFile> {
    let mut files = clients;
    let mut add = |kind: FileKind, folder: &Path, names: &[&str]| {
        files.extend(names.iter().map(|name| KnownFile { path: folder.join(name), kind: kind.clone() }));
    };
    let home = &computer.home;
    let folder = |variable, inside| computer.folder_in(variable).unwrap_or_else(|| home.join(inside));
    let (config, data) = (folder("XDG_CONFIG_HOME", ".config"), folder("XDG_DATA_HOME", ".local/share"));
    let zsh = folder("ZDOTDIR", "");
    add(FileKind::ShellStartup, home, STARTUP);
    add(FileKind::ShellStartup, &zsh, ZSH_STARTUP);
    add(FileKind::ShellStartup, &config, STARTUP_IN_CONFIG);
    add(FileKind::ShellStartup, &config.join("powershell"), POWERSHELL);
    add(FileKind::ShellHistory, home, HISTORIES);
    add(FileKind::ShellHistory, &zsh, HISTORIES);
    add(FileKind::ShellHistory, &data, HISTORIES_IN_DATA);
    add(FileKind::ShellHistory, &config, &["nushell/history.txt"]);
    add(FileKind::EnvFile, home, ENV);
    add(FileKind::RequestSettings, home, REQUESTS);
    add(FileKind::RequestSettings, &config, &["curlrc"]);
    if cfg!(windows) {
        add(FileKind::ShellStartup, &home.join("Documents/PowerShell"), POWERSHELL);
        add(FileKind::ShellStartup, &home.join("Documents/WindowsPowerShell"), POWERSHELL);
    }
    if let Some(app_data) = computer.folder_in("APPDATA") {
        let history = app_data.join("Microsoft/Windows/PowerShell/PSReadLine");
        add(FileKind::ShellHistory, &history, &["ConsoleHost_history.txt"]);
    }
    if let Some(current) = current {
        add(FileKind::EnvFile, current, ENV);
    }
    // What systemd gives to everything a person starts.
    for entry in std::fs::read_dir(config.join("environment.d")).into_iter().flatten().flatten() {
        if entry.path().extension().is_some_and(|ending| ending == "conf") {
            files.push(KnownFile { path: entry.path(), kind: FileKind::ShellStartup });
        }
    }
    if let Some(history) = computer.folder_in("HISTFILE") {
        files.push(KnownFile { path: history, kind: FileKind::ShellHistory });
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

    #[test]
    fn each_file_once_and_where_variables_say() {
        let variables =
            [("XDG_CONFIG_HOME", "/cfg"), ("ZDOTDIR", "/home/jane/zsh"), ("HISTFILE", "/home/jane/hist")];
        let variables = variables.into_iter().map(|(name, path)| (name.to_owned(), path.into())).collect();
        let computer = Computer { home: "/home/jane".into(), variables };
        let files = known_files(&computer, Some(Path::new("/work")), vec![]);
        let has = |path: &str| files.iter().filter(|file| file.path == Path::new(path)).count();
        for path in [
            "/home/jane/.bashrc",
            "/home/jane/zsh/.zshrc",
            "/cfg/fish/config.fish",
            "/home/jane/.local/share/fish/fish_history",
            "/work/.env",
            "/home/jane/hist",
        ] {
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
