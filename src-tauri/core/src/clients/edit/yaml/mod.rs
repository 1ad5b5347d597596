//! YAML.
//!
//! `granit-parser` says where things stand, with exact bytes; `saphyr-parser`, its distant cousin, proves the
//! outcome. Neither panicked on sixty thousand mangled files, as two other readers did, and they disagree on
//! one in sixty, all of them strange: what either refuses is refused. Editing libraries were tried and left:
//! `yaml-edit` takes files that no client could read and sets what we add among other people's comments,
//! `noyalib` cannot add to an empty mapping and adds a final newline.
//!
//! What stands between braces is edited between braces, what stands on lines is edited by lines. Left alone are
//! explicit keys (`?`), and anchors, tags and merge keys where they decide what our entry is.

mod block;
mod flow;
mod holder;
mod node;
mod read;
mod scalar;
mod write;

pub(super) use read::values;

use super::draft::Draft;
use super::lines::{line_ending, line_start, lone_return};
use super::place::{Kept, NAME, Place};
use super::problem::{EditProblem, EditProblemKind, Result};
use super::wanted::Wanted;
use holder::{Holder, unsupported};
use node::{Kind, MERGE, Node, Root};
use serde_json::{Map, Value};

/// How far the way to our entry can be followed.
enum Found<'a> {
    /// No document at all.
    Nothing,
    /// This holds neither our entry nor what leads to it, from this step on.
    Lacks(Holder<'a>, usize),
    /// This holds it.
    Entry(Holder<'a>, usize),
}

pub(super) fn look_at(text: &str, place: &Place<'_>) -> Result<()> {
    find(&Root::of(text)?, text, place).map(drop)
}

pub(super) fn put(draft: &mut Draft, wanted: &Wanted<'_>) -> Result<()> {
    let place = wanted.place;
    let text = draft.text().to_owned();
    let root = Root::of(&text)?;
    let entry = Value::Object(place.whole(wanted.entry));
    match find(&root, &text, place)? {
        Found::Nothing => begin(draft, &nested(place, 0, entry))?,
        Found::Lacks(holder, step) if step < place.path.len() => {
            let value = nested(place, step + 1, entry);
            block::insert(draft, &holder, Some(place.path[step]), &value)?;
        }
        Found::Lacks(holder, _) => {
            let name = (place.kept == Kept::ByName).then_some(place.name);
            block::insert(draft, &holder, name, &entry)?;
        }
        Found::Entry(holder, at) => {
            let current = place.entry_in(&values(&text)?).unwrap_or_default();
            let stays =
                current.get(MERGE).is_some_and(|merged| wanted.obsolete().any(|key| is_merged(merged, key)));
            if let Some(merge) = holder.item(at).merge_key().filter(|_| stays) {
                return Err(unsupported(&text, merge.start));
            }
            update(draft, wanted, &current)?;
        }
    }
    Ok(())
}

/// One key at a time, looking again after each: an edit moves what stands behind it.
fn update(draft: &mut Draft, wanted: &Wanted<'_>, current: &Value) -> Result<()> {
    let has = |key: &str| current.get(key);
    let is_name = |key: &str| wanted.place.kept == Kept::InList && key == NAME;
    let changed = wanted.entry.iter().filter(|(key, value)| has(key) != Some(*value));
    let changed = changed.map(|(key, value)| (key.as_str(), Some(value)));
    let removed = wanted.obsolete().filter(|key| has(key).is_some()).map(|key| (key, None));
    for (key, value) in changed.chain(removed).filter(|(key, _)| !is_name(key)) {
        let text = draft.text().to_owned();
        let root = Root::of(&text)?;
        let Found::Entry(holder, at) = find(&root, &text, wanted.place)? else { break };
        let entry = holder.within(at);
        match (entry.position(key), value) {
            (Some(at), Some(value)) => block::replace(draft, &entry, at, value)?,
            (Some(at), None) => block::remove(draft, &entry, at)?,
            (None, Some(value)) => block::insert(draft, &entry, Some(key), value)?,
            (None, None) => {}
        }
    }
    Ok(())
}

/// Whether a merge key brings in this key, which then cannot be taken out.
fn is_merged(merged: &Value, key: &str) -> bool {
    match merged {
        Value::Array(several) => several.iter().any(|merged| is_merged(merged, key)),
        Value::Object(entries) => {
            entries.contains_key(key) || entries.get(MERGE).is_some_and(|merged| is_merged(merged, key))
        }
        _ => false,
    }
}

pub(super) fn remove(draft: &mut Draft, place: &Place<'_>) -> Result<()> {
    let text = draft.text().to_owned();
    let root = Root::of(&text)?;
    match find(&root, &text, place)? {
        Found::Entry(holder, at) => block::remove(draft, &holder, at),
        _ => Ok(()),
    }
}

/// Writes a whole document below whatever an empty one holds.
fn begin(draft: &mut Draft, document: &Value) -> Result<()> {
    let text = draft.text();
    if let Some(end) = text.match_indices("...").map(|(at, _)| at).find(|&at| line_start(text, at) == at) {
        // Ours would be a second document.
        return Err(unsupported(text, end));
    }
    let line_ending = line_ending(text);
    let lines = write::mapping(document, 0, 2, line_ending);
    let lines = lines.strip_prefix(line_ending).unwrap_or(&lines);
    let end = text.len();
    let document = match text {
        "" => format!("{lines}{line_ending}"),
        ended if ended.ends_with('\n') => format!("{lines}{line_ending}"),
        _ => format!("{line_ending}{lines}"),
    };
    draft.splice(end..end, &document);
    Ok(())
}

/// What stands under the first `step` keys of the way when nothing but our entry does.
fn nested(place: &Place<'_>, step: usize, entry: Value) -> Value {
    let innermost = match place.kept {
        Kept::ByName => Value::Object(Map::from_iter([(place.name.to_owned(), entry)])),
        Kept::InList => Value::Array(vec![entry]),
    };
    place.path[step..]
        .iter()
        .rev()
        .fold(innermost, |value, key| Value::Object(Map::from_iter([((*key).to_owned(), value)])))
}

fn find<'a>(root: &'a Root, text: &str, place: &Place<'_>) -> Result<Found<'a>> {
    let wrong = |node: &Node| {
        // What an alias stands for may be right, but it stands elsewhere.
        let is_alias = matches!(node.kind, Kind::Alias);
        let kind = if is_alias { EditProblemKind::Unsupported } else { EditProblemKind::WrongType };
        EditProblem::at(text, node.start, kind)
    };
    // It would end a line for YAML, and none for us.
    if let Some(at) = lone_return(text) {
        return Err(unsupported(text, at));
    }
    let Some(node) = &root.node else { return Ok(Found::Nothing) };
    if node.is_nothing() && !root.explicit {
        // An anchor or a tag for nothing would become one for ours.
        return if node.is_marked { Err(unsupported(text, node.start)) } else { Ok(Found::Nothing) };
    }
    let mut holder = Holder::of_root(node);
    for (step, key) in place.path.iter().enumerate() {
        if !holder.can_be_mapping() {
            return Err(wrong(holder.node));
        }
        match holder.position(key) {
            Some(at) => holder = holder.within(at),
            // Ours would hide what is merged in under that key.
            None => match holder.node.merge_key() {
                Some(merge) => return Err(unsupported(text, merge.start)),
                None => return Ok(Found::Lacks(holder, step)),
            },
        }
    }
    let fits = match place.kept {
        Kept::ByName => holder.can_be_mapping(),
        Kept::InList => holder.can_be_list(),
    };
    if !fits {
        return Err(wrong(holder.node));
    }
    let found = match place.kept {
        Kept::ByName => holder.position(place.name),
        Kept::InList => named(&holder, text, place.name)?,
    };
    match found {
        None => Ok(Found::Lacks(holder, place.path.len())),
        Some(at) if matches!(holder.item(at).kind, Kind::Mapping(_)) => Ok(Found::Entry(holder, at)),
        Some(at) => Err(wrong(holder.item(at))),
    }
}

/// The item of a list with this name.
fn named(holder: &Holder<'_>, text: &str, name: &str) -> Result<Option<usize>> {
    let Kind::Sequence(items) = &holder.node.kind else { return Ok(None) };
    let is_ours = |item: &Node| item.get(NAME).is_some_and(|value| value.is_text(name));
    let mut ours = items.iter().enumerate().filter(|(_, item)| is_ours(item));
    let first = ours.next().map(|(at, _)| at);
    match ours.next() {
        Some((_, second)) => Err(EditProblem::at(text, second.start, EditProblemKind::DuplicateKey)),
        None => Ok(first),
    }
}
