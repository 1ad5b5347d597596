//! State files of earlier versions, as this one has them.
//!
//! Version 2 (2026-11-29) says how a person is in by one field in place of three, and where a secret lies in place of
//! whether it is kept.

use serde_json::{Map, Value, json};

/// Makes a state of an earlier version one of the next, as often as it takes. What is no state stays what it is.
pub(super) fn migrate(state: &mut Value, from: u32) {
    if from < 2 {
        each(state.get_mut("instances"), to_version_2);
    }
}

fn to_version_2(instance: &mut Map<String, Value>) {
    if let Some(Value::Object(signed_in)) = instance.get_mut("signed_in") {
        let mut taken = |name: &str| signed_in.shift_remove(name).unwrap_or_default();
        let (way, stays, key) = (taken("way"), taken("stays"), taken("key"));
        let how = match way.as_str() {
            Some("api_key") => json!({ "way": "api_key", "key": key }),
            Some("ldap") => json!({ "way": "password", "provider": "ldap", "stays": stays == true }),
            _ => json!({ "way": "password", "provider": "db", "stays": stays == true }),
        };
        signed_in.insert("how".to_owned(), how);
        // A session by a key that is not named is none.
        if way == "api_key" && key.is_null() {
            instance.insert("signed_in".to_owned(), Value::Null);
        }
    }
    each(instance.get_mut("keys"), |record| {
        let stored = record.get("stored").and_then(Value::as_bool).unwrap_or(true);
        record.insert("stored".to_owned(), if stored { "keychain".into() } else { Value::Null });
    });
}

fn each(list: Option<&mut Value>, change: impl Fn(&mut Map<String, Value>)) {
    let items = list.and_then(Value::as_array_mut).into_iter().flatten();
    items.filter_map(Value::as_object_mut).for_each(change);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_to_be_in_and_each_record_becomes_what_it_means() {
        let user = json!({ "id": 1, "username": "jane", "roles": [] });
        let before = |way: &str, stays: bool, key: Value| json!({ "user": user, "way": way, "stays": stays, "key": key });
        let after = |how: Value| json!({ "user": user, "how": how });
        for (signed_in, expected) in [
            (
                before("password", true, Value::Null),
                after(json!({ "way": "password", "provider": "db", "stays": true })),
            ),
            (
                before("ldap", false, Value::Null),
                after(json!({ "way": "password", "provider": "ldap", "stays": false })),
            ),
            (before("api_key", false, "k".into()), after(json!({ "way": "api_key", "key": "k" }))),
            (before("api_key", false, Value::Null), Value::Null),
            (Value::Null, Value::Null),
        ] {
            let keys = json!([{ "stored": true }, { "stored": false }, { "id": "older" }]);
            let mut state = json!({ "instances": [{ "signed_in": signed_in, "keys": keys, "tomorrow": 1 }] });
            migrate(&mut state, 1);
            let [instance] = &state["instances"].as_array().unwrap()[..] else { panic!() };
            assert_eq!(instance["signed_in"], expected);
            let stored: Vec<_> =
                instance["keys"].as_array().unwrap().iter().map(|key| &key["stored"]).collect();
            assert_eq!(stored, [&json!("keychain"), &Value::Null, &json!("keychain")]);
            assert_eq!(instance["tomorrow"], 1);
        }
    }

    #[test]
    fn what_is_no_state_stays_what_it_is() {
        for text in [
            "null",
            "[]",
            "{}",
            r#"{"instances": 7}"#,
            r#"{"instances": [7, null, {"keys": 7, "signed_in": 7}]}"#,
        ] {
            let mut state: Value = serde_json::from_str(text).unwrap();
            migrate(&mut state, 1);
        }
    }
}
