//! The two ways to read everybody's keys, and what is asked for. Hashes never are.

use super::sql::{Dialect, VIEW};
use serde::{Deserialize, Serialize};

/// What is read, of the view or by joining its tables.
pub const COLUMNS: [&str; 15] = [
    "id",
    "uuid",
    "name",
    "scopes",
    "created_on",
    "expires_on",
    "revoked_on",
    "last_used_on",
    "user_id",
    "username",
    "first_name",
    "last_name",
    "user_active",
    "last_login",
    "roles",
];

/// A way to read everybody's keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Road {
    /// Chart data on a dataset of the view.
    Dataset { id: i32 },
    /// SQL Lab on a registered connection.
    SqlLab { database: i32, name: String, dialect: Dialect, schema: String, source: Source },
}

/// What a connection shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    View,
    /// Superset's own tables, by single columns.
    Tables,
}

impl Source {
    /// The rows behind `after`, in their order. No `LIMIT`: Superset's own overrules it.
    #[must_use]
    pub fn query(self, dialect: Dialect, schema: &str, columns: &[&str], after: i64) -> String {
        let named =
            |table: &str| if is_plain(schema) { format!("{schema}.{table}") } else { table.to_owned() };
        match self {
            Self::View => {
                let (columns, view) = (columns.join(", "), named(VIEW));
                format!("SELECT {columns} FROM {view} WHERE id > {after} ORDER BY id")
            }
            Self::Tables => {
                let columns: Vec<_> =
                    columns.iter().map(|column| of_tables(column, dialect, &named)).collect();
                let (columns, keys, people) = (columns.join(", "), named("ab_api_key"), named("ab_user"));
                format!(
                    "SELECT {columns} FROM {keys} k JOIN {people} u ON u.id = k.user_id WHERE k.id > {after} ORDER BY k.id"
                )
            }
        }
    }
}

/// A name that needs no quotes in any database; others are left to the connection's own search path.
fn is_plain(schema: &str) -> bool {
    let letters =
        schema.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    letters && schema.bytes().next().is_some_and(|first| first.is_ascii_lowercase())
}

fn of_tables(column: &str, dialect: Dialect, named: &impl Fn(&str) -> String) -> String {
    let of = match column {
        "user_id" => return "u.id AS user_id".to_owned(),
        "user_active" => return "u.active AS user_active".to_owned(),
        "roles" => return format!("({}) AS roles", roles(dialect, named)),
        "username" | "first_name" | "last_name" | "last_login" => "u",
        _ => "k",
    };
    format!("{of}.{column} AS {column}")
}

/// Those given to a person themselves. What comes by groups takes rights on more tables.
fn roles(dialect: Dialect, named: &impl Fn(&str) -> String) -> String {
    let joined = match dialect {
        Dialect::Postgresql => "string_agg(r.name, ',')",
        Dialect::Mysql | Dialect::Sqlite => "group_concat(r.name)",
    };
    let (given, all) = (named("ab_user_role"), named("ab_role"));
    format!("SELECT {joined} FROM {given} ur JOIN {all} r ON r.id = ur.role_id WHERE ur.user_id = u.id")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_query_asks_for_a_hash_or_a_password_or_for_everything() {
        for dialect in Dialect::ALL {
            for source in [Source::View, Source::Tables] {
                let query = source.query(*dialect, "public", &COLUMNS, 7);
                let spoken = query.to_ascii_lowercase();
                assert!(
                    !["hash", "password", "*", "email", "limit", ";"]
                        .iter()
                        .any(|word| spoken.contains(word)),
                    "{query}"
                );
                assert!(query.contains("id > 7"), "{query}");
            }
        }
    }

    #[test]
    fn both_sources_answer_the_same_columns() {
        let query = Source::Tables.query(Dialect::Postgresql, "main", &COLUMNS, 0);
        for column in COLUMNS {
            assert!(query.contains(&format!(" AS {column}")), "{column}: {query}");
        }
    }

    #[test]
    fn a_schema_of_another_kind_of_name_is_left_out() {
        let from = |schema: &str| Source::View.query(Dialect::Mysql, schema, &["id"], -1);
        assert_eq!(
            from("superset_2"),
            "SELECT id FROM superset_2.superset_key_audit WHERE id > -1 ORDER BY id"
        );
        for schema in ["", "My Schema", "a;b", "a\"b", "2a", "Ä"] {
            assert_eq!(
                from(schema),
                "SELECT id FROM superset_key_audit WHERE id > -1 ORDER BY id",
                "{schema}"
            );
        }
    }
}
