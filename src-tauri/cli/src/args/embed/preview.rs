//! `superset-keys embed preview`
#![allow(clippy::doc_markdown, reason = "these comments are the help people read")]

use crate::args::{At, GuestSees};
use clap::Args;
use clap::builder::NonEmptyStringValueParser;

#[derive(Debug, Args)]
pub struct EmbedPreview {
    #[command(flatten)]
    pub at: At,
    /// The dashboard: its title, its number, or its uuid
    #[arg(value_name = "DASHBOARD", value_parser = NonEmptyStringValueParser::new())]
    pub dashboard: String,
    #[command(flatten)]
    pub sees: GuestSees,
    /// Where on 127.0.0.1; one that the dashboard's list names, or any, unless told
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub port: Option<u16>,
    /// Only print the address, and open no browser
    #[arg(long)]
    pub print_url: bool,
}
