//! What stands without quotes.

use serde_json::{Number, Value};

/// What a plain scalar stands for in YAML 1.2.
pub(super) fn resolved(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => true.into(),
        "false" | "False" | "FALSE" => false.into(),
        _ => number(text).map_or_else(|| text.into(), Value::Number),
    }
}

fn number(text: &str) -> Option<Number> {
    let decimal = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    let digits = |base| i64::from_str_radix(&text[2..], base).ok().map(Number::from);
    match text.get(..2) {
        Some("0x") => digits(16),
        Some("0o") => digits(8),
        _ if !decimal => None,
        _ => text.parse::<i64>().ok().map(Number::from).or_else(|| Number::from_f64(text.parse().ok()?)),
    }
}
