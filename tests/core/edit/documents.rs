//! Documents to edit, in all the forms that people and programs give them.

use proptest::prelude::*;
use serde_json::{Map, Value};

pub fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z]{1,8}",
        1 => prop::sample::select(vec![
            "superset", "name", "mcpServers", "a b", "a.b", "", "null", "true", "1", "-", "#", "// no", "/* no", "\"",
            "\\", "ü", "日本", "😀", "\u{1}", "\u{7f}", "a: b", "a # b", "*x", "&x", "!x", "{", "]", ",", "~", "2026-01-01",
            "'", "\n", "\r\n", "\t", " x ", "https://h:1/x?y#z", "\u{2028}", "\u{85}", "0x1", "1e3", "yes", "<<", "|", "%", "@", "`",
        ])
        .prop_map(str::to_owned),
    ]
}

fn plain() -> impl Strategy<Value = Value> {
    prop_oneof![
        5 => words().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i32>().prop_map(Value::from),
    ]
}

/// No nulls: TOML knows none.
pub fn values() -> impl Strategy<Value = Value> {
    plain().prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((words(), inner), 0..4).prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

pub fn entries() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::vec((words(), values()), 1..5).prop_map(|pairs| pairs.into_iter().collect())
}

/// Choices that a writer makes as it goes along; the same ones for the same bytes.
pub struct Choices<'a> {
    bytes: std::iter::Cycle<std::slice::Iter<'a, u8>>,
}

impl<'a> Choices<'a> {
    pub fn of(bytes: &'a [u8]) -> Self {
        Self { bytes: bytes.iter().cycle() }
    }

    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        let byte = usize::from(self.bytes.next().copied().unwrap_or(0));
        of[byte % of.len()]
    }
}

/// How JSON is written down.
#[derive(Debug, Clone)]
pub struct JsonForm {
    /// Blanks and comments may stand anywhere, else each value has its line.
    pub wild: bool,
    /// Comments and trailing commas.
    pub lenient: bool,
    pub step: &'static str,
    pub line_ending: &'static str,
    pub choices: Vec<u8>,
}

pub fn json_forms(lenient: bool) -> impl Strategy<Value = JsonForm> {
    let steps = prop::sample::select(vec!["  ", "    ", "\t", "   "]);
    let endings = prop::sample::select(vec!["\n", "\r\n"]);
    let choices = prop::collection::vec(any::<u8>(), 1..64);
    (any::<bool>(), steps, endings, choices)
        .prop_map(move |(wild, step, line_ending, choices)| JsonForm { wild, lenient, step, line_ending, choices })
}

impl JsonForm {
    pub fn write(&self, value: &Value) -> String {
        let mut choices = Choices::of(&self.choices);
        let mut text = choices.one(&["", "\u{feff}"]).to_owned();
        self.value(value, 0, &mut choices, &mut text);
        text.push_str(choices.one(&["", self.line_ending]));
        text
    }

    fn gap(&self, choices: &mut Choices<'_>) -> String {
        if !self.wild {
            return String::new();
        }
        let comment = format!("// \"x\": {{{}", self.line_ending);
        let strict = ["", "", "", " ", self.line_ending];
        let lenient = ["", "", " ", self.line_ending, "/* , } \" */", &comment];
        choices.one(if self.lenient { &lenient[..] } else { &strict[..] }).to_owned()
    }

    fn line(&self, depth: usize, choices: &mut Choices<'_>) -> String {
        if self.wild {
            return self.gap(choices);
        }
        let comment = if self.lenient { choices.one(&["", "", "", " // , }", " /* x */"]) } else { "" };
        let own = if self.lenient { choices.one(&["", "", "", "// \"own\""]) } else { "" };
        let indent = self.step.repeat(depth);
        let own = if own.is_empty() { String::new() } else { format!("{}{indent}{own}", self.line_ending) };
        format!("{comment}{own}{}{indent}", self.line_ending)
    }

