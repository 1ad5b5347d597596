//! What the view shows, read from either road.
//!
//! Times are the server's local time without a zone. Chart data on `PostgreSQL` sends them as milliseconds, counted as if
//! they were UTC; SQL Lab, and `SQLite`, as text. Truth is `true` or 1 (Superset 6.1.0).

use crate::clock::WallTime;
use crate::ids::ApiKeyId;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::collections::HashMap;

/// One row as it comes. A column that is missing is an error, and never taken for an empty one.
#[derive(Debug, Deserialize)]
pub struct AuditedRow {
    pub id: i64,
    uuid: String,
    #[serde(deserialize_with = "text")]
    name: Option<String>,
    #[serde(deserialize_with = "text")]
    scopes: Option<String>,
    #[serde(deserialize_with = "wall_time")]
    created_on: Option<WallTime>,
    #[serde(deserialize_with = "wall_time")]
    expires_on: Option<WallTime>,
    #[serde(deserialize_with = "wall_time")]
    revoked_on: Option<WallTime>,
    #[serde(deserialize_with = "wall_time")]
    last_used_on: Option<WallTime>,
    user_id: i32,
    #[serde(deserialize_with = "text")]
    username: Option<String>,
    #[serde(deserialize_with = "text")]
    first_name: Option<String>,
    #[serde(deserialize_with = "text")]
    last_name: Option<String>,
    #[serde(deserialize_with = "truth")]
    user_active: Option<bool>,
    #[serde(deserialize_with = "wall_time")]
    last_login: Option<WallTime>,
    #[serde(deserialize_with = "text")]
    roles: Option<String>,
}

/// Somebody who has, or had, a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: i32,
    pub username: String,
    /// First and last name.
    pub name: String,
    pub active: Option<bool>,
    pub roles: Vec<String>,
    pub last_login: Option<WallTime>,
}

/// Somebody's key. Times are the server's wall times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditedKey {
    pub id: ApiKeyId,
    pub name: String,
    pub scopes: Option<String>,
    /// Whose: where in [`Audited::people`].
    pub owner: u32,
    pub created_on: Option<WallTime>,
    pub expires_on: Option<WallTime>,
    pub last_used_on: Option<WallTime>,
    pub revoked_on: Option<WallTime>,
}

/// Everybody's keys, and everybody, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audited {
    pub people: Vec<Person>,
    pub keys: Vec<AuditedKey>,
}

impl Audited {
    /// Takes what came together. Of a key that came twice, because a page was asked for again, the later row holds.
    #[must_use]
    pub fn of(rows: Vec<AuditedRow>) -> Self {
        let mut people = Vec::new();
        let mut owners = HashMap::new();
        let mut places: HashMap<ApiKeyId, usize> = HashMap::with_capacity(rows.len());
        let mut keys: Vec<AuditedKey> = Vec::with_capacity(rows.len());
        for row in rows {
            let owner = *owners.entry(row.user_id).or_insert_with(|| {
                people.push(row.person());
                u32::try_from(people.len() - 1).unwrap_or(u32::MAX)
            });
            let key = row.into_key(owner);
            if let Some(&place) = places.get(&key.id) {
                keys[place] = key;
            } else {
                places.insert(key.id.clone(), keys.len());
                keys.push(key);
            }
        }
        Self { people, keys }
    }

    #[must_use]
    pub fn owner(&self, key: &AuditedKey) -> Option<&Person> {
        self.people.get(usize::try_from(key.owner).ok()?)
    }
}

impl AuditedRow {
    fn person(&self) -> Person {
        let names = [&self.first_name, &self.last_name].into_iter().flatten();
        let names: Vec<_> = names.map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
        let roles = self.roles.iter().flat_map(|roles| roles.split(','));
        Person {
            id: self.user_id,
            username: self.username.clone().unwrap_or_default(),
            name: names.join(" "),
            active: self.user_active,
            roles: roles.map(str::trim).filter(|role| !role.is_empty()).map(str::to_owned).collect(),
            last_login: self.last_login,
        }
    }

    fn into_key(self, owner: u32) -> AuditedKey {
        AuditedKey {
            id: ApiKeyId::new(self.uuid),
            name: self.name.unwrap_or_default(),
            scopes: self.scopes.filter(|scopes| !scopes.is_empty()),
            owner,
            created_on: self.created_on,
            expires_on: self.expires_on,
            last_used_on: self.last_used_on,
            revoked_on: self.revoked_on,
        }
    }
}

/// Named, so that serde does not take a missing column for an empty one.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::<String>::deserialize(deserializer)
}

