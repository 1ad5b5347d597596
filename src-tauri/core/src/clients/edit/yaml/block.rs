//! One item of a mapping or list: put in, changed, taken out. What stands between braces is `flow`'s.

use super::super::draft::Draft;
use super::super::lines::{
    before_line_break, begins_line, ends_line, line_end, line_ending, line_ending_at, line_start, whole_lines,
};
use super::super::problem::Result;
use super::holder::{Holder, unsupported};
use super::node::{Kind, Node};
use super::{flow, write};
use serde_json::Value;

fn column(text: &str, at: usize) -> usize {
    at - line_start(text, at)
}

/// What one level adds: as the mapping around this one shows, or else two.
fn step(text: &str, holder: &Holder<'_>) -> usize {
    let inner = match &holder.node.kind {
        Kind::Mapping(pairs) => pairs.first().map(|(key, _)| column(text, key.start)),
        _ => None,
    };
    let outer = holder.key.map(|key| column(text, key.start));
    match (inner, outer) {
        (Some(inner), Some(outer)) if inner > outer && !holder.node.flow_or_empty() => inner - outer,
        _ => 2,
    }
}

impl Node {
    fn flow_or_empty(&self) -> bool {
        self.is_flow() || self.start == self.end
    }
}

/// Adds an item at the end: `key: value` to a mapping, `value` to a list.
pub(super) fn insert(draft: &mut Draft, holder: &Holder<'_>, key: Option<&str>, value: &Value) -> Result<()> {
    let text = draft.text();
    let Some(end) = holder.end() else { return fill(draft, holder, key, value) };
    if holder.node.is_flow() {
        return flow::insert(draft, holder, key, value);
    }
    let first = holder.start_of(text, 0)?;
    let indent = column(text, first);
    let step = step(text, holder);
    if end == text.len() && !text.ends_with('\n') && holder.node.ends_with_block() {
        // The line break that ours needs before it would become part of that block: it goes to the top.
        if !begins_line(text, first) {
            return Err(unsupported(text, first));
        }
        let start = line_start(text, first);
        let ending = line_ending_at(text, start);
        let lines = lines(key, value, indent, step, ending);
        draft.splice(start..start, &format!("{}{ending}", lines.strip_prefix(ending).unwrap_or(&lines)));
        return Ok(());
    }
    // A block of text ends with its last line break.
    let end = before_line_break(text, end).max(holder.node.start);
    let end = end_with_comments(text, end, indent);
    draft.splice(end..end, &lines(key, value, indent, step, line_ending_at(text, end)));
    Ok(())
}

/// The lines of an item, each with its line break before it.
fn lines(key: Option<&str>, value: &Value, indent: usize, step: usize, ending: &str) -> String {
    match key {
        Some(key) => {
            let pair = Value::Object([(key.to_owned(), value.clone())].into_iter().collect());
            write::mapping(&pair, indent, step, ending)
        }
        None => write::item(value, indent, step, ending),
    }
}

/// The first item of what is empty: `{}`, `[]`, `null`, or nothing at all.
fn fill(draft: &mut Draft, holder: &Holder<'_>, key: Option<&str>, value: &Value) -> Result<()> {
    let text = draft.text();
    let node = holder.node;
    if node.is_marked {
        return Err(unsupported(text, node.start));
    }
    let between = |start: usize| text[start..node.end.max(start)].contains(['#', '\n']);
    let Some(outer) = holder.key else {
        let has_comment = !ends_line(text, node.end);
        if node.is_flow() && (has_comment || between(node.start)) {
            return flow::insert(draft, holder, key, value);
        }
        if has_comment {
            return Err(unsupported(text, node.start));
        }
        // The whole document, from the beginning of its line.
        let lines = lines(key, value, 0, 2, line_ending(text));
        if begins_line(text, node.start) {
            draft.splice(line_start(text, node.start)..node.end, lines.trim_start_matches(['\r', '\n']));
        } else {
            draft.splice(node.start..node.end, &lines);
        }
        return Ok(());
    };
    let colon = holder.colon(text)?;
    let filled = if node.is_nothing() { colon + 1..colon + 1 } else { colon + 1..node.end };
    if holder.outer.is_some_and(Node::is_flow) || between(colon + 1) {
        return flow::fill(draft, holder, colon + 1, key, value);
    }
    let end = line_end(text, filled.end);
    let step = 2;
    let first = lines(key, value, column(text, outer.start) + step, step, line_ending_at(text, end));
    draft.splice(end..end, &first);
    draft.splice(filled, "");
    Ok(())
}

