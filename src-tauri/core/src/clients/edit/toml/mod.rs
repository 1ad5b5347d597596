//! TOML.
//!
//! `toml_edit` says where things stand; its own output would lose a byte order mark, CRLF and more. `toml`
//! proves the outcome. An entry may stand in tables of its own, in dotted keys, or in an inline table, and is
//! edited in the form it has. A new one is a table at the end of the file.

mod inline;
mod read;
mod statements;
mod write;

pub(super) use read::values;

use super::draft::Draft;
use super::lines::{
    before_line_break, indent_at, line_end, line_ending, line_ending_at, line_start, next_line,
};
use super::place::{Kept, Place};
use super::problem::{EditProblem, EditProblemKind, Result};
use super::wanted::Wanted;
use serde_json::{Map, Value};
use statements::{Statement, Statements};
use std::ops::Range;
use write::{Written, unwritable};

pub(super) fn look_at(text: &str, place: &Place<'_>) -> Result<()> {
    if place.kept == Kept::InList {
        return Err(EditProblem::at(text, 0, EditProblemKind::Unsupported));
    }
    Statements::of(text)?.check_way(text, &keys(place))
}

pub(super) fn put(draft: &mut Draft, wanted: &Wanted<'_>) -> Result<()> {
    look_at(draft.text(), wanted.place)?;
    let keys = keys(wanted.place);
    let entry = Written::of(draft.text(), wanted.entry)?;
    let current = wanted.place.entry_in(&values(draft.text())?);
    let Some(current) = current else { return add(draft, &keys, wanted.entry, &entry) };
    // First what comes in: a table without a header lasts only as long as something is in it.
    for (key, value) in wanted.entry.iter().filter(|(key, value)| current.get(key) != Some(*value)) {
        set(draft, &keys, key, value)?;
    }
    for key in wanted.obsolete().filter(|key| current.get(key).is_some()) {
        take_out(draft, &inner(&keys, key))?;
    }
    Ok(())
}

pub(super) fn remove(draft: &mut Draft, place: &Place<'_>) -> Result<()> {
    look_at(draft.text(), place)?;
    let there = place.entry_in(&values(draft.text())?).is_some();
    if there { take_out(draft, &keys(place)) } else { Ok(()) }
}

fn keys<'a>(place: &Place<'a>) -> Vec<&'a str> {
    place.path.iter().copied().chain([place.name]).collect()
}

fn inner<'a>(table: &[&'a str], key: &'a str) -> Vec<&'a str> {
    table.iter().copied().chain([key]).collect()
}

/// A new table, the way its neighbours are written.
fn add(draft: &mut Draft, keys: &[&str], entry: &Map<String, Value>, written: &Written) -> Result<()> {
    let text = draft.text().to_owned();
    let statements = Statements::of(&text)?;
    let whole = Value::Object(entry.clone());
    if let Some(table) = statements.inline_on_the_way(keys) {
        return inline::insert(draft, table, keys, &whole);
    }
    let parent = &keys[..keys.len() - 1];
    match statements.last_dotted_in(parent) {
        Some(neighbour) if !parent.is_empty() => insert_line(draft, neighbour, keys, &whole),
        _ => {
            add_section(draft, keys, written);
            Ok(())
        }
    }
}

/// A table with its header, at the end of the file.
fn add_section(draft: &mut Draft, keys: &[&str], written: &Written) {
    let text = draft.text();
    let line_ending = line_ending(text);
    let lines = std::iter::once(format!("[{}]", write::keys(keys))).chain(written.lines.iter().cloned());
    let section = lines.collect::<Vec<_>>().join(line_ending);
    let section = match text {
        "" => format!("{section}{line_ending}"),
        ended if ended.ends_with('\n') => format!("{line_ending}{section}{line_ending}"),
        _ => format!("{line_ending}{line_ending}{section}"),
    };
    draft.splice(text.len()..text.len(), &section);
}

