//! What must hold for any document, however it is written.

use super::documents::{entries, json_forms, toml_forms, values, words, yaml_forms};
use super::*;
use proptest::prelude::*;

/// A document with other entries where ours goes, or without such a place.
fn trees() -> impl Strategy<Value = Value> {
    let others = prop::collection::vec((words(), values()), 0..4);
    let around = prop::collection::vec((words(), values()), 0..4);
    (around, prop::option::weighted(0.8, others), 0_usize..4).prop_map(|(around, others, at)| {
        let mut pairs: Vec<(String, Value)> =
            around.into_iter().filter(|(key, _)| key != "mcpServers").collect();
        if let Some(others) = others {
            let others = others.into_iter().filter(|(key, _)| key != "superset").collect();
            pairs.insert(at.min(pairs.len()), ("mcpServers".into(), Value::Object(others)));
        }
        Value::Object(pairs.into_iter().collect())
    })
}

/// What would hold our entry is there. Where it is not, it stays behind when our entry goes.
fn is_there(tree: &Value) -> bool {
    tree.get("mcpServers").is_some()
}

/// A document whose entries are a list, each with its name.
fn lists() -> impl Strategy<Value = Value> {
    let others = prop::collection::vec((entries(), words()), 0..4);
    (trees(), others).prop_map(|(mut tree, others)| {
        let named = others.into_iter().map(|(mut entry, name)| {
            entry.insert("name".into(), format!("not {name}").into());
            Value::Object(entry)
        });
        tree["mcpServers"] = named.collect();
        tree
    })
}

/// Puts, changes and removes an entry, and looks at everything a person would notice.
fn holds(
    given: &str,
    (dialect, place, there): (Dialect, &Place<'_>, bool),
    entry: &Map<String, Value>,
    other: &Map<String, Value>,
) {
    let shown = || format!("--- given\n{given}\n---");
    let bytes = given.as_bytes();
    assert_eq!(edit::read(bytes, dialect, place), Ok(None), "{}", shown());
    let added = edit::put(bytes, dialect, place, entry, &[])
        .unwrap_or_else(|problem| panic!("{problem} {}", shown()));
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
        let removed = edit::remove(&with.bytes, dialect, place).unwrap_or_else(|problem| {
            panic!("{problem} {}\n{}", shown(), String::from_utf8_lossy(&with.bytes))
        });
        untouched_around(&with.bytes, &removed);
        if there {
            let removed = String::from_utf8(removed.bytes).unwrap();
            assert_eq!(removed, given, "--- with\n{}", String::from_utf8_lossy(&with.bytes));
        }
    }
}

/// Changes and removes an entry that is there, in whatever form: it works, or it is said that this form is not
/// edited. The editors prove by themselves that nothing else changed.
fn changes(given: &str, dialect: Dialect, entry: &Map<String, Value>) {
    let bytes = given.as_bytes();
    let before = object(edit::read(bytes, dialect, &SERVERS).unwrap().expect("an entry"));
    let gone: Vec<&str> = before.keys().map(String::as_str).filter(|key| key.len() % 2 == 1).collect();
    match edit::put(bytes, dialect, &SERVERS, entry, &gone) {
        Err(problem) => assert_eq!(problem.kind, EditProblemKind::Unsupported, "--- given\n{given}\n---"),
        Ok(edited) => {
            untouched_around(bytes, &edited);
            let mut wanted = before.clone();
            wanted.retain(|key, _| !gone.contains(&key.as_str()));
            wanted.extend(entry.clone());
            assert_eq!(
                edit::read(&edited.bytes, dialect, &SERVERS),
                Ok(Some(Value::Object(wanted))),
                "--- given\n{given}\n---"
            );
            let again = edit::put(&edited.bytes, dialect, &SERVERS, entry, &gone).unwrap();
            assert!(again.is_unchanged(), "--- given\n{given}\n---");
        }
    }
    match edit::remove(bytes, dialect, &SERVERS) {
        Err(problem) => assert_eq!(problem.kind, EditProblemKind::Unsupported, "--- given\n{given}\n---"),
        Ok(edited) => {
            untouched_around(bytes, &edited);
            assert_eq!(edit::read(&edited.bytes, dialect, &SERVERS), Ok(None), "--- given\n{given}\n---");
        }
    }
}

/// `tree` with our entry somewhere among the others.
fn with_ours(mut tree: Value, ours: Map<String, Value>, at: usize) -> Value {
    let servers = tree["mcpServers"].take();
    let mut servers: Vec<_> = servers.as_object().cloned().unwrap_or_default().into_iter().collect();
    servers.insert(at.min(servers.len()), ("superset".into(), Value::Object(ours)));
    tree["mcpServers"] = Value::Object(servers.into_iter().collect());
    tree
}

fn untouched_around(before: &[u8], edited: &Edited) {
    assert_eq!(before[..edited.before.start], edited.bytes[..edited.after.start]);
    assert_eq!(before[edited.before.end..], edited.bytes[edited.after.end..]);
}

