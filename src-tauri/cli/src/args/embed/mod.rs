//! `superset-keys embed …`: one file for each kind of command
#![allow(clippy::doc_markdown, reason = "these comments are the help people read")]

mod check;
mod preview;
mod set_up;
mod snippet;

pub use check::CheckEmbedding;
pub use preview::EmbedPreview;
pub use set_up::{AddSite, EndEmbedding, GuestRole, Minter, SetSites};
pub use snippet::EmbedSnippet;

use super::At;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum Embed {
    /// The dashboards that you see: which are embedded, and which sites may show them
    List {
        #[command(flatten)]
        at: At,
    },
    /// Let exactly these sites show a dashboard
    ///
    ///   superset-keys embed set production "Sales by region" --site https://app.example.com
    /// Sites that are not named may not show it any more. One that is embedded already keeps its uuid.
    #[command(verbatim_doc_comment)]
    Set(SetSites),
    /// Let one more site show a dashboard
    AddSite(AddSite),
    /// Let a site show a dashboard no more
    RemoveSite(AddSite),
    /// End a dashboard's embedding; every page that shows it breaks
    End(EndEmbedding),
    /// Make a role for guests with the three permissions that showing a dashboard takes, and try it
    ///
    ///   superset-keys embed role production --name Embedded
    /// One of that name gets what it lacks, and nothing is taken from it. With a role of their own for guests, Superset's
    /// Public role can stay empty.
    #[command(verbatim_doc_comment)]
    Role(GuestRole),
    /// Make a key for your backend that mints guest tokens and can do nothing else
    ///
    ///   superset-keys embed minter production --expires 90d
    ///   superset-keys keys print production embed-backend | ssh app.example.com 'cat > /run/secrets/superset'
    /// Makes a role with two permissions, an account with it and without a password that anybody knows, and a key of that
    /// account, which is kept in the keychain. Takes an Admin. Cut off, the same command again goes on with it.
    #[command(verbatim_doc_comment)]
    Minter(Minter),
    /// Why a dashboard does not show on a site, or who could show it that should not: each switch by itself
    ///
    ///   superset-keys embed check production "Sales by region" --origin https://app.example.com
    ///   superset-keys embed check production 12 --origin https://app.example.com --page https://app.example.com/sales
    /// Asks the server as that site's visitors do, through the address that this computer knows it by, mints a guest token
    /// and asks with that. Changes nothing.
    /// Exit codes: 0 right, 1 doubtful, or something that matters cannot be told, 2 wrong or critical, 3 it could not be done.
    #[command(verbatim_doc_comment)]
    Check(CheckEmbedding),
    /// Show a dashboard on a page of this computer, as a guest sees it, and say what became of it
    ///
    ///   superset-keys embed preview production Sales --as jane --rls 'org_id = 12'
    ///   superset-keys embed preview production Sales --port 4711
    /// Your browser opens. The page is for this computer and for that browser alone, until Ctrl-C. Superset and the browser
    /// take it for a site like any other: its address must be on the dashboard's list, and in frame-ancestors.
    #[command(verbatim_doc_comment)]
    Preview(EmbedPreview),
    /// Print the code that a host page or its backend needs for a dashboard
    ///
    ///   superset-keys embed snippet production Sales html > embedded.html
    ///   superset-keys embed snippet production Sales python > guest_token.py
    /// The backends read a minter's key from the environment variable SUPERSET_MINTER_KEY; no key is in any of them.
    #[command(verbatim_doc_comment)]
    Snippet(EmbedSnippet),
}

impl Embed {
    pub fn at(&self) -> &At {
        match self {
            Self::List { at } => at,
            Self::Set(args) => &args.of.at,
            Self::AddSite(args) | Self::RemoveSite(args) => &args.of.at,
            Self::End(args) => &args.of.at,
            Self::Role(args) => &args.at,
            Self::Minter(args) => &args.at,
            Self::Check(args) => &args.of.at,
            Self::Preview(args) => &args.at,
            Self::Snippet(args) => &args.at,
        }
    }
}
