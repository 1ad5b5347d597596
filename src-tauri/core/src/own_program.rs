//! Our command line, by a path that still leads to it when its next version has come.
//!
//! A running program knows the file it is, and package managers keep each version in a folder of its own, with a link
//! to it that stays. What is written into other programs' files is that link.

use crate::places::Computer;
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

const NAME: &str = if cfg!(windows) { "superset-keys.exe" } else { "superset-keys" };
/// What Nix's wrappers start.
const WRAPPED: &str = ".superset-keys-wrapped";
/// Links beside the folders of versions, by what they are called most often; others come after them.
const USUAL_LINKS: [&str; 4] = ["current", "latest", "stable", "default"];
/// Where Nix and Guix link what is installed, besides folders of the person's.
const PROFILES: [&str; 4] = [
    "/run/current-system/sw/bin",
    "/nix/var/nix/profiles/default/bin",
    "/run/current-system/profile/bin",
    "/usr/local/bin",
];
const PROFILES_IN_HOME: [&str; 4] =
    [".nix-profile/bin", ".local/state/nix/profile/bin", ".guix-profile/bin", ".guix-home/profile/bin"];

/// What a path says of how long it leads somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stays {
    Lasting,
    /// In the folder of one version, or of one build of a package.
    ForThisVersion,
    /// Where a build put it: the next one replaces it, and tidying up removes it.
    InABuildFolder,
    /// In a folder for what is soon gone, such as where an `AppImage` is mounted.
    ForNow,
}

impl Stays {
    #[must_use]
    pub fn of(program: &Path) -> Self {
        let folder = program.parent();
        let parts =
            || folder.into_iter().flat_map(Path::components).filter_map(|part| part.as_os_str().to_str());
        let built = folder.and_then(Path::file_name);
        if built.is_some_and(|name| name == "debug" || name == "release") {
            Self::InABuildFolder
        } else if is_temporary(program) {
            Self::ForNow
        } else if parts().any(is_version) || is_in_a_store(program) {
            Self::ForThisVersion
        } else {
            Self::Lasting
        }
    }
}

/// The path of our command line to write down. `program` is the file itself, `called` how this process was started, if
/// that names a path.
#[must_use]
pub fn lasting(program: &Path, called: Option<&Path>, computer: &Computer) -> PathBuf {
    let program = &still_there(program);
    let mut best: Option<(bool, Stays, PathBuf)> = None;
    let mut take = |path: PathBuf| {
        // All may lie in a folder for what is soon gone; what is versioned besides is still the worse path.
        let rank = (is_versioned(&path), Stays::of(&path));
        let is_better = best.as_ref().is_none_or(|(versioned, stays, _)| rank < (*versioned, *stays));
        if is_better {
            best = Some((rank.0, rank.1, path));
        }
    };
    let called = called.filter(|path| path.components().count() > 1);
    let called = called.and_then(|path| std::path::absolute(path).ok());
    let links = on_the_path(computer).into_iter().chain(called).chain(links(program, computer));
    links.filter(|link| leads_to(link, program)).for_each(&mut take);
    launchers(program, computer).into_iter().filter(|path| path.is_file()).for_each(&mut take);
    take(program.clone());
    best.map_or_else(|| program.clone(), |(_, _, path)| path)
}

/// The first program of our name that a client finds without a path, if it is this one.
#[must_use]
pub fn is_found_by_name(program: &Path, computer: &Computer) -> bool {
    let launcher = |found: &Path| launchers(program, computer).iter().any(|path| path == found);
    computer.program("superset-keys").is_some_and(|found| leads_to(&found, program) || launcher(&found))
}

/// The file that has its name, also where another one took its place since it was started.
fn still_there(program: &Path) -> PathBuf {
    // What Linux calls the file of a program that was replaced while it runs.
    let replaced = program.to_str().and_then(|text| text.strip_suffix(" (deleted)")).map(PathBuf::from);
    replaced.filter(|_| !program.exists()).unwrap_or_else(|| program.to_owned())
}

