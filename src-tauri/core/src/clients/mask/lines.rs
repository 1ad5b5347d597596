//! Values in YAML's lines, told by where they stand: below a map of variables or headers, or behind or below a telling
//! name.
//!
//! What is commented out is read like the rest, apart from it.

use super::braces::{Braces, Marks};
use super::names::{is_hidden_map, is_telling};
use super::quotes::{closing, unescaped};
use super::standing::Standing;
use std::borrow::Cow;
use std::ops::Range;

pub(super) struct Yaml<'a> {
    text: &'a str,
    /// Up to here it was read already, as part of a line before.
    read: usize,
    live: Lines,
    commented: Lines,
    found: Vec<Standing>,
}

/// What the lines so far have opened.
#[derive(Clone, Copy, Default)]
struct Lines {
    /// Everything deeper than this column is hidden.
    map: Option<usize>,
    /// A text over several lines, deeper than this column, and whether it is hidden.
    block: Option<(usize, Option<bool>)>,
}

impl<'a> Yaml<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, read: 0, live: Lines::default(), commented: Lines::default(), found: Vec::new() }
    }

    pub fn all(mut self) -> Vec<Standing> {
        let mut start = 0;
        for line in self.text.split_inclusive('\n') {
            let end = start + line.trim_end().len();
            if start >= self.read && start < end {
                self.line(start..end);
            }
            start += line.len();
        }
        self.found
    }

    fn line(&mut self, line: Range<usize>) {
        let text = &self.text[line.clone()];
        let column = text.len() - text.trim_start_matches([' ', '\t']).len();
        let is_in_block = self.live.block.is_some_and(|(outer, _)| column > outer);
        if !text[column..].starts_with('#') || is_in_block {
            self.commented = Lines::default();
            self.live = self.lines(self.live, line.start, line.start + column, line.end);
            return;
        }
        if self.live.map.is_some() {
            self.found.push(Standing { at: line.start + column + 1..line.end, in_map: true });
            return;
        }
        let behind = text[column..].trim_start_matches('#');
        let begin = line.end - behind.len();
        let start = line.end - behind.trim_start().len();
        self.commented = self.lines(self.commented, begin, start, line.end);
    }

    /// One line of `start..end`, whose columns are counted from `begin`.
    fn lines(&mut self, mut lines: Lines, begin: usize, start: usize, end: usize) -> Lines {
        let mut at = start;
        if let Some((outer, hides)) = lines.block {
            if at - begin > outer {
                if let Some(in_map) = hides {
                    self.found.push(Standing { at: at..end, in_map });
                }
                return lines;
            }
            lines.block = None;
        }
        let is_mark = |at: usize, mark: char| {
            let rest = self.text[at..end].strip_prefix(mark);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
        };
        // What may stand no deeper than the name it belongs to.
        let belongs = |at: usize| is_mark(at, '-') || is_mark(at, ':');
        if lines.map.is_some_and(|outer| at - begin < outer || (at - begin == outer && !belongs(at))) {
            lines.map = None;
        }
        let mut column = at - begin;
        // `? name`, whose value stands behind a colon of its own.
        let mut asked = None;
        while let Some(mark) = ['-', '?', ':'].into_iter().find(|mark| is_mark(at, *mark)) {
            asked = (mark == '?').then_some(at - begin);
            at += 1;
            at += self.text[at..end].len() - self.text[at..end].trim_start().len();
            column = at - begin;
        }
        let hidden = lines.map.is_some();
        let Some((name, value)) = self.key(at, end, hidden) else {
            self.value(&mut lines, at..end, column, hidden.then_some(true));
            if let Some(outer) = asked.filter(|_| !hidden && opens_map(&self.text[at..end])) {
                lines.map = Some(outer);
            }
            return lines;
        };
        let is_map = is_hidden_map(&name);
        let hides = if hidden || is_map { Some(true) } else { is_telling(&name).then_some(false) };
        // Behind an anchor or before a comment, what is below it is its value still.
        let opens = value.is_empty() || self.text[value.clone()].starts_with(['&', '!', '#']);
        if hides.is_some() && !hidden && opens {
            lines.map = Some(column);
        }
        self.value(&mut lines, value, column, hides);
        lines
    }

    /// `name: value`: what the name means, and where the value is.
    fn key(&self, at: usize, end: usize, strictly: bool) -> Option<(Cow<'a, str>, Range<usize>)> {
        let line = &self.text[at..end];
        let (name, colon) = match line.chars().next()? {
            quote @ ('"' | '\'') => {
                let close = 1 + closing(&line[1..], quote, true)?;
                let behind = line[close + 1..].trim_start();
                let colon = line.len() - behind.strip_prefix(':')?.len() - 1;
                (unescaped(&line[1..close], Some(quote)), colon)
            }
            // A tag or an anchor, and what it is of.
            '&' | '!' => {
                let rest = line.find([' ', '\t']).map(|length| line[length..].trim_start())?;
                return self.key(end - rest.len(), end, strictly);
            }
            '{' | '[' | '|' | '>' | '-' => return None,
            _ => {
                let ends = |(at, _): &(usize, &str)| {
                    line[at + 1..].is_empty() || line[at + 1..].starts_with([' ', '\t'])
                };
                let (colon, _) = line.match_indices(':').find(ends)?;
                // Within what is hidden, a text with a colon in it is no name.
                let is_plain = |letter: char| letter.is_alphanumeric() || "_-.$".contains(letter);
                if strictly && !line[..colon].trim_end().chars().all(is_plain) {
                    return None;
                }
                (line[..colon].into(), colon)
            }
        };
        let value = at + colon + 1;
        let value = value + (self.text[value..end].len() - self.text[value..end].trim_start().len());
        Some((name, value..end))
    }

    fn value(&mut self, lines: &mut Lines, at: Range<usize>, column: usize, hides: Option<bool>) {
        let value = &self.text[at.clone()];
        let first = value.chars().next();
        match first {
            Some('|' | '>') => lines.block = Some((column, hides)),
            Some('{' | '[') => {
                let mut inside = Braces::new(self.text, Marks::FLOW);
                self.read = inside.one(at.start, hides);
                self.found.append(&mut inside.found);
            }
            Some(quote @ ('"' | '\'')) => {
                let open = at.start + 1;
                let length = closing(&self.text[open..], quote, true);
                let close = length.map_or(self.text.len(), |length| open + length);
                if let Some(in_map) = hides {
                    self.found.push(Standing { at: open..close, in_map });
                }
                // What nothing closes is no text, and what is below it is read.
                if close > at.end && (length.is_some() || hides.is_some()) {
                    self.read = close;
                }
            }
            // A tag or an anchor, and what it is of.
            Some('&' | '!') => {
                let rest =
                    value.find(char::is_whitespace).map_or(0, |length| value[length..].trim_start().len());
                self.value(lines, at.end - rest..at.end, column, hides);
            }
            None | Some('#') => {}
            Some(_) => {
                if let Some(in_map) = hides {
                    self.found.push(Standing { at, in_map });
                    // It may go on in deeper lines.
                    lines.block = Some((column, hides));
                }
            }
        }
    }
}

/// Whether the value of `? name` is hidden. What is no plain name may be any.
fn opens_map(name: &str) -> bool {
    let name = name.split(" #").next().unwrap_or_default().trim();
    let quote = name.chars().next().filter(|letter| matches!(letter, '"' | '\''));
    let name = unescaped(name, quote);
    name.starts_with(['|', '>', '&', '!', '*', '{', '[', '#'])
        || name.is_empty()
        || is_hidden_map(&name)
        || is_telling(&name)
}
