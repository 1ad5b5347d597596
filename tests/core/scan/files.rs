//! What a search does with everything that is not a plain small file.

use crate::{KEY, Tree, known, places};
use superset_keys_core::scan::{FileKind, KeySearch, LARGEST, search_all};

#[test]
fn ignored_and_hidden_files_are_searched() {
    let tree = Tree::new();
    tree.write(".gitignore", ".env\n*.secret\n");
    tree.write(".ignore", "*\n");
    tree.write(".env", KEY);
    tree.write("a/.hidden/b.secret", KEY);
    tree.write(".git/config", format!("[http]\n\textraHeader = Authorization: Bearer {KEY}\n"));
    tree.write(".venv/bin/activate", format!("export K={KEY}"));
    tree.write(".venv/pyvenv.cfg", "");
    assert_eq!(
        tree.found(),
        [".env:1:1", ".git/config:2:38", ".venv/bin/activate:1:10", "a/.hidden/b.secret:1:1"]
    );
}

#[test]
fn folders_that_hold_nothing_of_a_person_s_are_left_out_and_counted() {
    let tree = Tree::new();
    tree.write(".git/HEAD", "ref");
    tree.write("target/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n# cargo");
    for name in [
        "node_modules/x/index.js",
        ".git/objects/ab/cd",
        "target/debug/x",
        "venv/lib/python3.12/site-packages/x.py",
    ] {
        tree.write(name, KEY);
    }
    // Of the same name, and something else.
    tree.write("other/target/notes", KEY);
    tree.write("objects/notes", KEY);
    let searched = tree.search();
    assert_eq!(places(&searched, &tree.path()), ["objects/notes:1:1", "other/target/notes:1:1"]);
    assert_eq!(searched.tally.folders_left_out, 4);
    let named = tree.path().join("node_modules");
    let searched = search_all(&KeySearch::new([]), &[], std::slice::from_ref(&named), &false.into());
    assert_eq!(searched.caught.len(), 1, "one that a person names is searched");
    let searched = search_all(&KeySearch::new([]), &[], &[tree.path(), named], &false.into());
    assert_eq!(searched.caught.len(), 3, "also if it lies in another");
    assert_eq!(searched.tally.folders_left_out, 3);
}

#[test]
fn binaries_are_left_out_unless_they_are_named() {
    let tree = Tree::new();
    let path = tree.write("history", [b"a\0b\n".as_slice(), KEY.as_bytes()].concat());
    let searched = tree.search();
    assert_eq!((searched.caught.len(), searched.tally.binary), (0, 1));
    let of_a_shell = [known(path.clone(), FileKind::ShellHistory)];
    assert_eq!(search_all(&KeySearch::new([]), &of_a_shell, &[], &false.into()).caught.len(), 1);
    assert_eq!(search_all(&KeySearch::new([]), &[], &[path], &false.into()).caught.len(), 1);
    tree.write("text-first", [vec![b'a'; 10_000], vec![0], vec![b' '], KEY.into()].concat());
    assert_eq!(tree.search().caught.len(), 1);
}

#[test]
fn one_place_is_told_once_however_it_is_reached() {
    let tree = Tree::new();
    let path = tree.write("a/.env", KEY);
    let paths = [tree.path(), tree.path().join("a"), path.clone(), tree.path().join("a/../a")];
    let files = [known(path.clone(), FileKind::EnvFile), known(path, FileKind::EnvFile)];
    let searched = search_all(&KeySearch::new([]), &files, &paths, &false.into());
    assert_eq!((searched.caught.len(), searched.tally.files), (1, 1));
}

#[test]
fn a_path_that_is_not_there_is_named_and_a_known_file_is_not() {
    let tree = Tree::new();
    let missing = tree.path().join("missing");
    let files = [known(tree.path().join(".bashrc"), FileKind::ShellStartup)];
    let searched = search_all(&KeySearch::new([]), &files, std::slice::from_ref(&missing), &false.into());
    assert_eq!(searched.tally.unreadable, 1);
    assert_eq!(searched.tally.unread[0].path, missing);
}

#[test]
fn a_search_that_is_stopped_ends() {
    let tree = Tree::new();
    tree.write("f", KEY);
    let searched = search_all(&KeySearch::new([]), &[], &[tree.path()], &true.into());
    assert_eq!(searched.tally.files, 0);
}

#[test]
fn very_many_keys_are_cut_short_and_it_is_said() {
    let tree = Tree::new();
    let many: Vec<_> = (0..2000).map(|n| format!("sst_{n:05}{}\n", &KEY[9..])).collect();
    tree.write("list", many.concat());
    let searched = tree.search();
    assert_eq!((searched.caught.len(), searched.tally.more), (1000, true));
    for n in 0..100 {
        tree.write(&format!("{n}/.env"), KEY);
    }
    assert_eq!(tree.search().caught.len(), 1100, "the other files are searched nevertheless");
}

