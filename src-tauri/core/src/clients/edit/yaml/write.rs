//! YAML as we write it.

use super::super::quoted::quoted;
use serde_json::Value;

/// What stands behind `key:` or `-`, with the blank or line break before it. `indent` is that of the key.
pub(super) fn behind_key(value: &Value, indent: usize, step: usize, line_ending: &str) -> String {
    match value {
        Value::Object(entries) if !entries.is_empty() => mapping(value, indent + step, step, line_ending),
        Value::Array(items) if !items.is_empty() => list(items, indent + step, step, line_ending),
        plain => format!(" {}", in_line(plain)),
    }
}

/// The lines of a mapping, each with its line break before it.
pub(super) fn mapping(value: &Value, indent: usize, step: usize, line_ending: &str) -> String {
    let entries = value.as_object().into_iter().flatten();
    let lines = entries.map(|(key, value)| {
        let value = behind_key(value, indent, step, line_ending);
        format!("{line_ending}{}{}:{value}", " ".repeat(indent), scalar(key))
    });
    lines.collect()
}

fn list(items: &[Value], indent: usize, step: usize, line_ending: &str) -> String {
    items.iter().map(|value| item(value, indent, step, line_ending)).collect()
}

/// An item of a list, with its line break before it.
pub(super) fn item(value: &Value, indent: usize, step: usize, line_ending: &str) -> String {
    let dash = format!("{line_ending}{}-", " ".repeat(indent));
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            // The first key stands behind the dash, the others below it.
            let lines = mapping(value, indent + 2, step, line_ending);
            format!("{dash} {}", lines.trim_start_matches(['\r', '\n', ' ']))
        }
        other => format!("{dash} {}", in_line(other)),
    }
}

/// A value in one line.
fn in_line(value: &Value) -> String {
    match value {
        Value::String(text) => scalar(text),
        other => between_braces(other, Quotes::All),
    }
}

/// Which strings between braces and brackets are quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    All,
    Needed,
}

/// A value in one line, wherever that stands.
pub(super) fn between_braces(value: &Value, quotes: Quotes) -> String {
    let text = |text: &str| if quotes == Quotes::All { quoted(text) } else { scalar(text) };
    match value {
        Value::String(words) => text(words),
        Value::Array(items) => {
            let items = items.iter().map(|item| between_braces(item, quotes)).collect::<Vec<_>>();
            format!("[{}]", items.join(", "))
        }
        Value::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| format!("{}: {}", text(key), between_braces(value, quotes)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        plain => plain.to_string(),
    }
}

/// Words that some reader takes for something else than text.
const TAKEN: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];

fn scalar(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/');
    let begins = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'/');
    if begins && text.bytes().all(is_plain) && !TAKEN.contains(&text.to_ascii_lowercase().as_str()) {
        text.to_owned()
    } else {
        quoted(text)
    }
}
