//! Our entry in other programs' files: golden files, small cases, and properties over generated documents.
//!
//! `UPDATE_GOLDEN=1 cargo test -p superset-keys-core --test edit` writes the golden files anew; read the
//! difference before keeping it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod documents;
mod golden;
mod json;
mod properties;
mod toml;
mod yaml;
mod yaml_braces;

use serde_json::{Map, Value, json};
use superset_keys_core::clients::edit::{self, Dialect, Edited, Kept, Place};
use superset_keys_core::error::{EditProblem, EditProblemKind};

const SERVERS: Place<'static> = Place { path: &["mcpServers"], name: "superset", kept: Kept::ByName };

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(entries) => entries,
        other => panic!("not an object: {other}"),
    }
}

/// What the bridge looks like for most clients.
fn bridge() -> Map<String, Value> {
    object(json!({ "command": "/usr/bin/superset-keys", "args": ["bridge", "production"] }))
}

fn text(edited: Edited) -> String {
    String::from_utf8(edited.bytes).unwrap()
}

fn put(given: &str, dialect: Dialect, place: &Place<'_>, entry: &Map<String, Value>) -> String {
    text(edit::put(given.as_bytes(), dialect, place, entry, &[]).unwrap())
}

fn remove(given: &str, dialect: Dialect, place: &Place<'_>) -> String {
    text(edit::remove(given.as_bytes(), dialect, place).unwrap())
}

/// Line, column and reason of the refusal, which must be the same whatever is asked.
fn refusal(given: impl AsRef<[u8]>, dialect: Dialect, place: &Place<'_>) -> (u32, u32, EditProblemKind) {
    let given = given.as_ref();
    let EditProblem { line, column, kind } = edit::put(given, dialect, place, &bridge(), &[]).unwrap_err();
    let others = [edit::read(given, dialect, place).err(), edit::remove(given, dialect, place).err()];
    assert_eq!(others, [Some(EditProblem { line, column, kind }); 2]);
    (line, column, kind)
}
