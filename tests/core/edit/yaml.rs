//! YAML.

use super::*;
use Dialect::Yaml;
use std::fmt::Write as _;

const GOOSE: Place<'static> = Place { path: &["extensions"], ..SERVERS };
const CONTINUE: Place<'static> = Place { kept: Kept::InList, ..SERVERS };

fn entry() -> Map<String, Value> {
    object(
        json!({ "type": "stdio", "cmd": "superset-keys", "args": ["bridge", "a b"], "envs": {}, "timeout": 300 }),
    )
}

const LINES: &str = "    type: stdio\n    cmd: superset-keys\n    args:\n      - bridge\n      - \"a b\"\n    envs: {}\n    timeout: 300";

#[test]
fn the_first_entry_of_an_empty_file_makes_the_document() {
    for (given, before, after) in [
        ("", "", "\n"),
        ("\u{feff}", "\u{feff}", "\n"),
        ("# mine\n", "# mine\n", "\n"),
        ("# mine", "# mine\n", ""),
        ("---\n", "---\n", "\n"),
        ("{}\n", "", "\n"),
        ("{}", "", ""),
        (" \tnull\n", "", "\n"),
        ("--- ~\n", "--- \n", "\n"),
    ] {
        let expected = format!("{before}extensions:\n  superset:\n{LINES}{after}");
        assert_eq!(put(given, Yaml, &GOOSE, &entry()), expected, "{given:?}");
    }
}

#[test]
fn a_new_entry_goes_behind_its_neighbours_and_their_comments() {
    for (before, after) in [
        ("a: 1\nextensions:\n  x: 1", ""),
        ("a: 1\nextensions:\n  x: 1", "\n"),
        ("extensions:\n  x:\n    y: 1 # one\n    # z: 2\n  # three", "\n# four\nb: 1\n"),
        ("extensions:\n  x: 1", "\n\nb: 1\n"),
        ("extensions:\n  x: |\n    text # no comment\n    # nor this", "\nb: 1\n"),
        ("extensions:\n  x: |\n    text\n  # comment", ""),
        ("extensions:\n  x: one\n    two", "\nb: 1\n"),
        ("extensions:\n  x: [1,\n   2] # c", "\nb: 1\n"),
        ("%YAML 1.2\n---\nextensions:\n  x: 1", "\n...\n"),
        ("d: &d { a: 1 }\nextensions:\n  x: *d\n  y:\n    <<: *d", "\nb: *d\n"),
        ("\"extensions\" :\n  'ü': \"日本\" # 😀", "\nö: 1\n"),
    ] {
        let given = format!("{before}{after}");
        let added = put(&given, Yaml, &GOOSE, &entry());
        assert_eq!(added, format!("{before}\n  superset:\n{LINES}{after}"));
        assert_eq!(remove(&added, Yaml, &GOOSE), given);
        let (given, added) = (given.replace('\n', "\r\n"), added.replace('\n', "\r\n"));
        assert_eq!(put(&given, Yaml, &GOOSE, &entry()), added);
        assert_eq!(remove(&added, Yaml, &GOOSE), given);
    }
}

#[test]
fn lines_that_end_in_different_ways_keep_their_ends() {
    let given = "a: 1\nextensions:\r\n  x:\r\n    y: 1\r\nb: 1\n";
    let added = put(given, Yaml, &GOOSE, &object(json!({ "u": 1 })));
    assert_eq!(added, given.replace("b: 1", "  superset:\r\n    u: 1\r\nb: 1"));
    assert_eq!(remove(&added, Yaml, &GOOSE), given);
}

#[test]
fn an_empty_place_is_filled_and_emptied() {
    for (given, added, removed) in [
        ("extensions: {}\nb: 1\n", "extensions:\n  superset:\n    u: 1\nb: 1\n", "extensions: {}\nb: 1\n"),
        ("extensions: {} # none\n", "extensions: # none\n  superset:\n    u: 1\n", "extensions: {} # none\n"),
        ("extensions: {}", "extensions:\n  superset:\n    u: 1", "extensions: {}"),
        ("extensions:\nb: 1\n", "extensions:\n  superset:\n    u: 1\nb: 1\n", "extensions: {}\nb: 1\n"),
        (
            "extensions:\n  # none yet\nb: 1\n",
            "extensions:\n  superset:\n    u: 1\n  # none yet\nb: 1\n",
            "extensions: {}\n  # none yet\nb: 1\n",
        ),
    ] {
        assert_eq!(put(given, Yaml, &GOOSE, &object(json!({ "u": 1 }))), added);
        assert_eq!(remove(added, Yaml, &GOOSE), removed);
    }
    assert_eq!(
        put("a: 1\n", Yaml, &GOOSE, &object(json!({ "u": 1 }))),
        "a: 1\nextensions:\n  superset:\n    u: 1\n"
    );
}

