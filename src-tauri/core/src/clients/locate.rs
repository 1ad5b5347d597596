//! Where on this computer a client's files lie, which of them it reads, and whether the client is here.

use super::delivery::Scope;
use super::edit::{self, Dialect, Edited, Kept, Place};
use super::location::{FileForm, Hides, Installation, Location, MovedBy, Written};
use super::platform::Platform;
use super::table::McpClient;
use crate::error::EditProblem;
use crate::places::Computer;
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// More than any list of profiles holds.
const LARGEST_LIST: u64 = 8_000_000;

/// A place on this computer at which a client keeps entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    pub scope: Scope,
    /// The file, which need not be there.
    pub path: PathBuf,
    /// The same as a person would write it: `~/.cursor/mcp.json`.
    pub shown: String,
    /// Where alone its entries count, as the file or its own place says it. None where they count everywhere, and for
    /// [`Scope::Local`] where no folder was chosen yet.
    pub folder: Option<String>,
    /// What the profile is called that alone reads it.
    pub profile: Option<String>,
    pub installation: Option<Installation>,
    pub written: Written,
    /// The client reads it. Where another one is there it may read that instead.
    pub is_read: bool,
    /// Nothing else is read where this is there.
    pub is_exclusive: bool,
    form: FileForm,
    hides: Hides,
}

impl Located {
    /// A file of the project around it that has the client's usual form.
    #[must_use]
    pub fn once_written(client: &McpClient, path: PathBuf, computer: &Computer) -> Option<Self> {
        let form = client.file?.form();
        let shown = computer.shown(&path);
        Some(Self {
            scope: Scope::Project,
            path,
            shown,
            folder: None,
            profile: None,
            installation: None,
            written: Written::Usually,
            is_read: true,
            is_exclusive: false,
            form,
            hides: Hides::Names,
        })
    }

    /// What its file is written in.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.form.dialect
    }

    /// Whether both are the same place, whatever each counts for.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.path == other.path && self.form.dialect == other.form.dialect && self.keys() == other.keys()
    }

    /// The folder is not chosen yet: the file tells which it has entries for.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.scope == Scope::Local && self.folder.is_none()
    }

    /// Where it is there, what is listed behind it in its scope is not read.
    #[must_use]
    pub fn ends_those_after_it(&self) -> bool {
        self.hides != Hides::Names
    }

    /// The entries that count in one folder.
    #[must_use]
    pub fn in_folder(&self, folder: &str) -> Self {
        Self { folder: Some(folder.to_owned()), ..self.clone() }
    }

    /// The folders that the file has entries for.
    ///
    /// # Errors
    /// Where the client itself could not read the file.
    pub fn folders(&self, bytes: &[u8]) -> Result<Vec<String>, EditProblem> {
        let Some(at) = self.form.path.iter().position(|key| *key == "*") else { return Ok(Vec::new()) };
        let (before, after) = (&self.form.path[..at], &self.form.path[at + 1..]);
        let holds = |folder: &Value| {
            let inside = after.iter().try_fold(folder, |value, key| value.get(*key));
            inside.and_then(Value::as_object).is_some_and(|entries| !entries.is_empty())
        };
        let all = edit::entries(bytes, self.form.dialect, before, Kept::ByName)?;
        Ok(all.into_iter().filter(|(_, folder)| holds(folder)).map(|(name, _)| name).collect())
    }

    /// All entries there, each with its name.
    ///
    /// # Errors
    /// Where the client itself could not read the file.
    pub fn entries(&self, bytes: &[u8]) -> Result<Vec<(String, Value)>, EditProblem> {
        if self.is_open() {
            return Ok(Vec::new());
        }
        edit::entries(bytes, self.form.dialect, &self.keys(), self.form.kept)
    }

    /// The values of its file, for [`Located::entries_of`].
    ///
    /// # Errors
    /// Where the client itself could not read the file.
    pub fn document(&self, bytes: &[u8]) -> Result<Value, EditProblem> {
        edit::document(bytes, self.form.dialect)
    }

    /// All entries there, each with its name, from the values of its file.
    #[must_use]
    pub fn entries_of(&self, document: &Value) -> Vec<(String, Value)> {
        if self.is_open() {
            return Vec::new();
        }
        edit::entries_of(document, &self.keys(), self.form.kept)
    }

    /// The entry of that name.
    pub fn entry(&self, bytes: &[u8], name: &str) -> Result<Option<Value>, EditProblem> {
        edit::read(bytes, self.form.dialect, &self.place(&self.keys(), name))
    }

    /// See [`edit::put`].
    pub fn put(
        &self,
        bytes: &[u8],
        name: &str,
        entry: &Map<String, Value>,
        obsolete: &[&str],
    ) -> Result<Edited, EditProblem> {
        edit::put(bytes, self.form.dialect, &self.place(&self.keys(), name), entry, obsolete)
    }

    /// See [`edit::remove`].
    pub fn remove(&self, bytes: &[u8], name: &str) -> Result<Edited, EditProblem> {
        edit::remove(bytes, self.form.dialect, &self.place(&self.keys(), name))
    }

    fn keys(&self) -> Vec<&str> {
        let folder = self.folder.as_deref().unwrap_or_default();
        self.form.path.iter().map(|key| if *key == "*" { folder } else { *key }).collect()
    }

    fn place<'a>(&self, keys: &'a [&'a str], name: &'a str) -> Place<'a> {
        Place { path: keys, name, kept: self.form.kept }
    }

    /// Whether it is there, as far as that decides what else is read.
    fn is_there(&self) -> bool {
        match (self.written, self.hides) {
            (Written::Always, _) => true,
            (_, Hides::ScopeByFolder) => self.path.parent().is_some_and(Path::is_dir),
            _ => self.path.exists(),
        }
    }

    fn has_own_folder(&self, computer: &Computer) -> bool {
        let folder = self.path.parent();
        folder.is_some_and(|folder| {
            folder.is_dir() && folder != computer.home && !computer.is_for_everybody(folder)
        })
    }
}

