//! Items between braces or brackets, parted by commas: one put in, one taken out.

use super::draft::Draft;
use super::lines::{before_blanks, before_line_break, begins_line, ends_line};
use std::ops::Range;

/// A place for items, and where they stand in it.
pub(super) struct Braces {
    /// What lies between the two braces.
    pub inside: Range<usize>,
    pub items: Vec<Range<usize>>,
    pub comments: Comments,
}

/// How comments begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comments {
    /// `// to the end of the line`, and `/* to here */`.
    Slashes,
    /// `# to the end of the line`.
    Hash,
}

impl Comments {
    /// How long the comment is that begins here, without a line break behind it.
    pub fn length(self, text: &[u8]) -> Option<usize> {
        let line = || text.iter().position(|&byte| matches!(byte, b'\n' | b'\r')).unwrap_or(text.len());
        match (self, text) {
            (Self::Hash, [b'#', ..]) | (Self::Slashes, [b'/', b'/', ..]) => Some(line()),
            (Self::Slashes, [b'/', b'*', rest @ ..]) => {
                rest.windows(2).position(|pair| pair == b"*/").map(|at| at + 4)
            }
            _ => None,
        }
    }
}

/// How a new item is set among the others.
pub(super) struct Setting<'a> {
    /// On a line of its own.
    pub lines: bool,
    pub indent: &'a str,
    /// What the line of the opening brace is indented by.
    pub outer: &'a str,
    pub line_ending: &'a str,
    /// What parts items in one line.
    pub blank: &'a str,
}

/// What stands between two items: blanks, comments and at most one comma.
struct Gap {
    comma: Option<usize>,
    /// Where the last comma or comment ends, or where the gap begins.
    end: usize,
    has_comment: bool,
    /// The last thing in it is a comment that only the end of its line ends.
    ends_with_line_comment: bool,
    /// Something else stands in it, at this byte.
    other: Option<usize>,
}

impl Braces {
    /// Where something stands between the items that is neither blank, comment nor comma.
    pub fn other_between(&self, text: &str) -> Option<usize> {
        let starts = [self.inside.start].into_iter().chain(self.items.iter().map(|item| item.end));
        let ends = self.items.iter().map(|item| item.start).chain([self.inside.end]);
        starts.zip(ends).find_map(|(start, end)| self.gap(text, start, end).other)
    }

    /// Adds an item at the end; `item` writes it, on a line of its own or among others in one.
    pub fn insert(&self, draft: &mut Draft, setting: &Setting<'_>, item: impl FnOnce(bool) -> String) {
        let text = draft.text();
        let inside = self.inside.end;
        let last = self.items.last().map(|last| last.end);
        let gap = self.gap(text, last.unwrap_or(self.inside.start), inside);
        let needs_comma = last.filter(|_| gap.comma.is_none());
        let ends_with_comma = if gap.comma.is_some() { "," } else { "" };
        let closes_in_line = !text[gap.end..inside].contains('\n');
        let stays_in_line = last.is_none() && gap.has_comment && closes_in_line;
        let has_line = setting.lines || gap.ends_with_line_comment;
        let added = if has_line && !stays_in_line {
            let Setting { indent, outer, line_ending, .. } = setting;
            let close = if last.is_none() && closes_in_line {
                format!("{line_ending}{outer}")
            } else {
                String::new()
            };
            format!("{line_ending}{indent}{}{ends_with_comma}{close}", item(true))
        } else {
            let before = if last.is_some() || gap.has_comment { setting.blank } else { "" };
            format!("{before}{}{ends_with_comma}", item(false))
        };
        // Blanks in `{ }` would stand between our last line and its brace.
        let is_empty = last.is_none() && !gap.has_comment && closes_in_line;
        let replaced = if is_empty { inside } else { gap.end };
        draft.splice(gap.end..replaced, &added);
        if let Some(end) = needs_comma {
            draft.splice(end..end, ",");
        }
    }

    /// Takes an item out, with the comma that then is one too many, and its line if nothing else is on it.
    pub fn remove(&self, draft: &mut Draft, at: usize) {
        let text = draft.text();
        let item = &self.items[at];
        let next = self.items.get(at + 1).map_or(self.inside.end, |next| next.start);
        let behind = self.gap(text, item.end, next);
        let ahead = match at.checked_sub(1).and_then(|before| self.items.get(before)) {
            Some(before) => self.gap(text, before.end, item.start),
            None => Gap { comma: None, ..self.gap(text, self.inside.start, item.start) },
        };
        if self.items.len() == 1 && !ahead.has_comment && !behind.has_comment {
            draft.splice(self.inside.clone(), "");
            return;
        }
        let end = behind.comma.filter(|&comma| text[item.end..comma].trim().is_empty());
        let own = item.start..end.map_or(item.end, |comma| comma + 1);
        let is_last = at + 1 == self.items.len();
        let parted_comma = behind.comma.filter(|_| end.is_none());
        let cut = self.with_blanks(text, own, &ahead, is_last);
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

    fn gap(&self, text: &str, start: usize, end: usize) -> Gap {
        let mut gap =
            Gap { comma: None, end: start, has_comment: false, ends_with_line_comment: false, other: None };
        let mut at = start;
        while at < end {
            let rest = &text.as_bytes()[at..];
            if rest[0] == b',' {
                gap.comma = Some(at);
                gap.ends_with_line_comment = false;
                at += 1;
                gap.end = at;
            } else if let Some(length) = self.comments.length(rest) {
                gap.has_comment = true;
                gap.ends_with_line_comment = !rest.starts_with(b"/*");
                at += length;
                gap.end = at;
            } else {
                if !rest[0].is_ascii_whitespace() {
                    gap.other = gap.other.or(Some(at));
                }
                at += 1;
            }
        }
        gap
    }

    /// What goes along with an item: its line, or the blanks that set it apart in the line.
    fn with_blanks(&self, text: &str, own: Range<usize>, ahead: &Gap, is_last: bool) -> Range<usize> {
        let start = before_blanks(text, own.start);
        if begins_line(text, own.start) {
            let whole_line = ends_line(text, own.end) || (is_last && !ahead.ends_with_line_comment);
            if whole_line {
                return before_line_break(text, start)..own.end;
            }
            // Something else goes on in this line.
            return own.start..self.after_blanks(text, own.end);
        }
        if is_last { start..own.end } else { own.start..self.after_blanks(text, own.end) }
    }

    /// `at` moved on over blanks, unless a comment is one only behind a blank.
    fn after_blanks(&self, text: &str, at: usize) -> usize {
        let rest = text[at..].trim_start_matches([' ', '\t']);
        let keeps = self.comments == Comments::Hash && rest.starts_with('#');
        if keeps { at } else { text.len() - rest.len() }
    }
}