/// A time that cannot be read is an error: taken for none, it would make a revoked key look alive.
fn wall_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<WallTime>, D::Error> {
    let unreadable = || D::Error::custom("time");
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::String(text) => WallTime::parse(&text).map(Some).ok_or_else(unreadable),
        Value::Number(number) => {
            let milliseconds = number.as_i64().or_else(|| whole(number.as_f64()?));
            let instant =
                milliseconds.and_then(|milliseconds| Timestamp::from_millisecond(milliseconds).ok());
            let wall = instant.map(|instant| WallTime(TimeZone::UTC.to_datetime(instant)));
            wall.map(Some).ok_or_else(unreadable)
        }
        _ => Err(unreadable()),
    }
}

/// A number of milliseconds with a fraction behind it.
fn whole(number: f64) -> Option<i64> {
    // Year 9999 is 2.5e14; all below 2^53 is exact.
    #[allow(clippy::cast_possible_truncation, reason = "bounded before")]
    (number.abs() < 9e15).then_some(number.trunc() as i64)
}

fn truth<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::Bool(truth) => Ok(Some(truth)),
        Value::Number(number) if number.as_i64() == Some(0) => Ok(Some(false)),
        Value::Number(number) if number.as_i64() == Some(1) => Ok(Some(true)),
        _ => Err(D::Error::custom("truth")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn row() -> Value {
        json!({"id": 7, "uuid": "f472cb64-3719-4598-83a5-d56378a54f1f", "name": "etl", "scopes": null,
            "created_on": "2026-11-29T04:45:24.005596", "expires_on": null, "revoked_on": null,
            "last_used_on": 1_795_927_524_005_i64, "user_id": 3, "username": "jane", "first_name": "Jane",
            "last_name": "", "user_active": 1, "last_login": "2026-11-29 04:45:24", "roles": "Admin,Alpha"})
    }

    fn read(row: &Value) -> serde_json::Result<AuditedRow> {
        AuditedRow::deserialize(row)
    }

    fn with(column: &str, value: Value) -> Value {
        let mut row = row();
        row[column] = value;
        row
    }

    #[test]
    fn both_roads_spell_the_same() {
        let audited = Audited::of(vec![read(&row()).unwrap()]);
        let key = &audited.keys[0];
        let wall = |time: Option<WallTime>| time.map(WallTime::to_wire).unwrap_or_default();
        assert_eq!(wall(key.created_on), "2026-11-29T04:45:24");
        assert_eq!(wall(key.last_used_on), "2026-11-29T04:45:24", "milliseconds as if UTC");
        let owner = audited.owner(key).unwrap();
        assert_eq!((owner.name.as_str(), owner.active), ("Jane", Some(true)));
        assert_eq!(owner.roles, ["Admin", "Alpha"]);
        let fraction = read(&with("last_used_on", json!(1_795_927_524_005.596))).unwrap();
        assert_eq!(wall(fraction.last_used_on), "2026-11-29T04:45:24");
        for (told, active) in [(json!(true), Some(true)), (json!(0), Some(false)), (json!(null), None)] {
            assert_eq!(read(&with("user_active", told)).unwrap().user_active, active);
        }
    }

    #[test]
    fn a_missing_column_is_an_error_and_never_an_empty_one() {
        let row = row();
        for column in row.as_object().unwrap().keys() {
            let mut without = row.clone();
            without.as_object_mut().unwrap().shift_remove(column);
            assert!(read(&without).is_err(), "{column}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        for (column, value) in [
            ("revoked_on", json!("yesterday")),
            ("revoked_on", json!("2026-11-29T04:45:24+09:00")),
            ("revoked_on", json!(true)),
            ("revoked_on", json!(1e300)),
            ("user_active", json!("yes")),
            ("user_active", json!(2)),
            ("user_id", json!(null)),
            ("uuid", json!(null)),
        ] {
            assert!(read(&with(column, value.clone())).is_err(), "{column} {value}");
        }
    }

    #[test]
    fn people_are_there_once_and_of_a_key_that_came_twice_the_later_row_holds() {
        let mut other = with("uuid", json!("uuid-2"));
        other["id"] = json!(8);
        let rows = [row(), other, with("revoked_on", json!("2026-11-30T00:00:00"))];
        let audited = Audited::of(rows.iter().map(|row| read(row).unwrap()).collect());
        assert_eq!((audited.people.len(), audited.keys.len()), (1, 2));
        assert!(audited.keys[0].revoked_on.is_some());
    }

    proptest! {
        #[test]
        fn any_number_is_a_time_or_refused_without_panic(number in any::<f64>(), whole in any::<i64>()) {
            let _ = read(&with("created_on", json!(number)));
            let _ = read(&with("created_on", json!(whole)));
        }

        #[test]
        fn any_text_is_a_time_or_refused_without_panic(text in "\\PC{0,30}") {
            let _ = read(&with("created_on", json!(text)));
        }
    }
}
