//! What is left out of the lists of tools that a server answers.

use super::called::NotUnderstood;
use super::object::{Object, string};
use crate::guard::Guard;
use crate::mcp::entries::Entries;
use serde_json::Value;
use serde_json::value::RawValue;

/// How Superset 6.1.0 begins the text of what did not work.
const ERROR: &str = "Error:";

/// The `result` of a `tools/list` without what the guard does not let through; none where all of it stays.
///
/// # Errors
/// [`NotUnderstood`]
pub fn of_a_list(guard: &Guard, result: &str) -> Result<Option<String>, NotUnderstood> {
    let listed = Object::read(result).ok_or(NotUnderstood)?;
    let Some(tools) = listed.tools else { return Ok(None) };
    Ok(filtered(guard, tools.get())?.map(|kept| with(result, &[(tools, kept)])))
}

/// The `result` of a call of `search_tools`, the same way: Superset 6.1.0 answers a list of tools as JSON in a text.
///
/// # Errors
/// [`NotUnderstood`]
pub fn of_a_search(guard: &Guard, result: &str) -> Result<Option<String>, NotUnderstood> {
    let answered = Object::read(result).ok_or(NotUnderstood)?;
    let mut changes = Vec::new();
    if let Some(content) = answered.content {
        let items: Entries<'_> = serde_json::from_str(content.get()).map_err(|_| NotUnderstood)?;
        for item in items.0 {
            let item = Object::read(item.get()).ok_or(NotUnderstood)?;
            let text = item.text.filter(|_| item.kind.and_then(string).as_deref() == Some("text"));
            let spelled = text.ok_or(NotUnderstood)?;
            let text = string(spelled).ok_or(NotUnderstood)?;
            if let Some(kept) = of_a_text(guard, &text)? {
                changes.push((spelled, Value::from(kept).to_string()));
            }
        }
    }
    if let Some(structured) = answered.structured.filter(|structured| structured.get() != "null")
        && let Some(kept) = of_a_value(guard, structured.get())?
    {
        changes.push((structured, kept));
    }
    changes.sort_by_key(|(place, _)| place.get().as_ptr());
    Ok((!changes.is_empty()).then(|| with(result, &changes)))
}

fn of_a_text(guard: &Guard, text: &str) -> Result<Option<String>, NotUnderstood> {
    if text.starts_with(ERROR) || text.trim().is_empty() {
        return Ok(None);
    }
    of_a_value(guard, text)
}

/// A list of tools, or an object that holds one as `result` or `tools`.
fn of_a_value(guard: &Guard, text: &str) -> Result<Option<String>, NotUnderstood> {
    if text.trim_start().starts_with('[') {
        return filtered(guard, text);
    }
    let object = Object::read(text).ok_or(NotUnderstood)?;
    let ((Some(tools), None) | (None, Some(tools))) = (object.tools, object.result) else {
        return Err(NotUnderstood);
    };
    Ok(filtered(guard, tools.get())?.map(|kept| with(text, &[(tools, kept)])))
}

/// A list without the tools that are not let through, or none if there are no such.
fn filtered(guard: &Guard, list: &str) -> Result<Option<String>, NotUnderstood> {
    let all = serde_json::from_str::<Entries<'_>>(list).map_err(|_| NotUnderstood)?.0;
    let is_let = |tool: &&&RawValue| {
        let name = Object::read(tool.get()).and_then(|tool| tool.name.and_then(string));
        name.is_some_and(|name| guard.lets(&name))
    };
    let kept: Vec<&str> = all.iter().filter(is_let).map(|tool| tool.get()).collect();
    Ok((kept.len() < all.len()).then(|| format!("[{}]", kept.join(","))))
}

/// A text with other words in these places, which were read from it and are in its order.
fn with(text: &str, changes: &[(&RawValue, String)]) -> String {
    let mut all = String::with_capacity(text.len());
    let mut from = 0;
    for (place, words) in changes {
        let start = place.get().as_ptr() as usize - text.as_ptr() as usize;
        all.push_str(&text[from..start]);
        all.push_str(words);
        from = start + place.get().len();
    }
    all.push_str(&text[from..]);
    all
}
