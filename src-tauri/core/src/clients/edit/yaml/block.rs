//! One item of a block mapping or list: put in, changed, taken out.

use super::super::Result;
use super::super::draft::Draft;
use super::super::lines::{before_line_break, begins_line, line_end, line_ending, line_start, whole_lines};
use super::super::problem::{EditProblem, EditProblemKind};
use super::node::{Kind, Node};
use super::{end_with_comments, write};
use serde_json::Value;

/// A mapping or list, or the empty place of one.
pub(super) struct Holder<'a> {
    pub node: &'a Node,
    /// The key that it stands behind.
    key: Option<&'a Node>,
    /// The mapping that key is in.
    outer: Option<&'a Node>,
}

impl<'a> Holder<'a> {
    pub fn of_root(node: &'a Node) -> Self {
        Self { node, key: None, outer: None }
    }

    /// What stands at one place of it.
    pub fn within(&self, at: usize) -> Self {
        match &self.node.kind {
            Kind::Mapping(pairs) => {
                let (key, value) = &pairs[at];
                Self { node: value, key: Some(key), outer: Some(self.node) }
            }
            _ => Self { node: self.item(at), key: None, outer: None },
        }
    }

    pub fn item(&self, at: usize) -> &'a Node {
        match &self.node.kind {
            Kind::Mapping(pairs) => &pairs[at].1,
            Kind::Sequence(items) => &items[at],
            _ => self.node,
        }
    }

    pub fn position(&self, key: &str) -> Option<usize> {
        let Kind::Mapping(pairs) = &self.node.kind else { return None };
        pairs.iter().position(|(name, _)| name.is_text(key))
    }

    pub fn can_be_mapping(&self) -> bool {
        matches!(self.node.kind, Kind::Mapping(_)) || self.node.is_nothing()
    }

    pub fn can_be_list(&self) -> bool {
        matches!(self.node.kind, Kind::Sequence(_)) || self.node.is_nothing()
    }

    fn len(&self) -> usize {
        match &self.node.kind {
            Kind::Mapping(pairs) => pairs.len(),
            Kind::Sequence(items) => items.len(),
            _ => 0,
        }
    }

    /// Where the last item ends.
    fn end(&self) -> Option<usize> {
        (self.len() > 0).then(|| self.item(self.len() - 1).end)
    }

    /// Where the item begins: its key, or its dash.
    fn start_of(&self, text: &str, at: usize) -> Result<usize> {
        if let Kind::Mapping(pairs) = &self.node.kind {
            return Ok(pairs[at].0.start);
        }
        let before = if at > 0 { self.item(at - 1).end } else { self.colon(text)? + 1 };
        let item = self.item(at).start;
        let dash = first_outside_comments(&text[before..item.max(before)], b'-');
        dash.map(|dash| before + dash).ok_or_else(|| unsupported(text, item))
    }

    /// Where the `:` stands that this is behind.
    fn colon(&self, text: &str) -> Result<usize> {
        let key = self.key.ok_or_else(|| unsupported(text, self.node.start))?;
        colon_behind(text, key)
    }
}

/// Where a byte stands in what lies between two values.
fn first_outside_comments(gap: &str, wanted: u8) -> Option<usize> {
    let mut in_comment = false;
    gap.bytes().position(|byte| {
        in_comment = byte != b'\n' && (in_comment || byte == b'#');
        !in_comment && byte == wanted
    })
}

fn unsupported(text: &str, offset: usize) -> EditProblem {
    EditProblem::at(text, offset, EditProblemKind::Unsupported)
}

