//! What do a guest's rules do? Each chart of the dashboard is read without them and with them.

use super::mint_guest_token::{GuestSecretState, GuestTokenRequest, RuleView, Shown, guest, written};
use crate::Core;
use crate::clock::rfc3339;
use crate::error::{Error, QueryProblem, Result};
use crate::http::Auth;
use crate::ids::InstanceId;
use crate::superset::{Counted, DashboardChart, GuestChart};
use crate::transport::Site;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What rules do, proven by rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RowProofView {
    pub dashboard: i32,
    pub dashboard_title: String,
    pub rules: Vec<RuleView>,
    pub charts: Vec<ChartProofView>,
    pub secret: GuestSecretState,
    /// RFC 3339 in UTC.
    pub proven_at: String,
}

/// One chart, read twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ChartProofView {
    pub id: i32,
    pub name: String,
    pub dataset: Option<i32>,
    pub dataset_name: Option<String>,
    pub without: RowCount,
    pub with: RowCount,
    pub outcome: ProofOutcome,
}

/// How many rows a guest gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum RowCount {
    Rows {
        count: u32,
        /// There are more than were asked for.
        at_least: bool,
    },
    /// The query fails.
    Failed { problem: QueryProblem },
    /// A chart whose rows cannot be asked for this way.
    NotAsked,
}

/// What a chart proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ProofOutcome {
    /// Fewer rows with the rules.
    Filtered,
    /// No rule reaches its dataset: a guest sees all rows.
    NotReached,
    /// A rule reaches it, and as many rows come: it may be too wide.
    AllRows,
    /// No rows at all: it may be right.
    NoRows,
    /// A query fails with the rules and not without.
    Broken,
    NotTold,
}

impl Core {
    /// Mints a token with the rules and one without, and reads each chart with both.
    ///
    /// # Errors
    /// Those of [`Core::mint_guest_token`].
    pub async fn prove_rows(&self, id: &InstanceId, request: &GuestTokenRequest) -> Result<RowProofView> {
        let instance = self.instance(id)?;
        let guest = guest(&request.guest)?;
        let shown = self.shown_to_guests(&instance, request).await?;
        let rules = written(&request.rules, &shown.datasets)?;
        let charts = self
            .with_session(&instance, |by| async move {
                self.superset.dashboard_charts(&by.site, by.auth(), request.dashboard).await
            })
            .await?;
        let with = self.token_for_guest(&instance, &shown.embedding.uuid, &guest, &rules).await?;
        let without = self.token_for_guest(&instance, &shown.embedding.uuid, &guest, &[]).await?;
        let site = self.site(&instance);
        let header = self.guest_header(&instance, &shown.embedding).await;
        let guests = [&without, &with].map(|token| Auth::Guest { token, header: &header });
        let mut seen = BTreeMap::new();
        let mut proven = Vec::new();
        for chart in charts.unwrap_or_default() {
            let known = chart.dataset.and_then(|dataset| seen.get(&dataset).copied());
            let [without, with] = match known {
                Some(counts) => counts,
                None => self.counted(&site, guests, &shown, &chart).await?,
            };
            // Charts of one dataset have the same rows: their own filters are left out.
            if let (Some(dataset), RowCount::Rows { .. }, RowCount::Rows { .. }) =
                (chart.dataset, without, with)
            {
                seen.insert(dataset, [without, with]);
            }
            let dataset = shown.datasets.iter().find(|dataset| Some(dataset.id) == chart.dataset);
            proven.push(ChartProofView {
                id: chart.id,
                name: chart.name,
                dataset: chart.dataset,
                dataset_name: dataset.map(|dataset| dataset.name.clone()),
                without,
                with,
                outcome: outcome(without, with, is_reached(&rules, chart.dataset)),
            });
        }
        Ok(RowProofView {
            dashboard: shown.dashboard.id,
            dashboard_title: shown.dashboard.title,
            rules,
            charts: proven,
            secret: self.guest_secret(&instance, &with).await,
            proven_at: rfc3339(self.now.now()),
        })
    }

