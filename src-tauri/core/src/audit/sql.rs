//! SQL for whoever owns Superset's metadata database, and what a connection's login is asked.
//!
//! The texts are files in `sql/`, so that a database's owner reads what will run. Names, times and hashes of keys never
//! stand in them: what comes from outside is a uuid, and one that does not look like one is refused.

use crate::ids::ApiKeyId;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// What the audit reads, in any database: a view, and the dataset made of it.
pub const VIEW: &str = "superset_key_audit";
/// The login that reads it.
pub const AUDITOR: &str = "superset_key_auditor";

/// What the view shows.
pub const VIEW_COLUMNS: [&str; 17] = [
    "id",
    "uuid",
    "name",
    "scopes",
    "active",
    "created_on",
    "expires_on",
    "revoked_on",
    "last_used_on",
    "user_id",
    "username",
    "first_name",
    "last_name",
    "email",
    "user_active",
    "last_login",
    "roles",
];

/// A database that Superset keeps its metadata in.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Dialect {
    Postgresql,
    /// `MariaDB` too: Superset calls both so, unless it is told `mariadb`.
    Mysql,
    /// For trials: it has no logins whose rights could be held down.
    Sqlite,
}

/// A text to run, and the one that takes it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Script {
    pub run: &'static str,
    pub undo: &'static str,
}

impl Dialect {
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// By `SQLAlchemy`'s name of the dialect; none where Superset does not keep its metadata.
    #[must_use]
    pub fn of_backend(backend: &str) -> Option<Self> {
        match backend {
            "postgresql" => Some(Self::Postgresql),
            "mysql" | "mariadb" => Some(Self::Mysql),
            "sqlite" => Some(Self::Sqlite),
            _ => None,
        }
    }

    /// Makes the view and a login that can read nothing else. Safe to run again.
    #[must_use]
    pub fn view(self) -> Script {
        match self {
            Self::Postgresql => Script {
                run: include_str!("sql/postgresql.sql"),
                undo: include_str!("sql/postgresql_drop.sql"),
            },
            Self::Mysql => {
                Script { run: include_str!("sql/mysql.sql"), undo: include_str!("sql/mysql_drop.sql") }
            }
            Self::Sqlite => {
                Script { run: include_str!("sql/sqlite.sql"), undo: include_str!("sql/sqlite_drop.sql") }
            }
        }
    }

    /// The same without a view, by rights on single columns.
    #[must_use]
    pub fn columns(self) -> Option<Script> {
        (self == Self::Postgresql).then_some(Script {
            run: include_str!("sql/postgresql_columns.sql"),
            undo: include_str!("sql/postgresql_drop.sql"),
        })
    }

    /// A function that revokes one key and does nothing else, with a login of its own that may call it.
    #[must_use]
    pub fn revoking_function(self) -> Option<Script> {
        (self == Self::Postgresql).then_some(Script {
            run: include_str!("sql/revoke_postgresql.sql"),
            undo: include_str!("sql/revoke_postgresql_drop.sql"),
        })
    }

    /// Asks what the login may; one row, see [`super::login::RightsWire`]. None where there are no logins.
    #[must_use]
    pub fn rights(self) -> Option<&'static str> {
        match self {
            Self::Postgresql => Some(include_str!("sql/may_postgresql.sql")),
            Self::Mysql => Some(include_str!("sql/may_mysql.sql")),
            Self::Sqlite => None,
        }
    }

    /// Superset's own view of now, as far as a database can tell it: any time revokes a key, and this one says about
    /// when. `LOCALTIMESTAMP` is the database's clock, which may be another than the server's.
    fn now(self) -> &'static str {
        match self {
            Self::Postgresql | Self::Mysql => "LOCALTIMESTAMP",
            Self::Sqlite => "CURRENT_TIMESTAMP",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Postgresql => "PostgreSQL",
            Self::Mysql => "MySQL or MariaDB",
            Self::Sqlite => "SQLite",
        }
    }
}

/// A key's uuid, and nothing that SQL could take for more: 32 hexadecimal digits in their five groups.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyUuid(String);

