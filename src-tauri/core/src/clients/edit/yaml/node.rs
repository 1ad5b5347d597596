//! A document as nodes that know their bytes.

use super::super::lines::{begins_line, line_start};
use super::super::problem::{EditProblem, EditProblemKind, Result};
use super::scalar::resolved;
use granit_parser::{Event, Parser, ScalarStyle, Span, StructureStyle};
use std::collections::HashSet;

/// The key of a merge.
pub(super) const MERGE: &str = "<<";

/// One document.
#[derive(Debug)]
pub(super) struct Root {
    pub node: Option<Node>,
    /// The document holds something, and be it `null`.
    pub explicit: bool,
}

#[derive(Debug)]
pub(super) struct Node {
    /// Where its content begins: behind anchor and tag.
    pub start: usize,
    /// Where its content ends, without comments.
    pub end: usize,
    pub kind: Kind,
    /// An anchor or a tag stands before it.
    pub is_marked: bool,
    flow: bool,
}

#[derive(Debug)]
pub(super) enum Kind {
    Scalar { text: String, style: ScalarStyle },
    Alias,
    Sequence(Vec<Node>),
    Mapping(Vec<(Node, Node)>),
}

impl Node {
    /// Between braces or brackets.
    pub fn is_flow(&self) -> bool {
        self.flow
    }

    /// Nothing is written where a value could be.
    pub fn is_nothing(&self) -> bool {
        self.start == self.end && matches!(self.kind, Kind::Scalar { style: ScalarStyle::Plain, .. })
    }

    /// `null`, in any way it can be written.
    pub fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, style: ScalarStyle::Plain } if resolved(text).is_null())
            && !self.is_marked
    }

    pub fn is_text(&self, wanted: &str) -> bool {
        matches!(&self.kind, Kind::Scalar { text, .. } if text == wanted && !self.is_nothing())
    }

    /// The value of a key, in a mapping.
    pub fn get(&self, key: &str) -> Option<&Node> {
        let Kind::Mapping(pairs) = &self.kind else { return None };
        pairs.iter().find(|(name, _)| name.is_text(key)).map(|(_, value)| value)
    }

    pub fn first_key(&self) -> Option<&Node> {
        let Kind::Mapping(pairs) = &self.kind else { return None };
        pairs.first().map(|(key, _)| key)
    }

    /// The key that brings in what is written elsewhere.
    pub fn merge_key(&self) -> Option<&Node> {
        let Kind::Mapping(pairs) = &self.kind else { return None };
        let is_merge = |key: &&Node| matches!(&key.kind, Kind::Scalar { text, style } if text == MERGE && *style == ScalarStyle::Plain);
        pairs.iter().map(|(key, _)| key).find(is_merge)
    }

    /// The last thing in it is a block of text, to which the line break behind it belongs.
    pub fn ends_with_block(&self) -> bool {
        match &self.kind {
            Kind::Scalar { style, .. } => style.is_block(),
            Kind::Alias => false,
            Kind::Sequence(items) => items.last().is_some_and(Self::ends_with_block),
            Kind::Mapping(pairs) => pairs.last().is_some_and(|(_, value)| value.ends_with_block()),
        }
    }
}

type Events<'a> = dyn Iterator<Item = std::result::Result<(Event<'a>, Span), granit_parser::ScanError>> + 'a;

/// Deeper than any configuration, and far from the end of the stack.
pub(super) const DEPTH: usize = 128;

struct Reader<'a, 'e> {
    text: &'a str,
    events: &'e mut Events<'a>,
}

impl Root {
    pub fn of(text: &str) -> Result<Self> {
        let options = granit_parser::options! { emit_comments: false };
        let mut events = Parser::new_from_str_with_options(text, options);
        let mut reader = Reader { text, events: &mut events };
        let mut root: Option<Self> = None;
        while let Some((event, at)) = reader.next()? {
            match event {
                Event::DocumentStart(..) if root.is_some() => {
                    return Err(EditProblem::at(text, at.start, EditProblemKind::Unsupported));
                }
                Event::DocumentStart(..) | Event::DocumentEnd | Event::StreamStart | Event::StreamEnd => {}
                event => {
                    let node = reader.node(event, at, 0)?;
                    let explicit = !node.is_nothing();
                    root = Some(Self { node: Some(node), explicit });
                }
            }
        }
        Ok(root.unwrap_or(Self { node: None, explicit: false }))
    }
}

