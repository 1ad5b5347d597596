//! `superset-keys oauth …`
#![allow(clippy::doc_markdown, reason = "these comments are the help people read")]

use super::At;
use clap::{Args, Subcommand, ValueEnum};
use superset_keys_core::credential::OAuthGrant;

#[derive(Debug, Subcommand)]
pub enum OAuth {
    /// Set from whom AI clients' tokens come, and as what they are asked for
    ///
    ///   superset-keys oauth set production --issuer https://id.example.com --client-id superset-keys
    ///   superset-keys oauth set production                      (where the MCP server announces its issuer)
    ///   superset-keys oauth set ci --issuer https://id.example.com --client-id ci --client-secret-stdin \
    ///     --grant client-credentials < file
    /// The client's address to come back to is http://127.0.0.1/callback, with any port. Whoever was signed in is signed
    /// out. Nothing that AI clients present changes yet: mcp-access set.
    #[command(verbatim_doc_comment)]
    Set(SetOAuth),
    /// Sign in, with your browser, for an instance's AI clients
    ///
    /// The sign-in is kept in the keychain and renewed as long as the server renews it.
    ///   superset-keys oauth sign-in production --print-url      (prints the address alone, and waits)
    #[command(verbatim_doc_comment)]
    SignIn(OAuthSignIn),
    /// Revoke the sign-in, and delete its tokens from this computer
    SignOut {
        #[command(flatten)]
        at: At,
    },
    /// What is set, and who is signed in; asks no server
    Status {
        #[command(flatten)]
        at: At,
    },
}

#[derive(Debug, Args)]
pub struct SetOAuth {
    #[command(flatten)]
    pub at: At,
    /// The authorization server, as `iss` in its tokens has it; asked of the MCP server unless told
    #[arg(long, value_name = "URL")]
    pub issuer: Option<String>,
    /// As whom tokens are asked for; the server makes a client unless told, if it does that
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
    /// Read the client's secret from stdin: one line
    #[arg(long, requires = "client_id")]
    pub client_secret_stdin: bool,
    /// What tokens are to allow; as often as there are scopes
    #[arg(long = "scope", value_name = "SCOPE")]
    pub scopes: Vec<String>,
    /// Whom tokens are for, letter for letter: the MCP server's address unless told
    #[arg(long, value_name = "URL")]
    pub resource: Option<String>,
    /// The same for servers that call it audience
    #[arg(long, value_name = "TEXT")]
    pub audience: Option<String>,
    /// How tokens are had
    #[arg(long, value_enum, default_value = "code")]
    pub grant: Grant,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Grant {
    /// A person signs in with a browser on this computer
    Code,
    /// As the client itself; Superset takes its id, or what the token names, for a user's name
    ClientCredentials,
    /// A person signs in with a browser anywhere
    Device,
}

impl From<Grant> for OAuthGrant {
    fn from(grant: Grant) -> Self {
        match grant {
            Grant::Code => Self::Code,
            Grant::ClientCredentials => Self::ClientCredentials,
            Grant::Device => Self::Device,
        }
    }
}

#[derive(Debug, Args)]
pub struct OAuthSignIn {
    #[command(flatten)]
    pub at: At,
    /// Print the address on stdout, and nothing else there, in place of opening a browser
    #[arg(long)]
    pub print_url: bool,
    /// How long to wait for it
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub wait: u64,
}
