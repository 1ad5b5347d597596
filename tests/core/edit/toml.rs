//! TOML.

use super::*;
use Dialect::Toml;

const CODEX: Place<'static> = Place { path: &["mcp_servers"], ..SERVERS };

fn entry() -> Map<String, Value> {
    object(json!({ "command": "superset-keys", "args": ["bridge"] }))
}

const TABLE: &str = "[mcp_servers.superset]\ncommand = \"superset-keys\"\nargs = [\"bridge\"]";

#[test]
fn a_new_entry_is_a_table_at_the_end() {
    for (given, between, end) in [
        ("", "", "\n"),
        ("# mine\n\nmodel = \"x\" # y\n", "\n", "\n"),
        ("# mine", "\n\n", ""),
        ("\u{feff}# mine\n", "\n", "\n"),
        ("[mcp_servers.a]\nurl = \"u\"\n\n\n", "\n", "\n"),
        ("[mcp_servers]\n[mcp_servers.a]\nurl = \"u\" # x", "\n\n", ""),
        ("[mcp_servers.superset2]\n[z]\n", "\n", "\n"),
    ] {
        let added = put(given, Toml, &CODEX, &entry());
        assert_eq!(added, format!("{given}{between}{TABLE}{end}"));
        assert_eq!(remove(&added, Toml, &CODEX), given);
    }
    let added = put("# mine\r\na = 1\r\n", Toml, &CODEX, &entry());
    assert_eq!(added, format!("# mine\na = 1\n\n{TABLE}\n").replace('\n', "\r\n"));
}

#[test]
fn lines_that_end_in_different_ways_keep_their_ends() {
    let given = "\r\nmcp_servers.x.command = \"x\"\nmcp_servers.y.command = \"y\"\n";
    let added = put(given, Toml, &CODEX, &entry());
    assert_eq!(
        added,
        format!("{given}mcp_servers.superset = {{ command = \"superset-keys\", args = [\"bridge\"] }}\n")
    );
    assert_eq!(remove(&added, Toml, &CODEX), given);
}

#[test]
fn every_form_an_entry_can_have_is_edited_in_that_form() {
    let wanted = object(json!({ "command": "new", "env": { "A": "1", "B C": [true, 2.5, -3] } }));
    for (given, expected, without) in [
        (
            "[mcp_servers.superset] # ours\nurl = \"u\"\n  # why\n  timeout = 3 # s\ncommand = 'old' # c\n\n# next\n[z]\na = 1\n",
            "[mcp_servers.superset] # ours\n  # why\n  timeout = 3 # s\ncommand = \"new\" # c\nenv = { A = \"1\", \"B C\" = [true, 2.5, -3] }\n\n# next\n[z]\na = 1\n",
            "\n# next\n[z]\na = 1\n",
        ),
        (
            "[mcp_servers.superset]\nurl = \"u\"\n\n[mcp_servers.superset.env]\nA = \"0\" # a\nX = 1\n\n[z]\n\n[mcp_servers.superset.tools.x]\ny = 1\n",
            "[mcp_servers.superset]\ncommand = \"new\"\n\n[mcp_servers.superset.env]\nA = \"1\" # a\n\"B C\" = [true, 2.5, -3]\n\n[z]\n\n[mcp_servers.superset.tools.x]\ny = 1\n",
            "\n[z]\n",
        ),
        (
            "[mcp_servers.superset.env]\nA = \"0\"\n",
            "[mcp_servers.superset.env]\nA = \"1\"\n\"B C\" = [true, 2.5, -3]\n\n[mcp_servers.superset]\ncommand = \"new\"\n",
            "",
        ),
        (
            "[mcp_servers]\nsuperset = { url = \"u\", timeout = 3 } # one\nother = { url = \"o\" }\n",
            "[mcp_servers]\nsuperset = { timeout = 3, command = \"new\", env = { A = \"1\", \"B C\" = [true, 2.5, -3] } } # one\nother = { url = \"o\" }\n",
            "[mcp_servers]\nother = { url = \"o\" }\n",
        ),
        (
            "mcp_servers = { \"superset\" = { url = \"u\" }, other = {} }\n",
            "mcp_servers = { \"superset\" = { command = \"new\", env = { A = \"1\", \"B C\" = [true, 2.5, -3] } }, other = {} }\n",
            "mcp_servers = { other = {} }\n",
        ),
        (
            "[mcp_servers]\n  superset.url = \"u\"\n  superset.timeout = 3\n  other.url = \"o\"\n[z]\n",
            "[mcp_servers]\n  superset.timeout = 3\n  superset.command = \"new\"\n  superset.env = { A = \"1\", \"B C\" = [true, 2.5, -3] }\n  other.url = \"o\"\n[z]\n",
            "[mcp_servers]\n  other.url = \"o\"\n[z]\n",
        ),
        (
            "mcp_servers . 'superset' . url = \"u\"\na = 1\n[z]\n",
            "mcp_servers.superset.command = \"new\"\nmcp_servers.superset.env = { A = \"1\", \"B C\" = [true, 2.5, -3] }\na = 1\n[z]\n",
            "a = 1\n[z]\n",
        ),
        (
            "[\"mcp_s\\u0065rvers\".'superset'] # ours\nurl = \"u\"\n[z]\n",
            "[\"mcp_s\\u0065rvers\".'superset'] # ours\ncommand = \"new\"\nenv = { A = \"1\", \"B C\" = [true, 2.5, -3] }\n[z]\n",
            "[z]\n",
        ),
        (
            "[mcp_servers.superset]\nenv.A = \"0\"\nenv.X = \"x\"\n",
            "[mcp_servers.superset]\nenv.A = \"1\"\nenv.\"B C\" = [true, 2.5, -3]\ncommand = \"new\"\n",
            "",
        ),
    ] {
        let edited = edit::put(given.as_bytes(), Toml, &CODEX, &wanted, &["url"]).unwrap();
        assert_eq!(text(edited), expected);
        assert_eq!(remove(expected, Toml, &CODEX), without);
    }
}

