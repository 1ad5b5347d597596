//! One key of an inline table: put in, changed, taken out.

use super::super::braces::{Braces, Comments, Setting};
use super::super::draft::Draft;
use super::super::lines::{begins_line, indent_at, line_ending_at};
use super::super::problem::{EditProblem, EditProblemKind, Result};
use super::statements::Inline;
use super::write::{self, unwritable};
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
    let text = draft.text().to_owned();
    let [name, deeper @ ..] = &keys[inline.depth..] else { return Ok(()) };
    let value = deeper
        .iter()
        .rev()
        .fold(value.clone(), |value, key| Value::Object(Map::from_iter([((*key).to_owned(), value)])));
    let value = write::in_line(&value).ok_or_else(|| unwritable(&text))?;
    let pair = format!("{} = {value}", write::keys(&[name]));
    let around = span(&text, inline)?;
    let braces = braces(&around, &pairs(&text, inline)?);
    if text[braces.inside.clone()].trim_matches([' ', '\t']).is_empty() {
        draft.splice(braces.inside, &format!(" {pair} "));
        return Ok(());
    }
    let last = braces.items.iter().rev().find(|item| begins_line(&text, item.start));
    let setting = Setting {
        lines: last.is_some(),
        indent: last.map_or("  ", |last| indent_at(&text, last.start)),
        outer: indent_at(&text, around.start),
        line_ending: line_ending_at(&text, around.start),
        blank: " ",
    };
    braces.insert(draft, &setting, |_| pair);
    Ok(())
}

fn braces(around: &Range<usize>, pairs: &[Pair]) -> Braces {
    Braces {
        inside: around.start + 1..around.end - 1,
        items: pairs.iter().map(|pair| pair.key_start..pair.value.end).collect(),
        comments: Comments::Hash,
    }
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
    let pairs = pairs(text, inline)?;
    let Some(at) = pairs.iter().position(|pair| pair.key == keys[inline.depth]) else { return Ok(()) };
    braces(&span(text, inline)?, &pairs).remove(draft, at);
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
