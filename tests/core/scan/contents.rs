//! A key in every dress that files give it, and what only looks like one.

use crate::{KEY, OTHER, Tree};

#[test]
fn keys_as_files_hold_them() {
    for (what, content, places) in [
        ("JSON", format!("{{\n  \"Authorization\": \"Bearer {KEY}\"\n}}"), &["f:2:28"] as &[&str]),
        ("one line of JSON", format!(r#"{{"a":1,"k":"{KEY}","l":["{OTHER}"]}}"#), &["f:1:13", "f:1:68"]),
        ("TOML", format!("[a]\r\nkey = '{KEY}'\r\n"), &["f:2:8"]),
        ("YAML", format!("a:\n  b: {KEY}\n"), &["f:2:6"]),
        ("a shell", format!("export SUPERSET_API_KEY={KEY}; x"), &["f:1:25"]),
        ("a command", format!("curl -H \"authorization: bearer {KEY}\" u"), &["f:1:32"]),
        ("JSON in JSON", format!(r#"{{"cmd":"export A\n{KEY}\nx"}}"#), &["f:1:19"]),
        ("escaped quotes", format!(r#""{{\"k\":\"{KEY}\"}}""#), &["f:1:11"]),
        ("unicode escapes", format!(r#""\u0022{KEY}\u0022""#), &["f:1:8"]),
        ("a form", format!("token=Bearer%20{KEY}&x=1"), &["f:1:16"]),
        ("a colour", format!("\u{1b}[1;32m{KEY}\u{1b}[0m"), &["f:1:8"]),
        ("letters of many bytes", format!("ключ – {KEY}"), &["f:1:8"]),
        ("a byte order mark", format!("\u{feff}K={KEY}"), &["f:1:3"]),
        ("the last letters", format!("x\n\n{KEY}"), &["f:3:1"]),
        ("twice", format!("{KEY} {KEY}"), &["f:1:1", "f:1:49"]),
        ("old line ends", format!("a\rK={KEY}\r"), &["f:1:5"]),
    ] {
        let tree = Tree::new();
        tree.write("f", content);
        assert_eq!(tree.found(), places, "{what}");
    }
}

#[test]
fn what_is_no_key() {
    let (head, tail) = KEY.split_at(20);
    for (what, content) in [
        ("too short", KEY[..46].to_owned()),
        ("too long", format!("{KEY}A")),
        ("part of a word", format!("my_{KEY}")),
        ("a placeholder", format!("sst_{}", "x".repeat(43))),
        ("a documented placeholder", "sst_your_key_here".to_owned()),
        ("in two pieces", format!("'{head}' + '{tail}'")),
        ("on two lines", format!("{head}\n{tail}")),
        ("upper case", KEY.to_uppercase()),
        ("another prefix", KEY.replace("sst_", "acme_")),
        ("a hint", "sst_…DlPI".to_owned()),
    ] {
        let tree = Tree::new();
        tree.write("f", content);
        assert_eq!(tree.found(), [""; 0], "{what}");
    }
}

#[test]
fn broken_letters_do_not_hide_a_key() {
    let tree = Tree::new();
    tree.write("latin", [b"caf\xe9 \xff\xfe\xc3(".as_slice(), KEY.as_bytes(), b"\x80\n"].concat());
    tree.write("mark-later", [b"x \xff\xfe".as_slice(), KEY.as_bytes()].concat());
    assert_eq!(tree.found().len(), 2);
}

/// Windows PowerShell writes UTF-16 where `>` sends text to a file, so `.env` files are in it.
#[test]
fn utf_16_with_its_mark_is_read() {
    let text = format!("\u{feff}# Schlüssel 😀\r\nSUPERSET_API_KEY={KEY}\r\n");
    let tree = Tree::new();
    let units: Vec<u16> = text.encode_utf16().collect();
    tree.write("little.env", units.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<_>>());
    tree.write("big.env", units.iter().flat_map(|unit| unit.to_be_bytes()).collect::<Vec<_>>());
    assert_eq!(tree.found(), ["big.env:2:18", "little.env:2:18"]);
    let search = superset_keys_core::scan::KeySearch::new([]);
    for caught in tree.search().caught {
        assert_eq!(caught.spot.read(&search).unwrap().expose(), KEY);
        let file = std::fs::read(&caught.spot.path).unwrap();
        let bytes = &file[usize::try_from(caught.spot.range.start).unwrap()
            ..usize::try_from(caught.spot.range.end).unwrap()];
        assert_eq!(bytes.iter().filter(|byte| **byte != 0).count(), KEY.len(), "the range is the file's");
    }
}

#[test]
fn a_spot_whose_file_moved_on_gives_nothing() {
    let tree = Tree::new();
    let path = tree.write("f", format!("a {KEY}"));
    let spot = tree.search().caught.remove(0).spot;
    let search = superset_keys_core::scan::KeySearch::new([]);
    assert_eq!(spot.read(&search).unwrap().expose(), KEY);
    for now in [format!("aa {KEY}"), format!("a {OTHER}"), format!("a {KEY}x"), String::new()] {
        std::fs::write(&path, now).unwrap();
        assert!(spot.read(&search).is_none());
    }
    std::fs::remove_file(path).unwrap();
    assert!(spot.read(&search).is_none());
}
