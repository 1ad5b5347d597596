//! Documents to edit, in all the forms that people and programs give them.

mod json;
mod toml;
mod yaml;

pub use json::json_forms;
pub use toml::toml_forms;
pub use yaml::yaml_forms;

use proptest::prelude::*;
use serde_json::{Map, Value};

pub fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z]{1,8}",
        1 => prop::sample::select(vec![
            "superset", "name", "mcpServers", "a b", "a.b", "", "null", "true", "1", "-", "#", "// no", "/* no", "\"",
            "\\", "ü", "日本", "😀", "\u{1}", "\u{7f}", "a: b", "a # b", "*x", "&x", "!x", "{", "]", ",", "~", "2026-01-01",
            "'", "\n", "\r\n", "\t", " x ", "https://h:1/x?y#z", "\u{2028}", "\u{85}", "0x1", "1e3", "yes", "<<", "|", "%", "@", "`",
        ])
        .prop_map(str::to_owned),
    ]
}

fn plain() -> impl Strategy<Value = Value> {
    prop_oneof![
        5 => words().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i32>().prop_map(Value::from),
    ]
}

/// No nulls: TOML knows none.
pub fn values() -> impl Strategy<Value = Value> {
    plain().prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((words(), inner), 0..4)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

pub fn entries() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::vec((words(), values()), 1..5).prop_map(|pairs| pairs.into_iter().collect())
}

/// Choices that a writer makes as it goes along; the same ones for the same bytes.
pub struct Choices<'a> {
    bytes: std::iter::Cycle<std::slice::Iter<'a, u8>>,
}

impl<'a> Choices<'a> {
    pub fn of(bytes: &'a [u8]) -> Self {
        Self { bytes: bytes.iter().cycle() }
    }

    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        let byte = usize::from(self.bytes.next().copied().unwrap_or(0));
        of[byte % of.len()]
    }
}