impl McpClient {
    /// Every place where it keeps entries, or might: those that go first come first. Those in a project's folder only
    /// where there is a project.
    #[must_use]
    pub fn all_located(&self, computer: &Computer, project: Option<&Path>) -> Vec<Located> {
        let Some(file) = self.file else { return Vec::new() };
        let mut places: Vec<Located> = Vec::new();
        for location in self.locations {
            for found in location.all(file.form(), computer, project) {
                let is_same = |other: &&mut Located| {
                    other.path == found.path && other.scope == found.scope && other.form == found.form
                };
                match places.iter_mut().find(is_same) {
                    // Two ways lead there, and by one of them it may be made.
                    Some(known) if found.written == Written::Usually => known.written = Written::Usually,
                    Some(_) => {}
                    None => places.push(found),
                }
            }
        }
        // A project's folder may be the person's own, or below it.
        let own: Vec<_> = places.iter().filter(|place| place.scope != Scope::Project).cloned().collect();
        places.retain(|place| place.scope != Scope::Project || !own.iter().any(|other| other.is_same(place)));
        let usual_is_here = Self::usual_is_here(computer, &places);
        let mut hidden: Vec<Scope> = Vec::new();
        let mut all_hidden = false;
        for place in &mut places {
            let is_of_who_is_here = match place.installation {
                // Its profiles lie in a folder below it.
                Some(_) => place.has_own_folder(computer) || place.path.is_file(),
                None => usual_is_here || matches!(place.scope, Scope::Project | Scope::System),
            };
            place.is_read = is_of_who_is_here && !all_hidden && !hidden.contains(&place.scope);
            if place.is_read && place.is_there() {
                match place.hides {
                    Hides::Names => {}
                    Hides::Scope | Hides::ScopeByFolder => hidden.push(place.scope),
                    Hides::All => all_hidden = true,
                }
            }
        }
        places
    }

    /// Every file in which it keeps entries, or did: also where it would look without the variables that are set.
    #[must_use]
    pub fn every_file(&self, computer: &Computer, project: Option<&Path>) -> Vec<PathBuf> {
        let places = self.all_located(computer, project).into_iter().map(|place| place.path);
        let unmoved =
            self.locations.iter().filter_map(|location| computer.resolve(location.on(Platform::HERE)));
        let unmoved = unmoved.filter(|_| self.file.is_some()).flat_map(|path| matching(&path));
        places.chain(unmoved).collect()
    }

    /// Where an entry of ours goes: one place for each scope that has one. Of several the first that is there, else
    /// the first that may be made.
    #[must_use]
    pub fn located(&self, computer: &Computer, project: Option<&Path>) -> Vec<Located> {
        let places = self.all_located(computer, project);
        let inside = project.map(Path::to_owned);
        let mine = |place: &&Located| match (place.scope, &inside) {
            (Scope::Project, Some(project)) => place.path.starts_with(project),
            _ => true,
        };
        let read = || places.iter().filter(|place| place.is_read).filter(mine);
        let chosen = |scope: Scope| {
            let of_scope = || read().filter(move |place| place.scope == scope);
            let usual = of_scope().find(|place| place.written == Written::Always).or_else(|| {
                let there = of_scope().filter(|place| place.is_there());
                let may_be_written =
                    |place: &&Located| matches!(place.written, Written::Usually | Written::IfThere);
                there
                    .filter(may_be_written)
                    .chain(of_scope().filter(|place| place.written == Written::Usually))
                    .next()
            });
            // Nobody reads the usual one where only another installation is here.
            usual.or_else(|| of_scope().find(|place| place.written == Written::Asked)).cloned()
        };
        [Scope::User, Scope::Project, Scope::Local].into_iter().filter_map(chosen).collect()
    }

