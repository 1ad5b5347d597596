//! How a database reads quotes, as far as a rule can break out of them. By `SQLAlchemy`'s names of dialects, which Superset
//! tells as `backend`; what each of them escapes is as its own manual and sqlglot's tokenizers have it.

/// A database's way with quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    pub(super) family: Family,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// A stroke is a letter as any other: `SQLite`, Trino, `DuckDB`.
    Standard,
    /// The same, and names may stand in square brackets, which `SQLite` reads as well.
    BracketNames,
    /// The same, with `E'…'`, `$$…$$` and arrays in square brackets.
    Postgres,
    /// `q'[…]'` beside the usual.
    Oracle,
    /// A stroke escapes, a quotation mark is doubled; `#` begins a comment, `"` a text.
    MySql,
    /// As `MySQL`, and `"` stands around names.
    ClickHouse,
    /// As that; `//` begins a comment, `$$…$$` is a text.
    Snowflake,
    /// As that, without either.
    Redshift,
    /// A stroke escapes and doubling does nothing: Spark, Hive, Databricks, Drill.
    Hive,
    /// As that; three quotation marks are one, and `#` begins a comment.
    BigQuery,
    /// Any of them.
    Unknown,
}

/// One way to read a text. What a dialect leaves open, by its settings or because it is not known, is read in each way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub(super) struct Reading {
    /// A stroke escapes in `'…'`.
    pub(super) single_escapes: bool,
    /// In `"…"`.
    pub(super) double_escapes: bool,
    /// In what stands between backticks.
    pub(super) tick_escapes: bool,
    /// Two quotation marks within a text are one.
    pub(super) doubles: bool,
    /// `[…]` is a name.
    pub(super) bracket_names: bool,
    /// `"…"` is a text, and no name.
    pub(super) double_is_text: bool,
}

/// How a text is written between quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writing {
    /// `''`, and a stroke as it is.
    Doubled,
    /// `''` and `\\`.
    DoubledAndStroked,
    /// `\'` and `\\`.
    Stroked,
    /// Neither of the two can be written so that every database reads the same.
    Neither,
}

impl Dialect {
    /// One of each kind, the unknown one aside.
    pub(super) const ALL: [Self; 10] = [
        Self { family: Family::Standard },
        Self { family: Family::BracketNames },
        Self { family: Family::Postgres },
        Self { family: Family::Oracle },
        Self { family: Family::MySql },
        Self { family: Family::ClickHouse },
        Self { family: Family::Snowflake },
        Self { family: Family::Redshift },
        Self { family: Family::Hive },
        Self { family: Family::BigQuery },
    ];

    /// Of what Superset calls a database's backend; with a driver behind a `+` too.
    #[must_use]
    pub fn of(backend: Option<&str>) -> Self {
        let name = backend.unwrap_or_default().split('+').next().unwrap_or_default().to_ascii_lowercase();
        let family = match name.as_str() {
            "trino" | "presto" | "athena" | "awsathena" | "duckdb" | "motherduck" | "vertica"
            | "teradatasql" | "teradata" | "db2" | "ibm_db_sa" | "hana" | "firebird" | "exa" | "druid"
            | "pinot" | "dremio" | "netezza" => Family::Standard,
            "sqlite" | "shillelagh" | "gsheets" | "mssql" => Family::BracketNames,
            "postgresql" | "postgres" | "cockroachdb" | "risingwave" | "materialize" | "hologres"
            | "timescaledb" => Family::Postgres,
            "oracle" => Family::Oracle,
            "mysql" | "mariadb" | "starrocks" | "doris" | "pydoris" | "tidb" | "aurora" | "singlestoredb" => {
                Family::MySql
            }
            "clickhouse" | "clickhousedb" => Family::ClickHouse,
            "snowflake" => Family::Snowflake,
            "redshift" => Family::Redshift,
            "hive" | "spark" | "databricks" | "impala" | "drill" => Family::Hive,
            "bigquery" => Family::BigQuery,
            _ => Family::Unknown,
        };
        Self { family }
    }

