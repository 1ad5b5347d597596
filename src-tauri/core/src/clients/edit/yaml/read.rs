//! What a client gets to read.

use super::super::Result;
use super::super::problem::{EditProblem, EditProblemKind};
use super::node::Root;
use noyalib::{DuplicateKeyPolicy, MergeKeyPolicy, ParserConfig};
use serde_json::{Map, Number, Value};

/// The document's values; those of an empty file are an empty object. Merge keys are left as they stand, and
/// tags stand beside their values.
pub(in super::super) fn values(text: &str) -> Result<Value> {
    let config = ParserConfig::default()
        .duplicate_key_policy(DuplicateKeyPolicy::Error)
        .merge_key_policy(MergeKeyPolicy::AsOrdinary);
    let document: noyalib::Value = noyalib::from_str_with_config(text, &config).map_err(|refused| {
        // What finds the place mostly knows better where the trouble is.
        let offset = refused.location().map_or(0, |location| location.index());
        let problem = EditProblem::at(text, offset, EditProblemKind::Syntax);
        Root::of(text).err().unwrap_or(problem)
    })?;
    Ok(match value(document) {
        Value::Null => Value::Object(Map::new()),
        other => other,
    })
}

fn value(found: noyalib::Value) -> Value {
    match found {
        noyalib::Value::Null => Value::Null,
        noyalib::Value::Bool(is) => is.into(),
        noyalib::Value::Number(found) => number(&found),
        noyalib::Value::String(text) => text.into(),
        noyalib::Value::Sequence(items) => items.into_iter().map(value).collect(),
        noyalib::Value::Mapping(entries) => {
            entries.into_iter().map(|(key, item)| (key, value(item))).collect()
        }
        noyalib::Value::Tagged(tagged) => {
            Value::Array(vec![tagged.tag().as_str().into(), value(tagged.value().clone())])
        }
    }
}

fn number(found: &noyalib::Number) -> Value {
    let exact = found.as_i64().map(Number::from);
    let number = exact.or_else(|| Number::from_f64(found.as_f64()));
    number.map_or_else(|| found.to_string().into(), Value::Number)
}
