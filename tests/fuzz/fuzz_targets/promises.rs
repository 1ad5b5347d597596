// What the editors promise of any file whatever.
use serde_json::{Map, Value, json};
use superset_keys_core::clients::edit::{self, Dialect, Kept, Place};

pub fn hold(bytes: &[u8], dialect: Dialect) {
    let by_name = Place { path: &["mcpServers"], name: "superset", kept: Kept::ByName };
    let in_list = Place { kept: Kept::InList, ..by_name };
    let entry = json!({ "command": "/usr/bin/superset-keys", "args": ["bridge", "production"] });
    let Value::Object(entry) = entry else { return };
    for place in [by_name, in_list] {
        holds_at(bytes, dialect, &place, &entry);
    }
}

fn holds_at(bytes: &[u8], dialect: Dialect, place: &Place<'_>, entry: &Map<String, Value>) {
    let before = edit::read(bytes, dialect, place);
    let neighbours = edit::entries(bytes, dialect, place.path, place.kept);
    let Ok(edited) = edit::put(bytes, dialect, place, entry, &["url", "headers"]) else { return };
    assert_eq!(bytes[..edited.before.start], edited.bytes[..edited.after.start]);
    assert_eq!(bytes[edited.before.end..], edited.bytes[edited.after.end..]);
    let found = edit::read(&edited.bytes, dialect, place).unwrap().unwrap();
    assert!(entry.iter().all(|(key, value)| found.get(key) == Some(value)), "{found}");
    let again = edit::put(&edited.bytes, dialect, place, entry, &["url", "headers"]).unwrap();
    assert!(again.is_unchanged());
    // What could be put in can be taken out, and then it is gone.
    if let Ok(removed) = edit::remove(&edited.bytes, dialect, place) {
        assert_eq!(edit::read(&removed.bytes, dialect, place), Ok(None));
        if before == Ok(None) {
            assert_eq!(comment_marks(&removed.bytes), comment_marks(bytes), "a comment is lost");
        }
        // Among others it came and went without a trace.
        let among_others = neighbours.is_ok_and(|neighbours| !neighbours.is_empty());
        if before == Ok(None) && among_others {
            assert_eq!(String::from_utf8_lossy(&removed.bytes), String::from_utf8_lossy(bytes));
        }
    } else {
        assert!(before.is_ok_and(|before| before.is_some()), "what we added cannot be taken out");
    }
}

/// As many as comments need, and more.
fn comment_marks(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| matches!(byte, b'#' | b'/')).count()
}