#[test]
fn the_indentation_around_is_kept() {
    let given = "extensions:\n    x:\n        y: 1\n";
    let entry = object(json!({ "u": { "v": [{ "w": 1, "x": [2, [3]] }] } }));
    assert_eq!(
        put(given, Yaml, &GOOSE, &entry),
        format!(
            "{given}    superset:\n        u:\n            v:\n                - w: 1\n                  x:\n                      - 2\n                      - [3]\n"
        )
    );
}

#[test]
fn what_a_person_added_to_our_entry_stays() {
    let given = "extensions:\n  superset:\n    # ours\n    type: sse # old\n    uri: http://x # gone\n    mine: [1, 2] # mine\n    timeout: 300\n    args:\n    - old # a\n    envs: # e\n      A: 1\n    cmd: # c\n  z: 1\n";
    let wanted = "extensions:\n  superset:\n    # ours\n    type: stdio # old\n    mine: [1, 2] # mine\n    timeout: 300\n    args: # a\n      - bridge\n      - \"a b\"\n    envs: {}\n    cmd: superset-keys # c\n  z: 1\n";
    let edited = edit::put(given.as_bytes(), Yaml, &GOOSE, &entry(), &["uri"]).unwrap();
    assert_eq!(text(edited), wanted);
    assert!(edit::put(wanted.as_bytes(), Yaml, &GOOSE, &entry(), &["uri"]).unwrap().is_unchanged());
    let flow = "extensions:\n  superset: { type: sse, mine: \"x\", uri: http://x } # flow\n";
    let edited =
        edit::put(flow.as_bytes(), Yaml, &GOOSE, &object(json!({ "type": "stdio" })), &["uri"]).unwrap();
    assert_eq!(text(edited), "extensions:\n  superset: { type: stdio, mine: \"x\" } # flow\n");
}

#[test]
fn an_entry_in_a_list_is_found_by_its_name() {
    let entry = object(json!({ "type": "stdio", "command": "x" }));
    for (given, added) in [
        ("mcpServers: []\n", "mcpServers:\n  - name: superset\n    type: stdio\n    command: x\n"),
        (
            "mcpServers:\n- name: a\n  url: u # u\n# c\nz: 1\n",
            "mcpServers:\n- name: a\n  url: u # u\n# c\n- name: superset\n  type: stdio\n  command: x\nz: 1\n",
        ),
        (
            "mcpServers:\n  - name: a\n    rules: |\n      no end",
            "mcpServers:\n  - name: superset\n    type: stdio\n    command: x\n  - name: a\n    rules: |\n      no end",
        ),
        (
            "mcpServers:\n    - url: u\n      name: a",
            "mcpServers:\n    - url: u\n      name: a\n    - name: superset\n      type: stdio\n      command: x",
        ),
    ] {
        assert_eq!(put(given, Yaml, &CONTINUE, &entry), added);
        assert_eq!(
            edit::read(added.as_bytes(), Yaml, &CONTINUE).unwrap(),
            Some(Value::Object(entry.clone()))
        );
        assert_eq!(remove(added, Yaml, &CONTINUE), given);
    }
    assert_eq!(
        put("", Yaml, &CONTINUE, &entry),
        "mcpServers:\n  - name: superset\n    type: stdio\n    command: x\n"
    );
    let given = "mcpServers:\n  - uri: u\n    name: superset # n\n    mine: 1\n  - name: b\n";
    let edited = edit::put(given.as_bytes(), Yaml, &CONTINUE, &entry, &["uri", "name"]).unwrap();
    let wanted =
        "mcpServers:\n  - name: superset # n\n    mine: 1\n    type: stdio\n    command: x\n  - name: b\n";
    assert_eq!(text(edited), wanted);
    assert_eq!(remove(wanted, Yaml, &CONTINUE), "mcpServers:\n  - name: b\n");
}

