//! `superset-keys embed list | set | add-site | remove-site | end | role | minter`
#![allow(clippy::doc_markdown, reason = "these comments are the help people read")]

use crate::args::At;
use crate::args::keys::expiry;
use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use superset_keys_core::expiry::Expiry;

/// A dashboard of an instance.
#[derive(Debug, Args)]
pub struct OfDashboard {
    #[command(flatten)]
    pub at: At,
    /// Its title, its number, or a uuid: its own or its embedding's
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub dashboard: String,
}

#[derive(Debug, Args)]
pub struct SetSites {
    #[command(flatten)]
    pub of: OfDashboard,
    /// A site whose pages may show it: https://app.example.com; may be given more than once
    #[arg(
        long = "site",
        value_name = "URL",
        required_unless_present = "any_site",
        conflicts_with = "any_site"
    )]
    pub sites: Vec<String>,
    /// Every site there is may show it
    #[arg(long)]
    pub any_site: bool,
    /// Do not ask
    #[arg(long, short)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub struct AddSite {
    #[command(flatten)]
    pub of: OfDashboard,
    /// The site: https://app.example.com
    #[arg(value_name = "URL", value_parser = NonEmptyStringValueParser::new())]
    pub site: String,
    /// Do not ask
    #[arg(long, short)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub struct EndEmbedding {
    #[command(flatten)]
    pub of: OfDashboard,
    /// Do not ask
    #[arg(long, short)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub struct GuestRole {
    #[command(flatten)]
    pub at: At,
    /// What the role is called
    #[arg(long, default_value = "Embedded", value_parser = NonEmptyStringValueParser::new())]
    pub name: String,
    /// Do not ask
    #[arg(long, short)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub struct Minter {
    #[command(flatten)]
    pub at: At,
    /// The account whose key it is; made where there is none
    #[arg(long, value_name = "NAME", default_value = "superset-embed", value_parser = NonEmptyStringValueParser::new())]
    pub username: String,
    /// What its role is called
    #[arg(long, value_name = "NAME", default_value = "Guest minter", value_parser = NonEmptyStringValueParser::new())]
    pub role: String,
    /// What the key is called
    #[arg(long, value_name = "NAME", default_value = "Embed backend", value_parser = NonEmptyStringValueParser::new())]
    pub key_name: String,
    /// When it ends: 90d, 2027-01-31 or never
    #[arg(long, value_name = "WHEN", default_value = "90d", value_parser = expiry)]
    pub expires: Expiry,
    /// Do not ask
    #[arg(long, short)]
    pub yes: bool,
}
