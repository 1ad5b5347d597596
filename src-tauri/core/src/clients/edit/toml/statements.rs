//! A document as its headers and its `key = value` lines.

use super::super::lines::line_start;
use super::super::problem::{EditProblem, EditProblemKind, Result};
use std::ops::Range;
use toml_edit::{Document, InlineTable, Item, Table, TableLike, Value};

/// One `[header]`, `[[header]]` or `key = value`.
pub(super) struct Statement {
    /// All keys from the root of the document.
    pub keys: Vec<String>,
    pub start: usize,
    pub end: usize,
    /// Empty for a header.
    pub value: Range<usize>,
    /// Where the header begins that this stands below; a header stands below itself.
    section: Option<usize>,
    /// How many of the keys that header already gives.
    pub section_depth: usize,
    header: bool,
}

impl Statement {
    pub fn is_header(&self) -> bool {
        self.header
    }
}

pub(super) struct Statements {
    document: Document<String>,
    all: Vec<Statement>,
}

/// An inline table, and how many keys lead to it.
#[derive(Clone, Copy)]
pub(super) struct Inline<'a> {
    pub table: &'a InlineTable,
    pub depth: usize,
}

/// The header that statements are collected below.
#[derive(Clone, Copy)]
struct Section {
    start: Option<usize>,
    depth: usize,
}

impl Statements {
    pub fn of(text: &str) -> Result<Self> {
        let document = Document::parse(text.to_owned()).map_err(|problem| {
            let offset = problem.span().map_or(0, |span| span.start);
            EditProblem::at(text, offset, EditProblemKind::Syntax)
        })?;
        let mut all = Vec::new();
        let root = Section { start: None, depth: 0 };
        collect(document.as_table(), text, &mut Vec::new(), root, &mut all);
        all.sort_by_key(|statement| statement.start);
        Ok(Self { document, all })
    }

    /// Whether everything on the way to a table, and itself, is a table or not there.
    pub fn check_way(&self, text: &str, keys: &[&str]) -> Result<()> {
        let mut table: &dyn TableLike = self.document.as_table();
        for key in keys {
            let Some(item) = table.get(key) else { return Ok(()) };
            let Some(inner) = item.as_table_like() else {
                let offset = item.span().map_or(0, |span| span.start);
                return Err(EditProblem::at(text, offset, EditProblemKind::WrongType));
            };
            table = inner;
        }
        Ok(())
    }

    /// The innermost inline table that holds, or would hold, the last of these keys.
    pub fn inline_on_the_way(&self, keys: &[&str]) -> Option<Inline<'_>> {
        let mut item = self.document.as_item();
        let mut found = None;
        for (depth, key) in keys.iter().enumerate() {
            found = item.as_inline_table().map(|table| Inline { table, depth }).or(found);
            match item.get(key) {
                Some(inner) => item = inner,
                None => break,
            }
        }
        found
    }

    /// Everything under these keys.
    pub fn within(&self, keys: &[&str]) -> impl Iterator<Item = &Statement> {
        self.all.iter().filter(move |statement| starts_with(&statement.keys, keys))
    }

    pub fn value_of(&self, keys: &[&str]) -> Option<&Statement> {
        self.within(keys).find(|statement| !statement.header && statement.keys.len() == keys.len())
    }

    /// The last line below this table's own header, or the header.
    pub fn last_of_section(&self, keys: &[&str]) -> Option<&Statement> {
        let is_own = |statement: &&Statement| statement.header && statement.keys.len() == keys.len();
        let header = self.within(keys).find(is_own)?;
        self.all.iter().rfind(|statement| statement.section == Some(header.start))
    }

    /// The last line whose dotted keys lead into this table from outside.
    pub fn last_dotted_in(&self, keys: &[&str]) -> Option<&Statement> {
        self.within(keys).filter(|statement| statement.section_depth < keys.len()).last()
    }

    pub fn end_of_section(&self, header: &Statement) -> usize {
        let last = self.all.iter().rfind(|statement| statement.section == Some(header.start));
        last.map_or(header.end, |last| last.end)
    }
}

fn starts_with(keys: &[String], start: &[&str]) -> bool {
    keys.len() >= start.len() && keys.iter().zip(start).all(|(key, wanted)| key == wanted)
}

fn collect(table: &Table, text: &str, keys: &mut Vec<String>, section: Section, all: &mut Vec<Statement>) {
    for (key, item) in table {
        keys.push(key.to_owned());
        match item {
            Item::Value(value) => all.extend(line(value, text, keys, section)),
            Item::Table(inner) if inner.is_dotted() => collect(inner, text, keys, section, all),
            Item::Table(inner) => collect_section(inner, text, keys, all),
            Item::ArrayOfTables(tables) => {
                tables.iter().for_each(|inner| collect_section(inner, text, keys, all));
            }
            Item::None => {}
        }
        keys.pop();
    }
}

fn collect_section(table: &Table, text: &str, keys: &mut Vec<String>, all: &mut Vec<Statement>) {
    let depth = keys.len();
    let header = table.span().filter(|_| !table.is_implicit());
    let section = Section { start: header.as_ref().map(|header| header.start), depth };
    all.extend(header.map(|Range { start, end }| Statement {
        keys: keys.clone(),
        start,
        end,
        value: end..end,
        section: Some(start),
        section_depth: depth,
        header: true,
    }));
    collect(table, text, keys, section, all);
}

fn line(value: &Value, text: &str, keys: &[String], section: Section) -> Option<Statement> {
    let value = value.span()?;
    // A dotted key's own span is that of its last part.
    let key_line = line_start(text, key_end(text, value.start));
    let indent = text[key_line..].len() - text[key_line..].trim_start_matches([' ', '\t']).len();
    Some(Statement {
        keys: keys.to_vec(),
        start: key_line + indent,
        end: value.end,
        value,
        section: section.start,
        section_depth: section.depth,
        header: false,
    })
}

/// Key, `=` and the beginning of the value share a line.
fn key_end(text: &str, value: usize) -> usize {
    text[..value].rfind('=').unwrap_or(value)
}
