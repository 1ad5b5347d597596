//! The window's generated bindings are what the command table says.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

use specta_typescript::Typescript;
use std::path::Path;

/// `./dev gen` sets this to write the file instead of comparing it.
const WRITE: &str = "SUPERSET_KEYS_WRITE_BINDINGS";

#[test]
fn bindings_are_up_to_date() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src/ipc/bindings.ts");
    let folder = tempfile::tempdir().unwrap();
    let made = folder.path().join("bindings.ts");
    let header = "// Generated from the command table by ./dev gen. Do not edit.\n/* eslint-disable */\n// @ts-nocheck";
    superset_keys_desktop::command_table::<tauri::Wry>()
        .export(Typescript::default().header(header), &made)
        .expect("the command table exports");
    if std::env::var_os(WRITE).is_some() {
        std::fs::create_dir_all(kept.parent().unwrap()).unwrap();
        std::fs::copy(&made, &kept).unwrap();
        return;
    }
    let (made, kept) =
        (std::fs::read_to_string(&made).unwrap(), std::fs::read_to_string(&kept).unwrap_or_default());
    assert!(made == kept, "ui/src/ipc/bindings.ts is not what the command table says: run ./dev gen");
}
