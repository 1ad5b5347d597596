//! JSON and JSON with comments.
//!
//! `serde_json` decides whether a client could read the file and proves the outcome; comments and trailing
//! commas are blanked before it reads. `jsonc-parser` says where things stand.

mod layout;
mod object;
mod read;

pub(super) use read::values;

use super::dialect::Dialect;
use super::draft::Draft;
use super::lines::line_ending;
use super::place::{Kept, Place};
use super::problem::{EditProblem, EditProblemKind, Result};
use super::wanted::Wanted;
use jsonc_parser::ast::{Object, ObjectProp, Value as Node};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions};
use layout::Layout;
use read::with_whole_letters;
use serde_json::{Map, Value};

/// How far the way to our entry can be followed.
enum Found<'a> {
    /// No document at all.
    Nothing,
    /// The objects on the way, root first. The last one lacks the next key.
    Way(Vec<Object<'a>>),
    /// All of them, and our entry's.
    Entry(Vec<Object<'a>>),
}

pub(super) fn look_at(text: &str, dialect: Dialect, place: &Place<'_>) -> Result<()> {
    find(&with_whole_letters(text), dialect, place).map(drop)
}

pub(super) fn put(draft: &mut Draft, dialect: Dialect, wanted: &Wanted<'_>) -> Result<()> {
    let steps = steps(wanted.place);
    let entry = Value::Object(wanted.entry.clone());
    let text = with_whole_letters(draft.text()).into_owned();
    match find(&text, dialect, wanted.place)? {
        Found::Nothing => begin(draft, &nested(&steps, &entry)),
        Found::Way(way) => {
            let missing = way.len() - 1;
            object::insert(draft, &way, steps[missing], &nested(&steps[missing + 1..], &entry));
        }
        Found::Entry(_) => update(draft, dialect, wanted)?,
    }
    Ok(())
}

/// Writes a whole document below whatever an empty one holds.
fn begin(draft: &mut Draft, root: &Value) {
    let text = draft.text();
    let layout = Layout { indent: String::new(), step: "  ".into(), line_ending: line_ending(text) };
    let mut document = layout.lines(root);
    if text.is_empty() || text.ends_with('\n') {
        document.push_str(layout.line_ending);
    } else if !text.trim().is_empty() {
        document.insert_str(0, layout.line_ending);
    }
    let end = text.len();
    draft.splice(end..end, &document);
}

/// One key at a time, looking again after each: an edit moves what stands behind it.
fn update(draft: &mut Draft, dialect: Dialect, wanted: &Wanted<'_>) -> Result<()> {
    let current = values(draft.text(), dialect)?;
    let current = wanted.place.entry_in(&current);
    let has = |key: &str| current.as_ref().and_then(|entry| entry.get(key));
    let removed = wanted.obsolete().filter(|key| has(key).is_some()).map(|key| (key, None));
    let changed = wanted.entry.iter().filter(|(key, value)| has(key) != Some(*value));
    let changed = changed.map(|(key, value)| (key.as_str(), Some(value)));
    for (key, value) in removed.chain(changed) {
        let text = with_whole_letters(draft.text()).into_owned();
        let Found::Entry(way) = find(&text, dialect, wanted.place)? else { break };
        let Some(entry) = way.last() else { break };
        match (entry.get(key), value) {
            (Some(property), Some(value)) => object::replace(draft, &way, property, value),
            (Some(property), None) => object::remove(draft, entry, property),
            (None, Some(value)) => object::insert(draft, &way, key, value),
            (None, None) => {}
        }
    }
    Ok(())
}

pub(super) fn remove(draft: &mut Draft, dialect: Dialect, place: &Place<'_>) -> Result<()> {
    let text = with_whole_letters(draft.text()).into_owned();
    if let Found::Entry(way) = find(&text, dialect, place)?
        && let [.., parent, _] = way.as_slice()
        && let Some(property) = parent.get(place.name)
    {
        object::remove(draft, parent, property);
    }
    Ok(())
}

fn steps<'a>(place: &Place<'a>) -> Vec<&'a str> {
    place.path.iter().copied().chain([place.name]).collect()
}

/// `{ "a": { "b": value } }`
fn nested(steps: &[&str], value: &Value) -> Value {
    steps
        .iter()
        .rev()
        .fold(value.clone(), |value, key| Value::Object(Map::from_iter([((*key).to_owned(), value)])))
}

/// Finds the way in a text of whole letters: its reader takes no others.
fn find<'a>(text: &'a str, dialect: Dialect, place: &Place<'_>) -> Result<Found<'a>> {
    let problem = |offset, kind| Err(EditProblem::at(text, offset, kind));
    if place.kept == Kept::InList {
        return problem(0, EditProblemKind::Unsupported);
    }
    let document = jsonc_parser::parse_to_ast(text, &CollectOptions::default(), &options(dialect))
        .map_err(|refused| EditProblem::at(text, refused.range().start, EditProblemKind::Syntax))?;
    let Some(root) = document.value else { return Ok(Found::Nothing) };
    let mut way = Vec::new();
    let mut value = root;
    let steps = steps(place);
    for step in steps.iter().map(Some).chain([None]) {
        let object = match value {
            Node::Object(object) => object,
            other => return problem(other.start(), EditProblemKind::WrongType),
        };
        if let Some(twice) = twice_named(&object, dialect, step.copied()) {
            return problem(twice.start(), EditProblemKind::DuplicateKey);
        }
        let next = step.and_then(|step| object.get(step)).map(|property| property.value.clone());
        way.push(object);
        match (step, next) {
            (None, _) => return Ok(Found::Entry(way)),
            (Some(_), None) => return Ok(Found::Way(way)),
            (Some(_), Some(next)) => value = next,
        }
    }
    Ok(Found::Way(way))
}

/// The second of two properties with one name. Readers of JSON with comments put up with that, so there it
/// only counts where it decides which entry is ours, or what is in it.
fn twice_named<'o, 'a>(
    object: &'o Object<'a>,
    dialect: Dialect,
    step: Option<&str>,
) -> Option<&'o ObjectProp<'a>> {
    let mut seen = std::collections::HashSet::new();
    object.properties.iter().find(|property| {
        let name = property.name.as_str();
        !seen.insert(name) && (dialect == Dialect::Json || step.is_none_or(|step| step == name))
    })
}

fn options(dialect: Dialect) -> ParseOptions {
    let lenient = dialect == Dialect::Jsonc;
    ParseOptions {
        allow_comments: lenient,
        allow_trailing_commas: lenient,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}
