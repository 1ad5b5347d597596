//! Which of the server's databases show everybody's keys.

use crate::Core;
use crate::audit::sql::{Dialect, VIEW};
use crate::error::{Error, Result, Unreachable};
use crate::store::Instance;
use crate::superset::Database;
use futures_util::future::join_all;
use serde::{Deserialize, Serialize};

/// Superset's own table of keys.
const KEYS: &str = "ab_api_key";
/// More schemas than Superset's metadata has beside it.
const MOST_SCHEMAS: usize = 12;
/// More databases of one kind than are looked into.
const MOST_DATABASES: usize = 40;

/// What of everybody's keys a database shows, and in which schema. Names are seen without a right to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Shows {
    View {
        schema: String,
    },
    /// Superset's own tables, without the view.
    Tables {
        schema: String,
    },
    Neither,
    /// It did not answer.
    Unknown,
}

impl Core {
    /// The databases that Superset could keep its metadata in, and what each shows, in the order of their names.
    pub(super) async fn look_into_databases(&self, instance: &Instance) -> Result<Vec<(Database, Shows)>> {
        let all = self
            .with_session(instance, |by| async move { self.superset.databases(&by.site, by.auth()).await })
            .await?;
        let known = all.into_iter().filter(|database| Dialect::of_backend(&database.backend).is_some());
        let looked = known.take(MOST_DATABASES).map(|database| async {
            let shows = self.what_it_shows(instance, &database).await?;
            Ok((database, shows))
        });
        join_all(looked).await.into_iter().collect()
    }

    pub(super) async fn what_it_shows(&self, instance: &Instance, database: &Database) -> Result<Shows> {
        match self.search_schemas(instance, database).await {
            Err(
                error @ (Error::QueryFailed { .. }
                | Error::ServerFault { .. }
                | Error::NoSuchConnection { .. }
                | Error::UnexpectedAnswer { .. }
                | Error::Unreachable { kind: Unreachable::TimedOut, .. }
                | Error::ProxyAnswered { .. }
                | Error::SetUpForbidden { .. }),
            ) => {
                tracing::info!(%error, database = database.id, "a database did not show what is in it");
                Ok(Shows::Unknown)
            }
            found => found,
        }
    }

    async fn search_schemas(&self, instance: &Instance, database: &Database) -> Result<Shows> {
        let id = database.id;
        let schemas = self
            .with_session(instance, |by| async move { self.superset.schemas(&by.site, by.auth(), id).await })
            .await?;
        let mut tables = None;
        for schema in in_order(schemas) {
            let looked_into = schema.as_str();
            let there = self
                .with_session(instance, |by| async move {
                    self.superset.tables(&by.site, by.auth(), id, looked_into).await
                })
                .await?;
            if there.iter().any(|name| name == VIEW) {
                return Ok(Shows::View { schema });
            }
            if tables.is_none() && there.iter().any(|name| name == KEYS) {
                tables = Some(schema);
            }
        }
        Ok(tables.map_or(Shows::Neither, |schema| Shows::Tables { schema }))
    }
}

/// The usual one first, and none that belongs to the database itself.
fn in_order(mut schemas: Vec<String>) -> Vec<String> {
    let own = ["information_schema", "mysql", "performance_schema", "sys"];
    schemas.retain(|schema| !own.contains(&schema.as_str()) && !schema.starts_with("pg_"));
    schemas.sort_by_key(|schema| !matches!(schema.as_str(), "public" | "main"));
    schemas.truncate(MOST_SCHEMAS);
    schemas
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_schema_comes_first_and_the_databases_own_never() {
        let schemas = ["analytics", "information_schema", "pg_toast", "public"].map(str::to_owned).to_vec();
        assert_eq!(in_order(schemas), ["public", "analytics"]);
    }
}
