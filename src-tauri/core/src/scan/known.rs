//! Where keys usually end up: clients' files, what a shell reads when it starts, what it remembers, `.env`.

use super::expand::{Lister, ends_as, written};
use super::kind::FileKind;
use super::read::LARGEST;
use super::usual::{Keeps, USUAL};
use crate::places::Computer;
use std::cmp::Reverse;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// A file worth looking into, whether or not it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFile {
    pub path: PathBuf,
    pub kind: FileKind,
}

/// Bytes of what clients write by themselves that are searched; a person may have years of it.
const OF_CLIENTS: u64 = 256 * 1024 * 1024;

/// The usual files of a computer.
#[derive(Debug, Default)]
pub struct KnownFiles {
    /// Each once, whether or not it is there.
    pub files: Vec<KnownFile>,
    /// What is there and left out.
    pub older: Older,
}

/// Files that clients wrote by themselves before those that are searched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Older {
    pub files: u64,
    pub bytes: u64,
    /// Those that can be named to have all of it searched.
    pub folders: Vec<PathBuf>,
}

/// Every file worth looking into: `clients`, what shells and their like have on `computer`, what is in the folder a
/// person is in, and the newest of what clients wrote by themselves.
#[must_use]
pub fn known_files(computer: &Computer, current: Option<&Path>, clients: Vec<KnownFile>) -> KnownFiles {
    let mut seen: HashSet<PathBuf> = HashSet::new();
    let mut known = KnownFiles { files: clients, older: Older::default() };
    known.files.retain(|file| seen.insert(file.path.clone()));
    let mut lister = Lister::new(computer, current);
    let mut endless = Vec::new();
    for group in USUAL {
        let kind = group.keeps.kind();
        for place in group.places {
            lister.expand(place, &mut |path| {
                if !seen.insert(path.clone()) {
                    return;
                }
                let file = KnownFile { path, kind: kind.clone() };
                if group.keeps.is_endless() { endless.push((*place, file)) } else { known.files.push(file) }
            });
        }
    }
    newest(endless, &lister, &mut known);
    known
}

/// Takes the newest of them, as much as is searched.
fn newest(endless: Vec<(&'static str, KnownFile)>, lister: &Lister<'_>, known: &mut KnownFiles) {
    let there = |(place, file): (&'static str, KnownFile)| {
        let metadata = written(&file.path)?;
        Some((Reverse(metadata.modified().ok()), metadata.len(), place, file))
    };
    let mut found: Vec<_> = endless.into_iter().filter_map(there).collect();
    found.sort_by_key(|(newest_first, ..)| *newest_first);
    let mut room = OF_CLIENTS;
    for (_, size, place, file) in found {
        // What is too large for any search takes no room: it is counted there.
        let takes = if size > LARGEST { 0 } else { size };
        if known.older.files == 0 && takes <= room {
            room -= takes;
            known.files.push(file);
            continue;
        }
        known.older.files += 1;
        known.older.bytes += size;
        let folder = folder_of(&file.path, place, lister);
        if !known.older.folders.contains(&folder) {
            known.older.folders.push(folder);
        }
    }
    known.older.folders.sort();
}

/// The folder that a place begins with, or the one the file lies in.
fn folder_of(file: &Path, place: &str, lister: &Lister<'_>) -> PathBuf {
    let named = place.strip_suffix("/**").filter(|named| !named.contains('*'));
    let mut folder = None;
    if let Some(named) = named {
        Lister::new(lister.computer, lister.current).expand(named, &mut |path| {
            if file.starts_with(&path) {
                folder = Some(path);
            }
        });
    }
    folder.unwrap_or_else(|| file.parent().unwrap_or(file).to_owned())
}

impl FileKind {
    /// What a file found in some folder is, by its name.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        if name == ".envrc" || name == ".env" || name.starts_with(".env.") || has_ending(path, "env") {
            return Self::EnvFile;
        }
        let telling = |keeps| !matches!(keeps, Keeps::Settings | Keeps::ClientData(_));
        let mut kinds = USUAL
            .iter()
            .filter(|group| telling(group.keeps))
            .filter(|group| group.places.iter().any(|place| ends_as(path, place)));
        kinds.next().map_or(Self::Other, |group| group.keeps.kind())
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
        let variables = [
            ("XDG_CONFIG_HOME", "/cfg"),
            ("ZDOTDIR", "/home/jane/zsh"),
            ("HISTFILE", "/home/jane/.bash_history"),
        ];
        let variables = variables.into_iter().map(|(name, path)| (name.to_owned(), path.into())).collect();
        let computer = Computer { home: "/home/jane".into(), variables };
        let kind = FileKind::AiClient { client: "gemini".into() };
        let clients = vec![KnownFile { path: "/home/jane/.gemini/.env".into(), kind }];
        let files = known_files(&computer, Some(Path::new("/work")), clients).files;
        let has = |path: &str| files.iter().filter(|file| file.path == Path::new(path)).count();
        for path in [
            "/home/jane/.bashrc",
            "/home/jane/zsh/.zshrc",
            "/home/jane/.zshrc",
            "/cfg/fish/config.fish",
            "/work/.env",
            "/home/jane/.bash_history",
            "/home/jane/.gemini/.env",
        ] {
            assert_eq!(has(path), 1, "{path}");
        }
        assert_eq!(has("/cfg/.zshrc"), 0);
    }

    #[test]
    fn kinds_by_name() {
        for (name, kind) in [
            ("x/.env.production", FileKind::EnvFile),
            ("prod.env", FileKind::EnvFile),
            (".bash_history", FileKind::ShellHistory),
            ("backup/.psql_history", FileKind::ShellHistory),
            ("dots/.zshrc", FileKind::ShellStartup),
            ("dots/fish/conf.d/keys.fish", FileKind::ShellStartup),
            (".netrc", FileKind::RequestSettings),
            ("api/bi.http", FileKind::RequestSettings),
            ("env.py", FileKind::Other),
            ("a/history", FileKind::Other),
            ("settings.json", FileKind::Other),
            ("notes", FileKind::Other),
        ] {
            assert_eq!(FileKind::of(Path::new(name)), kind, "{name}");
        }
    }
}
