//! `superset-keys vault …` and `superset-keys agent`
#![allow(clippy::doc_markdown, reason = "these comments are the help people read")]

use super::rotate::duration;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub enum Vault {
    /// Make the vault, and leave it unlocked
    ///
    ///   superset-keys vault create
    ///   superset-keys vault create --passphrase-stdin < file
    /// Where this computer has no keychain, new keys go there from now on. Nobody can reset the passphrase: without it what is in
    /// the vault is gone. `vault export` makes a copy for another place.
    #[command(verbatim_doc_comment)]
    Create(Unlock),
    /// Unlock it, for all programs of ours on this computer
    ///
    /// An agent is started that answers them until `vault lock`, until nobody asked for the idle time, and at the end of your
    /// session. Fine when it is unlocked already.
    Unlock(Unlock),
    /// Lock it, everywhere on this computer
    Lock,
    /// Where secrets are kept, and whether the vault is unlocked
    Status,
    /// Give it another passphrase; with --passphrase-stdin the old one and the new one, a line each
    Passphrase(Passphrase),
    /// Move all secrets from the keychain into the vault; new ones go there, too
    ///
    /// Each is in one place or in both, never in none. What was stopped half-way goes on when it is asked again.
    MoveIn,
    /// Move all secrets from the vault into the keychain; new ones go there, too
    MoveOut,
    /// Write instances and keys into one encrypted file, for another computer
    ///
    /// Its passphrase is its own. Sign-ins stay here: sign in again on the other computer.
    Export(ExportVault),
    /// Take what another computer exported
    ///
    /// Goes into the vault; where there is none, one is made with the same passphrase. What is here stays as it is.
    Import(ImportVault),
    /// Put the copy from before the last change in the place of a vault that is damaged
    Restore,
}

#[derive(Debug, Args)]
pub struct Passphrase {
    /// Read it from stdin: one line
    #[arg(long)]
    pub passphrase_stdin: bool,
}

#[derive(Debug, Args)]
pub struct Unlock {
    #[command(flatten)]
    pub passphrase: Passphrase,
    /// Lock it when nobody asked for so long
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "8h")]
    pub idle: u32,
}

#[derive(Debug, Args)]
pub struct ExportVault {
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub passphrase: Passphrase,
}

#[derive(Debug, Args)]
pub struct ImportVault {
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub passphrase: Passphrase,
}

#[derive(Debug, Args)]
pub struct Agent {
    /// Lock and end when nobody asked for so long
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "8h")]
    pub idle: u32,
    /// Print a systemd unit that starts it with your session, locked
    #[arg(long)]
    pub unit: bool,
    /// What opens the vault comes on stdin, from the program that started this one
    #[arg(long, hide = true)]
    pub handed: bool,
}
