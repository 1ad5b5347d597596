//! `/api/v1/chart/data`: rows of a dataset. No CSRF token, and two permissions: `can_read` on `Chart`, and access to
//! the dataset (Superset 6.1.0).

use super::client::Superset;
use super::problem::read;
use super::rows::{After, Rows, why_none};
use crate::error::{Error, QueryProblem, Result};
use crate::http::{Auth, Call};
use crate::transport::Site;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

pub(super) const PATH: &str = "api/v1/chart/data";

/// Which rows of a dataset: those behind `after`, in its order.
#[derive(Debug, Clone, Copy)]
pub struct ChartQuery<'a> {
    pub dataset: i32,
    pub columns: &'a [&'a str],
    pub after: After<'a>,
    pub limit: u32,
}

impl ChartQuery<'_> {
    /// Without `metrics`: an empty list of them would make one row of equal ones. `force`, or a cache answers.
    fn to_wire(self) -> serde_json::Value {
        let After { column, value } = self.after;
        json!({
            "datasource": {"id": self.dataset, "type": "table"},
            "force": true,
            "result_format": "json",
            "result_type": "full",
            "queries": [{
                "columns": self.columns,
                "filters": [{"col": column, "op": ">", "val": value}],
                "orderby": [[column, true]],
                "row_limit": self.limit,
                "row_offset": 0,
                "extras": {},
            }],
        })
    }
}

#[derive(Deserialize)]
struct AnswerWire<T> {
    result: [ResultWire<T>; 1],
}

#[derive(Deserialize)]
struct ResultWire<T> {
    colnames: Vec<String>,
    data: Vec<T>,
}

impl Superset {
    /// Rows of a dataset.
    ///
    /// # Errors
    /// [`Error::Forbidden`], and [`Error::QueryFailed`]: a dataset that is not there is a table that is missing.
    pub async fn chart_data<T: DeserializeOwned>(
        &self,
        site: &Site,
        auth: Auth<'_>,
        query: ChartQuery<'_>,
    ) -> Result<Rows<T>> {
        let site = site.join(PATH);
        let answer = self.http.send(&Call::post(site.clone(), &query.to_wire())?.auth(auth)).await?;
        match answer.status {
            200 => {}
            404 if answer.is_json() => {
                return Err(Error::QueryFailed { problem: QueryProblem::TableMissing });
            }
            _ => return Err(why_none(&answer, &site, auth)),
        }
        let AnswerWire { result: [result] } = read(&answer, &site, "chart data")?;
        Ok(Rows { columns: result.colnames, rows: result.data })
    }
}
