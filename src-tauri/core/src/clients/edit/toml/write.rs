//! TOML as we write it.

use super::super::lines::line_ending;
use super::super::problem::{EditProblem, EditProblemKind, Result};
use super::super::quoted::quoted;
use serde_json::{Map, Value};

/// Columns that a line with a list may take up.
const WIDTH: usize = 80;

/// The lines of a table below its header.
pub(super) struct Written {
    pub lines: Vec<String>,
}

impl Written {
    pub fn of(text: &str, entry: &Map<String, Value>) -> Result<Self> {
        let lines = entry.iter().map(|(name, value)| {
            let name = keys(&[name]);
            let value = value_after(&name, value, "", line_ending(text)).ok_or_else(|| unwritable(text))?;
            Ok(format!("{name} = {value}"))
        });
        Ok(Self { lines: lines.collect::<Result<_>>()? })
    }
}

/// `a.b."c d"`
pub(super) fn keys(keys: &[&str]) -> String {
    keys.iter().map(|key| self::key(key)).collect::<Vec<_>>().join(".")
}

fn key(key: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if !key.is_empty() && key.bytes().all(is_bare) { key.to_owned() } else { quoted(key) }
}

/// What goes behind `name = `: a list that is too long for its line gets a line for each item. Nothing, if TOML
/// has no words for the value.
pub(super) fn value_after(name: &str, value: &Value, indent: &str, line_ending: &str) -> Option<String> {
    let line = in_line(value)?;
    let width = [indent, name, " = ", &line].iter().map(|part| part.chars().count()).sum::<usize>();
    match value {
        Value::Array(items) if width > WIDTH && !items.is_empty() => {
            let items = items.iter().map(|item| Some(format!("{line_ending}{indent}  {},", in_line(item)?)));
            let items = items.collect::<Option<Vec<_>>>()?.concat();
            Some(format!("[{items}{line_ending}{indent}]"))
        }
        _ => Some(line),
    }
}

/// A value as it may stand in an inline table.
pub(super) fn in_line(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(quoted(text)),
        Value::Bool(is) => Some(is.to_string()),
        Value::Number(number) if number.is_f64() || number.is_i64() => Some(number.to_string()),
        Value::Null | Value::Number(_) => None,
        Value::Array(items) => {
            let items = items.iter().map(in_line).collect::<Option<Vec<_>>>()?;
            Some(format!("[{}]", items.join(", ")))
        }
        Value::Object(entries) if entries.is_empty() => Some("{}".to_owned()),
        Value::Object(entries) => {
            let entries =
                entries.iter().map(|(name, value)| Some(format!("{} = {}", key(name), in_line(value)?)));
            Some(format!("{{ {} }}", entries.collect::<Option<Vec<_>>>()?.join(", ")))
        }
    }
}

pub(super) fn unwritable(text: &str) -> EditProblem {
    EditProblem::at(text, 0, EditProblemKind::EntryUnwritable)
}
