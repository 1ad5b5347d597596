//! One key of an inline table: put in, changed, taken out.

use super::super::Result;
use super::super::draft::Draft;
use super::super::problem::{EditProblem, EditProblemKind};
use super::statements::Inline;
use super::{unwritable, write};
use serde_json::{Map, Value};
use std::ops::Range;

/// Where one `key = value` of an inline table stands.
struct Pair {
    key: String,
    key_start: usize,
    value: Range<usize>,
}

/// Adds what `keys` name, with the tables on the way that are not there yet.
pub(super) fn insert(draft: &mut Draft, inline: Inline<'_>, keys: &[&str], value: &Value) -> Result<()> {
    let text = draft.text();
    let [name, deeper @ ..] = &keys[inline.depth..] else { return Ok(()) };
    let value = deeper
        .iter()
        .rev()
        .fold(value.clone(), |value, key| Value::Object(Map::from_iter([((*key).to_owned(), value)])));
    let value = write::in_line(&value).ok_or_else(|| unwritable(text))?;
    let pair = format!("{} = {value}", write::keys(&[name]));
    let around = span(text, inline)?;
    match pairs(text, inline)?.last() {
        Some(last) => draft.splice(last.value.end..last.value.end, &format!(", {pair}")),
        None => draft.splice(around.start + 1..around.end - 1, &format!(" {pair} ")),
    }
    Ok(())
}

pub(super) fn set(draft: &mut Draft, inline: Inline<'_>, keys: &[&str], value: &Value) -> Result<()> {
    let text = draft.text();
    let found = pairs(text, inline)?.into_iter().find(|pair| pair.key == keys[inline.depth]);
    match found {
        Some(pair) if inline.depth + 1 == keys.len() => {
            let value = write::in_line(value).ok_or_else(|| unwritable(text))?;
            draft.splice(pair.value, &value);
            Ok(())
        }
        _ => insert(draft, inline, keys, value),
    }
}

pub(super) fn remove(draft: &mut Draft, inline: Inline<'_>, keys: &[&str]) -> Result<()> {
    let text = draft.text();
    let around = span(text, inline)?;
    let pairs = pairs(text, inline)?;
    let Some(at) = pairs.iter().position(|pair| pair.key == keys[inline.depth]) else { return Ok(()) };
    let own = &pairs[at];
    let before = at.checked_sub(1).map(|before| &pairs[before]);
    let cut = match (before, pairs.get(at + 1)) {
        (Some(before), _) => before.value.end..own.value.end,
        (None, Some(next)) => own.key_start..next.key_start,
        (None, None) => around.start + 1..around.end - 1,
    };
    let others = [cut.start..own.key_start.max(cut.start), own.value.end.min(cut.end)..cut.end];
    if others.into_iter().any(|other| text[other].contains('#')) {
        return Err(EditProblem::at(text, own.key_start, EditProblemKind::Unsupported));
    }
    draft.splice(cut, "");
    Ok(())
}

fn span(text: &str, inline: Inline<'_>) -> Result<Range<usize>> {
    let span = inline.table.span().filter(|span| text[span.clone()].starts_with('{'));
    span.ok_or_else(|| unsupported(text, inline.table.span()))
}

/// Dotted keys have no place of their own in there.
fn pairs(text: &str, inline: Inline<'_>) -> Result<Vec<Pair>> {
    let mut pairs = Vec::new();
    for (key, value) in inline.table {
        let value_span = value.span();
        if value.as_inline_table().is_some_and(toml_edit::InlineTable::is_dotted) {
            return Err(unsupported(text, value_span));
        }
        let key_span = inline.table.key(key).and_then(toml_edit::Key::span);
        let (Some(key_span), Some(value)) = (key_span, value_span.clone()) else {
            return Err(unsupported(text, value_span));
        };
        pairs.push(Pair { key: key.to_owned(), key_start: key_span.start, value });
    }
    pairs.sort_by_key(|pair| pair.key_start);
    Ok(pairs)
}

fn unsupported(text: &str, span: Option<Range<usize>>) -> EditProblem {
    EditProblem::at(text, span.map_or(0, |span| span.start), EditProblemKind::Unsupported)
}
