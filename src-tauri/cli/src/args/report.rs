//! `superset-keys report …`
#![allow(clippy::doc_markdown, reason = "these comments are the help people read")]

use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub enum Report {
    /// Write down your own keys, signed and without secrets, for an admin to merge
    ///
    ///   superset-keys report make production --out jane.json
    /// The server's list is asked; with the server away the list of its last answer is taken, and the report says of
    /// when. It is signed with a key of yours that is made at the first report and stays in the keychain. Tell your
    /// admin its fingerprint by another way than the report: it shows that the report is yours.
    #[command(verbatim_doc_comment)]
    Make(MakeReport),
    /// Verify people's reports and show their keys together
    ///
    ///   superset-keys report merge reports/*.json --csv keys.csv
    /// What is shown is what people say, and not what a server said. Of several reports of one maker the latest holds.
    /// The first report under a name tells who signs for it; another signer is told each time.
    /// With --json: `data.keys[]` with `source`, and `data.reports[]` with what became of each file.
    /// Exit codes: 0 all reports are good, 1 somebody else signs for a name than before, 2 a file was not taken,
    /// 3 no file could be taken.
    #[command(verbatim_doc_comment)]
    Merge(MergeReports),
}

#[derive(Debug, Args)]
pub struct MakeReport {
    /// Short name of the instance; may be left out where there is only one
    #[arg(value_name = "INSTANCE")]
    pub instance: Option<String>,
    /// Write it into this file, or to stdout with -
    #[arg(long, value_name = "FILE", default_value = "-")]
    pub out: PathBuf,
}

#[derive(Debug, Args)]
pub struct MergeReports {
    /// Reports, as their makers sent them
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Write what is shown into a file as CSV, or to stdout with -
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    pub csv: Option<PathBuf>,
    /// Take those who sign now for those who sign from now on; compare the fingerprints first
    #[arg(long)]
    pub accept_new_keys: bool,
}