/// Gives a key of a table its value.
fn set(draft: &mut Draft, table: &[&str], key: &str, value: &Value) -> Result<()> {
    let keys = inner(table, key);
    let text = draft.text().to_owned();
    let statements = Statements::of(&text)?;
    if let Some(around) = statements.inline_on_the_way(&keys) {
        return inline::set(draft, around, &keys, value);
    }
    if let Some(own) = statements.value_of(&keys) {
        let indent = indent_at(&text, own.start);
        let written = write::value_after(&write::keys(&[key]), value, indent, line_ending(&text))
            .ok_or_else(|| unwritable(&text))?;
        draft.splice(own.value.clone(), &written);
        return Ok(());
    }
    if statements.within(&keys).next().is_some() {
        // In tables or dotted keys of its own.
        let Value::Object(entries) = value else {
            take_out(draft, &keys)?;
            return set(draft, table, key, value);
        };
        return set_table(draft, &keys, entries);
    }
    if let Some(neighbour) = statements.last_of_section(table).or_else(|| statements.last_dotted_in(table)) {
        return insert_line(draft, neighbour, &keys, value);
    }
    // Only tables within the table have headers.
    let written = Written::of(&text, &Map::from_iter([(key.to_owned(), value.clone())]))?;
    add_section(draft, table, &written);
    Ok(())
}

/// Makes a table hold these values and no others.
fn set_table(draft: &mut Draft, table: &[&str], entries: &Map<String, Value>) -> Result<()> {
    let current = values(draft.text())?;
    let current = table.iter().try_fold(&current, |value, key| value.get(key));
    let current = current.and_then(Value::as_object).cloned().unwrap_or_default();
    for (key, value) in entries.iter().filter(|(key, value)| current.get(*key) != Some(*value)) {
        set(draft, table, key, value)?;
    }
    for key in current.keys().filter(|key| !entries.contains_key(*key)) {
        take_out(draft, &inner(table, key))?;
    }
    if entries.is_empty() && Statements::of(draft.text())?.within(table).next().is_none() {
        return set(draft, &table[..table.len() - 1], table[table.len() - 1], &Value::Object(Map::new()));
    }
    Ok(())
}

/// A line `key = value` below a neighbour, in the same table.
fn insert_line(draft: &mut Draft, neighbour: &Statement, keys: &[&str], value: &Value) -> Result<()> {
    let text = draft.text();
    let name = write::keys(&keys[neighbour.section_depth..]);
    let indent = indent_at(text, neighbour.start);
    let ending = line_ending_at(text, neighbour.end);
    let written = write::value_after(&name, value, indent, ending).ok_or_else(|| unwritable(text))?;
    let line = format!("{ending}{indent}{name} = {written}");
    let end = line_end(text, neighbour.end);
    draft.splice(end..end, &line);
    Ok(())
}

/// Takes out everything under these keys: lines, and tables with what stands between their lines.
fn take_out(draft: &mut Draft, keys: &[&str]) -> Result<()> {
    let text = draft.text().to_owned();
    let statements = Statements::of(&text)?;
    if let Some(around) = statements.inline_on_the_way(keys) {
        return inline::remove(draft, around, keys);
    }
    let mut cuts = Vec::new();
    for statement in statements.within(keys) {
        if statement.is_header() {
            let end = statements.end_of_section(statement);
            cuts.push(section_cut(&text, statement.start, end));
        } else if statement.section_depth < keys.len() {
            cuts.push(line_start(&text, statement.start)..next_line(&text, statement.end));
        }
    }
    for cut in joined(cuts).into_iter().rev() {
        let ends_file = cut.end == draft.text().len() && !draft.text().ends_with('\n');
        let start = if ends_file { before_line_break(draft.text(), cut.start) } else { cut.start };
        draft.splice(start..cut.end, "");
    }
    Ok(())
}

/// The same cuts from the first to the last, as few as possible.
fn joined(mut cuts: Vec<Range<usize>>) -> Vec<Range<usize>> {
    cuts.sort_by_key(|cut| cut.start);
    let mut joined: Vec<Range<usize>> = Vec::new();
    for cut in cuts {
        match joined.last_mut() {
            Some(last) if cut.start <= last.end => last.end = last.end.max(cut.end),
            _ => joined.push(cut),
        }
    }
    joined
}

/// A section's lines, and the empty line that sets it apart from what is above.
fn section_cut(text: &str, start: usize, end: usize) -> Range<usize> {
    let start = line_start(text, start);
    let above = before_line_break(text, start);
    let empty = above < start && above > 0 && line_start(text, above) == above;
    (if empty { above } else { start })..next_line(text, end)
}
