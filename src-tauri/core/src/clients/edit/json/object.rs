//! One property of an object: put in, changed, taken out.

use super::super::draft::Draft;
use super::super::lines::{before_blanks, before_line_break, begins_line, ends_line, indent_at};
use super::layout::{Layout, one_line};
use super::read::comment_length;
use jsonc_parser::ast::{Object, ObjectProp};
use jsonc_parser::common::Ranged;
use serde_json::Value;
use std::ops::Range;

/// What stands between two values: blanks, comments and at most one comma.
struct Gap {
    comma: Option<usize>,
    /// Where the last comma or comment ends, or where the gap begins.
    end: usize,
    has_comment: bool,
    /// The last thing in it is a comment that only the end of its line ends.
    ends_with_line_comment: bool,
}

/// Whether each property of the object has a line of its own, as the first one shows.
fn is_laid_out(text: &str, object: &Object<'_>) -> Option<bool> {
    object.properties.first().map(|first| begins_line(text, first.start()))
}

/// Whether this object, perhaps empty, should hold properties on lines of their own.
fn wants_lines(text: &str, way: &[Object<'_>]) -> bool {
    way.iter().rev().find_map(|object| is_laid_out(text, object)).unwrap_or(true)
}

/// Whether blanks stand after colons here.
fn is_spaced(text: &str, way: &[Object<'_>]) -> bool {
    let property = way.iter().rev().find_map(|object| object.properties.first());
    property.is_none_or(|property| text[..property.value.start()].ends_with([' ', '\t', '\n']))
}

/// Adds a property at the end of the last of these objects.
pub(super) fn insert(draft: &mut Draft, way: &[Object<'_>], name: &str, value: &Value) {
    let Some(object) = way.last() else { return };
    let text = draft.text();
    let inside = object.end() - 1;
    let last = object.properties.last().map(Ranged::end);
    let gap = gap(text, last.unwrap_or(object.start() + 1), inside);
    let needs_comma = last.filter(|_| gap.comma.is_none());
    let ends_with_comma = if gap.comma.is_some() { "," } else { "" };
    let name = Value::from(name).to_string();
    let closes_in_line = !text[gap.end..inside].contains('\n');
    let stays_in_line = last.is_none() && gap.has_comment && closes_in_line;
    let has_line = wants_lines(text, way) || gap.ends_with_line_comment;
    let added = if has_line && !stays_in_line {
        let layout = Layout::of(text, way);
        let Layout { indent, line_ending, .. } = &layout;
        let close = match last {
            None if closes_in_line => format!("{line_ending}{}", indent_at(text, object.start())),
            _ => String::new(),
        };
        format!("{line_ending}{indent}{name}: {}{ends_with_comma}{close}", layout.lines(value))
    } else {
        let spaced = is_spaced(text, way);
        let blank = if spaced { " " } else { "" };
        let before = if last.is_some() || gap.has_comment { blank } else { "" };
        format!("{before}{name}:{blank}{}{ends_with_comma}", one_line(value, spaced))
    };
    // Blanks in `{ }` would stand between our last line and its brace.
    let is_empty = last.is_none() && !gap.has_comment && closes_in_line;
    let replaced = if is_empty { inside } else { gap.end };
    draft.splice(gap.end..replaced, &added);
    if let Some(end) = needs_comma {
        draft.splice(end..end, ",");
    }
}

/// Gives a property of the last of these objects another value.
pub(super) fn replace(draft: &mut Draft, way: &[Object<'_>], property: &ObjectProp<'_>, value: &Value) {
    let text = draft.text();
    let value = if begins_line(text, property.start()) {
        let indent = indent_at(text, property.start()).to_owned();
        Layout { indent, ..Layout::of(text, way) }.lines(value)
    } else {
        one_line(value, is_spaced(text, way))
    };
    draft.splice(property.value.start()..property.value.end(), &value);
}

/// Takes a property out, with the comma that then is one too many, and its line if nothing else is on it.
pub(super) fn remove(draft: &mut Draft, object: &Object<'_>, property: &ObjectProp<'_>) {
    let text = draft.text();
    let inside = object.start() + 1..object.end() - 1;
    let properties = &object.properties;
    let Some(at) = properties.iter().position(|other| other.start() == property.start()) else { return };
    let next = properties.get(at + 1).map_or(inside.end, Ranged::start);
    let behind = gap(text, property.end(), next);
    let ahead = match at.checked_sub(1).and_then(|before| properties.get(before)) {
        Some(before) => gap(text, before.end(), property.start()),
        None => Gap { comma: None, ..gap(text, inside.start, property.start()) },
    };
    if properties.len() == 1 && !ahead.has_comment && !behind.has_comment {
        draft.splice(inside, "");
        return;
    }
    let end = behind.comma.filter(|&comma| text[property.end()..comma].trim().is_empty());
    let own = property.start()..end.map_or(property.end(), |comma| comma + 1);
    let is_last = at + 1 == properties.len();
    let parted_comma = behind.comma.filter(|_| end.is_none());
    let cut = with_blanks(text, own, &ahead, is_last);
    let comma_before = ahead.comma.filter(|_| behind.comma.is_none());
    if let Some(comma) = parted_comma {
        draft.splice(comma..comma + 1, "");
    }
    match comma_before {
        // With nothing but blanks between, it is one cut.
        Some(comma) if comma + 1 >= cut.start => draft.splice(comma..cut.end, ""),
        Some(comma) => {
            draft.splice(cut, "");
            draft.splice(comma..comma + 1, "");
        }
        None => draft.splice(cut, ""),
    }
}

/// What goes along with a property: its line, or the blanks that set it apart in the line.
fn with_blanks(text: &str, own: Range<usize>, ahead: &Gap, is_last: bool) -> Range<usize> {
    let start = before_blanks(text, own.start);
    if begins_line(text, own.start) {
        let whole_line = ends_line(text, own.end) || (is_last && !ahead.ends_with_line_comment);
        if whole_line {
            return before_line_break(text, start)..own.end;
        }
        // Something else goes on in this line.
        return own.start..own.end + leading_blanks(&text[own.end..]);
    }
    if is_last { start..own.end } else { own.start..own.end + leading_blanks(&text[own.end..]) }
}

fn leading_blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

fn gap(text: &str, start: usize, end: usize) -> Gap {
    let mut gap = Gap { comma: None, end: start, has_comment: false, ends_with_line_comment: false };
    let mut at = start;
    while at < end {
        let rest = &text.as_bytes()[at..];
        let length = match rest[0] {
            b',' => {
                gap.comma = Some(at);
                gap.ends_with_line_comment = false;
                1
            }
            b'/' => {
                gap.has_comment = true;
                gap.ends_with_line_comment = rest.starts_with(b"//");
                comment_length(rest).unwrap_or(1)
            }
            _ => {
                at += 1;
                continue;
            }
        };
        at += length;
        gap.end = at;
    }
    gap
}
