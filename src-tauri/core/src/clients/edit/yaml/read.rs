//! What a client gets to read.

use super::super::problem::{EditProblem, EditProblemKind, Result};
use super::node::{DEPTH, Root};
use super::scalar::resolved;
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// How many values may come out of a file's aliases. A few lines can ask for billions.
const ALIASED: usize = 100_000;

/// The document's values; those of an empty file are an empty object. Merge keys are left as they stand, and
/// tags stand beside their values.
pub(in crate::clients::edit) fn values(text: &str) -> Result<Value> {
    // Both readers must take the file, and this one knows better where the trouble is.
    Root::of(text)?;
    let mut events = Parser::new_from_str(text);
    let mut reader = Reader { text, events: &mut events, anchors: HashMap::new(), aliased: 0 };
    let document = reader.document()?;
    Ok(if document.is_null() { Value::Object(Map::new()) } else { document })
}

type Events<'a> = dyn Iterator<Item = std::result::Result<(Event<'a>, Span), ScanError>> + 'a;

struct Reader<'a, 'e> {
    text: &'a str,
    events: &'e mut Events<'a>,
    anchors: HashMap<usize, Value>,
    aliased: usize,
}

impl<'a> Reader<'a, '_> {
    fn problem(&self) -> EditProblem {
        EditProblem::at(self.text, 0, EditProblemKind::Syntax)
    }

    fn next(&mut self) -> Result<Event<'a>> {
        match self.events.next() {
            Some(Ok((event, _))) => Ok(event),
            Some(Err(refused)) => {
                // It counts letters, not bytes.
                let letter = self.text.char_indices().nth(refused.marker().index());
                let offset = letter.map_or(self.text.len(), |(offset, _)| offset);
                Err(EditProblem::at(self.text, offset, EditProblemKind::Syntax))
            }
            None => Err(self.problem()),
        }
    }

    fn document(&mut self) -> Result<Value> {
        let mut document = Value::Null;
        loop {
            match self.next()? {
                Event::StreamEnd => return Ok(document),
                Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd | Event::Nothing => {}
                event => document = self.value(event, 0)?,
            }
        }
    }

    fn value(&mut self, event: Event<'a>, depth: usize) -> Result<Value> {
        if depth > DEPTH {
            return Err(self.problem());
        }
        let (value, anchor, tag) = match event {
            Event::Alias(anchor) => return self.aliased(anchor),
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain && tag.is_none();
                (if plain { resolved(&text) } else { text.into_owned().into() }, anchor, tag)
            }
            Event::SequenceStart(anchor, tag) => (self.items(depth)?.into(), anchor, tag),
            Event::MappingStart(anchor, tag) => {
                let mut parts = self.items(depth)?.into_iter();
                let pairs = std::iter::from_fn(|| Some((key(parts.next()?), parts.next()?)));
                (Value::Object(pairs.collect()), anchor, tag)
            }
            _ => return Err(self.problem()),
        };
        let value = match tag {
            None => value,
            Some(tag) => {
                let Tag { handle, suffix } = tag.as_ref();
                Value::Array(vec![format!("{handle}{suffix}").into(), value])
            }
        };
        if anchor > 0 {
            self.anchors.insert(anchor, value.clone());
        }
        Ok(value)
    }

    fn items(&mut self, depth: usize) -> Result<Vec<Value>> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                Event::SequenceEnd | Event::MappingEnd => return Ok(items),
                event => items.push(self.value(event, depth + 1)?),
            }
        }
    }

    fn aliased(&mut self, anchor: usize) -> Result<Value> {
        let value = self.anchors.get(&anchor).ok_or_else(|| self.problem())?;
        self.aliased += size(value);
        if self.aliased > ALIASED { Err(self.problem()) } else { Ok(value.clone()) }
    }
}

fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(entries) => 1 + entries.values().map(size).sum::<usize>(),
        _ => 1,
    }
}

fn key(key: Value) -> String {
    match key {
        Value::String(text) => text,
        other => other.to_string(),
    }
}
