//! The state file: no change is lost, nothing damaged is overwritten, nobody else may read it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use superset_keys_core::credential::{Provider, SignIn};
use superset_keys_core::ids::{ApiKeyId, InstanceId};
use superset_keys_core::places::Places;
use superset_keys_core::store::{Instance, Store};
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
fn what_was_set_aside_is_known_until_there_is_another_in_its_place() {
    let (home, store) = store();
    assert_eq!(store.set_aside(), None);
    add(&store, "one").unwrap();
    for number in 1..=2 {
        std::fs::write(store.path(), "{").unwrap();
        let Err(Error::StateDamaged { kept, .. }) = store.read() else { panic!("taken") };
        // Whoever comes next still learns of it, and by reading nothing is decided.
        store.read().unwrap();
        assert_eq!(store.set_aside(), Some(kept), "{number}");
        store.begin_anew().unwrap();
        assert_eq!(store.set_aside(), None);
    }
    assert_eq!(files(home.path()).len(), 3, "one file in use, two kept");
    add(&store, "two").unwrap();
    store.begin_anew().unwrap();
    assert_eq!(store.read().unwrap().instances.len(), 1, "a list that is there is not emptied");
}

#[test]
fn a_newer_program_s_file_is_read_and_not_written() {
    let (_home, store) = store();
    add(&store, "one").unwrap();
    let newer = std::fs::read_to_string(store.path()).unwrap().replace("\"version\": 2", "\"version\": 3");
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

/// App and command line are updated apart: what one of them does not know yet, it must not drop.
#[test]
fn a_field_of_tomorrow_survives_a_program_of_today() {
    let (_home, store) = store();
    let tomorrow = json!({ "version": 2, "sky": "blue", "settings": { "night": true }, "instances": [{
        "id": "7", "short_name": "test", "name": "Test", "url": "https://example.com", "moon": [1],
        "signed_in": { "user": { "id": 1, "username": "jane" }, "how": { "way": "api_key", "key": "k" }, "star": 1 },
        "keys": [{ "id": "k", "alias": "k", "name": "k", "hint": "sst_…", "stored_at": "2026-11-20T12:00:00Z", "sun": {} }],
        "intents": [{ "id": "i", "name": "n", "owner": null, "started_at": "2026-11-20T12:00:00Z", "seen": [], "cloud": 0 }],
    }] });
    write(&store, &tomorrow);
    add(&store, "another").unwrap();
    let state: Value = serde_json::from_str(&std::fs::read_to_string(store.path()).unwrap()).unwrap();
    for (place, value) in [
        ("/sky", json!("blue")),
        ("/settings/night", json!(true)),
        ("/instances/0/moon", json!([1])),
        ("/instances/0/signed_in/star", json!(1)),
        ("/instances/0/keys/0/sun", json!({})),
        ("/instances/0/intents/0/cloud", json!(0)),
    ] {
        assert_eq!(state.pointer(place), Some(&value), "{place}");
    }
}

#[test]
fn a_state_of_the_first_version_opens_and_is_kept_when_it_becomes_one_of_ours() {
    let (home, store) = store();
    let user = json!({ "id": 1, "username": "jane", "roles": ["Gamma"] });
    let instance = |id: &str, signed_in: Value| {
        let key = json!({ "id": "k", "alias": "k", "name": "k", "hint": "sst_…", "stored_at": "2026-11-20T12:00:00Z", "stored": false });
        json!({ "id": id, "short_name": id, "name": id, "url": "https://example.com", "signed_in": signed_in, "keys": [key] })
    };
    let first = json!({ "version": 1, "instances": [
        instance("out", Value::Null),
        instance("password", json!({ "user": user, "way": "password", "stays": true, "key": null })),
        instance("ldap", json!({ "user": user, "way": "ldap", "stays": false, "key": null })),
        instance("key", json!({ "user": user, "way": "api_key", "stays": false, "key": "k" })),
    ] });
    write(&store, &first);
    let state = store.read().unwrap();
    let ways: Vec<_> =
        state.instances.iter().map(|it| it.signed_in.as_ref().map(|who| who.how.clone())).collect();
    assert_eq!(
        ways,
        [
            None,
            Some(SignIn::Password { provider: Provider::Db, stays: true }),
            Some(SignIn::Password { provider: Provider::Ldap, stays: false }),
            Some(SignIn::ApiKey { key: ApiKeyId::new("k") }),
        ]
    );
    assert!(state.instances.iter().all(|instance| !instance.keys[0].is_stored()));
    // Looking changes nothing.
    assert_eq!(std::fs::read_to_string(store.path()).unwrap(), first.to_string());
    add(&store, "new").unwrap();
    let kept = std::fs::read_to_string(home.path().join("config/state.version-1.json")).unwrap();
    assert_eq!(kept, first.to_string());
    assert!(std::fs::read_to_string(store.path()).unwrap().contains("\"version\": 2"));
}

fn write(store: &Store, state: &Value) {
    std::fs::create_dir_all(store.path().parent().unwrap()).unwrap();
    std::fs::write(store.path(), state.to_string()).unwrap();
}

/// Another program, or an older one of ours, made them for everybody to look into.
#[cfg(unix)]
#[test]
fn folders_are_closed_whoever_made_them() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    let places = Places::under(home.path());
    let folders = [&places.config, &places.state, &places.cache];
    for folder in folders {
        std::fs::create_dir(folder).unwrap();
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    std::fs::remove_dir(&places.cache).unwrap();
    let parts = superset_keys_core::CoreParts::at(places.clone());
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&places.config), mode(&places.state)), (0o700, 0o700));
    assert!(!places.cache.exists());
    drop(parts);
    // One that its owner keeps closer stays so.
    std::fs::set_permissions(&places.state, std::fs::Permissions::from_mode(0o500)).unwrap();
    places.close();
    assert_eq!(mode(&places.state), 0o500);
}

