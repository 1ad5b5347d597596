//! JSON, with and without comments.

use super::*;
use Dialect::{Json, Jsonc};

#[test]
fn the_first_entry_of_an_empty_file_makes_the_document() {
    let whole = "{\n  \"mcpServers\": {\n    \"superset\": {\n      \"command\": \"/usr/bin/superset-keys\",\n      \"args\": [\"bridge\", \"production\"]\n    }\n  }\n}";
    for (given, before, after) in [
        ("", "", "\n"),
        ("{}", "", ""),
        ("{}\n", "", "\n"),
        ("{ }\n", "", "\n"),
        ("{\n}\n", "", "\n"),
        ("\u{feff}", "\u{feff}", "\n"),
        ("\u{feff}{}", "\u{feff}", ""),
        ("\n\n", "\n\n", "\n"),
    ] {
        for dialect in [Json, Jsonc] {
            assert_eq!(
                put(given, dialect, &SERVERS, &bridge()),
                format!("{before}{whole}{after}"),
                "{given:?}"
            );
        }
    }
    assert_eq!(
        put("// none yet\r\n", Jsonc, &SERVERS, &bridge()),
        format!("// none yet\r\n{}\r\n", whole.replace('\n', "\r\n"))
    );
    assert_eq!(put("// none yet", Jsonc, &SERVERS, &bridge()), format!("// none yet\n{whole}"));
}

