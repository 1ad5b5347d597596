//! The path of our program that is written down is the one that is there after the next upgrade.

use std::collections::BTreeMap;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use superset_keys_core::own_program::{is_found_by_name, lasting};
use superset_keys_core::places::Computer;

struct Disk(tempfile::TempDir);

impl Disk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn at(&self, inside: &str) -> PathBuf {
        self.0.path().canonicalize().unwrap().join(inside)
    }

    fn file(&self, inside: &str) -> PathBuf {
        let path = self.at(inside);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, "#!/bin/sh\n").unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
        path
    }

    fn link(&self, inside: &str, to: &str) -> PathBuf {
        let path = self.at(inside);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(to, &path).unwrap();
        path
    }

    fn computer(&self, path: &[&str], variables: &[(&str, &str)]) -> Computer {
        let path = std::env::join_paths(path.iter().map(|folder| self.at(folder))).unwrap();
        let variables = variables.iter().map(|(name, inside)| ((*name).to_owned(), self.at(inside).into()));
        let path = std::iter::once(("PATH".to_owned(), path));
        Computer { home: self.at("home"), variables: path.chain(variables).collect::<BTreeMap<_, _>>() }
    }
}

#[test]
fn the_link_that_stays_goes_before_the_folder_of_a_version() {
    for (file, link, to, path) in [
        // Homebrew, on the PATH and not.
        (
            "brew/Cellar/superset-keys/0.1.0/bin/superset-keys",
            "brew/bin/superset-keys",
            "../Cellar/superset-keys/0.1.0/bin/superset-keys",
            "brew/bin",
        ),
        (
            "brew/Cellar/superset-keys/0.1.0/bin/superset-keys",
            "brew/bin/superset-keys",
            "../Cellar/superset-keys/0.1.0/bin/superset-keys",
            "elsewhere",
        ),
        (
            "brew/Cellar/superset-keys/0.1.0/bin/superset-keys",
            "brew/opt/superset-keys",
            "../Cellar/superset-keys/0.1.0",
            "elsewhere",
        ),
        // mise puts the version itself on the PATH.
        (
            "mise/installs/superset-keys/0.1.0/bin/superset-keys",
            "mise/installs/superset-keys/latest",
            "0.1.0",
            "mise/installs/superset-keys/0.1.0/bin",
        ),
        ("opt/superset-keys-0.1.0/superset-keys", "opt/superset-keys", "superset-keys-0.1.0", "elsewhere"),
        // Alternatives: a link to a link.
        (
            "opt/superset-keys-0.1.0/superset-keys",
            "usr/bin/superset-keys",
            "../../opt/superset-keys-0.1.0/superset-keys",
            "usr/bin",
        ),
    ] {
        let disk = Disk::new();
        let (file, link) = (disk.file(file), disk.link(link, to));
        let expected = if link.is_dir() {
            let inside: PathBuf =
                file.iter().skip_while(|part| !part.to_str().unwrap().contains("0.1.0")).skip(1).collect();
            link.join(inside)
        } else {
            link
        };
        assert_eq!(lasting(&file, None, &disk.computer(&[path], &[])), expected, "{to}");
    }
}

#[test]
fn how_it_was_called_counts_where_that_is_this_program() {
    let disk = Disk::new();
    let file = disk.file("opt/superset-keys-0.1.0/superset-keys");
    let link = disk.link("links/superset-keys", file.to_str().unwrap());
    let computer = disk.computer(&["nowhere"], &[]);
    assert_eq!(lasting(&file, Some(&link), &computer), link);
    let other = disk.file("other/superset-keys");
    assert_eq!(lasting(&file, Some(&other), &computer), file);
    assert_eq!(lasting(&file, Some(Path::new("superset-keys")), &computer), file);
}

#[test]
fn a_shim_and_a_wrapper_are_other_files_that_start_this_one() {
    let disk = Disk::new();
    let file = disk.file("asdf/installs/superset-keys/0.1.0/bin/superset-keys");
    let shim = disk.file("asdf/shims/superset-keys");
    assert_eq!(lasting(&file, None, &disk.computer(&["asdf/shims"], &[])), shim);
    let image = disk.file("Superset-Keys.AppImage");
    let file = disk.file("tmp/.mount_abc/usr/bin/superset-keys");
    let variables = [("APPDIR", "tmp/.mount_abc"), ("APPIMAGE", "Superset-Keys.AppImage")];
    disk.link("tmp/.mount_abc/AppRun", "usr/bin/superset-keys");
    assert_eq!(lasting(&file, None, &disk.computer(&["usr/bin"], &variables)), image);
    // A terminal inside another program's image.
    let own = disk.file("usr/bin/superset-keys");
    assert_eq!(lasting(&own, None, &disk.computer(&["usr/bin"], &variables)), own);
}

#[test]
fn what_is_mounted_for_now_gives_way_to_one_that_is_installed() {
    let disk = Disk::new();
    let file = disk.file("tmp/.mount_abc/usr/bin/superset-keys");
    let installed = disk.file("usr/bin/superset-keys");
    assert_eq!(lasting(&file, None, &disk.computer(&["usr/bin"], &[])), installed);
    assert_eq!(lasting(&file, None, &disk.computer(&["nowhere"], &[])), file);
}

#[test]
fn another_program_of_the_name_is_not_this_one() {
    let disk = Disk::new();
    let (file, _) = (disk.file("opt/superset-keys-0.1.0/superset-keys"), disk.file("bin/superset-keys"));
    let computer = disk.computer(&["bin"], &[]);
    assert_eq!(lasting(&file, None, &computer), file);
    assert!(!is_found_by_name(&file, &computer));
    assert!(is_found_by_name(&disk.at("bin/superset-keys"), &computer));
}