#[test]
fn a_file_its_client_could_not_read_is_refused_with_the_place() {
    use EditProblemKind::{DuplicateKey, Syntax, Unsupported, WrongType};
    for (given, expected) in [
        ("extensions:\n  a: 1\n b: 2\n", (3, 2, Syntax)),
        ("extensions:\n\ta: 1\n", (2, 2, Syntax)),
        ("ü: {a: 1\n", (1, 4, Syntax)),
        ("a: *x\n", (1, 4, Syntax)),
        ("a: 1\nb: 2\na: 3\n", (3, 1, DuplicateKey)),
        ("a: 1\n---\nb: 1\n", (2, 1, Unsupported)),
        ("extensions: 1\n", (1, 13, WrongType)),
        ("extensions: []\n", (1, 13, WrongType)),
        ("- a\n", (1, 1, WrongType)),
        ("extensions:\n  superset: x\n", (2, 13, WrongType)),
        ("extensions:\n  superset:\n", (2, 11, WrongType)),
        ("a: &a {}\nextensions: *a\n", (2, 13, Unsupported)),
        ("a: &a {}\nextensions:\n  superset: *a\n", (3, 13, Unsupported)),
        ("a: &a {extensions: {}}\n<<: *a\n", (2, 1, Unsupported)),
        ("extensions:\n  superset: {}\n  \"sup\\u0065rset\": {}\n", (3, 3, DuplicateKey)),
        ("1: a\n\"1\": b\nextensions: {a: 1, 'a': 2}\n", (3, 20, DuplicateKey)),
    ] {
        assert_eq!(refusal(given, Yaml, &GOOSE), expected, "{given}");
    }
    for (given, expected) in [
        ("mcpServers: {}\n", (1, 13, WrongType)),
        ("mcpServers:\n  superset: {}\n", (2, 3, WrongType)),
        ("mcpServers:\n  - name: superset\n  - name: superset\n", (3, 5, DuplicateKey)),
    ] {
        assert_eq!(refusal(given, Yaml, &CONTINUE), expected, "{given}");
    }
    for (given, line, column) in [
        ("? extensions\n: {}\n", 1, 3),
        ("extensions: !x {}\n", 1, 16),
        ("extensions: &x {}\n", 1, 16),
        ("extensions: {? a : 1}\n", 1, 14),
        ("extensions: {a: 1, &x b: 1}\n", 1, 23),
        ("extensions: {superset: {args: &x [a]}}\n", 1, 34),
        ("{extensions}\n", 1, 2),
        ("# c\n...\n", 2, 1),
        ("~ # c\n", 1, 1),
        ("# c\n&x\n", 2, 3),
        ("extensions:\r  a: 1\r", 1, 12),
        ("extensions:\n  a: 1\r", 2, 7),
    ] {
        let problem = edit::put(given.as_bytes(), Yaml, &GOOSE, &entry(), &[]).map(text).unwrap_err();
        assert_eq!(problem, EditProblem { line, column, kind: Unsupported }, "{given}");
    }
}

#[test]
fn a_name_that_is_spelt_another_way_is_the_same_name() {
    let given = "\"extens\\u0069ons\":\n  'superset': # ours\n    cmd: old\n";
    let wanted = given.replace("old", "new");
    assert_eq!(put(given, Yaml, &GOOSE, &object(json!({ "cmd": "new" }))), wanted);
    let given = "{\"extens\\x69ons\": {\"sup\\u0065rset\": {\"cmd\": \"old\"}}}\n";
    assert_eq!(put(given, Yaml, &GOOSE, &object(json!({ "cmd": "new" }))), given.replace("old", "new"));
    assert_eq!(remove(given, Yaml, &GOOSE), "{\"extens\\x69ons\": {}}\n");
}

#[test]
fn what_a_merge_key_brings_in_is_not_overlooked() {
    let base = "base: &base {timeout: 1, uri: u}\nextensions:\n  superset:\n";
    let given = format!("{base}    <<: *base\n    mine: 1\n");
    let added = put(&given, Yaml, &GOOSE, &object(json!({ "cmd": "x" })));
    assert_eq!(added, format!("{given}    cmd: x\n"));
    let refused = edit::put(given.as_bytes(), Yaml, &GOOSE, &entry(), &["uri"]).map(text).unwrap_err();
    assert_eq!(refused, EditProblem { line: 4, column: 5, kind: EditProblemKind::Unsupported });
    assert_eq!(remove(&given, Yaml, &GOOSE), base.replace("\n  superset:", " {}"));
}

#[test]
fn an_entry_that_others_refer_to_is_not_taken_from_them() {
    let given = "extensions:\n  superset:\n    envs: &e\n      A: 1\n  z:\n    envs: *e\n";
    for edited in [
        edit::remove(given.as_bytes(), Yaml, &GOOSE),
        edit::put(given.as_bytes(), Yaml, &GOOSE, &entry(), &[]),
    ] {
        assert_eq!(edited.map(text).unwrap_err().kind, EditProblemKind::Unproven);
    }
}

#[test]
fn a_file_that_unfolds_without_end_is_refused() {
    let mut given = String::from("a: &a [x, x, x, x, x, x, x, x, x]\n");
    for (name, before) in ('b'..='j').zip('a'..) {
        let items = vec![format!("*{before}"); 9].join(", ");
        writeln!(given, "{name}: &{name} [{items}]").unwrap();
    }
    assert_eq!(refusal(given, Yaml, &GOOSE).2, EditProblemKind::Syntax);
}
