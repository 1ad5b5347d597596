//! `superset-keys instances …`
#![allow(clippy::doc_markdown, reason = "these comments are the help people read")]

use super::At;
use clap::{Args, Subcommand, ValueEnum};
use superset_keys_core::instance::Environment;

#[derive(Debug, Subcommand)]
pub enum Instances {
    /// Put a Superset on the list, after a look at it
    Add(AddInstance),
    /// List all instances
    List,
    /// Show one instance
    Show {
        #[command(flatten)]
        at: At,
    },
    /// Give an instance another name; its old short name keeps working
    Rename {
        #[command(flatten)]
        at: At,
        /// The new name
        name: String,
    },
    /// Take an instance off the list; nothing is revoked
    Remove {
        #[command(flatten)]
        at: At,
        /// Yes, forget the keys stored for it as well
        #[arg(long)]
        forget_keys: bool,
    },
    /// Show or set the clock of an instance's server; Superset sends its local time without a zone
    Clock {
        #[command(flatten)]
        at: At,
        /// The server's time zone, such as America/New_York
        #[arg(long, value_name = "ZONE", conflicts_with = "learn")]
        zone: Option<String>,
        /// Go back to learning it from the server's answers
        #[arg(long)]
        learn: bool,
    },
    /// Set the address of an instance's MCP server; without one, look for it at the usual places
    McpUrl {
        #[command(flatten)]
        at: At,
        /// Such as https://superset.example.com/mcp
        url: Option<String>,
    },
}

#[derive(Debug, Args)]
pub struct AddInstance {
    /// Its address; a path such as /bi is kept
    pub url: String,
    /// What to call it; suggested from the address when left out
    #[arg(long)]
    pub name: Option<String>,
    /// The address of its MCP server; looked for when left out
    #[arg(long, value_name = "URL")]
    pub mcp_url: Option<String>,
    /// Yes, send keys unencrypted to this server
    #[arg(long)]
    pub allow_http: bool,
    /// What kind of deployment it is
    #[arg(long, value_enum, default_value = "production")]
    pub environment: Deployment,
    /// Who usually signs in
    #[arg(long)]
    pub username: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Deployment {
    Production,
    Staging,
    Development,
}

impl From<Deployment> for Environment {
    fn from(deployment: Deployment) -> Self {
        match deployment {
            Deployment::Production => Self::Production,
            Deployment::Staging => Self::Staging,
            Deployment::Development => Self::Development,
        }
    }
}