    /// Whether it seems to be installed: one of its programs is on the `PATH`, or its file or a folder of its
    /// own for it is there. A folder that everybody has says nothing.
    #[must_use]
    pub fn is_installed(&self, computer: &Computer) -> bool {
        let has_place = |place: &Located| {
            place.scope == Scope::User && (place.has_own_folder(computer) || place.path.is_file())
        };
        self.programs.iter().any(|program| computer.program(program).is_some())
            || self.all_located(computer, None).iter().any(has_place)
    }

    /// Whether the usual installation is here, or none is.
    fn usual_is_here(computer: &Computer, places: &[Located]) -> bool {
        let is_here = |place: &Located| {
            place.scope == Scope::User && (place.has_own_folder(computer) || place.path.is_file())
        };
        let (others, usual): (Vec<_>, Vec<_>) = places.iter().partition(|place| place.installation.is_some());
        let is_any_here = |places: &[&Located]| places.iter().any(|place| is_here(place));
        // Their programs may have the same names.
        !is_any_here(&others) || is_any_here(&usual)
    }
}

impl Location {
    /// Each file that this stands for.
    fn all(&self, usual: FileForm, computer: &Computer, project: Option<&Path>) -> Vec<Located> {
        let text = self.on(Platform::HERE);
        let found = match (self.scope, project) {
            (Scope::Project, Some(project)) => {
                let Some(inside) = text.strip_prefix("<project>/") else { return Vec::new() };
                let above = if self.reading.above { usize::MAX } else { 1 };
                let folders = project.ancestors().take(above);
                let files = |folder: &Path| {
                    let counts_for = computer.shown(folder);
                    let files = matching(&folder.join(inside)).into_iter();
                    files.map(|path| (path, Some(counts_for.clone()))).collect::<Vec<_>>()
                };
                folders.flat_map(files).collect()
            }
            (Scope::Project, None) => Vec::new(),
            _ => {
                let path = self.moved_to(computer).or_else(|| computer.resolve(text));
                path.into_iter().flat_map(|path| matching(&path)).map(|path| (path, None)).collect::<Vec<_>>()
            }
        };
        let form = self.reading.form.unwrap_or(usual);
        let place = |(path, folder): (PathBuf, Option<String>)| {
            Some(Located {
                scope: self.scope,
                shown: computer.shown(&path),
                folder,
                profile: match self.scope {
                    Scope::Profile => Some(profile(&path)?),
                    _ => None,
                },
                path,
                installation: self.reading.installation,
                written: self.reading.written,
                is_read: true,
                is_exclusive: self.reading.hides == Hides::All,
                form,
                hides: self.reading.hides,
            })
        };
        found.into_iter().filter_map(place).collect()
    }

    fn moved_to(&self, computer: &Computer) -> Option<PathBuf> {
        self.reading.moves.iter().find_map(|moved| {
            let folder = match moved.by {
                MovedBy::Variable(name) => computer.folder_in(name)?,
                MovedBy::InVariable(name, inside) => computer.folder_in(name)?.join(inside),
                MovedBy::Pointer(file) => pointed_to(&computer.resolve(file)?)?,
            };
            // The same below it on every system.
            let inside = self.linux.strip_prefix(moved.folder)?.trim_start_matches('/');
            Some(inside.split('/').fold(folder, |path, part| path.join(part)))
        })
    }

    /// The variables that say where it is.
    pub(super) fn variables(&self) -> impl Iterator<Item = &'static str> {
        let moves = self.reading.moves.iter().filter_map(|moved| match moved.by {
            MovedBy::Variable(name) | MovedBy::InVariable(name, _) => Some(name),
            MovedBy::Pointer(_) => None,
        });
        let named = self.linux.strip_prefix('$').and_then(|rest| rest.split('/').next());
        moves.chain(named)
    }
}

/// The path, or with a `*` in one of its parts, all that are there like it, in the order of their names.
fn matching(path: &Path) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::new()];
    for part in path.components() {
        let name = part.as_os_str();
        let Some((before, after)) = name.to_str().and_then(|name| name.split_once('*')) else {
            for folder in &mut found {
                folder.push(name);
            }
            continue;
        };
        let like = |folder: PathBuf| {
            let names = std::fs::read_dir(&folder).into_iter().flatten().flatten();
            let names = names.filter_map(|entry| entry.file_name().into_string().ok());
            let mut names: Vec<_> = names
                .filter(|name| {
                    name.len() >= before.len() + after.len()
                        && name.starts_with(before)
                        && name.ends_with(after)
                })
                .collect();
            names.sort_unstable();
            names.into_iter().map(move |name| folder.join(name))
        };
        found = found.into_iter().flat_map(like).collect();
    }
    found
}