fn colon_behind(text: &str, key: &Node) -> Result<usize> {
    let behind = text[key.end..].trim_start_matches([' ', '\t']);
    let simple = behind.starts_with(':') && !key.is_marked && !key.is_flow();
    if simple { Ok(text.len() - behind.len()) } else { Err(unsupported(text, key.start)) }
}

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
    let ending = line_ending(text);
    let step = step(text, holder);
    let lines = |indent: usize, step: usize| match key {
        Some(key) => {
            let pair = Value::Object([(key.to_owned(), value.clone())].into_iter().collect());
            write::mapping(&pair, indent, step, ending)
        }
        None => write::item(value, indent, step, ending),
    };
    let Some(end) = holder.end() else { return fill(draft, holder, lines) };
    if holder.node.is_flow() {
        return Err(unsupported(text, holder.node.start));
    }
    let first = holder.start_of(text, 0)?;
    let indent = column(text, first);
    if end == text.len() && !text.ends_with('\n') && holder.node.ends_with_block() {
        // The line break that ours needs before it would become part of that block: it goes to the top.
        if !begins_line(text, first) {
            return Err(unsupported(text, first));
        }
        let lines = lines(indent, step);
        let start = line_start(text, first);
        draft.splice(start..start, &format!("{}{ending}", lines.strip_prefix(ending).unwrap_or(&lines)));
        return Ok(());
    }
    // A block of text ends with its last line break.
    let end = before_line_break(text, end).max(holder.node.start);
    let end = end_with_comments(text, end, indent);
    draft.splice(end..end, &lines(indent, step));
    Ok(())
}

/// The first item of what is empty: `{}`, `[]`, or nothing at all.
fn fill(draft: &mut Draft, holder: &Holder<'_>, lines: impl Fn(usize, usize) -> String) -> Result<()> {
    let text = draft.text();
    let node = holder.node;
    if node.is_marked {
        return Err(unsupported(text, node.start));
    }
    let Some(key) = holder.key else {
        // The whole document.
        let first = lines(0, 2);
        let first =
            if begins_line(text, node.start) { first.trim_start_matches(['\r', '\n']) } else { &first };
        draft.splice(node.start..node.end, first);
        return Ok(());
    };
    let colon = holder.colon(text)?;
    if holder.outer.is_some_and(Node::is_flow) {
        return Err(unsupported(text, node.start));
    }
    let filled = if node.is_nothing() { colon + 1..colon + 1 } else { colon + 1..node.end };
    if text[filled.clone()].contains(['#', '\n']) {
        return Err(unsupported(text, node.start));
    }
    let end = line_end(text, filled.end);
    let step = 2;
    let first = lines(column(text, key.start) + step, step);
    draft.splice(end..end, &first);
    draft.splice(filled, "");
    Ok(())
}

/// Gives the key at one place of a mapping another value.
pub(super) fn replace(draft: &mut Draft, holder: &Holder<'_>, at: usize, value: &Value) -> Result<()> {
    let text = draft.text();
    let inner = holder.within(at);
    let colon = inner.colon(text)?;
    if holder.node.is_flow() {
        return Err(unsupported(text, inner.node.start));
    }
    let old = inner.node;
    let end = if old.is_nothing() { colon + 1 } else { before_line_break(text, old.end).max(colon + 1) };
    let indent = column(text, holder.start_of(text, at)?);
    let new = write::behind_key(value, indent, step(text, holder), line_ending(text));
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
    let text = draft.text();
    let start = holder.start_of(text, at)?;
    let item = holder.item(at);
    if holder.node.is_flow() || item.is_marked {
        return Err(unsupported(text, start));
    }
    let from = if item.is_nothing() { start } else { item.end };
    let end = before_line_break(text, from).max(start);
    if !begins_line(text, start) {
        return remove_first_behind_dash(draft, holder, at);
    }
    let mut cut = whole_lines(text, start, end);
    if at > 0 && holder.item(at - 1).ends_with_block() {
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

/// Writes an entry between braces anew, where nothing can be lost by that.
pub(super) fn rewrite_flow(draft: &mut Draft, node: &Node, value: &Value) -> Result<()> {
    let text = draft.text();
    if node.is_more_than_values() || node.has_comment(text) {
        return Err(unsupported(text, node.start));
    }
    draft.splice(node.start..node.end, &write::in_line(value));
    Ok(())
}
