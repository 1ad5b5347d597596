//! Which tools a `tools/call` calls.

use super::object::{Object, string};
use crate::guard::CALL_TOOL;
use serde_json::value::RawValue;

/// A tool that calls a tool that calls a tool. Superset 6.1.0 refuses the second.
const DEEPEST: usize = 8;

/// The tools of one call: the one that is called, and those behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Called {
    tools: Vec<String>,
    perhaps: Vec<String>,
}

/// It cannot be told beyond doubt what is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotUnderstood;

impl Called {
    /// Reads the `params` of a `tools/call`.
    ///
    /// # Errors
    /// [`NotUnderstood`] for a name that is none, that stands there twice, or that lies too deep.
    pub fn of(params: &str) -> Result<Self, NotUnderstood> {
        let mut called = Self { tools: Vec::new(), perhaps: Vec::new() };
        let mut text = params.to_owned();
        loop {
            let object = Object::read(&text).ok_or(NotUnderstood)?;
            let name = object.name.and_then(string).ok_or(NotUnderstood)?;
            if called.tools.len() == DEEPEST {
                return Err(NotUnderstood);
            }
            let calls_others = name == CALL_TOOL;
            called.tools.push(name);
            if calls_others {
                text = behind(object.arguments.ok_or(NotUnderstood)?)?;
                continue;
            }
            // The tool that calls tools may bear another name (Superset's `MCP_TOOL_SEARCH_CONFIG`).
            let Some(arguments) = object.arguments else { return Ok(called) };
            let inside = match (arguments.get().starts_with('"'), string(arguments)) {
                (true, Some(text)) => text,
                _ => arguments.get().to_owned(),
            };
            let looks_alike = inside.trim_start().starts_with('{') && inside.contains("name");
            if !looks_alike && !inside.contains("\\u") {
                return Ok(called);
            }
            // What a tool that is none of these takes twice is its own business, unless it may be one of them.
            let Some(arguments) = Object::read(&inside) else {
                return if inside.contains("arguments") { Err(NotUnderstood) } else { Ok(called) };
            };
            match (arguments.name.and_then(string), arguments.arguments) {
                (Some(_), Some(_)) if !arguments.has_more() => text = inside,
                _ => {
                    called.perhaps = maybes(&inside)?;
                    return Ok(called);
                }
            }
        }
    }

    /// From the one that is called to the one that all comes down to.
    pub fn tools(&self) -> impl Iterator<Item = &str> {
        self.tools.iter().map(String::as_str)
    }

    /// What may be others behind them.
    pub fn perhaps(&self) -> impl Iterator<Item = &str> {
        self.perhaps.iter().map(String::as_str)
    }

    /// The one that all comes down to.
    #[must_use]
    pub fn innermost(&self) -> &str {
        self.tools.last().map_or("", String::as_str)
    }
}

/// The names that stand in arguments, and in what they call arguments: a server may take them for tools.
fn maybes(arguments: &str) -> Result<Vec<String>, NotUnderstood> {
    let (mut names, mut text) = (Vec::new(), arguments.to_owned());
    for _ in 0..DEEPEST {
        let Some(object) = Object::read(&text) else { return Ok(names) };
        names.extend(object.name.and_then(string));
        let Some(inside) = object.arguments else { return Ok(names) };
        text = behind(inside)?;
    }
    Err(NotUnderstood)
}

/// Some clients and servers write arguments as a text that holds JSON.
fn behind(arguments: &RawValue) -> Result<String, NotUnderstood> {
    if arguments.get().starts_with('"') {
        string(arguments).ok_or(NotUnderstood)
    } else {
        Ok(arguments.get().to_owned())
    }
}

impl Object<'_> {
    /// Whether something else stands beside a name and arguments.
    fn has_more(&self) -> bool {
        self.others
            || [self.tools, self.result, self.content, self.structured, self.text, self.kind]
                .iter()
                .any(Option::is_some)
    }
}
