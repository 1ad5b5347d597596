//! JSON in any form.

use super::Choices;
use proptest::prelude::*;
use serde_json::Value;

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
    (any::<bool>(), steps, endings, choices).prop_map(move |(wild, step, line_ending, choices)| JsonForm {
        wild,
        lenient,
        step,
        line_ending,
        choices,
    })
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