fn on_the_path(computer: &Computer) -> Vec<PathBuf> {
    let folders = computer.variables.get("PATH").map(std::env::split_paths).into_iter().flatten();
    folders.filter(|folder| folder.is_absolute()).map(|folder| folder.join(NAME)).collect()
}

/// Where package managers link what they install.
fn links(program: &Path, computer: &Computer) -> Vec<PathBuf> {
    let mut links = Vec::new();
    if let Some((root, name)) = in_a_cellar(program) {
        links.push(root.join("bin").join(NAME));
        links.push(root.join("opt").join(name).join("bin").join(NAME));
    }
    if is_in_a_store(program) {
        let user = computer.home.file_name().unwrap_or_default();
        links.extend(PROFILES_IN_HOME.iter().map(|folder| computer.home.join(folder).join(NAME)));
        links.push(Path::new("/etc/profiles/per-user").join(user).join("bin").join(NAME));
        links.extend(PROFILES.iter().map(|folder| Path::new(folder).join(NAME)));
    }
    links.extend(beside_versions(program));
    links
}

/// `<root>/Cellar/<name>/<version>/…`, as Homebrew has it on each system.
fn in_a_cellar(program: &Path) -> Option<(PathBuf, &OsStr)> {
    let mut parts = program.components();
    let mut root = PathBuf::new();
    loop {
        let part = parts.next()?;
        if matches!(part.as_os_str().to_str(), Some("Cellar" | "Caskroom")) {
            let Component::Normal(name) = parts.next()? else { return None };
            return Some((root, name));
        }
        root.push(part);
    }
}

/// The same path through links beside the folder of its version: `current`, `latest`, or the name without one.
fn beside_versions(program: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in program.ancestors().skip(1) {
        let (Some(name), Some(around)) = (folder.file_name().and_then(OsStr::to_str), folder.parent()) else {
            continue;
        };
        let Ok(inside) = program.strip_prefix(folder) else { continue };
        if !is_version(name) {
            continue;
        }
        let entries = std::fs::read_dir(around).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let mut names: Vec<_> =
            names.filter(|other| other != name && around.join(other).is_symlink()).collect();
        let place =
            |name: &String| USUAL_LINKS.iter().position(|usual| usual == name).unwrap_or(USUAL_LINKS.len());
        names.sort_by(|a, b| (place(a), a).cmp(&(place(b), b)));
        found.extend(names.into_iter().map(|name| around.join(name).join(inside)));
    }
    found
}

/// Programs of package managers that start ours, told by where they lie: they are other files.
fn launchers(program: &Path, computer: &Computer) -> Vec<PathBuf> {
    let mut found = Vec::new();
    // mise, asdf, Scoop: `<root>/installs/<name>/<version>/…`, and `<root>/shims`.
    for folder in program.ancestors().skip(2) {
        let holds = folder.file_name().and_then(OsStr::to_str);
        if matches!(holds, Some("installs" | "apps"))
            && let Some(root) = folder.parent()
        {
            found.push(root.join("shims").join(NAME));
        }
    }
    let variable = |name| computer.folder_in(name);
    if let Some(root) = variable("SNAP").filter(|root| program.starts_with(root)) {
        // `/snap/<name>/<revision>`
        let around = root.parent().and_then(Path::parent).map(Path::to_owned);
        found.extend(around.map(|around| around.join("bin").join(NAME)));
    }
    if let (Some(mounted), Some(image)) = (variable("APPDIR"), variable("APPIMAGE"))
        && program.starts_with(&mounted)
        && leads_to(&mounted.join("AppRun"), program)
    {
        found.push(image);
    }
    if is_mounted(program) {
        // One that was installed is there tomorrow.
        found.extend(on_the_path(computer));
    }
    found
}

