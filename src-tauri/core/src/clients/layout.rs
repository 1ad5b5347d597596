//! How a configuration is laid out for a person to read.

use serde_json::Value;

/// Columns that a list may take up in one line.
const WIDTH: usize = 80;
const STEP: usize = 2;

/// JSON with each entry of an object on a line of its own, and lists in one line where they fit.
pub(super) fn json(value: &Value) -> String {
    let mut text = String::new();
    lay_out(value, 0, &mut text);
    text.push('\n');
    text
}

fn lay_out(value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            let entries = entries.iter().map(|(key, value)| (Some(key), value));
            lay_out_lines(['{', '}'], entries, depth, text);
        }
        Value::Array(items) if !items.is_empty() => {
            let line = in_one_line(items);
            let column = text.rsplit('\n').next().map_or(0, |line| line.chars().count());
            match line {
                Some(line) if column + line.chars().count() <= WIDTH => text.push_str(&line),
                _ => lay_out_lines(['[', ']'], items.iter().map(|item| (None, item)), depth, text),
            }
        }
        _ => text.push_str(&value.to_string()),
    }
}

fn lay_out_lines<'a>(
    [open, close]: [char; 2],
    entries: impl Iterator<Item = (Option<&'a String>, &'a Value)>,
    depth: usize,
    text: &mut String,
) {
    text.push(open);
    for (count, (key, value)) in entries.enumerate() {
        text.push_str(if count == 0 { "\n" } else { ",\n" });
        text.push_str(&" ".repeat(STEP * (depth + 1)));
        if let Some(key) = key {
            text.push_str(&Value::from(key.as_str()).to_string());
            text.push_str(": ");
        }
        lay_out(value, depth + 1, text);
    }
    text.push('\n');
    text.push_str(&" ".repeat(STEP * depth));
    text.push(close);
}

/// A list of plain values; one that holds lists or objects reads better line by line.
fn in_one_line(items: &[Value]) -> Option<String> {
    let plain = items.iter().all(|item| !item.is_array() && !item.is_object());
    let items = items.iter().map(Value::to_string).collect::<Vec<_>>();
    plain.then(|| format!("[{}]", items.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn short_lists_take_one_line_and_long_ones_many() {
        let short = json!({ "args": ["bridge", "a \"b\""], "none": [], "nothing": {}, "n": [1, true, null] });
        assert_eq!(
            json(&short),
            "{\n  \"args\": [\"bridge\", \"a \\\"b\\\"\"],\n  \"none\": [],\n  \"nothing\": {},\n  \"n\": [1, true, null]\n}\n"
        );
        let long = json!({ "args": ["x".repeat(60), "y".repeat(20)] });
        assert_eq!(json(&long), format!("{long:#}\n"));
        let nested = json!({ "inputs": [{ "id": "a" }], "lists": [[1]] });
        assert_eq!(
            json(&nested),
            "{\n  \"inputs\": [\n    {\n      \"id\": \"a\"\n    }\n  ],\n  \"lists\": [\n    [1]\n  ]\n}\n"
        );
    }
}
