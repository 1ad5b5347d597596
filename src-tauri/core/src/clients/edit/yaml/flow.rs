//! One item between braces or brackets: put in, changed, taken out.

use super::super::braces::{Braces, Comments, Setting};
use super::super::draft::Draft;
use super::super::lines::{begins_line, indent_at, line_ending_at};
use super::super::problem::Result;
use super::holder::{Holder, unsupported};
use super::node::{Kind, Node};
use super::write::{self, Quotes};
use serde_json::Value;
use std::ops::Range;

/// Adds an item at the end: `key: value` between braces, `value` between brackets.
pub(super) fn insert(draft: &mut Draft, holder: &Holder<'_>, key: Option<&str>, value: &Value) -> Result<()> {
    let text = draft.text().to_owned();
    let braces = braces(&text, holder)?;
    let outer = indent_at(&text, holder.node.start);
    let last = braces.items.iter().rev().find(|item| begins_line(&text, item.start));
    let step = if last.is_some() { "" } else { "  " };
    let setting = Setting {
        lines: braces.items.first().is_some_and(|first| begins_line(&text, first.start)),
        indent: &format!("{}{step}", last.map_or(outer, |last| indent_at(&text, last.start))),
        outer,
        line_ending: line_ending_at(&text, holder.node.start),
        blank: " ",
    };
    let item = written(key, value, quotes(&text, holder));
    braces.insert(draft, &setting, |_| item);
    Ok(())
}

/// The first item of what is empty behind `colon`, between braces itself or written over lines.
pub(super) fn fill(
    draft: &mut Draft,
    holder: &Holder<'_>,
    behind_colon: usize,
    key: Option<&str>,
    value: &Value,
) -> Result<()> {
    if holder.node.is_flow() {
        return insert(draft, holder, key, value);
    }
    let text = draft.text();
    let range = if holder.node.is_nothing() {
        behind_colon..behind_colon
    } else {
        value_of(text, behind_colon, holder.node)?
    };
    let item = written(key, value, quotes(text, holder));
    let filled = if key.is_some() { format!("{{{item}}}") } else { format!("[{item}]") };
    let blank = if range.start == behind_colon { " " } else { "" };
    draft.splice(range, &format!("{blank}{filled}"));
    Ok(())
}

/// Gives the key at one place another value.
pub(super) fn replace(draft: &mut Draft, holder: &Holder<'_>, at: usize, value: &Value) -> Result<()> {
    let text = draft.text();
    let inner = holder.within(at);
    let colon = inner.colon(text)?;
    let written = write::between_braces(value, quotes(text, holder));
    if inner.node.is_nothing() {
        draft.splice(colon + 1..colon + 1, &format!(" {written}"));
    } else {
        let range = value_of(text, colon + 1, inner.node)?;
        let blank = if range.start == colon + 1 { " " } else { "" };
        draft.splice(range, &format!("{blank}{written}"));
    }
    Ok(())
}

/// Takes an item out. What then is empty stays as `{}` or `[]`.
pub(super) fn remove(draft: &mut Draft, holder: &Holder<'_>, at: usize) -> Result<()> {
    braces(draft.text(), holder)?.remove(draft, at);
    Ok(())
}

/// Where a value stands behind its colon, if neither anchor nor tag stands before it.
fn value_of(text: &str, behind_colon: usize, value: &Node) -> Result<Range<usize>> {
    if value.is_marked || value.start < behind_colon {
        return Err(unsupported(text, value.start));
    }
    Ok(value.start..value.end)
}

/// The items, if they are all written plainly: no `?`, and no anchors or tags before them.
fn braces(text: &str, holder: &Holder<'_>) -> Result<Braces> {
    let node = holder.node;
    let inside = node.start + 1..node.end.saturating_sub(1);
    let items = match &node.kind {
        Kind::Mapping(pairs) => {
            pairs.iter().map(|(key, value)| pair(text, key, value)).collect::<Result<Vec<_>>>()?
        }
        Kind::Sequence(items) => items.iter().map(|item| item.start..item.end).collect(),
        _ => return Err(unsupported(text, node.start)),
    };
    let open = text[node.start..].starts_with(['{', '[']) && inside.start <= inside.end;
    let places = [inside.start].into_iter().chain(items.iter().flat_map(|item| [item.start, item.end]));
    if !open || !places.chain([inside.end]).is_sorted() {
        return Err(unsupported(text, node.start));
    }
    let braces = Braces { inside, items, comments: Comments::Hash };
    match braces.other_between(text) {
        Some(other) => Err(unsupported(text, other)),
        None => Ok(braces),
    }
}

/// A key with its value. Where no value is, it may be written with or without a colon.
fn pair(text: &str, key: &Node, value: &Node) -> Result<Range<usize>> {
    if key.is_marked || key.start == key.end {
        return Err(unsupported(text, key.start));
    }
    let behind = text[key.end..].trim_start_matches([' ', '\t', '\r', '\n']);
    let end = match (value.is_nothing(), behind.starts_with(':')) {
        (false, _) => value.end,
        (true, true) => text.len() - behind.len() + 1,
        (true, false) => key.end,
    };
    Ok(key.start..end)
}

fn written(key: Option<&str>, value: &Value, quotes: Quotes) -> String {
    let value = write::between_braces(value, quotes);
    match key {
        Some(key) => format!("{}: {value}", write::between_braces(&key.into(), quotes)),
        None => value,
    }
}

/// As the first key around shows: JSON can be pasted into YAML, and then stays JSON.
fn quotes(text: &str, holder: &Holder<'_>) -> Quotes {
    let key = match &holder.node.kind {
        Kind::Mapping(pairs) => pairs.first().map(|(key, _)| key),
        Kind::Sequence(items) => items.first().and_then(Node::first_key),
        _ => None,
    };
    let is_quoted = key.or(holder.key).is_some_and(|key| text[key.start..].starts_with('"'));
    if is_quoted { Quotes::All } else { Quotes::Needed }
}
