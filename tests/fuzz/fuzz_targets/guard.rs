#![no_main]
//! Whatever a server would take for a call was judged by the guard, and lists lose no more than what is not let through.
use serde_json::Value;
use superset_keys_core::guard::Guard;
use superset_keys_core::mcp::{Called, NotUnderstood, of_a_list, of_a_search, passes};

type Look = fn(&Guard, &str) -> Result<Option<String>, NotUnderstood>;

/// As Python's `json` reads it: of a name that stands there twice, the last.
fn servers(value: &Value, depth: usize, calls: &mut Vec<String>) {
    let Some(name) = value["name"].as_str() else { return };
    calls.push(name.to_owned());
    if name == "call_tool" && depth < 32 {
        let inside = match &value["arguments"] {
            Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
            other => other.clone(),
        };
        servers(&inside, depth + 1, calls);
    }
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let denying = Guard::new(Vec::new(), vec!["execute_sql".parse().unwrap()]);
    for guard in [Guard::reading_only(), denying] {
        if passes(&guard, &Called::of(text)).is_ok() {
            let mut calls = Vec::new();
            servers(&serde_json::from_str(text).unwrap_or_default(), 0, &mut calls);
            assert!(calls.iter().all(|tool| guard.lets(tool)), "{text}");
        }
        for (looked, again) in [(of_a_list(&guard, text), of_a_list as Look), (of_a_search(&guard, text), of_a_search)] {
            let Ok(Some(left)) = looked else { continue };
            assert!(serde_json::from_str::<Value>(text).is_err() || serde_json::from_str::<Value>(&left).is_ok());
            assert_eq!(again(&guard, &left), Ok(None), "{text}");
        }
    }
});
