//! `superset-keys audit …`
#![allow(clippy::doc_markdown, reason = "these comments are the help people read")]

use super::At;
use super::audit_set_up::{AuditRole, AuditSetUp};
use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;
use superset_keys_core::audit::AuditFinding;

/// Reading is what it does without another word.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Audit {
    #[command(subcommand)]
    pub beside: Option<BesideAudit>,
    #[command(flatten)]
    pub read: ReadAudit,
}

#[derive(Debug, Subcommand)]
pub enum BesideAudit {
    /// Say what it takes to read everybody's keys, and make the dataset when asked to
    ///
    ///   superset-keys audit set-up production
    ///   superset-keys audit set-up production --sql postgresql > audit.sql
    ///   superset-keys audit set-up production --make-dataset --database "Key audit"
    /// Superset shows everybody their own keys only, admins too. A view of its database shows the others', and never a
    /// hash. Without --make-dataset nothing is changed.
    #[command(verbatim_doc_comment)]
    SetUp(AuditSetUp),
    /// Make the role with the fewest permissions that an audit takes
    ///
    /// For the key of a nightly job: it reads the dataset and may keep keys of its own.
    Role(AuditRole),
    /// Revoke keys of others: print the SQL for the owner of Superset's database, or call their function
    ///
    ///   superset-keys audit revoke production UUID UUID --sql postgresql > revoke.sql
    /// Superset lets nobody revoke another's key. The text names uuids and nothing else, and leaves keys that are revoked
    /// already. Afterwards `superset-keys audit` shows whether it was run.
    #[command(verbatim_doc_comment)]
    Revoke(RevokeOthers),
    /// Let all keys and sessions of a person rest, at once
    ///
    /// It is undone by `reactivate`, and then their keys work again: to end a key for good, revoke it.
    Deactivate(ChangePerson),
    /// Undo `deactivate`: the person can sign in again, and their keys wake up
    Reactivate(ChangePerson),
}

#[derive(Debug, Args)]
pub struct RevokeOthers {
    #[command(flatten)]
    pub at: At,
    /// The keys' uuids, as `audit --json` and the CSV have them
    #[arg(value_name = "UUID", required = true)]
    pub keys: Vec<String>,
    /// Print the text, for this kind of database
    #[arg(long, value_enum, value_name = "KIND", required_unless_present = "by_function")]
    pub sql: Option<SqlOf>,
    /// Call the function that the database's owner made for it, over this connection of Superset's: its name or number
    ///
    /// `superset-keys audit set-up` has its text. The connection must commit, and an audit is read afterwards to prove
    /// what happened: SQL Lab says "revoked" also when it takes it back.
    #[arg(long, value_name = "DATABASE", conflicts_with = "sql")]
    pub by_function: Option<String>,
    /// With --by-function: prove it by a connection whose login may do more than read who has which key
    #[arg(long, requires = "by_function")]
    pub trust_database: bool,
    /// With --by-function: do not ask
    #[arg(long, short, requires = "by_function")]
    pub yes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SqlOf {
    Postgresql,
    /// MariaDB too
    Mysql,
    /// For trials
    Sqlite,
}

#[derive(Debug, Args)]
pub struct ChangePerson {
    #[command(flatten)]
    pub at: At,
    /// The user name, spelled as Superset has it
    #[arg(value_name = "USER", value_parser = NonEmptyStringValueParser::new())]
    pub user: String,
    /// Do not ask
    #[arg(long, short)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub struct ReadAudit {
    /// Short name of the instance, as `instances list` shows it
    #[arg(value_name = "INSTANCE", value_parser = NonEmptyStringValueParser::new(), required_unless_present = "all")]
    pub instance: Option<String>,
    /// All instances, one after the other; one that fails does not stop the others
    #[arg(long, conflicts_with_all = ["instance", "trust_database"])]
    pub all: bool,
    /// Read by a connection whose login may do more than read who has which key; for this run, for trials
    #[arg(long)]
    pub trust_database: bool,
    /// Show the last answer that was kept, without asking the server
    #[arg(long, conflicts_with = "trust_database")]
    pub offline: bool,
    /// Only keys of this person, by user name
    #[arg(long, value_name = "USER")]
    pub owner: Option<String>,
    /// Only keys in this state; may be given more than once
    #[arg(long, value_enum, value_delimiter = ',')]
    pub status: Vec<Status>,
    /// Only keys with this finding, or with any; may be given more than once
    #[arg(long, value_parser = finding(), value_delimiter = ',')]
    pub finding: Vec<Findings>,
    /// Only keys that work and were not used for so long: 90d
    #[arg(long, value_name = "DAYS", value_parser = days)]
    pub stale: Option<u32>,
    /// What comes first
    #[arg(long, value_enum, default_value = "gravity")]
    pub sort: Sort,
    /// Write what is shown into a file as CSV, or to stdout with -
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Status {
    Active,
    Expired,
    Revoked,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sort {
    /// The gravest findings
    Gravity,
    /// Never used, then longest unused
    LastUsed,
    /// Oldest
    Created,
    /// Soonest end
    Expires,
    Owner,
    Name,
}

/// `90d` or `90`.
fn days(typed: &str) -> Result<u32, String> {
    let digits = typed.strip_suffix('d').unwrap_or(typed);
    let is_number = !digits.is_empty() && digits.bytes().all(|letter| letter.is_ascii_digit());
    let days = if is_number { digits.parse().ok() } else { None };
    days.filter(|days| (1..=36_500).contains(days))
        .ok_or_else(|| "write a number of days such as 90d".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_whole_and_some() {
        assert_eq!((days("90d"), days("1")), (Ok(90), Ok(1)));
        for typed in ["", "d", "0", "0d", "-1d", "+5", "1.5d", "90 d", "99999999999d", "soon"] {
            assert!(days(typed).is_err(), "{typed:?}");
        }
    }
}

/// One finding, or any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Findings(pub &'static [AuditFinding]);

const ANY: &str = "any";

/// Spelled as `--json` does.
fn finding() -> impl TypedValueParser<Value = Findings> {
    let names = AuditFinding::ALL.iter().map(|finding| finding.as_str());
    PossibleValuesParser::new(std::iter::once(ANY).chain(names)).map(|name| {
        let one = AuditFinding::ALL.iter().position(|finding| finding.as_str() == name);
        Findings(one.map_or(AuditFinding::ALL, |at| &AuditFinding::ALL[at..=at]))
    })
}
