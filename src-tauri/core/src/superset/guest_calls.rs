//! What a server is asked with a guest's token, and what it tells of whoever signs them (Superset 6.1.0).

use super::chart_data::PATH as CHART_DATA;
use super::client::Superset;
use super::problem::{read, reason};
use super::rows::why_none;
use crate::error::{Error, Result};
use crate::http::{Answer, Auth, Call};
use crate::secret::Secret;
use crate::transport::Site;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

const ROLES: &str = "api/v1/me/roles/";
const COUNTED: &str = "n";
/// Where rows have to be read to be counted.
const MOST_ROWS: u32 = 10_000;

/// How the server receives a guest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestReception {
    /// None where it cannot be told, as on a server whose role for guests does not exist.
    pub taken: Option<bool>,
    /// The server's clock then.
    pub at: Option<Timestamp>,
}

/// A chart whose rows a guest asks for.
#[derive(Debug, Clone, Copy)]
pub struct GuestChart<'a> {
    pub dashboard: i32,
    pub chart: i32,
    pub dataset: i32,
    /// What it shows; for servers that let a guest ask for nothing else.
    pub columns: &'a [String],
}

/// How many rows there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    pub rows: u32,
    /// There are more than were read.
    pub at_least: bool,
}

#[derive(Deserialize)]
struct MeWire {
    result: Option<PersonWire>,
}

#[derive(Deserialize)]
struct PersonWire {
    #[serde(alias = "isAnonymous")]
    is_anonymous: Option<bool>,
}

#[derive(Deserialize)]
struct DataWire {
    result: [ResultWire; 1],
}

#[derive(Deserialize)]
struct ResultWire {
    data: Vec<Value>,
}

#[derive(Deserialize)]
struct SaidWire {
    msg: Option<String>,
    message: Option<Value>,
}

impl Superset {
    /// The header that guests' tokens go in, as the page of an embedding says it to a site, `from`, that may show it. One
    /// that does not tell, or is not there, has the usual one.
    pub async fn guest_header(&self, site: &Site, embedding: &str, from: Option<&str>) -> String {
        let page = self.embedded_page(site, embedding, from).await;
        page.unwrap_or_default().guest_header().to_owned()
    }

    /// Whether `SECRET_KEY` signs guests' tokens: then this one is a session's but for whom it names. None where the
    /// server does not look at it.
    pub async fn secret_key_signs(&self, site: &Site, token: &Secret) -> Option<bool> {
        // Where the Public role has permissions, the first is answered to everybody.
        for path in [super::auth::ME, super::api_keys::PATH] {
            let call = Call::get(site.join(path)).auth(Auth::Token(token));
            let answer = self.http.send(&call).await.ok()?;
            if !matches!(answer.status, 401 | 422) {
                continue;
            }
            let said = said(&answer).to_ascii_lowercase();
            // In the words of flask-jwt-extended 4.
            let signs = said.contains("missing claim");
            return (signs || said.contains("signature")).then_some(signs);
        }
        None
    }

    /// How the server receives a guest who asks for nothing but who they are.
    pub async fn receive_guest(&self, site: &Site, token: &Secret, header: &str) -> Result<GuestReception> {
        let auth = Auth::Guest { token, header };
        let answer = self.get(site.join(ROLES), auth).await?;
        let is_taken = match answer.status {
            200 => serde_json::from_slice(&answer.body)
                .ok()
                .and_then(|me: MeWire| me.result?.is_anonymous)
                .map(|is_anonymous| !is_anonymous),
            // Somebody, who may not.
            403 if answer.is_json() => Some(true),
            401 | 422 if answer.is_json() => Some(false),
            _ => None,
        };
        Ok(GuestReception { taken: is_taken, at: answer.date })
    }

