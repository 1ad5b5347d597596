//! `/api/v1/dashboard/`: dashboards, what they are made of, and where they may be embedded (Superset 6.1.0).

use super::client::Superset;
use super::pages::forbidden;
use super::problem::{Problem, read, reason};
use crate::error::Result;
use crate::http::{Answer, Auth, Call, Csrf};
use crate::transport::Site;
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;

const PATH: &str = "api/v1/dashboard/";
const EMBEDDED: &str = "api/v1/embedded_dashboard/";
const MAY_READ: &str = "can_read on Dashboard";
const MAY_READ_EMBEDDED: &str = "can_read on EmbeddedDashboard";
const MAY_EMBED: &str = "can_set_embedded on Dashboard";

/// A dashboard that the caller sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dashboard {
    pub id: i32,
    /// Its own, which is not that of its embedding.
    pub uuid: Option<String>,
    pub title: String,
    pub published: bool,
}

/// A dataset that charts of a dashboard read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DashboardDataset {
    pub id: i32,
    pub name: String,
    /// `SQLAlchemy`'s name of the database's dialect: `postgresql`.
    pub backend: Option<String>,
    /// The columns that its charts use: no others are told with a dashboard.
    pub used: Vec<String>,
    /// All that it has, where that was asked for and is told.
    pub columns: Option<Vec<String>>,
}

/// A chart on a dashboard.
#[derive(Debug, Clone, PartialEq)]
pub struct DashboardChart {
    pub id: i32,
    pub name: String,
    /// The dataset it reads, of its `datasource`: `7__table`.
    pub dataset: Option<i32>,
    /// As Superset draws it from.
    pub form_data: Value,
}

/// That a dashboard may be embedded, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embedding {
    /// What host pages and guest tokens name it by.
    pub uuid: String,
    /// None of them: every site may.
    pub sites: Vec<String>,
}

#[derive(Deserialize)]
struct RowWire {
    id: i32,
    uuid: Option<String>,
    dashboard_title: Option<String>,
    #[serde(default)]
    published: Option<bool>,
}

#[derive(Deserialize)]
struct ResultWire<T> {
    result: T,
}

#[derive(Deserialize)]
struct DatasetWire {
    id: i32,
    table_name: Option<String>,
    name: Option<String>,
    database: Option<DatabaseWire>,
    #[serde(default)]
    columns: Vec<ColumnWire>,
}

#[derive(Deserialize)]
struct DatabaseWire {
    backend: Option<String>,
}

#[derive(Deserialize)]
struct ColumnWire {
    column_name: Option<String>,
}

#[derive(Deserialize)]
struct ChartWire {
    id: i32,
    slice_name: Option<String>,
    #[serde(default)]
    form_data: Value,
}

#[derive(Deserialize)]
struct EmbeddingWire {
    uuid: String,
    #[serde(default)]
    allowed_domains: Vec<String>,
}

/// The number as text.
#[derive(Deserialize)]
struct EmbeddedWire {
    dashboard_id: String,
}

#[derive(Serialize)]
struct SitesWire<'a> {
    allowed_domains: &'a [String],
}

impl Superset {
    /// The dashboards that the caller sees, in the order of their titles.
    ///
    /// # Errors
    /// [`crate::Error::SetUpForbidden`] without `can_read` on `Dashboard`.
    pub async fn dashboards(&self, site: &Site, auth: Auth<'_>) -> Result<Vec<Dashboard>> {
        let asked =
            "columns:!(id,uuid,dashboard_title,published),order_column:dashboard_title,order_direction:asc";
        let rows: Vec<RowWire> = self.pages(site, auth, PATH, asked, MAY_READ).await?;
        Ok(rows.into_iter().map(Dashboard::from).collect())
    }

    /// One dashboard, by its number, its own uuid or its slug; none where the caller does not see it.
    pub async fn dashboard(&self, site: &Site, auth: Auth<'_>, id: &str) -> Result<Option<Dashboard>> {
        let found = self.part_of_dashboard::<RowWire>(site, auth, id, "").await?;
        Ok(found.map(Dashboard::from))
    }

    /// The datasets that a dashboard's charts read.
    pub async fn dashboard_datasets(
        &self,
        site: &Site,
        auth: Auth<'_>,
        id: i32,
    ) -> Result<Option<Vec<DashboardDataset>>> {
        let rows =
            self.part_of_dashboard::<Vec<DatasetWire>>(site, auth, &id.to_string(), "/datasets").await?;
        Ok(rows.map(|rows| rows.into_iter().map(DashboardDataset::from).collect()))
    }

    /// The charts on a dashboard.
    pub async fn dashboard_charts(
        &self,
        site: &Site,
        auth: Auth<'_>,
        id: i32,
    ) -> Result<Option<Vec<DashboardChart>>> {
        let rows = self.part_of_dashboard::<Vec<ChartWire>>(site, auth, &id.to_string(), "/charts").await?;
        Ok(rows.map(|rows| rows.into_iter().map(DashboardChart::from).collect()))
    }

