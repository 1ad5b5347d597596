//! `superset-keys audit set-up | role`
#![allow(clippy::doc_markdown, reason = "these comments are the help people read")]

use super::At;
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct AuditSetUp {
    #[command(flatten)]
    pub at: At,
    /// Print the SQL for whoever owns Superset's metadata database, and nothing else; asks no server
    #[arg(long, value_enum, value_name = "KIND", conflicts_with = "make_dataset")]
    pub sql: Option<SqlKind>,
    /// With --sql: what takes it back
    #[arg(long, requires = "sql")]
    pub undo: bool,
    /// Make the dataset of the view, after asking what the database's login may
    #[arg(long, requires = "database")]
    pub make_dataset: bool,
    /// The database's name in Superset, or its number
    #[arg(long, value_name = "NAME", requires = "make_dataset", value_parser = NonEmptyStringValueParser::new())]
    pub database: Option<String>,
    /// Go on with a database whose login may do more than read the view; for trials
    #[arg(long, requires = "make_dataset")]
    pub trust_database: bool,
    /// Do not ask
    #[arg(long, short, requires = "make_dataset")]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub struct AuditRole {
    #[command(flatten)]
    pub at: At,
    /// What the role is called; one of that name gets what it lacks, and nothing is taken from it
    #[arg(long, default_value = "Key auditor", value_parser = NonEmptyStringValueParser::new())]
    pub name: String,
    /// Do not ask
    #[arg(long, short)]
    pub yes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SqlKind {
    /// A view, and a login that reads it alone
    Postgresql,
    /// The same by rights on single columns: no view that an upgrade could stop at, and no dataset
    PostgresqlColumns,
    /// MariaDB too
    Mysql,
    /// For trials
    Sqlite,
}
