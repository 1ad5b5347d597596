//! `superset-keys scan`
#![allow(clippy::doc_markdown, reason = "these comments are the help people read")]

use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct Scan {
    /// Files and folders to search instead of the usual files
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Search the usual files too, beside each PATH
    #[arg(long)]
    pub known: bool,
    /// Ask the servers which of the keys still work; on a terminal you are asked without this
    ///
    /// The list of your session is asked first. A key that no list shows is used once, which moves its last-used
    /// time. A key of a server that is not among your instances is shown to nobody.
    #[arg(long)]
    pub check_alive: bool,
    /// Move keys of yours that lie in AI clients' files into the keychain, and give the clients the bridge
    ///
    /// As `connect` does it: one entry changes, and `restore` undoes it. The backup that is kept for that holds
    /// no key: undoing takes it from the keychain.
    #[arg(long = "move")]
    pub move_keys: bool,
}
