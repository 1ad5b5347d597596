//! How what we write looks beside what is there.

use super::super::lines::{begins_line, indent_at, line_ending, reindent};
use crate::clients::layout;
use jsonc_parser::ast::Object;
use jsonc_parser::common::Ranged;
use serde_json::Value;

/// A value on lines of its own.
pub(super) struct Layout {
    /// What the line that it begins on is indented by.
    pub indent: String,
    /// What each level adds to that.
    pub step: String,
    pub line_ending: &'static str,
}

impl Layout {
    /// The layout of values in the last of these objects.
    pub fn of(text: &str, way: &[Object<'_>]) -> Self {
        let step = step(text, way).unwrap_or("  ").to_owned();
        let object = way.last();
        let last = object.and_then(|object| {
            object.properties.iter().rev().find(|property| begins_line(text, property.start()))
        });
        let indent = match (last, object) {
            (Some(property), _) => indent_at(text, property.start()).to_owned(),
            (None, Some(object)) => format!("{}{step}", indent_at(text, object.start())),
            (None, None) => String::new(),
        };
        Self { indent, step, line_ending: line_ending(text) }
    }

    pub fn lines(&self, value: &Value) -> String {
        reindent(layout::json(value).trim_end(), &self.indent, &self.step, self.line_ending)
    }
}

/// What one level adds, from the first of these objects that shows it.
fn step<'t>(text: &'t str, way: &[Object<'_>]) -> Option<&'t str> {
    way.iter().find_map(|object| {
        let first = object.properties.iter().find(|property| begins_line(text, property.start()))?;
        let outer = indent_at(text, object.start());
        indent_at(text, first.start()).strip_prefix(outer).filter(|step| !step.is_empty())
    })
}

/// A value in one line, with or without blanks between its parts.
pub(super) fn one_line(value: &Value, spaced: bool) -> String {
    let blank = if spaced { " " } else { "" };
    let between = format!(",{blank}");
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            let entries = entries.iter().map(|(key, value)| {
                format!("{}:{blank}{}", Value::from(key.as_str()), one_line(value, spaced))
            });
            format!("{{{blank}{}{blank}}}", entries.collect::<Vec<_>>().join(&between))
        }
        Value::Array(items) => {
            let items = items.iter().map(|item| one_line(item, spaced));
            format!("[{}]", items.collect::<Vec<_>>().join(&between))
        }
        plain => plain.to_string(),
    }
}