    /// How many rows of a chart's dataset a guest gets. Filters of the chart are left out: a guest may leave them out as
    /// well.
    ///
    /// # Errors
    /// [`Error::QueryFailed`], [`Error::GuestRefused`], and [`Error::Forbidden`] for a chart of another dashboard.
    pub async fn count_as_guest(
        &self,
        site: &Site,
        auth: Auth<'_>,
        chart: GuestChart<'_>,
    ) -> Result<Counted> {
        let all = json!({"expressionType": "SQL", "sqlExpression": "COUNT(*)", "label": COUNTED});
        match self
            .rows_as_guest(site, auth, chart, &json!({"columns": [], "metrics": [all], "row_limit": 1}))
            .await
        {
            Ok(rows) => {
                let count = rows.first().and_then(|row| row.get(COUNTED)).and_then(Value::as_f64);
                let count = count.ok_or(Error::UnexpectedAnswer { what: "chart data", status: 200 })?;
                Ok(counted(count))
            }
            // It does not let a guest ask for what the chart itself does not.
            Err(Error::Forbidden) if !chart.columns.is_empty() => {
                let query = json!({"columns": chart.columns, "row_limit": MOST_ROWS + 1});
                let rows = self.rows_as_guest(site, auth, chart, &query).await?.len();
                let rows = u32::try_from(rows).unwrap_or(u32::MAX);
                Ok(Counted { rows: rows.min(MOST_ROWS), at_least: rows > MOST_ROWS })
            }
            Err(error) => Err(error),
        }
    }

    /// One row of a chart, as a guest of the dashboard that it is on, to see whether they may ask.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `can_read` on `Chart`, [`Error::GuestRefused`] for a token that counts for nothing.
    pub async fn guest_reads_chart(&self, site: &Site, auth: Auth<'_>, chart: GuestChart<'_>) -> Result<()> {
        let one = json!({"columns": chart.columns.iter().take(1).collect::<Vec<_>>(), "row_limit": 1});
        let (answer, site) = self.chart_as_guest(site, auth, chart, &one).await?;
        if answer.status == 200 { Ok(()) } else { Err(reason(&answer, &site, auth)) }
    }

    async fn rows_as_guest(
        &self,
        site: &Site,
        auth: Auth<'_>,
        chart: GuestChart<'_>,
        query: &Value,
    ) -> Result<Vec<Value>> {
        let (answer, site) = self.chart_as_guest(site, auth, chart, query).await?;
        match answer.status {
            200 => {
                let DataWire { result: [result] } = read(&answer, &site, "chart data")?;
                Ok(result.data)
            }
            403 => Err(reason(&answer, &site, auth)),
            _ => Err(why_none(&answer, &site, auth)),
        }
    }

    async fn chart_as_guest(
        &self,
        site: &Site,
        auth: Auth<'_>,
        chart: GuestChart<'_>,
        query: &Value,
    ) -> Result<(Answer, Site)> {
        let mut query = query.clone();
        for (name, value) in [("filters", json!([])), ("orderby", json!([])), ("extras", json!({}))] {
            query[name] = value;
        }
        let wire = json!({
            "datasource": {"id": chart.dataset, "type": "table"},
            "force": true,
            "result_format": "json",
            "result_type": "full",
            "queries": [query],
            // By these the server knows that the dataset is one of the guest's dashboard.
            "form_data": {"dashboardId": chart.dashboard, "slice_id": chart.chart},
        });
        let site = site.join(CHART_DATA);
        let answer = self.http.send(&Call::post(site.clone(), &wire)?.auth(auth)).await?;
        Ok((answer, site))
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "within bounds that are looked at"
)]
fn counted(count: f64) -> Counted {
    let most = f64::from(u32::MAX);
    Counted { rows: count.clamp(0.0, most) as u32, at_least: count > most }
}

fn said(answer: &Answer) -> String {
    let said: Option<SaidWire> = serde_json::from_slice(&answer.body).ok();
    let message = |said: SaidWire| said.msg.or_else(|| said.message?.as_str().map(str::to_owned));
    said.and_then(message).unwrap_or_default()
}