/// Gives the key at one place of a mapping another value.
pub(super) fn replace(draft: &mut Draft, holder: &Holder<'_>, at: usize, value: &Value) -> Result<()> {
    if holder.node.is_flow() {
        return flow::replace(draft, holder, at, value);
    }
    let text = draft.text();
    let inner = holder.within(at);
    let colon = inner.colon(text)?;
    let old = inner.node;
    let end = if old.is_nothing() { colon + 1 } else { before_line_break(text, old.end).max(colon + 1) };
    let indent = column(text, holder.start_of(text, at)?);
    let new = write::behind_key(value, indent, step(text, holder), line_ending_at(text, end));
    // Lines of their own would part a comment behind the old value from its line.
    let is_line = !new.starts_with(['\r', '\n']);
    let comment = &text[end..line_end(text, end)];
    let moves = !is_line && !comment.trim().is_empty();
    if moves {
        let after = line_end(text, end);
        draft.splice(after..after, &new);
        draft.splice(colon + 1..end, "");
    } else {
        draft.splice(colon + 1..end, &new);
    }
    Ok(())
}

/// Takes an item out, with its lines. What then is empty becomes `{}` or `[]`.
pub(super) fn remove(draft: &mut Draft, holder: &Holder<'_>, at: usize) -> Result<()> {
    if holder.node.is_flow() {
        return flow::remove(draft, holder, at);
    }
    let text = draft.text();
    let start = holder.start_of(text, at)?;
    let item = holder.item(at);
    if item.is_marked {
        return Err(unsupported(text, start));
    }
    let from = if item.is_nothing() { start } else { item.end };
    let end = before_line_break(text, from).max(start);
    if !begins_line(text, start) {
        return remove_first_behind_dash(draft, holder, at);
    }
    let mut cut = whole_lines(text, start, end);
    let before = at.checked_sub(1).map(|before| holder.item(before)).filter(|item| item.ends_with_block());
    if before.is_some_and(|block| !text[block.end.min(start)..start].contains('#')) {
        // The line break before ours is part of that block.
        cut.start = line_start(text, start);
    }
    if holder.len() > 1 {
        draft.splice(cut, "");
        return Ok(());
    }
    let empty = if matches!(holder.node.kind, Kind::Mapping(_)) { " {}" } else { " []" };
    let colon = holder.colon(text)?;
    draft.splice(cut, "");
    draft.splice(colon + 1..colon + 1, empty);
    Ok(())
}

/// `- first: 1` and more keys below: the next key takes its place.
fn remove_first_behind_dash(draft: &mut Draft, holder: &Holder<'_>, at: usize) -> Result<()> {
    let text = draft.text();
    let start = holder.start_of(text, at)?;
    if at + 1 >= holder.len() {
        return Err(unsupported(text, start));
    }
    let next = holder.start_of(text, at + 1)?;
    let behind = &text[holder.item(at).end.clamp(start, next)..next];
    if behind.contains('#') {
        return Err(unsupported(text, start));
    }
    draft.splice(start..next, "");
    Ok(())
}

/// Where the line of `at` ends, and the comments below it that are indented by `column` or more.
fn end_with_comments(text: &str, at: usize, column: usize) -> usize {
    let mut end = line_end(text, at);
    let mut next = end;
    while let Some(rest) = text[next..].strip_prefix("\r\n").or_else(|| text[next..].strip_prefix('\n')) {
        let start = text.len() - rest.len();
        next = line_end(text, start);
        let line = &text[start..next];
        let indented = line.trim_start_matches(' ');
        match indented.bytes().next() {
            None => {}
            Some(b'#') if line.len() - indented.len() >= column => end = next,
            Some(_) => break,
        }
    }
    end
}
