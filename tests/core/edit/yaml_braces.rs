//! YAML between braces.

use super::*;
use Dialect::Yaml;

const LIST: Place<'static> = Place { kept: Kept::InList, ..SERVERS };

fn entry() -> Map<String, Value> {
    object(json!({ "command": "superset-keys", "args": ["bridge", "a b"] }))
}

const OURS: &str = "superset: {command: superset-keys, args: [bridge, \"a b\"]}";

#[test]
fn a_new_entry_joins_its_neighbours_between_the_braces() {
    for (before, after) in [
        ("mcpServers: {a: {command: x}", "}\n"),
        ("mcpServers: {a: 1", ",}"),
        ("a: 1\nmcpServers: {a: b c, 'd': x", " }\nx: 1\n"),
        ("mcpServers: {a: http://h:1/p#x", "} # c\n"),
        ("mcpServers: {a:", "}\n"),
        ("mcpServers: {a", "}\n"),
        ("mcpServers: {a: # c\n  1", "}\n"),
        ("{a: 1, mcpServers: {b: [1, {c: d}]", "}, e: 2}\n"),
        ("--- {mcpServers: {<<: {a: 1}", "}}\n...\n"),
        ("mcpServers:\n  {ü: \"日本\"", "}\n"),
    ] {
        let given = format!("{before}{after}");
        let added = put(&given, Yaml, &SERVERS, &entry());
        assert_eq!(added, format!("{before}, {OURS}{after}"));
        assert_eq!(remove(&added, Yaml, &SERVERS), given);
        let (given, added) = (given.replace('\n', "\r\n"), added.replace('\n', "\r\n"));
        assert_eq!(put(&given, Yaml, &SERVERS, &entry()), added);
        assert_eq!(remove(&added, Yaml, &SERVERS), given);
    }
}

#[test]
fn braces_over_several_lines_keep_their_lines_and_comments() {
    for (given, added) in [
        (
            "mcpServers: {\n    a: {command: x}, # one\n    b: {command: y} # two\n  }\n",
            "mcpServers: {\n    a: {command: x}, # one\n    b: {command: y}, # two\n    OURS\n  }\n",
        ),
        (
            "mcpServers: {\n  a: 1, # one\n  # three\n}\nz: 1\n",
            "mcpServers: {\n  a: 1, # one\n  # three\n  OURS,\n}\nz: 1\n",
        ),
        ("mcpServers: {\n  # none yet\n  }\n", "mcpServers: {\n  # none yet\n  OURS\n  }\n"),
        ("mcpServers: {a: 1, # one\n  b: 2}\n", "mcpServers: {a: 1, # one\n  b: 2, OURS}\n"),
        ("mcpServers: {a: 1 # one\n  }\n", "mcpServers: {a: 1, # one\n  OURS\n  }\n"),
        (
            "{\n\t\"mcpServers\": {\n\t\t\"a\": {\"command\": \"x\"}\n\t}\n}\n",
            "{\n\t\"mcpServers\": {\n\t\t\"a\": {\"command\": \"x\"},\n\t\tJSON\n\t}\n}\n",
        ),
    ] {
        let json = "\"superset\": {\"command\": \"superset-keys\", \"args\": [\"bridge\", \"a b\"]}";
        let added = added.replace("OURS", OURS).replace("JSON", json);
        assert_eq!(put(given, Yaml, &SERVERS, &entry()), added);
        assert_eq!(remove(&added, Yaml, &SERVERS), given);
    }
}

