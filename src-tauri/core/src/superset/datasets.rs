//! `/api/v1/dataset/`: what charts are made of (Superset 6.1.0).

use super::client::Superset;
use super::pages::{forbidden, quoted};
use super::problem::{Problem, read, reason};
use super::rows::why_none;
use crate::error::{Error, Result};
use crate::http::{Auth, Call, Csrf};
use crate::transport::Site;
use serde::{Deserialize, Serialize};

const PATH: &str = "api/v1/dataset/";
const MAY_READ: &str = "can_read on Dataset";
const MAY_WRITE: &str = "can_write on Dataset";

/// A dataset that the caller sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    pub id: i32,
    pub schema: Option<String>,
    /// Made of a query instead of a table or view.
    pub is_virtual: bool,
    /// The database it lies in, and what Superset calls that.
    pub database: i32,
    pub database_name: String,
}

#[derive(Deserialize)]
struct DatasetWire {
    id: i32,
    table_name: Option<String>,
    schema: Option<String>,
    kind: Option<String>,
    database: DatabaseWire,
}

#[derive(Deserialize)]
struct DatabaseWire {
    id: i32,
    database_name: Option<String>,
}

#[derive(Serialize)]
struct NewWire<'a> {
    database: i32,
    schema: Option<&'a str>,
    table_name: &'a str,
}

#[derive(Deserialize)]
struct MadeWire {
    id: i32,
}

/// What a dataset is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetForm {
    /// `SQLAlchemy`'s name of the database's dialect.
    pub backend: String,
    /// As Superset read them when the dataset was made, or refreshed.
    pub columns: Vec<String>,
}

#[derive(Deserialize)]
struct ResultWire<T> {
    result: T,
}

#[derive(Deserialize)]
struct FormWire {
    database: BackendWire,
    columns: Vec<ColumnWire>,
}

#[derive(Deserialize)]
struct BackendWire {
    backend: Option<String>,
}

#[derive(Deserialize)]
struct ColumnWire {
    column_name: String,
}

/// What came of making a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    New(i32),
    /// There is one of that table already, perhaps one that the caller does not see.
    Already,
    /// The connection's login does not see that table or view.
    NoSuchTable,
}

impl Superset {
    /// The datasets of that name that the caller sees, oldest first.
    ///
    /// # Errors
    /// [`Error::SetUpForbidden`] without `can_read` on `Dataset`.
    pub async fn datasets_called(&self, site: &Site, auth: Auth<'_>, name: &str) -> Result<Vec<Dataset>> {
        let asked = format!(
            "columns:!(id,table_name,schema,kind,database.id,database.database_name),\
             filters:!((col:table_name,opr:eq,value:{}))",
            quoted(name)
        );
        let mut rows: Vec<DatasetWire> = self.pages(site, auth, PATH, &asked, MAY_READ).await?;
        rows.retain(|row| row.table_name.as_deref() == Some(name));
        rows.sort_unstable_by_key(|row| row.id);
        Ok(rows.into_iter().map(Dataset::from).collect())
    }

    /// What a dataset is made of; none where the caller does not see it.
    ///
    /// # Errors
    /// [`Error::SetUpForbidden`] without `can_read` on `Dataset`.
    pub async fn dataset_form(&self, site: &Site, auth: Auth<'_>, id: i32) -> Result<Option<DatasetForm>> {
        let site = site.join(&format!("{PATH}{id}?q=(columns:!(id,database.backend,columns.column_name))"));
        let answer = self.get(site.clone(), auth).await?;
        match answer.status {
            200 => {}
            404 if answer.is_json() => return Ok(None),
            _ => return Err(forbidden(reason(&answer, &site, auth), MAY_READ)),
        }
        let ResultWire { result } = read::<ResultWire<FormWire>>(&answer, &site, "dataset")?;
        Ok(Some(DatasetForm {
            backend: result.database.backend.unwrap_or_default(),
            columns: result.columns.into_iter().map(|column| column.column_name).collect(),
        }))
    }

    /// Lets Superset read a dataset's columns anew, after its view was made anew.
    ///
    /// # Errors
    /// [`Error::SetUpForbidden`] without `can_write` on `Dataset`, or on a dataset of somebody else's.
    pub async fn refresh_dataset(&self, site: &Site, auth: Auth<'_>, csrf: &Csrf, id: i32) -> Result<()> {
        let site = site.join(&format!("{PATH}{id}/refresh"));
        let call = Call::new(reqwest::Method::PUT, site.clone()).auth(auth).csrf(csrf);
        let answer = self.http.send(&call).await?;
        if answer.status != 200 {
            return Err(forbidden(why_none(&answer, &site, auth), MAY_WRITE));
        }
        Ok(())
    }

    /// Makes a dataset of a table or view. Superset reads its columns there and then.
    ///
    /// # Errors
    /// [`Error::SetUpForbidden`] without `can_write` on `Dataset`.
    pub async fn make_dataset(
        &self,
        site: &Site,
        auth: Auth<'_>,
        csrf: &Csrf,
        database: i32,
        schema: Option<&str>,
        table: &str,
    ) -> Result<Made> {
        let site = site.join(PATH);
        let wire = NewWire { database, schema, table_name: table };
        let answer = self.http.send(&Call::post(site.clone(), &wire)?.auth(auth).csrf(csrf)).await?;
        match (answer.status, Problem::of(&answer)) {
            (201, _) => read(&answer, &site, "dataset").map(|made: MadeWire| Made::New(made.id)),
            (422, problem) if problem.names("table") => {
                let exists = memchr::memmem::find(&answer.body, b"already exists").is_some();
                Ok(if exists { Made::Already } else { Made::NoSuchTable })
            }
            (422, problem) if problem.names("database") => {
                Err(Error::NoSuchConnection { name: database.to_string() })
            }
            _ => Err(forbidden(why_none(&answer, &site, auth), MAY_WRITE)),
        }
    }
}

impl From<DatasetWire> for Dataset {
    fn from(wire: DatasetWire) -> Self {
        Self {
            id: wire.id,
            schema: wire.schema.filter(|schema| !schema.is_empty()),
            is_virtual: wire.kind.as_deref() == Some("virtual"),
            database: wire.database.id,
            database_name: wire.database.database_name.unwrap_or_default(),
        }
    }
}