/// What bears the home's name must be found again once the home is there.
#[cfg(unix)]
#[test]
fn a_home_has_one_name_before_and_after_it_is_made() {
    let real = tempfile::tempdir().unwrap();
    let link = real.path().join("link");
    std::fs::create_dir(real.path().join("folder")).unwrap();
    std::os::unix::fs::symlink(real.path().join("folder"), &link).unwrap();
    let home = link.join("new/deeper");
    let before = Places::under(&home);
    std::fs::create_dir_all(&home).unwrap();
    assert_eq!(before, Places::under(&home));
    assert!(before.config.starts_with(real.path().join("folder").canonicalize().unwrap()));
}

#[test]
fn what_a_killed_process_left_is_swept() {
    let (home, store) = store();
    add(&store, "one").unwrap();
    let config = home.path().join("config");
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    let held = store.hold_intent("held").unwrap();
    std::fs::write(config.join("intents/dead.lock"), "").unwrap();
    std::fs::write(config.join("intents/open.lock"), "").unwrap();
    std::fs::write(config.join(".writing-a1b2c3"), "half").unwrap();
    for file in ["intents/dead.lock", "intents/open.lock", "intents/held.lock", ".writing-a1b2c3"] {
        let file = std::fs::File::options().write(true).open(config.join(file)).unwrap();
        file.set_modified(long_ago).unwrap();
    }
    // Somebody may be at it this very moment.
    std::fs::write(config.join(".writing-young"), "half").unwrap();
    std::fs::write(config.join("intents/young.lock"), "").unwrap();
    store
        .change(|state| {
            let open = json!({"id": "open", "name": "n", "started_at": "2026-11-20T20:56:50Z", "seen": []});
            state.instances[0].intents.push(serde_json::from_value(open).unwrap());
            Ok(())
        })
        .unwrap();
    let mut left: Vec<_> = std::fs::read_dir(config.join("intents"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, ["held.lock", "open.lock", "young.lock"]);
    assert!(!config.join(".writing-a1b2c3").exists() && config.join(".writing-young").exists());
    drop(held);
}
