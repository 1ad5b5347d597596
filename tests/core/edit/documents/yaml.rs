//! YAML in any form.

use super::Choices;
use proptest::prelude::*;
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// How YAML is written down.
#[derive(Debug, Clone)]
pub struct YamlForm {
    pub step: usize,
    /// Items of lists stand below their key, not to the right of it.
    pub flat_lists: bool,
    pub line_ending: &'static str,
    pub choices: Vec<u8>,
}

pub fn yaml_forms() -> impl Strategy<Value = YamlForm> {
    let endings = prop::sample::select(vec!["\n", "\r\n"]);
    let choices = prop::collection::vec(any::<u8>(), 1..64);
    (2_usize..5, any::<bool>(), endings, choices).prop_map(|(step, flat_lists, line_ending, choices)| {
        YamlForm { step, flat_lists, line_ending, choices }
    })
}

impl YamlForm {
    pub fn write(&self, tree: &Map<String, Value>) -> String {
        let mut choices = Choices::of(&self.choices);
        let mut text = choices.one(&["", "\u{feff}", "# first\n", "---\n", "\n"]).to_owned();
        if tree.is_empty() {
            text.push_str("{}\n");
        }
        self.mapping(tree, 0, &mut choices, &mut text);
        text.push_str(choices.one(&["", "", "# last\n", "\n"]));
        let text = text.strip_suffix('\n').filter(|_| choices.one(&[false, true])).unwrap_or(&text);
        text.replace('\n', self.line_ending)
    }

    fn mapping(
        &self,
        entries: &Map<String, Value>,
        indent: usize,
        choices: &mut Choices<'_>,
        text: &mut String,
    ) {
        for (key, value) in entries {
            let blanks = " ".repeat(indent);
            let own = choices.one(&["", "", "", "# own: x", "\n"]);
            match own {
                "" => {}
                "\n" => text.push('\n'),
                comment => writeln!(text, "{blanks}{comment}").unwrap(),
            }
            write!(text, "{blanks}{}:", yaml_text(key, choices)).unwrap();
            self.behind(value, indent, choices, text);
        }
    }

    fn behind(&self, value: &Value, indent: usize, choices: &mut Choices<'_>, text: &mut String) {
        let comment = choices.one(&["", "", "", " # c: [", "  "]);
        match value {
            Value::Object(entries) if !entries.is_empty() && choices.one(&[true, true, false]) => {
                writeln!(text, "{comment}").unwrap();
                self.mapping(entries, indent + self.step, choices, text);
            }
            Value::Array(items) if !items.is_empty() && choices.one(&[true, true, false]) => {
                writeln!(text, "{comment}").unwrap();
                let indent = if self.flat_lists { indent } else { indent + self.step };
                for item in items {
                    write!(text, "{}-", " ".repeat(indent)).unwrap();
                    match item {
                        Value::Object(entries) if !entries.is_empty() => {
                            let mut lines = String::new();
                            self.mapping(entries, indent + 2, choices, &mut lines);
                            // The first key stands behind the dash, unless a comment comes first.
                            let first = lines.trim_start_matches('\n');
                            let first = if first.trim_start().starts_with('#') {
                                format!("\n{lines}")
                            } else {
                                format!(" {}", first.trim_start_matches(' '))
                            };
                            text.push_str(&first);
                        }
                        item => writeln!(text, " {}", yaml_in_line(item, choices)).unwrap(),
                    }
                }
            }
            Value::String(words) if is_block_text(words) && choices.one(&[false, true]) => {
                let blanks = " ".repeat(indent + self.step);
                writeln!(text, " |\n{blanks}{words}\n{blanks}# {words}").unwrap();
            }
            Value::Object(_) | Value::Array(_) if choices.one(&[true, true, false]) => {
                text.push(' ');
                self.braces(value, indent + self.step, choices, text);
                writeln!(text, "{comment}").unwrap();
            }
            value => writeln!(text, " {}{comment}", yaml_in_line(value, choices)).unwrap(),
        }
    }

    /// Between braces, on one line or several, with comments and a comma too many.
    fn braces(&self, value: &Value, indent: usize, choices: &mut Choices<'_>, text: &mut String) {
        let items: Vec<(Option<&String>, &Value)> = match value {
            Value::Object(entries) => entries.iter().map(|(key, value)| (Some(key), value)).collect(),
            Value::Array(items) => items.iter().map(|value| (None, value)).collect(),
            _ => return text.push_str(&yaml_in_line(value, choices)),
        };
        let lines = choices.one(&[true, false]);
        let pad = if items.is_empty() { "" } else { choices.one(&["", " "]) };
        text.push(if value.is_object() { '{' } else { '[' });
        let mut comment = "";
        for (at, (key, value)) in items.iter().enumerate() {
            match (lines, at) {
                (true, _) => write!(text, "{comment}\n{}", " ".repeat(indent + self.step)).unwrap(),
                (false, 0) => text.push_str(pad),
                (false, _) => text.push(' '),
            }
            if let Some(key) = key {
                write!(text, "{}: ", yaml_text(key, choices)).unwrap();
            }
            self.braces(value, indent + self.step, choices, text);
            let is_last = at + 1 == items.len();
            comment = if lines { choices.one(&["", "", " # c: [", "\n# c, {"]) } else { "" };
            // Behind a comment the comma would be part of it.
            let parted = choices.one(&["", "", " "]);
            text.push_str(if is_last { choices.one(&["", ","]) } else { parted });
            text.push_str(if is_last { "" } else { "," });
        }
        match (lines && !items.is_empty(), comment) {
            (true, comment) => write!(text, "{comment}\n{}", " ".repeat(indent)).unwrap(),
            (false, _) => text.push_str(pad),
        }
        text.push(if value.is_object() { '}' } else { ']' });
    }
}

/// Text that may stand in a block as it is. There it gets a second line, so it is other text than generated.
fn is_block_text(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn yaml_in_line(value: &Value, choices: &mut Choices<'_>) -> String {
    match value {
        Value::String(text) => yaml_text(text, choices),
        other => yaml_quoted(other),
    }
}

/// JSON, with every letter escaped that YAML wants so.
fn yaml_quoted(value: &Value) -> String {
    let escaped = |letter: char| match letter {
        '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' => format!("\\u{:04x}", u32::from(letter)),
        letter => letter.to_string(),
    };
    match value {
        Value::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| format!("{}: {}", yaml_quoted(&key.as_str().into()), yaml_quoted(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(yaml_quoted).collect::<Vec<_>>().join(", ")),
        other => other.to_string().chars().map(escaped).collect(),
    }
}

fn yaml_text(text: &str, choices: &mut Choices<'_>) -> String {
    let plain = is_block_text(text)
        && !matches!(text, "null" | "true" | "false" | "yes" | "no" | "y" | "n" | "on" | "off");
    let single = text.chars().all(|letter| (' '..='~').contains(&letter));
    match choices.one(&["plain", "plain", "single", "double"]) {
        "plain" if plain => text.to_owned(),
        "single" if single => format!("'{}'", text.replace('\'', "''")),
        _ => yaml_quoted(&text.into()),
    }
}