impl KeyUuid {
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_right = text.len() == 36
            && text.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            });
        // Superset stores them in small letters, and compares them as text.
        is_right.then(|| Self(text.to_ascii_lowercase()))
    }

    #[must_use]
    pub fn of(key: &ApiKeyId) -> Option<Self> {
        Self::parse(key.as_str())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The same by keys' numbers. None also where one of them is no uuid: nothing is left out without a word.
#[must_use]
pub fn revoke_all(dialect: Dialect, keys: &[ApiKeyId]) -> Option<String> {
    let keys: Option<Vec<_>> = keys.iter().map(KeyUuid::of).collect();
    revoke(dialect, &keys?)
}

/// What the database's owner runs to revoke these keys: Superset refuses each at its next request, and keys that were
/// revoked before keep their time. None without a key.
#[must_use]
pub fn revoke(dialect: Dialect, keys: &[KeyUuid]) -> Option<String> {
    let mut keys = keys.to_vec();
    keys.sort_unstable();
    keys.dedup();
    let (last, others) = keys.split_last()?;
    let what = if others.is_empty() { "1 API key".to_owned() } else { format!("{} API keys", keys.len()) };
    let mut text = format!(
        "-- Superset Keys: revokes {what}, for good. Run it in Superset's metadata database ({}), as its owner.\n\
         UPDATE ab_api_key SET revoked_on = {}\n WHERE revoked_on IS NULL\n   AND uuid IN (\n",
        dialect.name(),
        dialect.now(),
    );
    for key in others {
        let _ = writeln!(text, "     '{}',", key.0);
    }
    let _ = writeln!(text, "     '{}'\n   );", last.0);
    Some(text)
}

/// Calls the function of [`Dialect::revoking_function`]: for SQL Lab, where its connection commits.
#[must_use]
pub fn revoke_by_function(key: &KeyUuid) -> String {
    format!("SELECT public.superset_revoke_key('{}') AS revoked", key.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn uuid(number: u128) -> KeyUuid {
        let hex = format!("{number:032x}");
        let groups = [0..8, 8..12, 12..16, 16..20, 20..32].map(|group| &hex[group]);
        KeyUuid::parse(&groups.join("-")).unwrap()
    }

    #[test]
    fn each_key_is_named_once_and_none_revoked_before_is_touched() {
        let text = revoke(Dialect::Postgresql, &[uuid(2), uuid(1), uuid(2)]).unwrap();
        assert_eq!(
            text,
            "-- Superset Keys: revokes 2 API keys, for good. Run it in Superset's metadata database (PostgreSQL), as its owner.\n\
             UPDATE ab_api_key SET revoked_on = LOCALTIMESTAMP\n WHERE revoked_on IS NULL\n   AND uuid IN (\n     \
             '00000000-0000-0000-0000-000000000001',\n     '00000000-0000-0000-0000-000000000002'\n   );\n"
        );
        assert!(revoke(Dialect::Sqlite, &[uuid(1)]).unwrap().contains("revokes 1 API key, for good"));
        assert_eq!(revoke(Dialect::Mysql, &[]), None);
    }

    #[test]
    fn no_text_names_what_it_must_not_read() {
        for dialect in Dialect::ALL {
            let texts = [Some(dialect.view()), dialect.columns()];
            for text in texts.into_iter().flatten().map(|script| script.run) {
                let code: String = text.lines().filter(|line| !line.starts_with("--")).collect();
                for hidden in ["hash", "key_prefix", "u.password", "dbs", "encrypted"] {
                    assert!(!code.contains(hidden), "{dialect}: {hidden}");
                }
            }
        }
    }

    #[test]
    fn a_login_comes_without_a_password_that_somebody_could_forget_to_change() {
        for text in [Dialect::Postgresql.view().run, Dialect::Mysql.view().run] {
            let code: String = text.lines().filter(|line| !line.trim_start().starts_with("--")).collect();
            assert!(!code.to_ascii_uppercase().contains("PASSWORD"), "{text}");
            assert!(!code.to_ascii_uppercase().contains("IDENTIFIED"), "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_but_a_uuid_gets_into_sql(text in "\\PC{0,60}|[0-9a-f-]{30,40}|[0-9a-fA-F]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{11,13}.?") {
            if let Some(key) = KeyUuid::parse(&text) {
                for dialect in Dialect::ALL {
                    let sql = revoke(*dialect, std::slice::from_ref(&key)).unwrap();
                    let quoted: Vec<&str> = sql.lines().last().into_iter().chain(sql.lines().rev().nth(1)).collect();
                    let line = format!("     '{}'", text.to_ascii_lowercase());
                    prop_assert_eq!(quoted, vec!["   );", line.as_str()]);
                    prop_assert_eq!(sql.matches('\'').count(), 3, "one of them in the comment's name");
                }
                prop_assert!(text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-'));
            }
        }
    }
}
