//! What a client gets to read.

use super::super::problem::{EditProblem, EditProblemKind, Result};
use serde_json::{Map, Number, Value};

/// The document's values. Dates, and numbers that JSON has no words for, become text.
pub(in crate::clients::edit) fn values(text: &str) -> Result<Value> {
    let document: toml::Table = toml::from_str(text).map_err(|problem| {
        let offset = problem.span().map_or(0, |span| span.start);
        EditProblem::at(text, offset, EditProblemKind::Syntax)
    })?;
    Ok(Value::Object(table(document)))
}

fn table(table: toml::Table) -> Map<String, Value> {
    table.into_iter().map(|(key, item)| (key, value(item))).collect()
}

fn value(item: toml::Value) -> Value {
    match item {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => {
            Number::from_f64(number).map_or_else(|| number.to_string().into(), Value::Number)
        }
        toml::Value::Boolean(is) => is.into(),
        toml::Value::Datetime(time) => time.to_string().into(),
        toml::Value::Array(items) => items.into_iter().map(value).collect(),
        toml::Value::Table(inner) => Value::Object(table(inner)),
    }
}