#[test]
fn a_file_in_one_line_stays_one() {
    let entry = object(json!({ "url": "https://h/mcp", "n": [1, true] }));
    for (given, expected) in [
        (
            r#"{"a":1,"mcpServers":{"x":{"url":"u"}},"z":2}"#,
            r#"{"a":1,"mcpServers":{"x":{"url":"u"},"superset":{"url":"https://h/mcp","n":[1,true]}},"z":2}"#,
        ),
        (
            r#"{ "a": 1, "mcpServers": {} }"#,
            r#"{ "a": 1, "mcpServers": {"superset": { "url": "https://h/mcp", "n": [1, true] }} }"#,
        ),
        (r#"{"a":1}"#, r#"{"a":1,"mcpServers":{"superset":{"url":"https://h/mcp","n":[1,true]}}}"#),
    ] {
        assert_eq!(put(given, Json, &SERVERS, &entry), expected);
    }
}

#[test]
fn a_key_with_a_dot_is_one_key_and_a_way_may_be_long() {
    let amp = Place { path: &["amp.mcpServers"], ..SERVERS };
    let entry = object(json!({ "url": "u" }));
    assert_eq!(
        put(r#"{"amp":{"mcpServers":{}}}"#, Json, &amp, &entry),
        r#"{"amp":{"mcpServers":{}},"amp.mcpServers":{"superset":{"url":"u"}}}"#
    );
    let deep = Place { path: &["a", "b", "c"], ..SERVERS };
    assert_eq!(put(r#"{"a":{}}"#, Json, &deep, &entry), r#"{"a":{"b":{"c":{"superset":{"url":"u"}}}}}"#);
    assert_eq!(
        put(r#"{"x":1,"a":{"b":{"c":{"y":2}}}}"#, Json, &deep, &entry),
        r#"{"x":1,"a":{"b":{"c":{"y":2,"superset":{"url":"u"}}}}}"#
    );
}

#[test]
fn what_a_person_added_to_our_entry_stays() {
    let given = r#"{
	"mcpServers": {
		"superset": {
			"timeout": 30, // patience
			"url": "https://old/mcp", // was here
			"headers": { "Authorization": "Bearer x" },
			"command":   "/usr/bin/superset-keys" /* mine */,
			"disabled": false
		}
	}
}"#;
    let edited =
        edit::put(given.as_bytes(), Jsonc, &SERVERS, &bridge(), &["url", "headers", "args"]).unwrap();
    assert_eq!(
        text(edited),
        r#"{
	"mcpServers": {
		"superset": {
			"timeout": 30, // patience
			// was here
			"command":   "/usr/bin/superset-keys" /* mine */,
			"disabled": false,
			"args": ["bridge", "production"]
		}
	}
}"#
    );
    let plain = r#"{"mcpServers":{"superset":{"a":1,"url":"x","b":[1]}}}"#;
    let entry = object(json!({ "b": [2], "c": null }));
    let edited = edit::put(plain.as_bytes(), Json, &SERVERS, &entry, &["a", "url"]).unwrap();
    assert_eq!(text(edited), r#"{"mcpServers":{"superset":{"b":[2],"c":null}}}"#);
    assert_eq!(
        edit::read(plain.as_bytes(), Json, &SERVERS).unwrap(),
        Some(json!({ "a": 1, "url": "x", "b": [1] }))
    );
}

#[test]
fn an_entry_that_is_right_already_is_not_touched() {
    let given = "{ \"mcpServers\" : {\"superset\":{ \"args\":[ \"bridge\",\"production\" ],\n\"x\":1, \"command\": \"\\/usr/bin/superset-keys\"}}}";
    let edited = edit::put(given.as_bytes(), Json, &SERVERS, &bridge(), &["url"]).unwrap();
    assert!(edited.is_unchanged());
    assert_eq!(text(edited), given);
    assert!(edit::remove(b"{\"a\": 1}", Json, &SERVERS).unwrap().is_unchanged());
    assert!(edit::remove(b"", Json, &SERVERS).unwrap().is_unchanged());
}

#[test]
fn taking_the_entry_out_leaves_the_others_and_every_comment() {
    for (given, expected) in [
        (r#"{"mcpServers":{"superset":{},"a":1}}"#, r#"{"mcpServers":{"a":1}}"#),
        (r#"{"mcpServers":{"a":1,"superset":{}}}"#, r#"{"mcpServers":{"a":1}}"#),
        (r#"{"mcpServers":{"a":1,"superset":{},"b":2}}"#, r#"{"mcpServers":{"a":1,"b":2}}"#),
        (r#"{"mcpServers":{"a":1, "superset":{}, "b":2}}"#, r#"{"mcpServers":{"a":1, "b":2}}"#),
        (r#"{"mcpServers":{ "superset":{} }}"#, r#"{"mcpServers":{}}"#),
        ("{\"mcpServers\":{\n\"a\":1,\n\"superset\":{}\n}}", "{\"mcpServers\":{\n\"a\":1\n}}"),
        ("{\"mcpServers\":{\n\"superset\":{},\n\"a\":1\n}}", "{\"mcpServers\":{\n\"a\":1\n}}"),
    ] {
        assert_eq!(remove(given, Json, &SERVERS), expected);
    }
    for (given, expected) in [
        (
            "{\"mcpServers\":{\n  \"a\":1, // one\n  // ours\n  \"superset\":{ /* in */ }, // two\n  \"b\":2 // three\n}}",
            "{\"mcpServers\":{\n  \"a\":1, // one\n  // ours\n  // two\n  \"b\":2 // three\n}}",
        ),
        (
            "{\"mcpServers\":{\n  \"a\":1, // one\n  \"superset\":{} // two\n}}",
            "{\"mcpServers\":{\n  \"a\":1 // one\n  // two\n}}",
        ),
        ("{\"mcpServers\":{\"a\":1, // one\n\"superset\":{}}}", "{\"mcpServers\":{\"a\":1 // one\n}}"),
        (
            "{\"mcpServers\":{\"a\":1 /* x */ , /* y */ \"superset\":{} /* z */}}",
            "{\"mcpServers\":{\"a\":1 /* x */  /* y */ /* z */}}",
        ),
        ("{\"mcpServers\":{\"superset\":{} /* z */ , \"a\":1}}", "{\"mcpServers\":{/* z */  \"a\":1}}"),
        ("{\"mcpServers\":{\n  // ours\n  \"superset\":{},\n}}", "{\"mcpServers\":{\n  // ours\n}}"),
    ] {
        assert_eq!(remove(given, Jsonc, &SERVERS), expected);
    }
}

#[test]
fn a_file_its_client_could_not_read_is_refused_with_the_place() {
    use EditProblemKind::{DuplicateKey, NotUtf8, Syntax, Unsupported, WrongType};
    for (given, expected) in [
        ("{\n  \"a\": 1, // no\n}", (2, 11, Syntax)),
        ("{\n  \"ü\": [1,]\n}", (2, 11, Syntax)),
        ("{\"a\": 1", (1, 7, Syntax)),
        ("\u{feff}{\r\n  'a': 1}", (2, 3, Syntax)),
        ("{\"a\": 1} {}", (1, 10, Syntax)),
        ("[]", (1, 1, WrongType)),
        ("null", (1, 1, WrongType)),
        ("{\"mcpServers\": null}", (1, 16, WrongType)),
        ("{\"mcpServers\": []}", (1, 16, WrongType)),
        ("{\"mcpServers\": {\"superset\": null}}", (1, 29, WrongType)),
        ("{\"a\": 1,\n \"a\": 2}", (2, 2, DuplicateKey)),
        ("{\"mcpServers\": {\"x\": 1, \"x\": 2}}", (1, 25, DuplicateKey)),
        ("{\"mcpServers\": {\"superset\": {\"u\": 1, \"\\u0075\": 2}}}", (1, 38, DuplicateKey)),
    ] {
        assert_eq!(refusal(given, Json, &SERVERS), expected, "{given}");
    }
    for (given, expected) in [
        ("{\"a\": 1 \"b\": 2}", (1, 9, Syntax)),
        ("{\"a\": 1,, \"b\": 2}", (1, 9, Syntax)),
        ("{,}", (1, 2, Syntax)),
        ("{\"a\": ,}", (1, 7, Syntax)),
        ("{a: 1}", (1, 2, Syntax)),
        ("{\"a\": 0x10}", (1, 8, Syntax)),
        ("{\"a\": 1} /* open", (1, 10, Syntax)),
        ("{\"a\": 1} / {}", (1, 10, Syntax)),
        ("{\"mcpServers\": {}, \"mcpServers\": {}}", (1, 20, DuplicateKey)),
        ("{\"mcpServers\": {\"superset\": {\"u\": 1, \"u\": 2}}}", (1, 38, DuplicateKey)),
    ] {
        assert_eq!(refusal(given, Jsonc, &SERVERS), expected, "{given}");
    }
    assert_eq!(refusal(b"{\"a\": \"\xff\"}", Json, &SERVERS), (1, 8, NotUtf8));
    assert_eq!(refusal(b"\xff\xfe{\x00}\x00", Json, &SERVERS), (1, 1, NotUtf8));
    assert_eq!(refusal("{}", Json, &Place { kept: Kept::InList, ..SERVERS }), (1, 1, Unsupported));
    let deep = "[".repeat(100_000);
    assert_eq!(refusal(deep, Json, &SERVERS).2, Syntax);
}

#[test]
fn names_that_stand_twice_elsewhere_are_the_clients_affair() {
    let given = "{\"theme\": 1, \"theme\": 2, \"mcpServers\": {\"x\": {}, \"x\": {\"y\": 1, \"y\": 2}}}";
    let added = put(given, Jsonc, &SERVERS, &object(json!({ "url": "u" })));
    assert_eq!(remove(&added, Jsonc, &SERVERS), given);
}

#[test]
fn halves_of_emoji_that_javascript_leaves_behind_are_no_hindrance() {
    let given = "{\"history\": \"cut \\ud83d\", \"\\uDC00\": \"\\ud83d\\ude00\\\\ud800 \\ud83d\\ud83d\", \"mcpServers\": {}}";
    for dialect in [Json, Jsonc] {
        let added = put(given, dialect, &SERVERS, &object(json!({ "url": "u" })));
        assert_eq!(added, given.replace("{}", "{\"superset\": { \"url\": \"u\" }}"));
        assert_eq!(remove(&added, dialect, &SERVERS), given);
    }
    assert_eq!(refusal("{\"a\": \"\\ud83\"}", Json, &SERVERS).2, EditProblemKind::Syntax);
}
