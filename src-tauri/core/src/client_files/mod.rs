//! Other programs' configuration files on disk: read, replaced whole or not at all, kept aside, given back.
//!
//! Paths and bytes only; what stands in them is `clients`' to know.
//!
//! - `file`: a file as it was found, and what may not be edited
//! - `replace`: another content in its place, if nobody changed it meanwhile
//! - `backup`: what was there before, for undoing
//! - `own_command`: the client's own program, asked to change its file

mod backup;
mod file;
mod own_command;
mod replace;

pub use backup::{Backup, Backups, Cut, Keyless, remove_unfinished};
pub use file::{ClientFile, Digest};
pub use own_command::run;
pub use replace::{Change, Mode, remove, replace, replace_or_tell};
