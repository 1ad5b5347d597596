//! Values between braces, and a table's statements: JSON, TOML, and the flow style of YAML.

use super::names::{is_hidden_map, is_telling};
use super::quotes::{closing, unescaped};
use super::standing::Standing;
use std::ops::Range;

/// What a dialect is written with.
#[derive(Clone, Copy)]
pub(super) struct Marks {
    /// Between a name and its value.
    parts: u8,
    comment: &'static str,
    /// Statements on lines, below headers in brackets.
    has_tables: bool,
    /// Texts without quotes may have blanks in them.
    has_blanks: bool,
}

impl Marks {
    pub const JSON: Self = Self { parts: b':', comment: "//", has_tables: false, has_blanks: false };
    pub const TOML: Self = Self { parts: b'=', comment: "#", has_tables: true, has_blanks: false };
    pub const FLOW: Self = Self { parts: b':', comment: " #", has_tables: false, has_blanks: true };
}

/// What stands open, and what the next value is called.
#[derive(Default)]
struct Open {
    /// What each of them is called, from the outermost on.
    braces: Vec<Called>,
    table: Called,
    next: Called,
}

/// What the names of a value tell, and of all around it.
#[derive(Clone, Copy, Default)]
struct Called {
    is_map: bool,
    is_telling: bool,
}

impl Called {
    fn name(&mut self, name: &str) {
        self.is_map |= name.split('.').any(is_hidden_map);
        self.is_telling |= is_telling(name);
    }

    fn within(self, outer: Self) -> Self {
        Self { is_map: self.is_map || outer.is_map, is_telling: self.is_telling || outer.is_telling }
    }

    fn hides(self) -> Option<bool> {
        if self.is_map { Some(true) } else { self.is_telling.then_some(false) }
    }
}

impl Open {
    fn called(&self) -> Called {
        self.next.within(self.table).within(self.braces.last().copied().unwrap_or_default())
    }

    fn hides(&self) -> Option<bool> {
        self.called().hides()
    }

    fn name(&mut self, name: &str) {
        self.next.name(name);
    }

    fn unname(&mut self) {
        self.next = Called::default();
    }
}

pub(super) struct Braces<'a> {
    text: &'a str,
    marks: Marks,
    open: Open,
    commented: Open,
    pub found: Vec<Standing>,
}

impl<'a> Braces<'a> {
    pub fn new(text: &'a str, marks: Marks) -> Self {
        Self { text, marks, open: Open::default(), commented: Open::default(), found: Vec::new() }
    }

    /// The whole text.
    pub fn all(mut self) -> Vec<Standing> {
        self.read(0..self.text.len(), false, false);
        self.found
    }

    /// What opens at `start`, to where it closes.
    pub fn one(&mut self, start: usize, hides: Option<bool>) -> usize {
        self.open.next = Called { is_map: hides == Some(true), is_telling: hides.is_some() };
        self.read(start..self.text.len(), false, true)
    }

    fn read(&mut self, range: Range<usize>, is_comment: bool, only_one: bool) -> usize {
        let mut at = range.start;
        let mut begins_line = true;
        while at < range.end {
            let rest = &self.text[at..range.end];
            let byte = rest.as_bytes()[0];
            if let Some(length) = self.comment(rest) {
                if !is_comment {
                    self.read_comment(at..at + length);
                }
                at += if is_comment { self.marks.comment.len() } else { length };
                continue;
            }
            match byte {
                b'\n' => {
                    if self.marks.has_tables && self.open.braces.is_empty() {
                        self.open.unname();
                    }
                    begins_line = true;
                    at += 1;
                    continue;
                }
                b' ' | b'\t' | b'\r' => {
                    at += 1;
                    continue;
                }
                _ if !is_comment => self.commented = Open::default(),
                _ => {}
            }
            at += match byte {
                b'[' if self.marks.has_tables && begins_line && self.open.braces.is_empty() => {
                    self.header(rest)
                }
                b'{' | b'[' => {
                    let called = self.open.called();
                    self.open.braces.push(called);
                    self.open.unname();
                    1
                }
                b'}' | b']' => {
                    self.open.braces.pop();
                    self.open.unname();
                    if only_one && self.open.braces.is_empty() {
                        return at + 1;
                    }
                    1
                }
                b',' => {
                    self.open.unname();
                    1
                }
                byte if byte == self.marks.parts => 1,
                b'.' if self.marks.has_tables => 1,
                _ => self.token(at, rest),
            };
            begins_line = false;
        }
        at
    }

    /// How long the comment is that begins here.
    fn comment(&self, rest: &str) -> Option<usize> {
        let line = || rest.find('\n').unwrap_or(rest.len());
        if rest.starts_with(self.marks.comment) {
            return Some(line());
        }
        let is_block = self.marks.comment == "//" && rest.starts_with("/*");
        is_block.then(|| rest.find("*/").map_or(rest.len(), |at| at + 2))
    }

