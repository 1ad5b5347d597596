//! From a usual place to the files that are there.

use super::usual::{APP_DATA, FOLDERS};
use crate::places::Computer;
use std::fs::{Metadata, read_dir};
use std::path::{Path, PathBuf};

/// Folders below each other. Nobody's conversations lie deeper.
const DEEPEST: usize = 12;
/// Entries of folders that are looked at in all. A person with more has a folder of rubbish among them.
const MOST: usize = 200_000;

/// Lists folders, and stops when that takes too long.
pub(super) struct Lister<'a> {
    pub(super) computer: &'a Computer,
    pub(super) current: Option<&'a Path>,
    left: usize,
}

impl<'a> Lister<'a> {
    pub(super) fn new(computer: &'a Computer, current: Option<&'a Path>) -> Self {
        Self { computer, current, left: MOST }
    }

    /// Every path that a place may mean on this computer, as far as names are known without looking; what looking
    /// adds is `found`.
    pub(super) fn expand(&mut self, place: &str, found: &mut impl FnMut(PathBuf)) {
        let (first, rest) = place.split_once('/').unwrap_or((place, ""));
        for start in self.starts(first) {
            if rest.is_empty() { found(start) } else { self.walk(&start, rest, found) }
        }
    }

    /// Where the first part of a place leads: more than one folder where a variable may move it, since programs that
    /// were started elsewhere do not have the variable.
    fn starts(&self, first: &str) -> Vec<PathBuf> {
        let home = &self.computer.home;
        let folder = |name: &str| self.computer.folder_in(name);
        if first == APP_DATA {
            let config = folder("XDG_CONFIG_HOME").into_iter().chain([home.join(".config")]);
            let others = [home.join("Library/Application Support")].into_iter().chain(folder("APPDATA"));
            return config.chain(others).collect();
        }
        match first.strip_prefix('$') {
            _ if first == "~" => vec![home.clone()],
            _ if first == "." => self.current.map(Path::to_owned).into_iter().collect(),
            Some(name) => {
                let usual =
                    FOLDERS.iter().find(|(known, _)| *known == name).map(|(_, usual)| home.join(usual));
                folder(name).into_iter().chain(usual).collect()
            }
            None => Vec::new(),
        }
    }

    fn walk(&mut self, at: &Path, rest: &str, found: &mut impl FnMut(PathBuf)) {
        let (part, rest) = rest.split_once('/').unwrap_or((rest, ""));
        if part == "**" {
            return self.below(at, 0, found);
        }
        let names = if part.contains('*') { self.names(at, part) } else { vec![at.join(part)] };
        for path in names {
            if rest.is_empty() { found(path) } else { self.walk(&path, rest, found) }
        }
    }

    fn names(&mut self, folder: &Path, pattern: &str) -> Vec<PathBuf> {
        let fits = |path: &PathBuf| {
            path.file_name().and_then(|name| name.to_str()).is_some_and(|name| fits(name, pattern))
        };
        let mut names: Vec<_> = self.entries(folder).map(|entry| entry.path()).filter(fits).collect();
        names.sort();
        names
    }

    /// Everything below a folder. Links lead elsewhere.
    fn below(&mut self, folder: &Path, depth: usize, found: &mut impl FnMut(PathBuf)) {
        let entries: Vec<_> = self.entries(folder).collect();
        for entry in entries {
            match entry.file_type() {
                Ok(kind) if kind.is_file() => found(entry.path()),
                Ok(kind) if kind.is_dir() && depth < DEEPEST => self.below(&entry.path(), depth + 1, found),
                _ => {}
            }
        }
    }

    fn entries(&mut self, folder: &Path) -> impl Iterator<Item = std::fs::DirEntry> + use<> {
        let entries: Vec<_> = read_dir(folder).into_iter().flatten().flatten().take(self.left).collect();
        self.left -= entries.len();
        entries.into_iter()
    }
}

/// Whether a path ends as a place does. Nothing is said of places whose end may be anything.
pub(super) fn ends_as(path: &Path, place: &str) -> bool {
    let Some((_, rest)) = place.split_once('/') else { return false };
    let mut parts = rest.rsplit('/').peekable();
    if parts.peek().is_none_or(|last| last.chars().all(|letter| letter == '*')) {
        return false;
    }
    let mut names = path.components().rev().map(|part| part.as_os_str().to_string_lossy());
    parts.all(|part| names.next().is_some_and(|name| fits(&name, part)))
}

/// `*` is anything.
fn fits(name: &str, pattern: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return name == pattern };
    let Some(mut name) = name.strip_prefix(start) else { return false };
    let mut parts: Vec<_> = rest.split('*').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = name.find(part) else { return false };
        name = &name[at + part.len()..];
    }
    name.ends_with(end)
}

/// When a file was last written, and how long it is. None if it is none.
pub(super) fn written(path: &Path) -> Option<Metadata> {
    path.metadata().ok().filter(Metadata::is_file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_are_anything_within_a_name() {
        for (name, pattern) in [
            ("a.fish", "*.fish"),
            (".bash_history", ".bash_history*"),
            ("x", "*"),
            ("a-b-c.db-wal", "a*c.db*"),
            ("http-client.private.env.json", "http-client*.env.json"),
        ] {
            assert!(fits(name, pattern), "{name} {pattern}");
        }
        for (name, pattern) in [("a.fishy", "*.fish"), ("b", "a*"), ("ab", "a*bb"), ("aa", "a*a*a")] {
            assert!(!fits(name, pattern), "{name} {pattern}");
        }
    }
}