    pub(super) fn writing(self) -> Writing {
        match self.family {
            Family::Standard | Family::BracketNames | Family::Postgres | Family::Oracle => Writing::Doubled,
            Family::MySql | Family::ClickHouse | Family::Snowflake | Family::Redshift => {
                Writing::DoubledAndStroked
            }
            Family::Hive | Family::BigQuery => Writing::Stroked,
            Family::Unknown => Writing::Neither,
        }
    }

    /// The usual way first.
    pub(super) fn readings(self) -> Vec<Reading> {
        use Answer::{Either, No, Yes};
        let [single, double, tick, doubles, brackets, text] = match self.family {
            Family::Standard | Family::Oracle => [No, No, No, Yes, No, No],
            Family::BracketNames => [No, No, No, Yes, Yes, No],
            // `E'…'`, and servers that are set as they were before 9.1.
            Family::Postgres => [Either(false), No, No, Yes, No, No],
            // `NO_BACKSLASH_ESCAPES`, `ANSI_QUOTES`
            Family::MySql => [Either(true), Either(true), No, Yes, No, Either(true)],
            Family::ClickHouse => [Yes, Yes, Yes, Yes, No, No],
            Family::Snowflake | Family::Redshift => [Yes, No, No, Yes, No, No],
            // Settings have them read names in either way.
            Family::Hive => [Yes, Either(true), No, Either(false), No, Either(true)],
            Family::BigQuery => [Yes, Yes, Yes, No, No, Yes],
            Family::Unknown => {
                [Either(false), Either(false), Either(false), Either(true), Either(false), Either(false)]
            }
        };
        let mut all = Vec::new();
        for single_escapes in single.each() {
            for double_escapes in double.each() {
                for tick_escapes in tick.each() {
                    for doubles in doubles.each() {
                        for bracket_names in brackets.each() {
                            for double_is_text in text.each() {
                                all.push(Reading {
                                    single_escapes,
                                    double_escapes,
                                    tick_escapes,
                                    doubles,
                                    bracket_names,
                                    double_is_text,
                                });
                            }
                        }
                    }
                }
            }
        }
        all
    }

    /// `#` begins a comment.
    pub(super) fn comments_with_hash(self) -> bool {
        // In PostgreSQL it is an operator. Elsewhere it is nothing that a rule needs.
        self.family != Family::Postgres
    }

    /// `//` does.
    pub(super) fn comments_with_strokes(self) -> bool {
        matches!(self.family, Family::Snowflake | Family::Unknown)
    }

    /// `||` is a logical or.
    pub(super) fn bars_are_or(self) -> bool {
        self.family == Family::MySql
    }

    /// `q'…'` is a text that ends elsewhere than it seems.
    pub(super) fn quotes_with_q(self) -> bool {
        matches!(self.family, Family::Oracle | Family::Unknown)
    }
}

/// Whether a database does something.
#[derive(Clone, Copy)]
enum Answer {
    Yes,
    No,
    /// It depends; the usual way.
    Either(bool),
}

impl Answer {
    fn each(self) -> impl Iterator<Item = bool> {
        let (first, other) = match self {
            Self::Yes => (true, None),
            Self::No => (false, None),
            Self::Either(usual) => (usual, Some(!usual)),
        };
        std::iter::once(first).chain(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_known_with_its_driver_and_a_stranger_is_none_of_them() {
        assert_eq!(Dialect::of(Some("mysql+mysqlconnector")).writing(), Writing::DoubledAndStroked);
        assert_eq!(Dialect::of(Some("PostgreSQL")).writing(), Writing::Doubled);
        assert_eq!(Dialect::of(Some("bigquery")).writing(), Writing::Stroked);
        for stranger in [None, Some(""), Some("couchbase")] {
            assert_eq!(Dialect::of(stranger).writing(), Writing::Neither);
        }
    }
}
