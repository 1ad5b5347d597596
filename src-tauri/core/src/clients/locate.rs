//! Where on this computer a client's file lies, and whether the client is here.

use super::delivery::Scope;
use super::table::{ConfigFile, Location, McpClient, Platform};
use crate::places::Computer;
use std::path::{Path, PathBuf};

/// A configuration file of a client on this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    pub scope: Scope,
    /// The file, which need not be there.
    pub path: PathBuf,
    /// The same as a person would write it: `~/.cursor/mcp.json`.
    pub shown: String,
}

impl McpClient {
    /// Its files, one for each scope: of several for one scope the first that is there, else the first. Those
    /// in a project's folder only where there is a project.
    #[must_use]
    pub fn located(&self, computer: &Computer, project: Option<&Path>) -> Vec<Located> {
        let Some(file) = self.file else { return Vec::new() };
        let mut located: Vec<Located> = Vec::new();
        for location in self.locations {
            let Some(found) = location.locate(&file, computer, project) else { continue };
            match located.iter_mut().find(|other| other.scope == found.scope) {
                None => located.push(found),
                Some(first) if !first.path.exists() && found.path.exists() => *first = found,
                Some(_) => {}
            }
        }
        located
    }

    /// Whether it seems to be installed: one of its programs is on the `PATH`, or its file or a folder of its
    /// own for it is there. A folder that everybody has says nothing.
    #[must_use]
    pub fn is_installed(&self, computer: &Computer) -> bool {
        let has_place = |located: &Located| {
            let folder = located.path.parent();
            let own_folder = folder.is_some_and(|folder| {
                folder.is_dir() && folder != computer.home && !computer.is_for_everybody(folder)
            });
            located.scope == Scope::User && (own_folder || located.path.is_file())
        };
        self.programs.iter().any(|program| computer.program(program).is_some())
            || self.located(computer, None).iter().any(has_place)
    }
}

impl Location {
    fn locate(&self, file: &ConfigFile, computer: &Computer, project: Option<&Path>) -> Option<Located> {
        let text = self.on(Platform::HERE);
        let path = match self.scope {
            Scope::Project => project?.join(text.strip_prefix("<project>/")?),
            Scope::User => {
                let moved = file.moved_by.and_then(|moved| {
                    let folder = computer.folder_in(moved.variable)?;
                    Some(folder.join(text.strip_prefix(moved.folder)?.trim_start_matches('/')))
                });
                moved.or_else(|| computer.resolve(text))?
            }
        };
        let shown = computer.shown(&path);
        Some(Located { scope: self.scope, path, shown })
    }
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
        let located = find(client).unwrap().located(computer, project);
        located.into_iter().map(|located| located.shown).collect()
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
