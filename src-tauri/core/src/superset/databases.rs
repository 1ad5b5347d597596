//! `/api/v1/database/`: the databases that are registered in Superset, as far as the caller may see them (6.1.0).

use super::client::Superset;
use super::pages::{forbidden, quoted};
use super::problem::read;
use super::rows::why_none;
use crate::error::{Error, Result};
use crate::http::Auth;
use crate::transport::Site;
use serde::Deserialize;

const PATH: &str = "api/v1/database/";
const PERMISSION: &str = "can_read on Database";

/// A registered database: Superset's connection, with a login of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    pub id: i32,
    pub name: String,
    /// `postgresql`, `mysql`, `sqlite`: `SQLAlchemy`'s name of the dialect.
    pub backend: String,
    pub is_in_sql_lab: bool,
}

#[derive(Deserialize)]
struct DatabaseWire {
    id: i32,
    database_name: Option<String>,
    backend: Option<String>,
    expose_in_sqllab: Option<bool>,
}

impl From<DatabaseWire> for Database {
    fn from(wire: DatabaseWire) -> Self {
        Self {
            id: wire.id,
            name: wire.database_name.unwrap_or_default(),
            backend: wire.backend.unwrap_or_default(),
            is_in_sql_lab: wire.expose_in_sqllab.unwrap_or_default(),
        }
    }
}

#[derive(Deserialize)]
struct TablesWire {
    result: Vec<TableWire>,
}

#[derive(Deserialize)]
struct TableWire {
    value: String,
}

#[derive(Deserialize)]
struct SchemasWire {
    result: Vec<String>,
}

impl Superset {
    /// All databases that the caller sees.
    ///
    /// # Errors
    /// [`Error::SetUpForbidden`] without `can_read` on `Database`.
    pub async fn databases(&self, site: &Site, auth: Auth<'_>) -> Result<Vec<Database>> {
        let asked = "columns:!(id,database_name,backend,expose_in_sqllab),order_column:database_name,order_direction:asc";
        let rows: Vec<DatabaseWire> = self.pages(site, auth, PATH, asked, PERMISSION).await?;
        Ok(rows.into_iter().map(Database::from).collect())
    }

    /// Names of tables and views in one schema, also of those that the connection's login cannot read. The database
    /// itself is asked: one that is gone is [`Error::QueryFailed`].
    pub async fn tables(
        &self,
        site: &Site,
        auth: Auth<'_>,
        database: i32,
        schema: &str,
    ) -> Result<Vec<String>> {
        let query = format!("(force:!t,schema_name:{})", quoted(schema));
        let tables: TablesWire = self.about_database(site, auth, database, "tables/", &query).await?;
        Ok(tables.result.into_iter().map(|table| table.value).collect())
    }

    /// Names of a database's schemas.
    pub async fn schemas(&self, site: &Site, auth: Auth<'_>, database: i32) -> Result<Vec<String>> {
        let schemas: SchemasWire =
            self.about_database(site, auth, database, "schemas/", "(force:!t)").await?;
        Ok(schemas.result)
    }

    async fn about_database<T: serde::de::DeserializeOwned>(
        &self,
        site: &Site,
        auth: Auth<'_>,
        database: i32,
        what: &str,
        query: &str,
    ) -> Result<T> {
        let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
        let site = site.join(&format!("{PATH}{database}/{what}?q={query}"));
        let answer = self.get(site.clone(), auth).await?;
        match answer.status {
            200 => read(&answer, &site, "database"),
            404 if answer.is_json() => Err(Error::NoSuchConnection { name: database.to_string() }),
            _ => Err(forbidden(why_none(&answer, &site, auth), PERMISSION)),
        }
    }
}
