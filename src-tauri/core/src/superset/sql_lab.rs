//! `/api/v1/sqllab/execute/`: a query on a registered database. It takes `can_execute_sql_query` on `SQLLab`, access to
//! the database and a CSRF token, and leaves a row in the query history (Superset 6.1.0).

use super::client::Superset;
use super::problem::read;
use super::rows::{Rows, why_none};
use crate::error::Result;
use crate::http::{Auth, Call, Csrf};
use crate::transport::Site;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

const PATH: &str = "api/v1/sqllab/execute/";

/// A query. A `LIMIT` in its text is overruled by `limit`, an `OFFSET` is not (6.1.0): pages are made by `WHERE`.
#[derive(Debug, Clone, Copy)]
pub struct SqlQuery<'a> {
    pub database: i32,
    pub sql: &'a str,
    /// At most 10,000 are shown, whatever is asked for (`DISPLAY_MAX_ROW`).
    pub limit: u32,
    /// Fresh for each query: [`client_id`].
    pub client: &'a str,
}

/// What Superset takes for a query's id: eleven letters at most, none twice.
#[must_use]
pub fn client_id(random: u128) -> String {
    format!("{:011x}", random & 0xfff_ffff_ffff)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct QueryWire<'a> {
    #[serde(rename = "database_id")]
    database: i32,
    sql: &'a str,
    run_async: bool,
    query_limit: u32,
    #[serde(rename = "client_id")]
    client: &'a str,
}

#[derive(Deserialize)]
struct AnswerWire<T> {
    data: Vec<T>,
    columns: Vec<ColumnWire>,
}

#[derive(Deserialize)]
struct ColumnWire {
    name: String,
}

impl Superset {
    /// Runs a query that reads. What it changes is rolled back, while the answer says it was done (6.1.0).
    ///
    /// # Errors
    /// [`crate::Error::Forbidden`], [`crate::Error::QueryFailed`].
    pub async fn run_sql<T: DeserializeOwned>(
        &self,
        site: &Site,
        auth: Auth<'_>,
        csrf: &Csrf,
        query: SqlQuery<'_>,
    ) -> Result<Rows<T>> {
        let SqlQuery { database, sql, limit, client } = query;
        let site = site.join(PATH);
        let wire = QueryWire { database, sql, run_async: false, query_limit: limit, client };
        let answer = self.http.send(&Call::post(site.clone(), &wire)?.auth(auth).csrf(csrf)).await?;
        if answer.status != 200 {
            return Err(why_none(&answer, &site, auth));
        }
        let AnswerWire { data, columns } = read(&answer, &site, "query")?;
        Ok(Rows { columns: columns.into_iter().map(|column| column.name).collect(), rows: data })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_id_fits_and_differs() {
        assert_eq!([client_id(0), client_id(u128::MAX)], ["00000000000", "fffffffffff"]);
        assert_ne!(client_id(1), client_id(2));
    }
}