    /// That a dashboard may be embedded; none where it may not, or the caller does not see it.
    pub async fn embedding(&self, site: &Site, auth: Auth<'_>, id: i32) -> Result<Option<Embedding>> {
        let found = self.part_of_dashboard::<EmbeddingWire>(site, auth, &id.to_string(), "/embedded").await?;
        Ok(found.map(Embedding::from))
    }

    /// Lets these sites embed a dashboard, all where none is named. One that is embedded already keeps its uuid.
    ///
    /// # Errors
    /// [`crate::Error::SetUpForbidden`] without `can_set_embedded` on `Dashboard`.
    pub async fn embed(
        &self,
        site: &Site,
        auth: Auth<'_>,
        csrf: &Csrf,
        id: i32,
        sites: &[String],
    ) -> Result<Embedding> {
        let site = site.join(&format!("{PATH}{id}/embedded"));
        let call = Call::post(site.clone(), &SitesWire { allowed_domains: sites })?.auth(auth).csrf(csrf);
        let answer = self.http.send(&call).await?;
        if answer.status != 200 {
            return Err(forbidden(reason(&answer, &site, auth), MAY_EMBED));
        }
        read(&answer, &site, "embedding")
            .map(|ResultWire { result }: ResultWire<EmbeddingWire>| result.into())
    }

    /// Ends the embedding of a dashboard. Tokens that name its uuid count for nothing at once; those that name the
    /// dashboard by its number go on (6.1.0).
    ///
    /// # Errors
    /// As [`Superset::embed`].
    pub async fn end_embedding(&self, site: &Site, auth: Auth<'_>, csrf: &Csrf, id: i32) -> Result<()> {
        let site = site.join(&format!("{PATH}{id}/embedded"));
        let call = Call::new(Method::DELETE, site.clone()).auth(auth).csrf(csrf);
        let answer = self.http.send(&call).await?;
        match answer.status {
            200 if answer.is_json() => Ok(()),
            404 if is_own_404(&answer) => Ok(()),
            _ => Err(forbidden(reason(&answer, &site, auth), MAY_EMBED)),
        }
    }

    /// The number of the dashboard that an embedding's uuid stands for; none where there is none.
    ///
    /// # Errors
    /// [`crate::Error::SetUpForbidden`] without `can_read` on `EmbeddedDashboard`.
    pub async fn dashboard_of_embedding(
        &self,
        site: &Site,
        auth: Auth<'_>,
        uuid: &str,
    ) -> Result<Option<i32>> {
        let uuid: String = url::form_urlencoded::byte_serialize(uuid.as_bytes()).collect();
        let site = site.join(&format!("{EMBEDDED}{uuid}"));
        let answer = self.get(site.clone(), auth).await?;
        match answer.status {
            200 => read(&answer, &site, "embedding")
                .map(|ResultWire { result }: ResultWire<EmbeddedWire>| result.dashboard_id.parse().ok()),
            404 if is_own_404(&answer) => Ok(None),
            _ => Err(forbidden(reason(&answer, &site, auth), MAY_READ_EMBEDDED)),
        }
    }

    async fn part_of_dashboard<T: serde::de::DeserializeOwned>(
        &self,
        site: &Site,
        auth: Auth<'_>,
        id: &str,
        part: &str,
    ) -> Result<Option<T>> {
        let id: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
        let site = site.join(&format!("{PATH}{id}{part}"));
        let answer = self.get(site.clone(), auth).await?;
        match answer.status {
            200 => read(&answer, &site, "dashboard").map(|ResultWire { result }| Some(result)),
            404 if is_own_404(&answer) => Ok(None),
            _ => Err(forbidden(reason(&answer, &site, auth), MAY_READ)),
        }
    }
}

/// Superset's own, and not that of a proxy that does not know the route. Of a dashboard that is not embedded it says
/// nothing at all, in JSON: `{}`.
fn is_own_404(answer: &Answer) -> bool {
    let says_nothing = || answer.is_json() && answer.body.trim_ascii() == b"{}";
    matches!(Problem::of(answer), Problem::Message | Problem::Envelope) || says_nothing()
}

impl From<RowWire> for Dashboard {
    fn from(wire: RowWire) -> Self {
        Self {
            id: wire.id,
            uuid: wire.uuid,
            title: wire.dashboard_title.unwrap_or_default(),
            published: wire.published.unwrap_or_default(),
        }
    }
}

impl From<DatasetWire> for DashboardDataset {
    fn from(wire: DatasetWire) -> Self {
        Self {
            id: wire.id,
            name: wire.table_name.or(wire.name).unwrap_or_default(),
            backend: wire.database.and_then(|database| database.backend),
            used: wire.columns.into_iter().filter_map(|column| column.column_name).collect(),
            columns: None,
        }
    }
}

impl From<ChartWire> for DashboardChart {
    fn from(wire: ChartWire) -> Self {
        let source = wire.form_data.get("datasource").and_then(Value::as_str);
        let dataset = source.and_then(|source| source.strip_suffix("__table")).and_then(|id| id.parse().ok());
        Self { id: wire.id, name: wire.slice_name.unwrap_or_default(), dataset, form_data: wire.form_data }
    }
}

impl From<EmbeddingWire> for Embedding {
    fn from(wire: EmbeddingWire) -> Self {
        Self { uuid: wire.uuid, sites: wire.allowed_domains }
    }
}
