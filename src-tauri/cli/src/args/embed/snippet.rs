//! `superset-keys embed snippet`
#![allow(clippy::doc_markdown, reason = "these comments are the help people read")]

use crate::args::At;
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};
use superset_keys_core::actions::EmbeddingCode;

#[derive(Debug, Args)]
pub struct EmbedSnippet {
    #[command(flatten)]
    pub at: At,
    /// The dashboard: its title, its number, or its uuid
    #[arg(value_name = "DASHBOARD", value_parser = NonEmptyStringValueParser::new())]
    pub dashboard: String,
    #[arg(value_enum, value_name = "CODE")]
    pub code: Code,
    /// The page shows the dashboard without its title
    #[arg(long)]
    pub hide_title: bool,
    /// The page shows the dashboard with its filters open
    #[arg(long)]
    pub filters_open: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Code {
    /// The page, plain
    Html,
    /// The page, as a component
    React,
    /// The backend, with Python's standard library
    Python,
    /// The backend, for Node.js
    Node,
    /// The backend, with a shell and curl
    Curl,
    /// The backend, with reqwest
    Rust,
}

impl From<Code> for EmbeddingCode {
    fn from(code: Code) -> Self {
        match code {
            Code::Html => Self::Html,
            Code::React => Self::React,
            Code::Python => Self::Python,
            Code::Node => Self::Node,
            Code::Curl => Self::Curl,
            Code::Rust => Self::Rust,
        }
    }
}
