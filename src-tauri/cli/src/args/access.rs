//! `superset-keys mcp-access …`, `superset-keys signing …`, `superset-keys tokens …`
#![allow(clippy::doc_markdown, reason = "these comments are the help people read")]

use super::At;
use super::rotate::duration;
use clap::{Args, Subcommand, ValueEnum};
use superset_keys_core::signing::config::ConfigFor;

#[derive(Debug, Subcommand)]
pub enum McpAccess {
    /// Show what is in use; asks no server
    Show {
        #[command(flatten)]
        at: At,
    },
    /// Choose what AI clients present; no client's file changes
    ///
    ///   superset-keys mcp-access set production signed --user jane
    ///   superset-keys mcp-access set production api-key
    ///   superset-keys mcp-access set production oauth
    /// `signed` is set when the server was seen to take a token of ours for that person, and not otherwise; `oauth` when
    /// it was seen to take one of the authorization server's. Clients
    /// on the bridge follow at their next call, those that ask for headers when they connect. An entry that names a key
    /// keeps to it.
    #[command(verbatim_doc_comment)]
    Set(SetMcpAccess),
    /// Let AI clients in with tokens in place of their keys, and see when each key may go
    ///
    ///   superset-keys mcp-access move production oauth      begin, or go on
    ///   superset-keys mcp-access move production            how far it is
    ///   superset-keys mcp-access set production api-key     all go back to their keys
    /// Clients on the bridge follow at their next call, also those whose entries name a key; no client's file changes. A
    /// key stays as it is until you revoke it: run this again, and it says which was not used by anybody for a day.
    #[command(verbatim_doc_comment)]
    Move(MoveMcpAccess),
    /// Ask the server whom it takes AI clients for, and whether it lets in whoever comes
    ///
    /// Sends what AI clients present, nothing, and a made-up token, each with one read-only call.
    /// Exit codes: 0 as it should be, 1 not taken or for another person, 2 it lets in whoever comes.
    #[command(verbatim_doc_comment)]
    Prove {
        #[command(flatten)]
        at: At,
    },
}

#[derive(Debug, Args)]
pub struct SetMcpAccess {
    #[command(flatten)]
    pub at: At,
    /// What they are let in with
    #[arg(value_enum)]
    pub kind: AccessKind,
    /// signed: the Superset user, letter for letter
    #[arg(long, value_name = "NAME", required_if_eq("kind", "signed"))]
    pub user: Option<String>,
    /// signed: what stands in `scope`, where the server demands scopes
    #[arg(long, value_name = "SCOPES", requires = "user")]
    pub scope: Option<String>,
    /// Set it without asking the server
    #[arg(long)]
    pub unproven: bool,
}

