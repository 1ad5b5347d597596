//! What must hold for any document, however it is written.

use super::documents::{entries, json_forms, toml_forms, values, words};
use super::*;
use proptest::prelude::*;

/// A document with other entries where ours goes, or without such a place.
fn trees() -> impl Strategy<Value = Value> {
    let others = prop::collection::vec((words(), values()), 0..4);
    let around = prop::collection::vec((words(), values()), 0..4);
    (around, prop::option::weighted(0.8, others), 0_usize..4).prop_map(|(around, others, at)| {
        let mut pairs: Vec<(String, Value)> = around.into_iter().filter(|(key, _)| key != "mcpServers").collect();
        if let Some(others) = others {
            let others = others.into_iter().filter(|(key, _)| key != "superset").collect();
            pairs.insert(at.min(pairs.len()), ("mcpServers".into(), Value::Object(others)));
        }
        Value::Object(pairs.into_iter().collect())
    })
}

/// Puts, changes and removes an entry, and looks at everything a person would notice.
fn holds(given: &str, dialect: Dialect, place: &Place<'_>, entry: &Map<String, Value>, other: &Map<String, Value>) {
    let shown = || format!("--- given\n{given}\n---");
    let bytes = given.as_bytes();
    let parent = edit::read(bytes, dialect, &Place { path: &[], name: place.path[0], ..*place });
    assert_eq!(edit::read(bytes, dialect, place), Ok(None), "{}", shown());
    let added = edit::put(bytes, dialect, place, entry, &[]).unwrap_or_else(|problem| panic!("{problem} {}", shown()));
    untouched_around(bytes, &added);
    assert!(added.before.is_empty() || is_gap(&bytes[added.before.clone()]), "{}", shown());
    let read = edit::read(&added.bytes, dialect, place).unwrap();
    assert_eq!(read, Some(Value::Object(entry.clone())), "{}", shown());
    let again = edit::put(&added.bytes, dialect, place, entry, &[]).unwrap();
    assert!(again.is_unchanged() && again.bytes == added.bytes, "{}", shown());

    let kept: Vec<&str> = entry.keys().map(String::as_str).filter(|key| key.len() % 2 == 0).collect();
    let gone: Vec<&str> = entry.keys().map(String::as_str).filter(|key| key.len() % 2 == 1).collect();
    let changed = edit::put(&added.bytes, dialect, place, other, &gone)
        .unwrap_or_else(|problem| panic!("{problem} {}\n{}", shown(), String::from_utf8_lossy(&added.bytes)));
    untouched_around(&added.bytes, &changed);
    let read = object(edit::read(&changed.bytes, dialect, place).unwrap().unwrap());
    for (key, value) in other {
        assert_eq!(read.get(key), Some(value), "{}", shown());
    }
    for key in kept.iter().filter(|key| !other.contains_key(**key)) {
        assert_eq!(read.get(*key), entry.get(*key), "{}", shown());
    }
    for key in gone.iter().filter(|key| !other.contains_key(**key)) {
        assert_eq!(read.get(*key), None, "{}", shown());
    }

    for with in [&added, &changed] {
        let removed = edit::remove(&with.bytes, dialect, place)
            .unwrap_or_else(|problem| panic!("{problem} {}\n{}", shown(), String::from_utf8_lossy(&with.bytes)));
        untouched_around(&with.bytes, &removed);
        if matches!(parent, Ok(Some(_))) {
            let removed = String::from_utf8(removed.bytes).unwrap();
            assert_eq!(removed, given, "--- with\n{}", String::from_utf8_lossy(&with.bytes));
        }
    }
}

fn untouched_around(before: &[u8], edited: &Edited) {
    assert_eq!(before[..edited.before.start], edited.bytes[..edited.after.start]);
    assert_eq!(before[edited.before.end..], edited.bytes[edited.after.end..]);
}

/// Comments and blanks: what an insertion may reach across to set its comma.
fn is_gap(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.trim().is_empty() || text.contains("//") || text.contains("/*") || text.contains('{') || text.contains('[')
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn strict_json(tree in trees(), form in json_forms(false), entry in entries(), other in entries()) {
        holds(&form.write(&tree), Dialect::Json, &SERVERS, &entry, &other);
    }

    #[test]
    fn json_with_comments(tree in trees(), form in json_forms(true), entry in entries(), other in entries()) {
        holds(&form.write(&tree), Dialect::Jsonc, &SERVERS, &entry, &other);
    }

    #[test]
    fn toml(tree in trees(), form in toml_forms(), entry in entries(), other in entries()) {
        holds(&form.write(&object(tree)), Dialect::Toml, &SERVERS, &entry, &other);
    }
}