/// Comments and blanks: what an insertion may reach across to set its comma.
fn is_gap(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.trim().is_empty()
        || text.contains("//")
        || text.contains("/*")
        || text.contains('{')
        || text.contains('[')
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn strict_json(tree in trees(), form in json_forms(false), entry in entries(), other in entries()) {
        holds(&form.write(&tree), (Dialect::Json, &SERVERS, is_there(&tree)), &entry, &other);
    }

    #[test]
    fn json_with_comments(tree in trees(), form in json_forms(true), entry in entries(), other in entries()) {
        holds(&form.write(&tree), (Dialect::Jsonc, &SERVERS, is_there(&tree)), &entry, &other);
    }

    #[test]
    fn toml(tree in trees(), form in toml_forms(), entry in entries(), other in entries()) {
        let there = is_there(&tree);
        holds(&form.write(&object(tree)), (Dialect::Toml, &SERVERS, there), &entry, &other);
    }

    #[test]
    fn yaml(tree in trees(), form in yaml_forms(), entry in entries(), other in entries()) {
        let there = is_there(&tree);
        holds(&form.write(&object(tree)), (Dialect::Yaml, &SERVERS, there), &entry, &other);
    }

    #[test]
    fn yaml_lists(tree in lists(), form in yaml_forms(), entry in entries(), other in entries()) {
        let nameless = |mut entry: Map<String, Value>| {
            entry.shift_remove("name");
            entry
        };
        let list = Place { kept: Kept::InList, ..SERVERS };
        holds(&form.write(&object(tree)), (Dialect::Yaml, &list, true), &nameless(entry), &nameless(other));
    }

    #[test]
    fn entries_that_are_there(
        (tree, ours, at) in (trees(), entries(), 0_usize..4),
        (strict, lenient) in (json_forms(false), json_forms(true)),
        (toml, yaml) in (toml_forms(), yaml_forms()),
        entry in entries(),
    ) {
        let tree = with_ours(tree, ours, at);
        changes(&strict.write(&tree), Dialect::Json, &entry);
        changes(&lenient.write(&tree), Dialect::Jsonc, &entry);
        changes(&toml.write(tree.as_object().unwrap()), Dialect::Toml, &entry);
        changes(&yaml.write(tree.as_object().unwrap()), Dialect::Yaml, &entry);
    }

    #[test]
    fn nothing_can_make_it_panic(
        tree in trees(),
        (lenient, toml, yaml) in (json_forms(true), toml_forms(), yaml_forms()),
        wounds in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 0..6),
        noise in prop::collection::vec(any::<u8>(), 0..64),
    ) {
        let tree = object(tree);
        for text in [lenient.write(&Value::Object(tree.clone())), toml.write(&tree), yaml.write(&tree)] {
            attempt_everything(&wounded(text.into_bytes(), &wounds));
        }
        attempt_everything(&noise);
    }
}

#[test]
fn no_depth_makes_it_panic() {
    let times = 100_000;
    let deep = [
        "[".repeat(times),
        format!("{}{}", "[".repeat(times), "]".repeat(times)),
        format!("mcpServers: {}", "{a: ".repeat(times)),
        format!("mcpServers = {}", "{a = ".repeat(times)),
        "{\"mcpServers\":".repeat(times),
        format!("a = {}{}", "[".repeat(times), "]".repeat(times)),
        format!("{}a = 1", "mcpServers.".repeat(times)),
        format!("[{}a]", "a.".repeat(times)),
        "- ".repeat(times),
        "? ".repeat(times),
        (0..2_000).map(|indent| " ".repeat(indent) + "a:\n").collect(),
    ];
    for text in deep {
        attempt_everything(text.as_bytes());
    }
}

/// The same bytes, cut off, cut out, doubled, or with something between them.
fn wounded(mut bytes: Vec<u8>, wounds: &[(prop::sample::Index, u8, u8)]) -> Vec<u8> {
    const BETWEEN: &[u8] = b"\n\r\t :-#{}[],&*!|>'\"?%/\\.=~<@`";
    for (at, byte, how) in wounds {
        let at = at.index(bytes.len() + 1);
        match how {
            0 if at > 0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..(at + usize::from(*byte % 8)).min(bytes.len()))),
            2 => bytes.insert(at, BETWEEN[usize::from(*byte) % BETWEEN.len()]),
            _ => bytes.extend_from_within(at..),
        }
    }
    bytes
}

fn attempt_everything(bytes: &[u8]) {
    let list = Place { kept: Kept::InList, ..SERVERS };
    for dialect in [Dialect::Json, Dialect::Jsonc, Dialect::Toml, Dialect::Yaml] {
        for place in [&SERVERS, &list] {
            let read = edit::read(bytes, dialect, place);
            let put = edit::put(bytes, dialect, place, &bridge(), &["url"]);
            let removed = edit::remove(bytes, dialect, place);
            // What can be edited can be read, and what cannot be read is never edited.
            assert!(read.is_ok() || (put.is_err() && removed.is_err()));
            for edited in put.iter().chain(&removed) {
                untouched_around(bytes, edited);
                assert!(edit::read(&edited.bytes, dialect, place).is_ok());
            }
        }
    }
}