/// The folder that is named in a file, alone.
fn pointed_to(file: &Path) -> Option<PathBuf> {
    let named = PathBuf::from(std::fs::read_to_string(file).ok()?.trim());
    named.is_absolute().then_some(named)
}

/// What a person calls the profile whose file this is; nothing where it shares the servers of the usual one. VS Code and
/// its kin keep the names of the folders in a list of their own (`userDataProfiles` with `name`, `location` and
/// `useDefaultFlags`; vscode's `userDataProfile.ts`, 2026-11-29).
fn profile(path: &Path) -> Option<String> {
    let folder = path.parent()?;
    let id = folder.file_name()?.to_str()?;
    let listed = || -> Option<Value> {
        let list = folder.parent()?.parent()?.join("globalStorage/storage.json");
        if list.metadata().ok()?.len() > LARGEST_LIST {
            return None;
        }
        let list: Value = serde_json::from_slice(&std::fs::read(list).ok()?).ok()?;
        let profiles = list.get("userDataProfiles")?.as_array()?;
        profiles.iter().find(|profile| profile.get("location").and_then(Value::as_str) == Some(id)).cloned()
    };
    let Some(listed) = listed() else { return Some(id.to_owned()) };
    if listed.pointer("/useDefaultFlags/mcp") == Some(&Value::Bool(true)) {
        return None;
    }
    Some(listed.get("name").and_then(Value::as_str).unwrap_or(id).to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::find;
    use super::*;
    use std::collections::BTreeMap;

    fn computer(home: &Path, variables: &[(&str, &Path)]) -> Computer {
        let variables =
            variables.iter().map(|(name, value)| ((*name).to_owned(), value.as_os_str().to_owned()));
        Computer { home: home.to_owned(), variables: variables.collect::<BTreeMap<_, _>>() }
    }

    fn paths(client: &str, computer: &Computer, project: Option<&Path>) -> Vec<String> {
        let located = find(client).unwrap().located(computer, project).into_iter();
        located.filter(|place| place.scope != Scope::Local).map(|located| located.shown).collect()
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn files_lie_where_the_client_and_its_variables_say() {
        let home = tempfile::tempdir().unwrap();
        let other = tempfile::tempdir().unwrap();
        let plain = computer(home.path(), &[]);
        assert_eq!(paths("vscode", &plain, None), ["~/.config/Code/User/mcp.json"]);
        assert_eq!(paths("claude-code", &plain, None), ["~/.claude.json"]);
        let project = home.path().join("work");
        assert_eq!(
            paths("codex", &plain, Some(&project)),
            ["~/.codex/config.toml", "~/work/.codex/config.toml"]
        );
        let elsewhere = other.path().display().to_string();
        let variables =
            ["CODEX_HOME", "CLAUDE_CONFIG_DIR", "XDG_CONFIG_HOME"].map(|name| (name, other.path()));
        let moved = computer(home.path(), &variables);
        assert_eq!(paths("codex", &moved, None), [format!("{elsewhere}/config.toml")]);
        assert_eq!(paths("claude-code", &moved, None), [format!("{elsewhere}/.claude.json")]);
        assert_eq!(paths("vscode", &moved, None), [format!("{elsewhere}/Code/User/mcp.json")]);
        assert_eq!(paths("cursor", &moved, None), ["~/.cursor/mcp.json"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_client_is_here_when_its_program_or_its_folder_is() {
        let home = tempfile::tempdir().unwrap();
        let is_here = |client: &str, path: &Path| {
            find(client).unwrap().is_installed(&computer(home.path(), &[("PATH", path)]))
        };
        let nowhere = home.path().join("nowhere");
        assert!(
            !is_here("cursor", &nowhere) && !is_here("codex", &nowhere) && !is_here("claude-code", &nowhere)
        );
        std::fs::create_dir_all(home.path().join(".cursor")).unwrap();
        std::fs::write(home.path().join(".claude.json"), "{}").unwrap();
        assert!(is_here("cursor", &nowhere) && is_here("claude-code", &nowhere));
        let bin = home.path().join("bin");
        std::fs::create_dir(&bin).unwrap();
        std::fs::write(bin.join("codex"), "").unwrap();
        assert!(!is_here("codex", &bin), "a file that cannot be run is no program");
        let mut mode = bin.join("codex").metadata().unwrap().permissions();
        std::os::unix::fs::PermissionsExt::set_mode(&mut mode, 0o755);
        std::fs::set_permissions(bin.join("codex"), mode).unwrap();
        assert!(is_here("codex", &bin));
    }
}
