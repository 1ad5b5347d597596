//! `superset-keys record …`
#![allow(clippy::doc_markdown, reason = "these comments are the help people read")]

use super::activity::Since;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub enum Record {
    /// What was done here, the newest first
    List(ListRecord),
    /// The record as it lies there: one JSON object a line, the oldest first
    Export(ExportRecord),
    /// Tell whether lines were changed or taken away, and where
    ///
    /// Each line bears its number and a code of itself and of the line before it, made with a key that lies in the
    /// keychain. Who does not have that key changes nothing unseen; who can ask your keychain can write anything.
    /// Exit codes: 0 nothing was changed, 1 something was, 2 it cannot be told.
    #[command(verbatim_doc_comment)]
    Verify,
}

#[derive(Debug, Args)]
pub struct ListRecord {
    /// Only this instance: short name, id or name
    #[arg(long)]
    pub instance: Option<String>,
    /// How far back, such as 24h, 7d or 4w; all there is when left out
    #[arg(long, value_name = "TIME")]
    pub since: Option<Since>,
    /// List so many of the latest lines; all of them with 0
    #[arg(long, value_name = "NUMBER", default_value = "50")]
    pub last: usize,
}

#[derive(Debug, Args)]
pub struct ExportRecord {
    /// Write it into this file, or to stdout with -
    #[arg(long, value_name = "FILE", default_value = "-")]
    pub out: PathBuf,
}
