//! What of an entry that is there stays when ours takes its place.
//!
//! A person may have added something, and a key may stand anywhere: in a variable, an argument, a header, an address.

use super::key_shape::{KeyShape, secrets_in};
use serde_json::{Map, Value};

/// What an entry says of how the client reaches the server and gets its key, whatever the client calls that. With another
/// way none of it may stay, or the client has two answers.
const WAYS: [&str; 22] = [
    "args",
    "auth",
    "baseUrl",
    "bearer_token",
    "bearer_token_env_var",
    "cmd",
    "command",
    "env_http_headers",
    "headers",
    "headersHelper",
    "httpUrl",
    "http_headers",
    "http_headers_helper",
    "oauth",
    "requestOptions",
    "serverUrl",
    "transport",
    "transportType",
    "type",
    "uri",
    "url",
    "withCredentials",
];
/// Lists of names that a person may have added to.
const LISTS: [&str; 2] = ["env_vars", "env_keys"];

/// What clients call the variables that a program gets.
pub(super) fn is_environment(key: &str) -> bool {
    matches!(key, "env" | "environment" | "envs")
}

/// An entry that is to be written over one that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cleaned {
    /// Ours, with what stays of the other where both say something.
    pub entry: Map<String, Value>,
    /// The keys of the other that go.
    pub obsolete: Vec<String>,
}

/// `ours` over `current`, which was ours too. Of `current` everything stays that a person may have added, but no key, and
/// nothing of `ways` or of what else says how to reach the server if that is another way now.
pub(super) fn cleaned(
    current: &Map<String, Value>,
    ours: &Map<String, Value>,
    ways: &[String],
    same_way: bool,
    keys: &dyn KeyShape,
) -> Cleaned {
    let mut cleaned = Cleaned { entry: ours.clone(), obsolete: Vec::new() };
    for (key, value) in current {
        let is_of_another_way = if ways.contains(key) {
            !(same_way && key == "headers")
        } else {
            !same_way && WAYS.contains(&key.as_str())
        };
        if is_environment(key) {
            let kept = without_keys(value, keys);
            cleaned.keep(key, value, kept);
        } else if let Some(mine) = cleaned.entry.get_mut(key) {
            if LISTS.contains(&key.as_str()) {
                add(mine, value);
            }
        } else if is_of_another_way || holds(value, keys) {
            cleaned.obsolete.push(key.clone());
        }
    }
    cleaned
}

impl Cleaned {
    /// The variables that are left, below those of ours that nobody else set.
    fn keep(&mut self, key: &str, was: &Value, kept: Option<Value>) {
        let mine = self.entry.get(key).and_then(Value::as_object).cloned().unwrap_or_default();
        let Some(Value::Object(mut kept)) = kept else {
            if mine.is_empty() && !self.entry.contains_key(key) {
                self.obsolete.push(key.to_owned());
            }
            return;
        };
        for (name, value) in mine {
            kept.entry(name).or_insert(value);
        }
        if was.as_object() == Some(&kept) {
            // It stays as it is written.
            self.entry.insert(key.to_owned(), was.clone());
        } else if kept.is_empty() && !self.entry.contains_key(key) {
            self.obsolete.push(key.to_owned());
        } else {
            self.entry.insert(key.to_owned(), Value::Object(kept));
        }
    }
}

/// The same without what holds a key.
fn without_keys(value: &Value, keys: &dyn KeyShape) -> Option<Value> {
    match value {
        Value::Object(entries) => {
            let kept = entries.iter().filter(|(_, value)| !holds(value, keys));
            Some(Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect()))
        }
        other => (!holds(other, keys)).then(|| other.clone()),
    }
}

fn holds(value: &Value, keys: &dyn KeyShape) -> bool {
    match value {
        Value::String(text) => !secrets_in(text, keys).is_empty(),
        Value::Array(items) => items.iter().any(|item| holds(item, keys)),
        Value::Object(entries) => entries.values().any(|value| holds(value, keys)),
        _ => false,
    }
}

/// What is in the other list and not in this one.
fn add(list: &mut Value, other: &Value) {
    let (Some(list), Some(other)) = (list.as_array_mut(), other.as_array()) else { return };
    let missing: Vec<_> = other.iter().filter(|item| !list.contains(item)).cloned().collect();
    list.extend(missing);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;
    use serde_json::json;

    struct Keys;

    impl KeyShape for Keys {
        fn keys_in(&self, text: &str) -> Vec<Secret> {
            if text.contains("sst_key") { vec![Secret::new("sst_key")] } else { Vec::new() }
        }
    }

    fn map(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(map) => map,
            other => panic!("{other}"),
        }
    }

    /// What is left of an entry when the bridge takes its place.
    fn bridged(current: Value, same_way: bool) -> Value {
        let (current, ours) = (map(current), map(json!({ "command": "superset-keys", "args": ["bridge"] })));
        let ways = ["url", "headers"].map(String::from);
        let Cleaned { entry, obsolete } = cleaned(&current, &ours, &ways, same_way, &Keys);
        let mut left = current;
        left.retain(|key, _| !obsolete.contains(key) || entry.contains_key(key));
        left.extend(entry);
        Value::Object(left)
    }

    #[test]
    fn no_key_stays_and_everything_else_of_a_person_does() {
        let ours = json!({ "command": "superset-keys", "args": ["bridge"] });
        let and = |more: Value| {
            let mut ours = map(ours.clone());
            ours.extend(map(more));
            Value::Object(ours)
        };
        for (current, expected) in [
            (
                json!({ "env": { "AUTH_HEADER": "Bearer abc", "NODE_EXTRA_CA_CERTS": "/c" } }),
                json!({ "env": { "NODE_EXTRA_CA_CERTS": "/c" } }),
            ),
            (json!({ "env": { "TOKEN": "sst_key" }, "disabled": true }), json!({ "disabled": true })),
            (
                json!({ "environment": { "T": "x sst_key y", "A": "b" } }),
                json!({ "environment": { "A": "b" } }),
            ),
            (
                json!({ "url": "https://x", "headers": { "authorization": "sst_key" }, "type": "http" }),
                json!({}),
            ),
            (
                json!({ "transport": { "url": "https://x" }, "note": "sst_key", "timeout": 5 }),
                json!({ "timeout": 5 }),
            ),
            (json!({ "env": {} }), json!({ "env": {} })),
        ] {
            assert_eq!(bridged(current.clone(), false), and(expected), "{current}");
        }
        let kept = json!({ "type": "stdio", "headers": { "X": "y" }, "cwd": "/w" });
        assert_eq!(bridged(kept.clone(), true), and(kept));
    }

    #[test]
    fn ours_is_added_to_what_is_there_and_goes_over_nothing() {
        let current = map(
            json!({ "env": { "HTTPS_PROXY": "http://mine" }, "env_vars": ["A", "MINE"], "envs": { "B": "c" } }),
        );
        let ours = map(
            json!({ "env": { "HTTPS_PROXY": "http://shell", "NO_PROXY": "x" }, "env_vars": ["A", "B"], "envs": {} }),
        );
        let cleaned = cleaned(&current, &ours, &[], true, &Keys);
        let expected = json!({ "env": { "HTTPS_PROXY": "http://mine", "NO_PROXY": "x" }, "env_vars": ["A", "B", "MINE"], "envs": { "B": "c" } });
        assert_eq!(Value::Object(cleaned.entry), expected);
        assert!(cleaned.obsolete.is_empty());
    }
}
