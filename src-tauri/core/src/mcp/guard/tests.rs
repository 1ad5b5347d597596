use super::*;
use crate::guard::Rule;
use proptest::prelude::*;
use serde_json::{Value, json};

fn reading() -> Guard {
    Guard::reading_only()
}

fn denying(word: &str) -> Guard {
    Guard::new(Vec::new(), vec![word.parse().unwrap()])
}

fn verdict(guard: &Guard, params: &str) -> Result<(), Refusal> {
    passes(guard, &Called::of(params))
}

fn refused(tool: &str) -> Result<(), Refusal> {
    Err(Refusal { tool: Some(tool.to_owned()) })
}

const UNCLEAR: Result<(), Refusal> = Err(Refusal { tool: None });

#[test]
fn calls_are_looked_into_at_any_depth() {
    for (params, expected) in [
        (r#"{"name":"list_charts","arguments":{"request":{"name":"execute_sql"}}}"#, Ok(())),
        (r#"{"name":"execute_sql","arguments":{"request":{}}}"#, refused("execute_sql")),
        (r#"{"name":"search_tools","arguments":{"query":"execute_sql"}}"#, Ok(())),
        (r#"{"name":"call_tool","arguments":{"name":"list_charts","arguments":{"request":{}}}}"#, Ok(())),
        (r#"{"name":"call_tool","arguments":{"name":"list_charts"}}"#, Ok(())),
        (r#"{"name":"call_tool","arguments":{"name":"execute_sql","arguments":{}}}"#, refused("execute_sql")),
        (r#"{"name":"call_tool","arguments":{"arguments":{},"name":"execute_sql"}}"#, refused("execute_sql")),
        (
            r#"{"name":"call_tool","arguments":{"name":"call_tool","arguments":{"name":"execute_sql","arguments":{}}}}"#,
            refused("execute_sql"),
        ),
        // As a text.
        (r#"{"name":"call_tool","arguments":"{\"name\":\"execute_sql\"}"}"#, refused("execute_sql")),
        (r#"{"name":"call_tool","arguments":"{\"name\":\"list_charts\"}"}"#, Ok(())),
        (
            r#"{"name":"call_tool","arguments":{"name":"call_tool","arguments":"{\"name\":\"execute_sql\"}"}}"#,
            refused("execute_sql"),
        ),
        // Spelled with escapes.
        (r#"{"name":"exec\u0075te_sql"}"#, refused("execute_sql")),
        (r#"{"n\u0061me":"call_tool","argum\u0065nts":{"\u006eame":"execute_sql"}}"#, refused("execute_sql")),
    ] {
        assert_eq!(verdict(&reading(), params), expected, "{params}");
    }
}

/// A tool that calls tools under another name: what is denied is found behind it, whatever else stands there.
#[test]
fn what_is_denied_is_found_behind_tools_of_any_name() {
    let sql = r#"{"name":"execute_sql","arguments":{"request":{}},"x":1}"#;
    let through = |arguments: &str| format!(r#"{{"name":"run","arguments":{arguments},"x":1}}"#);
    for params in [through(sql), through(&through(sql)), through(&through(&through(sql)))] {
        let params = params.replacen(r#","x":1}"#, "}", 1);
        assert_eq!(verdict(&denying("execute_sql"), &params), refused("execute_sql"), "{params}");
    }
    let other = through(r#"{"name":"execute_sql_not","arguments":{}}"#);
    assert_eq!(verdict(&denying("execute_sql"), &other), Ok(()));
    let deep = (0..20).fold(sql.to_owned(), |inner, _| through(&inner));
    assert_eq!(verdict(&denying("execute_sql"), &deep), UNCLEAR);
}

#[test]
fn what_cannot_be_told_is_not_let_through() {
    let deep = |depth: usize| {
        (0..depth).fold(r#"{"name":"list_charts"}"#.to_owned(), |inner, _| {
            format!(r#"{{"name":"call_tool","arguments":{inner}}}"#)
        })
    };
    for guard in [reading(), denying("execute_sql")] {
        for params in [
            r#"{"name":"list_charts","name":"execute_sql"}"#,
            r#"{"name":"list_charts","n\u0061me":"execute_sql"}"#,
            r#"{"name":"call_tool","arguments":{"name":"list_charts"},"arguments":{"name":"execute_sql"}}"#,
            r#"{"name":"call_tool","arguments":{"name":"list_charts","name":"execute_sql"}}"#,
            r#"{"name":"call_tool","arguments":["execute_sql"]}"#,
            r#"{"name":"call_tool","arguments":null}"#,
            r#"{"name":"call_tool"}"#,
            r#"{"name":"call_tool","arguments":{"name":["execute_sql"]}}"#,
            r#"{"name":"call_tool","arguments":"execute_sql"}"#,
            r#"{"name":5}"#,
            r#"{"name":null}"#,
            r#"{"name":"\ud800"}"#,
            "{}",
            "[]",
            "null",
            "\"call_tool\"",
            &deep(50),
        ] {
            assert_eq!(verdict(&guard, params), UNCLEAR, "{params}");
        }
        for tool in
            ["Execute_SQL", " execute_sql", "execute_sql ", "execute_sql\\u0000", "ехecute_sql", "工具"]
        {
            assert!(verdict(&guard, &format!(r#"{{"name":"{tool}"}}"#)).is_err(), "{tool}");
        }
    }
    assert_eq!(verdict(&reading(), &deep(3)), Ok(()));
}

/// An administrator may call it otherwise.
#[test]
fn a_tool_that_calls_tools_is_known_by_what_it_takes() {
    let guard = denying("execute_sql");
    for params in [
        r#"{"name":"run_tool","arguments":{"name":"execute_sql","arguments":{}}}"#,
        r#"{"name":"run_tool","arguments":{"name":"execute_sql"}}"#,
        r#"{"name":"run_tool","arguments":"{\"name\":\"execute_sql\",\"arguments\":{}}"}"#,
        r#"{"name":"run_tool","arguments":{"name":"execute_sql","arguments":{},"version":1}}"#,
        r#"{"name":"run_tool","arguments":{"n\u0061me":"execute_sql","arguments":{}}}"#,
    ] {
        assert_eq!(verdict(&guard, params), refused("execute_sql"), "{params}");
    }
    assert_eq!(verdict(&guard, r#"{"name":"save","arguments":{"name":"My chart ü"}}"#), Ok(()));
    assert_eq!(
        verdict(
            &guard,
            r#"{"name":"run_tool","arguments":{"name":"list_charts","name":"execute_sql","arguments":{}}}"#
        ),
        UNCLEAR
    );
}

#[test]
fn lists_are_left_as_they_are_or_lose_whole_tools() {
    let list = r#"{ "tools" : [ {"name":"list_charts","x":1e400} , {"name":"execute_sql"},{"n\u0061me":"generate_chart"}, {"name":"health_check"} ], "nextCursor":"a" }"#;
    let left = of_a_list(&reading(), list).unwrap().unwrap();
    assert_eq!(
        left,
        r#"{ "tools" : [{"name":"list_charts","x":1e400},{"name":"health_check"}], "nextCursor":"a" }"#
    );
    assert_eq!(of_a_list(&reading(), &left), Ok(None), "what is all right is passed on as it is");
    assert_eq!(of_a_list(&reading(), r#"{"resources":[]}"#), Ok(None));
    for odd in [r#"{"tools":{}}"#, r#"{"tools":[],"tools":[{"name":"execute_sql"}]}"#, "[]"] {
        assert_eq!(of_a_list(&reading(), odd), Err(NotUnderstood), "{odd}");
    }
    let nameless = r#"{"tools":[{"name":"list_charts","name":"x"},{},7]}"#;
    assert_eq!(of_a_list(&reading(), nameless).unwrap().unwrap(), r#"{"tools":[]}"#);
}

#[test]
fn searches_lose_the_same_tools_in_text_and_in_structure() {
    let tools =
        json!([{"name": "execute_sql", "description": "\"quoted\" ü"}, {"name": "list_charts", "a": 1}]);
    let kept = json!([{"name": "list_charts", "a": 1}]);
    for (before, after) in [
        (tools.clone(), kept.clone()),
        (json!({"result": tools}), json!({"result": kept})),
        (json!({"tools": tools, "more": true}), json!({"tools": kept, "more": true})),
    ] {
        for (text_first, structured) in [(true, true), (false, true), (true, false)] {
            let answer = |value: &Value| {
                let text =
                    format!(r#""content":[{{"type":"text","text":{}}}]"#, Value::from(value.to_string()));
                let structure = format!(r#""structuredContent":{value}"#);
                match (text_first, structured) {
                    (true, true) => format!(r#"{{{text}, {structure}, "isError":false}}"#),
                    (false, true) => format!(r#"{{{structure}, {text}, "isError":false}}"#),
                    _ => format!(r#"{{{text}, "isError":false}}"#),
                }
            };
            assert_eq!(of_a_search(&reading(), &answer(&before)), Ok(Some(answer(&after))));
            assert_eq!(of_a_search(&reading(), &answer(&after)), Ok(None));
        }
    }
}

#[test]
fn searches_that_are_not_understood_are_not_passed_on() {
    let text = |text: &str| json!({"content": [{"type": "text", "text": text}]}).to_string();
    assert_eq!(of_a_search(&reading(), &text("Error: no permission")), Ok(None));
    for odd in [
        "### execute_sql\n\nRuns SQL",
        "{}",
        r#"{"a":[]}"#,
        r#"{"tools":[],"result":[{"name":"execute_sql"}]}"#,
    ] {
        assert_eq!(of_a_search(&reading(), &text(odd)), Err(NotUnderstood), "{odd}");
    }
    let image = json!({"content": [{"type": "resource", "resource": {"text": "execute_sql"}}]}).to_string();
    assert_eq!(of_a_search(&reading(), &image), Err(NotUnderstood));
}

/// As a server reads JSON: of a name that stands there twice it takes the first or the last.
fn servers(value: &Value, calls: &mut Vec<String>) {
    let Some(name) = value["name"].as_str() else { return };
    calls.push(name.to_owned());
    if name == "call_tool" {
        let inside = match &value["arguments"] {
            Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
            other => other.clone(),
        };
        servers(&inside, calls);
    }
}

fn call() -> impl Strategy<Value = String> {
    let name = || {
        prop::sample::select(vec![
            r#""name":"call_tool""#,
            r#""name":"list_charts""#,
            r#""name":"execute_sql""#,
            r#""n\u0061me":"execute_sql""#,
            r#""name":"exec\u0075te_sql""#,
            r#""name":"Execute_SQL""#,
            r#""name":7"#,
            r#""x":"execute_sql""#,
        ])
    };
    let leaf = prop_oneof![
        Just("{}".to_owned()),
        Just("null".to_owned()),
        name().prop_map(|name| format!("{{{name}}}")),
    ];
    leaf.prop_recursive(6, 24, 2, move |inner| {
        let quoted = inner.clone().prop_map(|text| Value::from(text).to_string());
        let arguments =
            prop_oneof![inner.clone(), quoted].prop_map(|inner| format!(r#""arguments":{inner}"#));
        let part = prop_oneof![name().prop_map(str::to_owned), arguments];
        prop::collection::vec(part, 1..4).prop_map(|parts| format!("{{{}}}", parts.join(",")))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_server_would_run_was_let_through(params in call()) {
        for guard in [reading(), denying("execute_sql"), Guard::new(vec!["list_*".parse::<Rule>().unwrap()], Vec::new())] {
            if verdict(&guard, &params).is_ok() {
                let mut calls = Vec::new();
                servers(&serde_json::from_str(&params).unwrap(), &mut calls);
                prop_assert!(!calls.is_empty());
                for tool in calls {
                    prop_assert!(guard.lets(&tool), "{} of {}", tool, params);
                    prop_assert!(!tool.eq_ignore_ascii_case("execute_sql"), "{}", params);
                }
            }
        }
    }

    #[test]
    fn nothing_breaks(text in "\\PC{0,60}") {
        let _ = verdict(&reading(), &text);
        let _ = (of_a_list(&reading(), &text), of_a_search(&reading(), &text));
    }

    #[test]
    fn lists_keep_what_is_let_through_to_the_letter(names in prop::collection::vec(prop::sample::select(vec!["list_charts", "execute_sql", "get_schema", "ü"]), 0..6)) {
        let tool = |name: &&str| format!(r#"{{"name":"{name}" , "n":1e400}}"#);
        let list = format!(r#"{{"tools":[{}]}}"#, names.iter().map(tool).collect::<Vec<_>>().join(" ,"));
        let left = of_a_list(&reading(), &list).unwrap();
        let kept: Vec<_> = names.iter().filter(|name| reading().lets(name)).map(tool).collect();
        match left {
            None => prop_assert_eq!(kept.len(), names.len()),
            Some(left) => prop_assert_eq!(left, format!(r#"{{"tools":[{}]}}"#, kept.join(","))),
        }
    }
}