#[derive(Debug, Args)]
pub struct MoveMcpAccess {
    #[command(flatten)]
    pub at: At,
    /// What they are let in with from now on; left out, it is only looked at how far it is
    #[arg(value_enum)]
    pub kind: Option<AccessKind>,
    /// signed: the Superset user, letter for letter
    #[arg(long, value_name = "NAME", required_if_eq("kind", "signed"))]
    pub user: Option<String>,
    /// signed: what stands in `scope`, where the server demands scopes
    #[arg(long, value_name = "SCOPES", requires = "user")]
    pub scope: Option<String>,
    /// Only the clients of this key, and those that name none; may be given more than once
    #[arg(long = "key", value_name = "KEY", requires = "kind")]
    pub keys: Vec<String>,
    /// For how long nobody may have used a key until it is called quiet: 10s, 30m, 12h or 8d [default: 1d]
    #[arg(long, value_name = "TIME", value_parser = duration, requires = "kind")]
    pub quiet_for: Option<u32>,
    /// Begin without asking the server whether it takes them
    #[arg(long, requires = "kind")]
    pub unproven: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AccessKind {
    /// A key from the keychain
    ApiKey,
    /// Tokens of minutes, signed on this computer
    Signed,
    /// Tokens of an authorization server; see oauth
    #[value(name = "oauth")]
    OAuth,
}

#[derive(Debug, Subcommand)]
pub enum Signing {
    /// Make a secret, or take the server's, and keep it in the keychain
    ///
    ///   superset-keys signing create production
    ///   superset-keys signing config production --with-secret | ssh bi.example.com 'cat >> superset_config.py'
    ///   superset-keys mcp-access set production signed --user jane
    #[command(verbatim_doc_comment)]
    Create(CreateSigning),
    /// What is kept; never the secret
    Show {
        #[command(flatten)]
        at: At,
    },
    /// Print the lines for the server's superset_config.py
    ///
    /// Without the secret they take it from the variable SUPERSET_MCP_JWT_SECRET.
    Config(SigningConfig),
    /// Delete the secret from this computer; the server goes on taking tokens that it signed
    Forget {
        #[command(flatten)]
        at: At,
    },
}

#[derive(Debug, Args)]
pub struct CreateSigning {
    #[command(flatten)]
    pub at: At,
    /// Who signs, as the server compares it: superset-mcp unless told
    #[arg(long, value_name = "TEXT")]
    pub issuer: Option<String>,
    /// For whom, as the server compares it: superset-mcp-clients unless told
    #[arg(long, value_name = "TEXT")]
    pub audience: Option<String>,
    /// Take the secret that the server has, from stdin: one line
    #[arg(long)]
    pub secret_stdin: bool,
    /// In the place of the one that is kept: its tokens end when the server has the new one
    #[arg(long)]
    pub replace: bool,
}

#[derive(Debug, Args)]
pub struct SigningConfig {
    #[command(flatten)]
    pub at: At,
    /// With the secret in the lines, for a pipe
    #[arg(long)]
    pub with_secret: bool,
    /// With the secret, on a terminal too
    #[arg(long, requires = "with_secret")]
    pub show: bool,
    /// Only the lines by which Superset 6.1 takes the user from a token, whoever made it; for `oauth`. Needs no secret
    #[arg(long, conflicts_with_all = ["with_secret", "server"])]
    pub user_only: bool,
    /// For which Superset; the instance's own unless told
    #[arg(long = "for", value_enum, value_name = "VERSION")]
    pub server: Option<ServerVersion>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ServerVersion {
    #[value(name = "6.1")]
    V6_1,
    Later,
}

impl From<ServerVersion> for ConfigFor {
    fn from(version: ServerVersion) -> Self {
        match version {
            ServerVersion::V6_1 => Self::V6_1,
            ServerVersion::Later => Self::Later,
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum Tokens {
    /// Sign one token for a Superset user and print it to a pipe, once
    ///
    ///   superset-keys tokens mint production --user jane --hours 2 | ssh airflow 'cat > token'
    /// AI clients on the bridge need none: theirs are made as they are needed. Nobody can call one back.
    #[command(verbatim_doc_comment)]
    Mint(MintToken),
    /// Read a token from stdin: what it says, how long it has, who signed it, what the server looks at
    ///
    /// With an instance it is compared with what is kept for that. The token is sent to nobody.
    Inspect(InspectToken),
}

#[derive(Debug, Args)]
pub struct MintToken {
    #[command(flatten)]
    pub at: At,
    /// The Superset user, letter for letter; an e-mail does not work
    #[arg(long, value_name = "NAME")]
    pub user: String,
    /// For how many hours it is good
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=8760))]
    pub hours: u32,
    /// What stands in `scope`, where the server demands scopes
    #[arg(long, value_name = "SCOPES")]
    pub scope: Option<String>,
    /// Print it on a terminal too
    #[arg(long)]
    pub show: bool,
}

#[derive(Debug, Args)]
pub struct InspectToken {
    /// Short name of the instance whose secret and clock it is compared with
    #[arg(value_name = "INSTANCE")]
    pub instance: Option<String>,
}
