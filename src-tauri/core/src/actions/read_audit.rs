//! Everybody's keys along one road, in pages by their row's number: keys that come and go meanwhile shift nothing.

use super::audit_connection::LoginCheck;
use super::with_session::Caller;
use crate::audit::{Audited, AuditedRow, COLUMNS, Road};
use crate::error::{Error, QueryProblem};
use crate::http::Csrf;
use crate::store::Instance;
use crate::superset::{After, ChartQuery, Rows, SqlQuery, client_id};
use crate::transport::Timeouts;
use crate::{Core, Result};
use futures_util::future::join_all;
use serde::de::IgnoredAny;
use std::time::Duration;

/// As many as SQL Lab shows at most (`DISPLAY_MAX_ROW` of Superset 6.1.0). Ten thousand keys take 3 MB.
const PAGE: u32 = 10_000;
/// Where a page is too large for an answer, half of it is asked for; so few cannot be.
const LEAST: u32 = 10;

/// For questions whose answer only helps to say what is wrong.
const PATIENCE: Timeouts = Timeouts { connect: Duration::from_secs(5), call: Duration::from_secs(5) };

/// What was read, and how.
pub(super) struct Read {
    pub(super) road: Road,
    pub(super) login: LoginCheck,
    pub(super) audited: Audited,
}

impl Core {
    /// All keys. The end is a page without a row: a server may cut pages shorter than asked for (`SQL_MAX_ROW`).
    pub(super) async fn read_along(
        &self,
        instance: &Instance,
        road: Road,
        login: LoginCheck,
    ) -> Result<Read> {
        let csrf = match road {
            Road::Dataset { .. } => None,
            Road::SqlLab { .. } => Some(self.csrf(instance).await?),
        };
        let (mut rows, mut after, mut limit) = (Vec::new(), -1, PAGE);
        loop {
            let asked =
                Page { road: &road, csrf: csrf.as_ref(), columns: &COLUMNS, after, limit, patience: None };
            let page: Rows<AuditedRow> = match self.page(instance, asked).await {
                Err(Error::AnswerTooLarge { .. }) if limit > LEAST => {
                    limit /= 2;
                    continue;
                }
                Err(error) => return Err(self.of_audit(instance, asked, error).await),
                Ok(page) => page,
            };
            let Some(last) = page.rows.iter().map(|row| row.id).max() else { break };
            // A server that does not heed where a page begins would be asked for ever.
            if last <= after {
                return Err(Error::UnexpectedAnswer { what: "page of keys", status: 200 });
            }
            after = last;
            rows.extend(page.rows);
        }
        Ok(Read { audited: Audited::of(rows), road, login })
    }

    pub(super) async fn csrf(&self, instance: &Instance) -> Result<Csrf> {
        let csrf =
            self.with_session(instance, |by| async move { self.superset.csrf(&by.site, by.auth()).await });
        csrf.await.map_err(|error| match error {
            Error::Forbidden => Error::AuditForbidden,
            other => other,
        })
    }

    async fn page<T: serde::de::DeserializeOwned>(
        &self,
        instance: &Instance,
        page: Page<'_>,
    ) -> Result<Rows<T>> {
        self.with_session(instance, |by| self.page_by(by, page)).await
    }

    async fn page_by<T: serde::de::DeserializeOwned>(&self, by: Caller, page: Page<'_>) -> Result<Rows<T>> {
        let Page { road, csrf, columns, after, limit, patience } = page;
        let site = patience.map_or_else(|| by.site.clone(), |patience| by.site.hurried(patience));
        match (road, csrf) {
            (Road::SqlLab { database, dialect, schema, source, .. }, Some(csrf)) => {
                let sql = source.query(*dialect, schema, columns, after);
                let client = client_id(self.random.next());
                let query = SqlQuery { database: *database, sql: &sql, limit, client: &client };
                self.superset.run_sql(&site, by.auth(), csrf, query).await
            }
            (Road::Dataset { id }, _) => {
                let after = After { column: "id", value: after };
                let query = ChartQuery { dataset: *id, columns, after, limit };
                self.superset.chart_data(&site, by.auth(), query).await
            }
            (Road::SqlLab { .. }, None) => Err(Error::Internal { what: "CSRF token" }),
        }
    }

    /// What a failed query means for an audit.
    async fn of_audit(&self, instance: &Instance, asked: Page<'_>, error: Error) -> Error {
        match error {
            Error::Forbidden => Error::AuditForbidden,
            Error::QueryFailed { problem: QueryProblem::TableMissing } => Error::AuditViewMissing,
            Error::QueryFailed { problem: QueryProblem::ColumnMissing } => {
                match self.unanswered_columns(instance, asked).await {
                    missing if missing.is_empty() => error,
                    missing => Error::AuditViewOutdated { missing },
                }
            }
            other => other,
        }
    }

    /// Asked for one by one, each with little patience: which it is stands only in the database's own words.
    async fn unanswered_columns(&self, instance: &Instance, asked: Page<'_>) -> Vec<String> {
        let answers = COLUMNS.map(|column| async move {
            let one = [column];
            let asked = Page { columns: &one, limit: 1, patience: Some(PATIENCE), ..asked };
            let answer: Result<Rows<IgnoredAny>> = self.page(instance, asked).await;
            let is_missing =
                matches!(answer, Err(Error::QueryFailed { problem: QueryProblem::ColumnMissing }));
            is_missing.then(|| column.to_owned())
        });
        join_all(answers).await.into_iter().flatten().collect()
    }
}

/// What is asked for.
#[derive(Clone, Copy)]
struct Page<'a> {
    road: &'a Road,
    csrf: Option<&'a Csrf>,
    columns: &'a [&'a str],
    after: i64,
    limit: u32,
    /// None for what is usual.
    patience: Option<Timeouts>,
}