/// Whether both are this very program.
fn leads_to(link: &Path, program: &Path) -> bool {
    let (Ok(end), Ok(own)) = (link.canonicalize(), program.canonicalize()) else { return false };
    end == own || is_same_file(&end, &own) || is_its_wrapper(&end, &own)
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let id = |path: &Path| path.metadata().ok().map(|found| (found.dev(), found.ino()));
        id(one).is_some_and(|one| Some(one) == id(other))
    }
    #[cfg(not(unix))]
    {
        let _ = (one, other);
        false
    }
}

/// A script of Nix's in the same folder, which starts it.
fn is_its_wrapper(wrapper: &Path, program: &Path) -> bool {
    wrapper.parent() == program.parent()
        && wrapper.file_name() == Some(OsStr::new(NAME))
        && program.file_name() == Some(OsStr::new(WRAPPED))
}

fn is_versioned(program: &Path) -> bool {
    let folder = program.parent().into_iter().flat_map(Path::components);
    folder.filter_map(|part| part.as_os_str().to_str()).any(is_version) || is_in_a_store(program)
}

/// `0.1.0`, `v1.2`, `superset-keys-0.1.0`, `0.1.0_1`.
fn is_version(name: &str) -> bool {
    let number = |text: &str| {
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let mut parts = text.split('.');
        let is_whole = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        parts.next().is_some_and(is_whole)
            && parts.next().is_some_and(|part| part.starts_with(|letter: char| letter.is_ascii_digit()))
    };
    number(name) || name.match_indices(['-', '@', '_']).any(|(at, _)| number(&name[at + 1..]))
}

/// Where each build has a folder of its own: `/nix/store/<hash>-<name>`.
fn is_in_a_store(program: &Path) -> bool {
    ["/nix/store", "/gnu/store"].iter().any(|store| program.starts_with(store))
        || in_a_cellar(program).is_some()
        || is_of_a_snap(program)
}

/// `/snap/<name>/<revision>`; `current` is a link beside it.
fn is_of_a_snap(program: &Path) -> bool {
    let inside = program.strip_prefix("/snap").or_else(|_| program.strip_prefix("/var/lib/snapd/snap"));
    let revision = inside.ok().and_then(|inside| inside.components().nth(1));
    revision.is_some_and(|revision| {
        revision.as_os_str().to_string_lossy().bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn is_temporary(program: &Path) -> bool {
    const FOLDERS: [&str; 7] =
        ["/tmp", "/var/tmp", "/private/tmp", "/var/folders", "/private/var/folders", "/dev/shm", "/run/user"];
    FOLDERS.iter().any(|folder| program.starts_with(folder))
        || program.starts_with(std::env::temp_dir())
        || is_mounted(program)
}

/// Where an `AppImage` is while it runs, or macOS keeps what was downloaded and not moved yet.
fn is_mounted(program: &Path) -> bool {
    let mut parts = program.components().filter_map(|part| part.as_os_str().to_str());
    parts.any(|part| part.starts_with(".mount_") || part == "AppTranslocation")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_path_says_how_long_it_lasts() {
        for (path, stays) in [
            ("/usr/bin/superset-keys", Stays::Lasting),
            ("/home/jane/python3.12/bin/superset-keys", Stays::Lasting),
            ("/opt/superset-keys-0.1.0/superset-keys", Stays::ForThisVersion),
            ("/home/jane/.asdf/installs/superset-keys/0.1.0/bin/superset-keys", Stays::ForThisVersion),
            ("/nix/store/abc-superset-keys-0.1.0/bin/superset-keys", Stays::ForThisVersion),
            ("/snap/superset-keys/12/bin/superset-keys", Stays::ForThisVersion),
            ("/snap/bin/superset-keys", Stays::Lasting),
            ("/home/jane/superset-keys/target/debug/superset-keys", Stays::InABuildFolder),
            ("/tmp/.mount_a/usr/bin/superset-keys", Stays::ForNow),
        ] {
            assert_eq!(Stays::of(Path::new(path)), stays, "{path}");
        }
    }
}