#[test]
fn an_empty_place_becomes_lines_outside_braces_and_stays_a_line_inside() {
    let lines = "\n  superset:\n    command: superset-keys\n    args:\n      - bridge\n      - \"a b\"\n";
    for given in
        ["mcpServers: {}\n", "mcpServers:\n", "mcpServers: null\n", "mcpServers: ~\n", "mcpServers: { }\n"]
    {
        assert_eq!(put(given, Yaml, &SERVERS, &entry()), format!("mcpServers:{lines}"), "{given}");
    }
    for (given, added, removed) in [
        ("{mcpServers: {}}\n", "{mcpServers: {OURS}}\n", "{mcpServers: {}}\n"),
        ("{mcpServers: { }, a: 1}\n", "{mcpServers: {OURS}, a: 1}\n", "{mcpServers: {}, a: 1}\n"),
        ("{mcpServers: null}\n", "{mcpServers: {OURS}}\n", "{mcpServers: {}}\n"),
        ("{mcpServers: , a: 1}\n", "{mcpServers: {OURS} , a: 1}\n", "{mcpServers: {} , a: 1}\n"),
        ("{} # c\n", "{mcpServers: {OURS}} # c\n", "{mcpServers: {}} # c\n"),
        ("{a: 1}\n", "{a: 1, mcpServers: {OURS}}\n", "{a: 1, mcpServers: {}}\n"),
        ("mcpServers:\n  {}\n", "mcpServers:\n  {OURS}\n", "mcpServers:\n  {}\n"),
        ("mcpServers: # c\n  null\n", "mcpServers: # c\n  {OURS}\n", "mcpServers: # c\n  {}\n"),
    ] {
        let added = added.replace("OURS", OURS);
        assert_eq!(put(given, Yaml, &SERVERS, &entry()), added);
        assert_eq!(remove(&added, Yaml, &SERVERS), removed);
    }
}

#[test]
fn our_entry_between_braces_is_changed_key_by_key() {
    let given =
        "mcpServers: {superset: {url: u, # gone\n  mine: 'x', # stays\n  command: y, args: [c]}, b: 1}\n";
    let wanted = "mcpServers: {superset: { # gone\n  mine: 'x', # stays\n  command: superset-keys, args: [bridge, \"a b\"]}, b: 1}\n";
    let edited = edit::put(given.as_bytes(), Yaml, &SERVERS, &entry(), &["url"]).unwrap();
    assert_eq!(text(edited), wanted);
    assert!(edit::put(wanted.as_bytes(), Yaml, &SERVERS, &entry(), &["url"]).unwrap().is_unchanged());
    assert_eq!(remove(wanted, Yaml, &SERVERS), "mcpServers: {b: 1}\n");
    for (given, wanted) in [
        (
            "mcpServers:\n  superset: {args: , command: }\n",
            "mcpServers:\n  superset: {args: [bridge, \"a b\"] , command: superset-keys }\n",
        ),
        (
            "mcpServers:\n  superset: {\"args\":[1],\"command\":2}\n",
            "mcpServers:\n  superset: {\"args\": [\"bridge\", \"a b\"],\"command\": \"superset-keys\"}\n",
        ),
        (
            "mcpServers:\n  superset: {}\n",
            "mcpServers:\n  superset:\n    command: superset-keys\n    args:\n      - bridge\n      - \"a b\"\n",
        ),
    ] {
        assert_eq!(put(given, Yaml, &SERVERS, &entry()), wanted);
    }
}

#[test]
fn a_list_between_brackets_is_edited_too() {
    let ours = "{name: superset, command: superset-keys, args: [bridge, \"a b\"]}";
    for (given, added) in [
        ("mcpServers: [{name: a, command: x}]\n", "mcpServers: [{name: a, command: x}, OURS]\n"),
        (
            "mcpServers: [\n  {name: a}, # a\n  {name: b},\n]\n",
            "mcpServers: [\n  {name: a}, # a\n  {name: b},\n  OURS,\n]\n",
        ),
        ("{mcpServers: []}\n", "{mcpServers: [OURS]}\n"),
        ("mcpServers: [name: a]\n", "mcpServers: [name: a, OURS]\n"),
    ] {
        let added = added.replace("OURS", ours);
        assert_eq!(put(given, Yaml, &LIST, &entry()), added);
        assert_eq!(edit::read(added.as_bytes(), Yaml, &LIST).unwrap(), Some(Value::Object(entry())));
        assert_eq!(remove(&added, Yaml, &LIST), given);
    }
    let given = "mcpServers: [{name: a}, {name: superset, command: x}, {name: b}]\n";
    let wanted = "mcpServers: [{name: a}, {name: superset, command: superset-keys, args: [bridge, \"a b\"]}, {name: b}]\n";
    assert_eq!(put(given, Yaml, &LIST, &entry()), wanted);
    assert_eq!(remove(given, Yaml, &LIST), "mcpServers: [{name: a}, {name: b}]\n");
}
