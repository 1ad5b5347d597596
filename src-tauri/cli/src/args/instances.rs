//! `superset-keys instances …`
#![allow(clippy::doc_markdown, reason = "these comments are the help people read")]

use super::At;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;
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
    /// Show or set how an instance is reached: whom to trust, a client certificate, a proxy, time-outs
    ///
    ///   superset-keys instances network production --ca acme-root.pem
    ///   superset-keys instances network production --pkcs12 jane.p12 --passphrase-stdin < passphrase
    ///   superset-keys instances network production --proxy http://jane@proxy.example.com:3128
    /// What is not named stays as it is. Keys and passwords go into the keychain; the files are not needed afterwards.
    /// It holds for everything that reaches the instance: this program, the app, AI clients' bridges, OAuth.
    #[command(verbatim_doc_comment)]
    Network {
        #[command(flatten)]
        at: At,
        #[command(flatten)]
        network: NetworkArgs,
        /// Trust nobody but those that this computer trusts
        #[arg(long, conflicts_with = "ca")]
        no_ca: bool,
        /// Show no certificate any more, and forget its key
        #[arg(long, conflicts_with_all = ["client_certificate", "pkcs12"])]
        no_client_certificate: bool,
        /// Wait as long as the settings say
        #[arg(long, conflicts_with_all = ["connect_timeout", "call_timeout"])]
        default_timeouts: bool,
    },
}

#[derive(Debug, Args)]
#[command(next_help_heading = "The way there")]
pub struct NetworkArgs {
    /// Trust these certificates too, beside the ones that this computer trusts: PEM or DER
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// Show this certificate to servers that ask who you are: PEM, with those above it
    #[arg(long, value_name = "FILE", conflicts_with = "pkcs12")]
    pub client_certificate: Option<PathBuf>,
    /// Its private key: PEM, not encrypted; not needed where it stands in the certificate's file
    #[arg(long, value_name = "FILE", requires = "client_certificate")]
    pub client_key: Option<PathBuf>,
    /// The certificate and its key in one file: PKCS#12 (.p12, .pfx)
    #[arg(long, value_name = "FILE")]
    pub pkcs12: Option<PathBuf>,
    /// Read that file's passphrase from stdin
    #[arg(long, requires = "pkcs12", conflicts_with = "proxy_password_stdin")]
    pub passphrase_stdin: bool,
    /// Which proxy to take: `system`, `none`, or an address such as http://jane@proxy.example.com:3128
    ///
    /// http, https, socks5 and socks5h; with socks5h the proxy looks the server's name up. A password never stands in
    /// the address: it is asked for, or read by --proxy-password-stdin.
    #[arg(long, value_name = "PROXY")]
    pub proxy: Option<String>,
    /// Read the proxy's password from stdin
    #[arg(long, requires = "proxy")]
    pub proxy_password_stdin: bool,
    /// How long to wait for a connection to this instance, from now on
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub connect_timeout: Option<u64>,
    /// How long to wait for a whole answer of this instance, from now on
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub call_timeout: Option<u32>,
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
    #[command(flatten)]
    pub network: NetworkArgs,
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