#[test]
fn folders_wide_and_deep_are_gone_through_once() {
    let tree = Tree::new();
    for n in 0..3000 {
        tree.write(&format!("wide/{n}"), if n % 100 == 0 { KEY } else { "" });
    }
    let deep = "deeper/".repeat(200);
    tree.write(&format!("deep/{deep}/.env"), KEY);
    for n in 0..500 {
        tree.write(&format!("many/{n}/.env"), KEY);
    }
    let searched = tree.search();
    assert_eq!((searched.caught.len(), searched.tally.files), (531, 3501));
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::fs::{File, Permissions, set_permissions};
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::process::Command;
    use superset_keys_core::scan::Readers;

    fn mode(path: &std::path::Path, mode: u32) {
        set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    /// What would make a careless search wait for ever, run in circles, or read for minutes.
    #[test]
    fn pipes_loops_and_giants() {
        let (tree, outside) = (Tree::new(), Tree::new());
        let secret = outside.write("secret", KEY);
        tree.write("real", KEY);
        assert!(Command::new("mkfifo").arg(tree.path().join("pipe")).status().unwrap().success());
        symlink(".", tree.path().join("loop")).unwrap();
        symlink(tree.path(), tree.path().join("up")).unwrap();
        symlink(outside.path(), tree.path().join("outside")).unwrap();
        symlink(&secret, tree.path().join("link")).unwrap();
        symlink("nowhere", tree.path().join("broken")).unwrap();
        std::os::unix::net::UnixListener::bind(tree.path().join("socket")).unwrap();
        let giant = File::create(tree.path().join("giant")).unwrap();
        giant.set_len(200 * 1024 * 1024).unwrap();
        let large = File::create(tree.path().join("large")).unwrap();
        large.set_len(LARGEST + 1).unwrap();
        let odd = tree.path().join(std::ffi::OsStr::from_bytes(b"odd-\xff\xfe"));
        std::fs::write(odd, KEY).unwrap();

        let searched = tree.search();
        assert_eq!(searched.caught.len(), 2, "{:?}", places(&searched, &tree.path()));
        assert_eq!(searched.tally.too_large, 2);
        assert_eq!(searched.tally.not_files, 7);
        assert_eq!(searched.tally.unreadable, 0);
    }

    #[test]
    fn named_pipes_and_links_of_known_files() {
        let tree = Tree::new();
        let pipe = tree.path().join(".env");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let target = tree.write("dots/zshrc", KEY);
        symlink(target, tree.path().join(".zshrc")).unwrap();
        let files = [
            known(pipe.clone(), FileKind::EnvFile),
            known(tree.path().join(".zshrc"), FileKind::ShellStartup),
        ];
        let searched = search_all(&KeySearch::new([]), &files, &[pipe], &false.into());
        assert_eq!(places(&searched, &tree.path()), [".zshrc:1:1"]);
    }

    #[test]
    fn what_may_not_be_read_is_counted_and_named() {
        let tree = Tree::new();
        tree.write("ok", KEY);
        let folder = tree.write("closed/file", KEY).parent().unwrap().to_owned();
        let file = tree.write("mine", KEY);
        mode(&folder, 0o000);
        mode(&file, 0o000);
        // Nothing is closed to root.
        let is_root = File::open(&file).is_ok();
        let searched = tree.search();
        mode(&folder, 0o700);
        if !is_root {
            assert_eq!(places(&searched, &tree.path()), ["ok:1:1"]);
            assert_eq!((searched.tally.unreadable, searched.tally.unread.len()), (2, 2));
        }
    }

    #[test]
    fn a_usual_file_that_cannot_be_reached_is_counted_and_one_that_is_not_there_is_not() {
        let tree = Tree::new();
        let closed = tree.write("closed/file", KEY);
        tree.write("plain", "");
        symlink("loop", tree.path().join("loop")).unwrap();
        mode(closed.parent().unwrap(), 0o000);
        // Nothing is closed to root.
        let is_root = File::open(&closed).is_ok();
        let usual = ["closed/file", "loop", "missing/file", "plain/file"];
        let usual = usual.map(|name| known(tree.path().join(name), FileKind::EnvFile));
        let searched = search_all(&KeySearch::new([]), &usual, &[], &false.into());
        mode(closed.parent().unwrap(), 0o700);
        let unread: Vec<_> = searched.tally.unread.iter().map(|one| one.path.file_name().unwrap()).collect();
        assert_eq!(unread, if is_root { vec!["loop"] } else { vec!["file", "loop"] });
    }

    #[test]
    fn who_can_read_a_file_depends_on_its_folders_too() {
        let tree = Tree::new();
        let file = tree.write("folder/f", KEY);
        let readers = |of_file, of_folder| {
            mode(&file, of_file);
            mode(file.parent().unwrap(), of_folder);
            let access = tree.search().caught.remove(0).spot.access;
            assert_eq!(access.mode.as_deref(), Some(format!("{of_file:04o}").as_str()));
            access.readers
        };
        // Whoever made the folder for these tests keeps it to himself.
        mode(&tree.path(), 0o700);
        assert_eq!(readers(0o644, 0o755), Readers::OnlyOwner);
        mode(&tree.path(), 0o755);
        assert_eq!(readers(0o600, 0o755), Readers::OnlyOwner);
        assert_eq!(readers(0o640, 0o755), Readers::Group);
        assert_eq!(readers(0o644, 0o755), Readers::Everyone);
        assert_eq!(readers(0o644, 0o710), Readers::Group);
        assert_eq!(readers(0o644, 0o700), Readers::OnlyOwner);
    }
}