#[test]
fn a_new_entry_joins_neighbours_in_dotted_keys_and_inline_tables() {
    for (given, expected) in [
        ("mcp_servers = {}\n", "mcp_servers = { superset = { url = \"u\" } }\n"),
        (
            "mcp_servers = {\n  a = 1, # one\n  b = 2 # two\n}\n",
            "mcp_servers = {\n  a = 1, # one\n  b = 2, # two\n  superset = { url = \"u\" }\n}\n",
        ),
        (
            "mcp_servers = {\n  a = 1, # one\n  # two\n}\n",
            "mcp_servers = {\n  a = 1, # one\n  # two\n  superset = { url = \"u\" },\n}\n",
        ),
        ("mcp_servers = {\n  # none\n}\n", "mcp_servers = {\n  # none\n  superset = { url = \"u\" }\n}\n"),
        (
            "mcp_servers = { a = { url = \"a\" }, } # x\n",
            "mcp_servers = { a = { url = \"a\" }, superset = { url = \"u\" }, } # x\n",
        ),
        (
            "mcp_servers.a.url = \"a\" # x\nz = 1\n[y]\n",
            "mcp_servers.a.url = \"a\" # x\nmcp_servers.superset = { url = \"u\" }\nz = 1\n[y]\n",
        ),
    ] {
        assert_eq!(put(given, Toml, &CODEX, &object(json!({ "url": "u" }))), expected);
        assert_eq!(remove(expected, Toml, &CODEX), given);
    }
}

#[test]
fn a_long_list_gets_a_line_for_each_item() {
    let long = "x".repeat(80);
    let entry = object(json!({ "args": [long, "b\n\u{7f}"] }));
    let expected = format!(
        "a = 1\r\n\r\n[mcp_servers.superset]\r\nargs = [\r\n  \"{long}\",\r\n  \"b\\n\\u007F\",\r\n]\r\n"
    );
    assert_eq!(put("a = 1\r\n", Toml, &CODEX, &entry), expected);
    assert_eq!(edit::read(expected.as_bytes(), Toml, &CODEX).unwrap(), Some(Value::Object(entry)));
}

#[test]
fn a_kind_of_value_may_change() {
    let given = "[mcp_servers.superset]\na = 1\n\n[mcp_servers.superset.b]\nc = 1\n\n[mcp_servers.superset.d]\ne = 1\n";
    let entry = object(json!({ "a": { "x": 1 }, "b": "y", "d": {} }));
    assert_eq!(
        put(given, Toml, &CODEX, &entry),
        "[mcp_servers.superset]\na = { x = 1 }\nb = \"y\"\n\n[mcp_servers.superset.d]\n"
    );
}

#[test]
fn a_file_its_client_could_not_read_is_refused_with_the_place() {
    use EditProblemKind::{EntryUnwritable, Syntax, Unsupported, WrongType};
    for (given, expected) in [
        ("a = 1\na = 2\n", (2, 1, Syntax)),
        ("ü = 1\n", (1, 1, Syntax)),
        ("a = \"ü\" b", (1, 9, Syntax)),
        ("[mcp_servers.superset]\n[mcp_servers.superset]\n", (2, 14, Syntax)),
        ("mcp_servers = 1\n", (1, 15, WrongType)),
        ("[[mcp_servers]]\n", (1, 1, WrongType)),
        ("[mcp_servers]\nsuperset = \"x\"\n", (2, 12, WrongType)),
        ("[[mcp_servers.superset]]\n", (1, 1, WrongType)),
    ] {
        assert_eq!(refusal(given, Toml, &CODEX), expected, "{given}");
    }
    assert_eq!(refusal("a = 1", Toml, &Place { kept: Kept::InList, ..CODEX }), (1, 1, Unsupported));
    for entry in [json!({ "a": null }), json!({ "a": [{ "b": null }] }), json!({ "a": u64::MAX })] {
        let problem = edit::put(b"", Toml, &CODEX, &object(entry), &[]).unwrap_err();
        assert_eq!(problem.kind, EntryUnwritable);
    }
    let dotted = "[mcp_servers]\nsuperset = { env.A = \"x\" }\n";
    let problem = edit::put(dotted.as_bytes(), Toml, &CODEX, &entry(), &[]).unwrap_err();
    assert_eq!((problem.line, problem.kind), (2, Unsupported));
}

#[test]
fn an_entry_that_is_right_already_is_not_touched() {
    let given = "[mcp_servers.superset]\nargs = [ 'bridge', ] # x\ncommand='superset-keys'\nother = 2026-01-01T00:00:00Z\n";
    assert!(edit::put(given.as_bytes(), Toml, &CODEX, &entry(), &["url"]).unwrap().is_unchanged());
    assert!(edit::remove(b"a = nan\n", Toml, &CODEX).unwrap().is_unchanged());
}