/// The bytes of an event.
#[derive(Clone, Copy)]
struct At {
    start: usize,
    end: usize,
}

impl<'a> Reader<'a, '_> {
    fn problem(&self, offset: usize) -> EditProblem {
        EditProblem::at(self.text, offset, EditProblemKind::Syntax)
    }

    fn next(&mut self) -> Result<Option<(Event<'a>, At)>> {
        match self.events.next() {
            None => Ok(None),
            Some(Ok((event, span))) => {
                let range = span.byte_range().ok_or_else(|| self.problem(0))?;
                Ok(Some((event, At { start: range.start, end: range.end })))
            }
            Some(Err(refused)) => Err(self.problem(refused.marker().byte_offset().unwrap_or(0))),
        }
    }

    fn node(&mut self, event: Event<'a>, at: At, depth: usize) -> Result<Node> {
        if depth > DEPTH {
            return Err(self.problem(at.start));
        }
        let At { start, end } = at;
        match event {
            Event::Scalar(value, style, anchor, tag) => Ok(Node {
                start,
                end: if style.is_block() { before_indent(self.text, start, end) } else { end },
                kind: Kind::Scalar { text: value.into_owned(), style },
                is_marked: anchor > 0 || tag.is_some(),
                flow: false,
            }),
            Event::SequenceStart(style, anchor, tag) => {
                let mut items = Vec::new();
                let close = self.items(depth, &mut items)?;
                let flow = style == StructureStyle::Flow;
                let end = if flow { close.end } else { items.last().map_or(end, |last: &Node| last.end) };
                let is_marked = anchor > 0 || tag.is_some();
                Ok(Node { start, end, kind: Kind::Sequence(items), is_marked, flow })
            }
            Event::MappingStart(style, anchor, tag) => {
                let mut parts = Vec::new();
                let close = self.items(depth, &mut parts)?;
                let flow = style == StructureStyle::Flow;
                // A single pair between brackets has no braces of its own.
                let braces = flow && self.text[..close.end].ends_with('}');
                let end = if braces { close.end } else { parts.last().map_or(end, |last: &Node| last.end) };
                let is_marked = anchor > 0 || tag.is_some();
                let mut parts = parts.into_iter();
                let pairs = std::iter::from_fn(|| Some((parts.next()?, parts.next()?))).collect::<Vec<_>>();
                if let Some(twice) = twice_named(&pairs) {
                    return Err(EditProblem::at(self.text, twice.start, EditProblemKind::DuplicateKey));
                }
                Ok(Node { start, end, kind: Kind::Mapping(pairs), is_marked, flow })
            }
            Event::Alias(_) => Ok(Node { start, end, kind: Kind::Alias, is_marked: false, flow: false }),
            _ => Err(self.problem(start)),
        }
    }

    /// The nodes up to the end of a collection, and where that is.
    fn items(&mut self, depth: usize, items: &mut Vec<Node>) -> Result<At> {
        loop {
            match self.next()? {
                Some((Event::SequenceEnd | Event::MappingEnd, at)) => return Ok(at),
                Some((event, at)) => items.push(self.node(event, at, depth + 1)?),
                None => return Err(self.problem(self.text.len())),
            }
        }
    }
}

/// The second of two keys that are the same. YAML forbids that, though not every reader minds.
fn twice_named(pairs: &[(Node, Node)]) -> Option<&Node> {
    let mut seen = HashSet::new();
    let mut keys = pairs.iter().map(|(key, _)| key);
    keys.find(|key| match &key.kind {
        Kind::Scalar { text, style } => {
            // `1` and `"1"` are two keys, `a` and `"a"` are one.
            let is_text = *style != ScalarStyle::Plain || resolved(text).is_string();
            !seen.insert((text, is_text))
        }
        _ => false,
    })
}

trait BlockStyle {
    fn is_block(&self) -> bool;
}

impl BlockStyle for ScalarStyle {
    fn is_block(&self) -> bool {
        matches!(self, Self::Literal | Self::Folded)
    }
}

/// A block of text is reported to end behind the blanks that the next line begins with.
fn before_indent(text: &str, start: usize, end: usize) -> usize {
    if begins_line(text, end) { line_start(text, end).max(start) } else { end }
}
