//! The state file: no change is lost, nothing damaged is overwritten, nobody else may read it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

use std::path::Path;
use std::sync::Arc;
use superset_keys_core::instance::{Instance, InstanceId};
use superset_keys_core::places::Places;
use superset_keys_core::store::Store;
use superset_keys_core::{Error, Result};
use tempfile::TempDir;

fn store() -> (TempDir, Store) {
    let home = tempfile::tempdir().unwrap();
    let store = Store::new(Places::under(home.path()));
    (home, store)
}

fn instance(name: &str) -> Instance {
    serde_json::from_value(serde_json::json!({
        "id": InstanceId::from_random(1).as_str(), "short_name": name, "name": name, "url": "https://example.com",
    }))
    .unwrap()
}

fn add(store: &Store, name: &str) -> Result<()> {
    store.change(|state| {
        state.instances.push(instance(name));
        Ok(())
    })
}

fn files(home: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(home.join("config"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "state.lock")
        .collect();
    names.sort();
    names
}

#[test]
fn changes_made_at_once_are_all_kept() {
    let (_home, store) = store();
    let store = Arc::new(store);
    let adding: Vec<_> = (0..8)
        .map(|number| {
            let store = Arc::clone(&store);
            std::thread::spawn(move || (0..10).for_each(|n| add(&store, &format!("s{number}-{n}")).unwrap()))
        })
        .collect();
    for thread in adding {
        thread.join().unwrap();
    }
    assert_eq!(store.read().unwrap().instances.len(), 80);
}

#[test]
fn a_failed_change_writes_nothing() {
    let (home, store) = store();
    add(&store, "one").unwrap();
    let failed: Result<()> = store.change(|state| {
        state.instances.clear();
        Err(Error::NameMissing)
    });
    assert!(failed.is_err());
    assert_eq!(store.read().unwrap().instances.len(), 1);
    assert_eq!(files(home.path()), ["state.json"]);
}

#[test]
fn a_damaged_file_is_kept_aside_and_named_once() {
    let (home, store) = store();
    add(&store, "one").unwrap();
    for (number, damage) in ["", "{", "[]", "{\"version\":1,\"instances\":7}"].iter().enumerate() {
        std::fs::write(store.path(), damage).unwrap();
        let Err(Error::StateDamaged { kept, .. }) = store.read() else { panic!("{damage:?} was taken") };
        assert_eq!(std::fs::read_to_string(&kept).unwrap(), *damage);
        assert_eq!(store.read().unwrap().instances.len(), 0);
        add(&store, &format!("after-{number}")).unwrap();
    }
    assert_eq!(files(home.path()).len(), 5, "one file in use, four kept");
    // A change finds the damage too.
    std::fs::write(store.path(), "{").unwrap();
    assert!(matches!(add(&store, "x"), Err(Error::StateDamaged { .. })));
}

#[test]
fn a_newer_program_s_file_is_read_and_not_written() {
    let (_home, store) = store();
    add(&store, "one").unwrap();
    let newer = std::fs::read_to_string(store.path()).unwrap().replace("\"version\": 1", "\"version\": 2");
    std::fs::write(store.path(), &newer).unwrap();
    assert_eq!(store.read().unwrap().instances.len(), 1);
    assert!(matches!(add(&store, "two"), Err(Error::StateNewer { .. })));
    assert_eq!(std::fs::read_to_string(store.path()).unwrap(), newer);
    // Not even readable: still not touched.
    std::fs::write(store.path(), "{\"version\": 9, \"instances\": \"elsewhere\"}").unwrap();
    assert!(matches!(store.read(), Err(Error::StateNewer { .. })));
    assert!(matches!(add(&store, "two"), Err(Error::StateNewer { .. })));
}

#[test]
fn a_lock_that_is_not_let_go_is_said_after_five_seconds() {
    let (home, store) = store();
    add(&store, "one").unwrap();
    let lock = std::fs::OpenOptions::new().write(true).open(home.path().join("config/state.lock")).unwrap();
    lock.lock().unwrap();
    assert!(matches!(add(&store, "two"), Err(Error::StateBusy)));
    assert_eq!(store.read().unwrap().instances.len(), 1, "reading needs no lock");
    drop(lock);
    add(&store, "two").unwrap();
}

#[test]
fn an_intent_is_held_for_as_long_as_its_process_works_on_it() {
    let (_home, store) = store();
    assert!(!store.intent_is_held("a"));
    let held = store.hold_intent("a").unwrap();
    assert!(store.intent_is_held("a"));
    assert!(!store.intent_is_held("b"));
    drop(held);
    assert!(!store.intent_is_held("a"));
}

#[cfg(unix)]
#[test]
fn files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (home, store) = store();
    add(&store, "one").unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&home.path().join("config")), 0o700);
    assert_eq!(mode(&store.path()), 0o600);
    assert_eq!(mode(&home.path().join("config/state.lock")), 0o600);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_to_is_a_reason() {
    let (home, _) = store();
    // A file where a folder should be: root, too, cannot write there.
    std::fs::write(home.path().join("config"), "").unwrap();
    let store = Store::new(Places::under(home.path()));
    assert!(matches!(add(&store, "one"), Err(Error::StateUnusable { .. })));
}
