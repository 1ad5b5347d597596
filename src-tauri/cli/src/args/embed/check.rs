//! `superset-keys embed check`
#![allow(clippy::doc_markdown, reason = "these comments are the help people read")]

use super::set_up::OfDashboard;
use clap::Args;
use clap::builder::NonEmptyStringValueParser;

#[derive(Debug, Args)]
pub struct CheckEmbedding {
    #[command(flatten)]
    pub of: OfDashboard,
    /// The site whose pages are to show it: https://app.example.com
    #[arg(long, value_name = "URL", value_parser = NonEmptyStringValueParser::new())]
    pub origin: String,
    /// A page of it that shows the dashboard: it is fetched, and its referrer policy is read
    #[arg(long, value_name = "URL", value_parser = NonEmptyStringValueParser::new())]
    pub page: Option<String>,
}
