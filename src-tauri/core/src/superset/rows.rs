//! What Superset's two ways to run a query have in common: rows, and why there are none.

use super::problem::reason;
use crate::error::{Error, QueryProblem};
use crate::http::{Answer, Auth};
use crate::transport::Site;
use memchr::memmem;

/// Rows under the names of their columns.
#[derive(Debug)]
pub struct Rows<T> {
    pub columns: Vec<String>,
    pub rows: Vec<T>,
}

/// Where a page begins: behind this value of a column of whole numbers, which it is ordered by.
#[derive(Debug, Clone, Copy)]
pub struct After<'a> {
    pub column: &'a str,
    pub value: i64,
}

/// The reason behind an answer without rows. Databases' own words are looked at and go no further: SQL, and values of
/// rows, may stand in them.
pub(super) fn why_none(answer: &Answer, site: &Site, auth: Auth<'_>) -> Error {
    // A query that fails is Superset's 400, 422 or 500, in JSON (6.1.0).
    let of_query = answer.is_json() && matches!(answer.status, 400 | 422 | 500);
    match problem(&answer.body).filter(|_| of_query) {
        Some(problem) => Error::QueryFailed { problem },
        None if of_query && answer.status != 422 => Error::QueryFailed { problem: QueryProblem::Other },
        None => reason(answer, site, auth),
    }
}

/// As Superset 6.1.0 names them, else as `PostgreSQL`, `MySQL` and `SQLite` say it. The first that fits holds.
const SAID: [(QueryProblem, &[&str]); 12] = [
    (QueryProblem::ColumnMissing, &["COLUMN_DOES_NOT_EXIST_ERROR"]),
    (QueryProblem::ColumnMissing, &["Columns missing in dataset"]),
    (QueryProblem::ColumnMissing, &["no such column"]),
    (QueryProblem::ColumnMissing, &["Unknown column"]),
    (QueryProblem::ColumnMissing, &["column ", " does not exist"]),
    (QueryProblem::TableMissing, &["TABLE_DOES_NOT_EXIST_ERROR"]),
    (QueryProblem::TableMissing, &["no such table"]),
    (QueryProblem::TableMissing, &["relation ", " does not exist"]),
    (QueryProblem::TableMissing, &["Table ", "doesn't exist"]),
    (QueryProblem::Denied, &["permission denied for"]),
    (QueryProblem::Denied, &["command denied to user"]),
    (QueryProblem::NoDatabase, &["database referenced in this query was not found"]),
];
const SLOW: [&str; 5] =
    ["TIMEOUT_ERROR", "statement timeout", "canceling statement", "maximum statement execution", "is locked"];
const GONE: [&str; 9] = [
    "CONNECTION_",
    "could not connect",
    "connection to server",
    "Can't connect",
    "Connection refused",
    "server closed the connection",
    "Lost connection",
    "unable to open database file",
    "password authentication failed",
];

fn problem(body: &[u8]) -> Option<QueryProblem> {
    // JSON writes a quotation mark with a stroke before it; none of these words has one.
    let has = |part: &&str| memmem::find(body, part.as_bytes()).is_some();
    let said = SAID.iter().find(|(_, parts)| parts.iter().all(has)).map(|(problem, _)| *problem);
    let slow = || SLOW.iter().any(has).then_some(QueryProblem::Slow);
    let gone = || GONE.iter().any(has).then_some(QueryProblem::Gone);
    said.or_else(gone).or_else(slow)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers of Superset 6.1.0, cut down.
    #[test]
    fn what_databases_say_is_told_apart() {
        use QueryProblem as P;
        for (body, expected) in [
            (
                r#"{"errors":[{"message":"We can't …","error_type":"COLUMN_DOES_NOT_EXIST_ERROR"}]}"#,
                Some(P::ColumnMissing),
            ),
            (r#"{"message":"Error: Columns missing in dataset: ['scopes']"}"#, Some(P::ColumnMissing)),
            (r#"{"message":"Error: column \"scopes\" does not exist\nLINE 1"}"#, Some(P::ColumnMissing)),
            (r#"{"message":"Error: no such table: main.superset_key_audit"}"#, Some(P::TableMissing)),
            (
                r#"{"message":"Error: relation \"public.superset_key_audit\" does not exist"}"#,
                Some(P::TableMissing),
            ),
            (r#"{"message":"Error: permission denied for view superset_key_audit"}"#, Some(P::Denied)),
            (r#"{"message":"Error: canceling statement due to statement timeout"}"#, Some(P::Slow)),
            (
                r#"{"message":"connection to server at \"db\", port 5432 failed: Connection refused"}"#,
                Some(P::Gone),
            ),
            (r#"{"message":"The database referenced in this query was not found."}"#, Some(P::NoDatabase)),
            (r#"{"message":"Fatal error"}"#, None),
        ] {
            assert_eq!(problem(body.as_bytes()), expected, "{body}");
        }
    }
}