    /// As each of the two guests gets them.
    async fn counted(
        &self,
        site: &Site,
        guests: [Auth<'_>; 2],
        shown: &Shown,
        chart: &DashboardChart,
    ) -> Result<[RowCount; 2]> {
        let Some(dataset) = chart.dataset else { return Ok([RowCount::NotAsked; 2]) };
        let columns = columns(chart, shown);
        let asked = GuestChart { dashboard: shown.dashboard.id, chart: chart.id, dataset, columns: &columns };
        let [without, with] = guests;
        let (without, with) = tokio::join!(
            self.superset.count_as_guest(site, without, asked),
            self.superset.count_as_guest(site, with, asked)
        );
        Ok([row_count(without)?, row_count(with)?])
    }
}

/// What the chart shows of its dataset's columns; all of them where it names none.
fn columns(chart: &DashboardChart, shown: &Shown) -> Vec<String> {
    let dataset = shown.datasets.iter().find(|dataset| Some(dataset.id) == chart.dataset);
    let Some(dataset) = dataset else { return Vec::new() };
    let named = ["columns", "groupby", "all_columns"]
        .into_iter()
        .filter_map(|name| chart.form_data.get(name)?.as_array());
    let named: Vec<_> = named.flatten().filter_map(serde_json::Value::as_str).collect();
    let is_named = |column: &&String| named.is_empty() || named.contains(&column.as_str());
    dataset.used.iter().filter(is_named).cloned().collect()
}

/// A query that fails tells something too.
fn row_count(counted: Result<Counted>) -> Result<RowCount> {
    match counted {
        Ok(Counted { rows, at_least }) => Ok(RowCount::Rows { count: rows, at_least }),
        Err(Error::QueryFailed { problem }) => Ok(RowCount::Failed { problem }),
        Err(Error::Forbidden) => Ok(RowCount::Failed { problem: QueryProblem::Denied }),
        Err(Error::ServerFault { .. }) => Ok(RowCount::Failed { problem: QueryProblem::Other }),
        Err(error) => Err(error),
    }
}

/// A rule without a dataset reaches all.
fn is_reached(rules: &[RuleView], dataset: Option<i32>) -> bool {
    rules.iter().any(|rule| rule.dataset.is_none() || rule.dataset == dataset)
}

fn outcome(without: RowCount, with: RowCount, is_reached: bool) -> ProofOutcome {
    use RowCount::{Failed, NotAsked, Rows};
    match (without, with) {
        // Also one whose dataset reads another's rows, which a rule reaches.
        (Rows { count: all, at_least: false }, Rows { count, .. }) if 0 < count && count < all => {
            ProofOutcome::Filtered
        }
        (Rows { at_least: true, .. }, Rows { count, at_least: false }) if 0 < count => ProofOutcome::Filtered,
        (NotAsked, _) | (_, NotAsked) => ProofOutcome::NotTold,
        _ if !is_reached => ProofOutcome::NotReached,
        (Rows { .. }, Failed { .. }) => ProofOutcome::Broken,
        (Failed { .. }, _) => ProofOutcome::NotTold,
        (_, Rows { count: 0, .. }) => ProofOutcome::NoRows,
        (Rows { at_least: true, .. }, _) => ProofOutcome::NotTold,
        (Rows { .. }, Rows { .. }) => ProofOutcome::AllRows,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_counts_prove() {
        use ProofOutcome as P;
        let rows = |count| RowCount::Rows { count, at_least: false };
        let many = RowCount::Rows { count: 10_000, at_least: true };
        let failed = RowCount::Failed { problem: QueryProblem::ColumnMissing };
        for (without, with, reached, expected) in [
            (rows(12), rows(4), true, P::Filtered),
            (rows(12), rows(12), true, P::AllRows),
            (rows(12), rows(13), true, P::AllRows),
            (rows(12), rows(0), true, P::NoRows),
            (rows(0), rows(0), true, P::NoRows),
            (rows(12), rows(12), false, P::NotReached),
            (rows(0), rows(0), false, P::NotReached),
            // The dataset stands on one that is reached.
            (rows(12), rows(4), false, P::Filtered),
            (rows(12), failed, true, P::Broken),
            (failed, failed, true, P::NotTold),
            (failed, failed, false, P::NotReached),
            (RowCount::NotAsked, RowCount::NotAsked, true, P::NotTold),
            (many, rows(500), true, P::Filtered),
            (many, many, true, P::NotTold),
        ] {
            assert_eq!(outcome(without, with, reached), expected, "{without:?} {with:?} {reached}");
        }
    }
}
