//! TOML in any form.

use super::Choices;
use proptest::prelude::*;
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// How TOML is written down.
#[derive(Debug, Clone)]
pub struct TomlForm {
    pub line_ending: &'static str,
    pub choices: Vec<u8>,
}

pub fn toml_forms() -> impl Strategy<Value = TomlForm> {
    let endings = prop::sample::select(vec!["\n", "\r\n"]);
    let choices = prop::collection::vec(any::<u8>(), 1..64);
    (endings, choices).prop_map(|(line_ending, choices)| TomlForm { line_ending, choices })
}

impl TomlForm {
    pub fn write(&self, tree: &Map<String, Value>) -> String {
        let mut choices = Choices::of(&self.choices);
        let mut text = choices.one(&["", "\u{feff}", "# first\n", "\n"]).to_owned();
        Self::table(&[], tree, &mut choices, &mut text);
        let text = text.strip_suffix('\n').filter(|_| choices.one(&[false, true])).unwrap_or(&text);
        text.replace('\n', self.line_ending)
    }

    fn line(indent: &str, keys: &[&str], value: &Value, choices: &mut Choices<'_>, text: &mut String) {
        let between = choices.one(&["", "", "\n", "# own\n", "  # own [x]\n"]);
        let comment = choices.one(&["", "", " # c = [", "\t"]);
        let equals = choices.one(&[" = ", "=", " =\t"]);
        let value = toml_value(value).to_string();
        writeln!(text, "{between}{indent}{}{equals}{}{comment}", toml_keys(keys), value.trim()).unwrap();
    }

    fn table(keys: &[&str], entries: &Map<String, Value>, choices: &mut Choices<'_>, text: &mut String) {
        let indent = choices.one(&["", "", "  ", "\t"]);
        let mut sections = Vec::new();
        for (key, value) in entries {
            match (value, choices.one(&["section", "inline", "dotted"])) {
                (Value::Object(inner), "section") => sections.push((key, inner)),
                (Value::Object(inner), "dotted") if !inner.is_empty() => {
                    for (name, value) in inner {
                        Self::line(indent, &[key, name], value, choices, text);
                    }
                }
                (value, _) => Self::line(indent, &[key], value, choices, text),
            }
        }
        for (key, inner) in sections {
            let keys: Vec<&str> = keys.iter().copied().chain([key.as_str()]).collect();
            let needless = !inner.is_empty() && inner.values().all(Value::is_object);
            let before = choices.one(&["\n", "", "# above\n", "\n\n"]);
            text.push_str(before);
            if needless && choices.one(&[true, false]) {
                // Each table within it has a header that names it.
                for (name, value) in inner {
                    let keys: Vec<&str> = keys.iter().copied().chain([name.as_str()]).collect();
                    writeln!(text, "[{}]", toml_keys(&keys)).unwrap();
                    Self::table(&keys, value.as_object().unwrap(), choices, text);
                }
            } else {
                let comment = choices.one(&["", " # header"]);
                writeln!(text, "[{}]{comment}", toml_keys(&keys)).unwrap();
                Self::table(&keys, inner, choices, text);
            }
        }
    }
}

fn toml_keys(keys: &[&str]) -> String {
    keys.iter().map(|key| toml_edit::Key::new(*key).to_string()).collect::<Vec<_>>().join(".")
}

fn toml_value(value: &Value) -> toml_edit::Value {
    match value {
        Value::Bool(is) => (*is).into(),
        Value::Number(number) => number.as_i64().unwrap_or_default().into(),
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => toml_edit::Value::Array(items.iter().map(toml_value).collect()),
        Value::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| (key.as_str(), toml_value(value)));
            toml_edit::Value::InlineTable(entries.collect())
        }
        Value::Null => unreachable!("no nulls are generated"),
    }
}
