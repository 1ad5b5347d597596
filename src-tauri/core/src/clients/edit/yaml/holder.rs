//! A mapping or list, and where its items begin and end.

use super::super::problem::{EditProblem, EditProblemKind, Result};
use super::node::{Kind, Node};

/// A mapping or list, or the empty place of one.
pub(super) struct Holder<'a> {
    pub node: &'a Node,
    /// The key that it stands behind.
    pub key: Option<&'a Node>,
    /// The mapping that key is in.
    pub outer: Option<&'a Node>,
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
        matches!(self.node.kind, Kind::Mapping(_)) || self.node.is_null()
    }

    pub fn can_be_list(&self) -> bool {
        matches!(self.node.kind, Kind::Sequence(_)) || self.node.is_null()
    }

    pub fn len(&self) -> usize {
        match &self.node.kind {
            Kind::Mapping(pairs) => pairs.len(),
            Kind::Sequence(items) => items.len(),
            _ => 0,
        }
    }

    /// Where the last item ends.
    pub fn end(&self) -> Option<usize> {
        (self.len() > 0).then(|| self.item(self.len() - 1).end)
    }

    /// Where the item begins: its key, or its dash.
    pub fn start_of(&self, text: &str, at: usize) -> Result<usize> {
        if let Kind::Mapping(pairs) = &self.node.kind {
            return Ok(pairs[at].0.start);
        }
        let before = if at > 0 { self.item(at - 1).end } else { self.colon(text)? + 1 };
        let item = self.item(at).start;
        let dash = first_outside_comments(&text[before..item.max(before)], b'-');
        dash.map(|dash| before + dash).ok_or_else(|| unsupported(text, item))
    }

    /// Where the `:` stands that this is behind.
    pub fn colon(&self, text: &str) -> Result<usize> {
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

pub(super) fn unsupported(text: &str, offset: usize) -> EditProblem {
    EditProblem::at(text, offset, EditProblemKind::Unsupported)
}

fn colon_behind(text: &str, key: &Node) -> Result<usize> {
    let behind = text[key.end..].trim_start_matches([' ', '\t']);
    let simple = behind.starts_with(':') && !key.is_marked && !key.is_flow();
    if simple { Ok(text.len() - behind.len()) } else { Err(unsupported(text, key.start)) }
}