    fn read_comment(&mut self, at: Range<usize>) {
        let inside = at.start + self.marks.comment.len()..at.end;
        if self.open.hides() == Some(true) {
            let end = if self.text[inside.clone()].ends_with("*/") { inside.end - 2 } else { inside.end };
            self.found.push(Standing { at: inside.start..end.max(inside.start), in_map: true });
            return;
        }
        std::mem::swap(&mut self.open, &mut self.commented);
        // Each line of it begins anew.
        self.read(inside, true, false);
        if self.marks.has_tables && self.open.braces.is_empty() {
            self.open.unname();
        }
        std::mem::swap(&mut self.open, &mut self.commented);
    }

    /// `[a."b".env]`
    fn header(&mut self, rest: &str) -> usize {
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        let mut at = line.len() - line.trim_start_matches('[').len();
        self.open.table = Called::default();
        while at < line.len() && !line[at..].starts_with([']', '#']) {
            let quote = line[at..].chars().next().filter(|letter| matches!(letter, '"' | '\''));
            let (name, length) = if quote.is_some() {
                self.extent(&line[at..])
            } else {
                let length = line[at..].find(['.', ']', '"', '\'', '#']).unwrap_or(line.len() - at);
                (0..length, length.max(1))
            };
            self.open.table.name(&unescaped(line[at..][name].trim(), quote));
            at += length;
        }
        let closed = line.len() - line[at..].trim_start_matches(']').len();
        // Its comment is no part of the table.
        if line[closed..].trim_start().starts_with('#') { line.len() } else { closed }
    }

    fn token(&mut self, at: usize, rest: &str) -> usize {
        let (inside, length) = self.extent(rest);
        if self.is_name(rest) {
            let quote = rest.chars().next().filter(|letter| matches!(letter, '"' | '\''));
            self.open.name(&unescaped(&rest[inside], quote));
        } else if let Some(in_map) = self.open.hides() {
            self.found.push(Standing { at: at + inside.start..at + inside.end, in_map });
        }
        length
    }

    /// Whether a name begins here, or a part of one: `a . "b".c = 1`.
    fn is_name(&self, mut rest: &str) -> bool {
        loop {
            let (_, length) = self.extent(rest);
            let behind = self.behind(&rest[length..]);
            if behind.as_bytes().first() == Some(&self.marks.parts) {
                return true;
            }
            let goes_on = self.marks.has_tables && (behind.starts_with('.') || rest[..length].ends_with('.'));
            rest = self.behind(behind.strip_prefix('.').unwrap_or(behind));
            if !goes_on || rest.is_empty() || rest.starts_with(['\r', '\n']) {
                return false;
            }
        }
    }

    /// What stands behind blanks, and behind comments where they may stand within a line.
    fn behind<'b>(&self, mut rest: &'b str) -> &'b str {
        if self.marks.has_tables {
            return rest.trim_start_matches([' ', '\t']);
        }
        rest = rest.trim_start();
        while self.marks.comment == "//"
            && let Some(length) = self.comment(rest)
        {
            rest = rest[length..].trim_start();
        }
        rest
    }

    /// Where a token's text stands, and how long the token is.
    fn extent(&self, rest: &str) -> (Range<usize>, usize) {
        for quotes in ["\"\"\"", "'''"] {
            if self.marks.has_tables && rest.starts_with(quotes) {
                let end = rest[3..].find(quotes).map_or(rest.len(), |end| end + 3);
                // Up to two more of them belong to the text.
                let more =
                    rest[end..].bytes().take(5).take_while(|byte| *byte == quotes.as_bytes()[0]).count();
                return (3..end + more.saturating_sub(3), end + more);
            }
        }
        if let Some(quote @ ('"' | '\'')) = rest.chars().next() {
            // Only YAML's go over several lines.
            let is_yaml = self.marks.has_blanks;
            let end = if is_yaml { None } else { rest.find('\n') }.unwrap_or(rest.len());
            return match closing(&rest[1..end], quote, is_yaml) {
                Some(length) => (1..1 + length, 2 + length),
                None => (1..end, end),
            };
        }
        let ends = |(at, letter): &(usize, char)| {
            let behind = &rest[at + letter.len_utf8()..];
            match letter {
                ',' | '{' | '}' | '[' | ']' | '\n' | '\r' => true,
                ' ' | '\t' => !self.marks.has_blanks || behind.starts_with('#'),
                ':' if self.marks.has_blanks => {
                    behind.is_empty() || behind.starts_with([' ', '\n', '\r', ','])
                }
                letter => *letter == char::from(self.marks.parts) || self.comment(&rest[*at..]).is_some(),
            }
        };
        let length = rest.char_indices().skip(1).find(ends).map_or(rest.len(), |(at, _)| at);
        (0..rest[..length].trim_end().len(), length)
    }
}
