//! `superset-keys guest-token …`
#![allow(clippy::doc_markdown, reason = "these comments are the help people read")]

use super::At;
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum GuestToken {
    /// Mint a token for a guest of an embedded dashboard, and print it to a pipe
    ///
    ///   superset-keys guest-token mint production --dashboard Sales --as jane --rls 'org_id = :org' --number org=12
    ///   superset-keys guest-token mint production --dashboard Sales --rls-on orders "region = 'North'" | wl-copy
    /// On a terminal it goes to the clipboard, which is cleared again. Nobody can call one back. A rule is checked before
    /// it is sent, and values are put in by us, escaped as the dataset's database has it: Superset checks neither.
    #[command(verbatim_doc_comment)]
    Mint(MintGuestToken),
    /// Read a guest's token from stdin: whom it is for, which dashboards, which rows, for how long
    ///
    /// With an instance its dashboards and datasets get their names, and the server is asked whether it takes it. Without
    /// one, it is sent to nobody.
    Inspect(InspectGuestToken),
    /// Count each chart's rows without the rules and with them, as a guest gets them
    ///
    ///   superset-keys guest-token prove production --dashboard Sales --rls 'org_id = 12'
    /// Exit codes: 0 each chart has fewer rows, 1 one has none or as many, or it is not told, 2 one that no rule reaches.
    #[command(verbatim_doc_comment)]
    Prove(ProveRows),
}

#[derive(Debug, Args)]
pub struct MintGuestToken {
    #[command(flatten)]
    pub at: At,
    #[command(flatten)]
    pub guest: Guest,
    /// Print it on a terminal too, in place of copying it
    #[arg(long)]
    pub show: bool,
}

#[derive(Debug, Args)]
pub struct InspectGuestToken {
    /// Short name of the instance that it is for
    #[arg(value_name = "INSTANCE")]
    pub instance: Option<String>,
}

#[derive(Debug, Args)]
pub struct ProveRows {
    #[command(flatten)]
    pub at: At,
    #[command(flatten)]
    pub guest: Guest,
}

/// Who sees what.
#[derive(Debug, Args)]
pub struct Guest {
    /// The dashboard: its title, its number, or its uuid
    #[arg(long, value_name = "DASHBOARD", value_parser = NonEmptyStringValueParser::new())]
    pub dashboard: String,
    #[command(flatten)]
    pub sees: GuestSees,
}

/// Who somebody is as a guest, and which rows they see.
#[derive(Debug, Args)]
pub struct GuestSees {
    /// What the guest is called, in Superset's log and in templates; no account
    #[arg(long = "as", value_name = "NAME")]
    pub username: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub first: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub last: Option<String>,
    /// Which rows the guest sees, of all datasets: what stands behind WHERE. All rules hold at once
    #[arg(long, value_name = "CLAUSE")]
    pub rls: Vec<String>,
    /// The same for one dataset of the dashboard, by its name or its number
    #[arg(long, num_args = 2, value_names = ["DATASET", "CLAUSE"])]
    pub rls_on: Vec<String>,
    /// A text for `:NAME` in the rules
    #[arg(long, value_name = "NAME=TEXT", value_parser = pair)]
    pub value: Vec<(String, String)>,
    /// A number for `:NAME` in the rules
    #[arg(long, value_name = "NAME=N", value_parser = pair)]
    pub number: Vec<(String, String)>,
}

fn pair(typed: &str) -> Result<(String, String), String> {
    match typed.split_once('=') {
        Some((name, value)) if !name.is_empty() => {
            Ok((name.trim_start_matches(':').to_owned(), value.to_owned()))
        }
        _ => Err("write it as NAME=VALUE".to_owned()),
    }
}