    fn value(&self, value: &Value, depth: usize, choices: &mut Choices<'_>, text: &mut String) {
        let items: Vec<(Option<&String>, &Value)> = match value {
            Value::Object(entries) => entries.iter().map(|(key, value)| (Some(key), value)).collect(),
            Value::Array(items) => items.iter().map(|item| (None, item)).collect(),
            plain => return text.push_str(&plain.to_string()),
        };
        let [open, close] = if value.is_object() { ['{', '}'] } else { ['[', ']'] };
        text.push(open);
        let count = items.len();
        for (at, (key, value)) in items.into_iter().enumerate() {
            text.push_str(&self.line(depth + 1, choices));
            if let Some(key) = key {
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push_str(&self.gap(choices));
                text.push(':');
                text.push_str(if self.wild { "" } else { " " });
                text.push_str(&self.gap(choices));
            }
            self.value(value, depth + 1, choices, text);
            text.push_str(&self.gap(choices));
            if at + 1 < count || (self.lenient && choices.one(&[false, true])) {
                text.push(',');
            }
        }
        if count > 0 {
            text.push_str(&self.line(depth, choices));
        }
        text.push(close);
    }
}

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
        self.table(&[], tree, &mut choices, &mut text);
        let text = text.strip_suffix('\n').filter(|_| choices.one(&[false, true])).unwrap_or(&text);
        text.replace('\n', self.line_ending)
    }

    fn line(&self, indent: &str, keys: &[&str], value: &Value, choices: &mut Choices<'_>, text: &mut String) {
        let between = choices.one(&["", "", "\n", "# own\n", "  # own [x]\n"]);
        let comment = choices.one(&["", "", " # c = [", "\t"]);
        let equals = choices.one(&[" = ", "=", " =\t"]);
        let value = toml_value(value).to_string();
        text.push_str(&format!("{between}{indent}{}{equals}{}{comment}\n", toml_keys(keys), value.trim()));
    }

    fn table(&self, keys: &[&str], entries: &Map<String, Value>, choices: &mut Choices<'_>, text: &mut String) {
        let indent = choices.one(&["", "", "  ", "\t"]);
        let mut sections = Vec::new();
        for (key, value) in entries {
            match (value, choices.one(&["section", "inline", "dotted"])) {
                (Value::Object(inner), "section") => sections.push((key, inner)),
                (Value::Object(inner), "dotted") if !inner.is_empty() => {
                    for (name, value) in inner {
                        self.line(indent, &[key, name], value, choices, text);
                    }
                }
                (value, _) => self.line(indent, &[key], value, choices, text),
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
                    text.push_str(&format!("[{}]\n", toml_keys(&keys)));
                    self.table(&keys, value.as_object().unwrap(), choices, text);
                }
            } else {
                let comment = choices.one(&["", " # header"]);
                text.push_str(&format!("[{}]{comment}\n", toml_keys(&keys)));
                self.table(&keys, inner, choices, text);
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
    (2_usize..5, any::<bool>(), endings, choices)
        .prop_map(|(step, flat_lists, line_ending, choices)| YamlForm { step, flat_lists, line_ending, choices })
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

    fn mapping(&self, entries: &Map<String, Value>, indent: usize, choices: &mut Choices<'_>, text: &mut String) {
        for (key, value) in entries {
            let blanks = " ".repeat(indent);
            let own = choices.one(&["", "", "", "# own: x", "\n"]);
            match own {
                "" => {}
                "\n" => text.push('\n'),
                comment => text.push_str(&format!("{blanks}{comment}\n")),
            }
            text.push_str(&format!("{blanks}{}:", yaml_text(key, choices)));
            self.behind(value, indent, choices, text);
        }
    }

    fn behind(&self, value: &Value, indent: usize, choices: &mut Choices<'_>, text: &mut String) {
        let comment = choices.one(&["", "", "", " # c: [", "  "]);
        match value {
            Value::Object(entries) if !entries.is_empty() && choices.one(&[true, true, false]) => {
                text.push_str(&format!("{comment}\n"));
                self.mapping(entries, indent + self.step, choices, text);
            }
            Value::Array(items) if !items.is_empty() && choices.one(&[true, true, false]) => {
                text.push_str(&format!("{comment}\n"));
                let indent = if self.flat_lists { indent } else { indent + self.step };
                for item in items {
                    text.push_str(&format!("{}-", " ".repeat(indent)));
                    match item {
                        Value::Object(entries) if !entries.is_empty() => {
                            let mut lines = String::new();
                            self.mapping(entries, indent + 2, choices, &mut lines);
                            // The first key stands behind the dash, unless a comment comes first.
                            let first = lines.trim_start_matches('\n');
                            let first = if first.trim_start().starts_with('#') { format!("\n{lines}") } else { format!(" {}", first.trim_start_matches(' ')) };
                            text.push_str(&first);
                        }
                        item => text.push_str(&format!(" {}\n", yaml_in_line(item, choices))),
                    }
                }
            }
            Value::String(words) if is_block_text(words) && choices.one(&[false, true]) => {
                let blanks = " ".repeat(indent + self.step);
                text.push_str(&format!(" |\n{blanks}{words}\n{blanks}# {words}\n"));
            }
            value => text.push_str(&format!(" {}{comment}\n", yaml_in_line(value, choices))),
        }
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
            let entries = entries.iter().map(|(key, value)| format!("{}: {}", yaml_quoted(&key.as_str().into()), yaml_quoted(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(yaml_quoted).collect::<Vec<_>>().join(", ")),
        other => other.to_string().chars().map(escaped).collect(),
    }
}

fn yaml_text(text: &str, choices: &mut Choices<'_>) -> String {
    let plain = is_block_text(text) && !matches!(text, "null" | "true" | "false" | "yes" | "no" | "y" | "n" | "on" | "off");
    let single = text.chars().all(|letter| (' '..='~').contains(&letter));
    match choices.one(&["plain", "plain", "single", "double"]) {
        "plain" if plain => text.to_owned(),
        "single" if single => format!("'{}'", text.replace('\'', "''")),
        _ => yaml_quoted(&text.into()),
    }
}
