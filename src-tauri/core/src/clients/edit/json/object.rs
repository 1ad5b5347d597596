//! One property of an object: put in, changed, taken out.

use super::super::braces::{Braces, Comments, Setting};
use super::super::draft::Draft;
use super::super::lines::{begins_line, indent_at};
use super::layout::{Layout, one_line};
use jsonc_parser::ast::{Object, ObjectProp};
use jsonc_parser::common::Ranged;
use serde_json::Value;

/// Whether each property of the object has a line of its own, as the first one shows.
fn is_laid_out(text: &str, object: &Object<'_>) -> Option<bool> {
    object.properties.first().map(|first| begins_line(text, first.start()))
}

/// Whether this object, perhaps empty, should hold properties on lines of their own.
fn wants_lines(text: &str, way: &[Object<'_>]) -> bool {
    way.iter().rev().find_map(|object| is_laid_out(text, object)).unwrap_or(true)
}

/// Whether blanks stand after colons here.
fn is_spaced(text: &str, way: &[Object<'_>]) -> bool {
    let property = way.iter().rev().find_map(|object| object.properties.first());
    property.is_none_or(|property| text[..property.value.start()].ends_with([' ', '\t', '\n']))
}

fn braces(object: &Object<'_>) -> Braces {
    Braces {
        inside: object.start() + 1..object.end() - 1,
        items: object.properties.iter().map(|property| property.start()..property.end()).collect(),
        comments: Comments::Slashes,
    }
}

/// Adds a property at the end of the last of these objects.
pub(super) fn insert(draft: &mut Draft, way: &[Object<'_>], name: &str, value: &Value) {
    let Some(object) = way.last() else { return };
    let text = draft.text().to_owned();
    let layout = Layout::of(&text, way);
    let spaced = is_spaced(&text, way);
    let setting = Setting {
        lines: wants_lines(&text, way),
        indent: &layout.indent,
        outer: indent_at(&text, object.start()),
        line_ending: layout.line_ending,
        blank: if spaced { " " } else { "" },
    };
    let name = Value::from(name).to_string();
    braces(object).insert(draft, &setting, |has_line| {
        if has_line {
            format!("{name}: {}", layout.lines(value))
        } else {
            format!("{name}:{}{}", setting.blank, one_line(value, spaced))
        }
    });
}

/// Gives a property of the last of these objects another value.
pub(super) fn replace(draft: &mut Draft, way: &[Object<'_>], property: &ObjectProp<'_>, value: &Value) {
    let text = draft.text();
    let value = if begins_line(text, property.start()) {
        let indent = indent_at(text, property.start()).to_owned();
        Layout { indent, ..Layout::of(text, way) }.lines(value)
    } else {
        one_line(value, is_spaced(text, way))
    };
    draft.splice(property.value.start()..property.value.end(), &value);
}

/// Takes a property out.
pub(super) fn remove(draft: &mut Draft, object: &Object<'_>, property: &ObjectProp<'_>) {
    if let Some(at) = object.properties.iter().position(|other| other.start() == property.start()) {
        braces(object).remove(draft, at);
    }
}
