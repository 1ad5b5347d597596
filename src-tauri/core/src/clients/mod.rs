//! AI clients: what each one reads, and our entry written the way it reads it.
//!
//! Pure but for `locate`, which looks whether files are there: no network, no keychain, nothing read or written. One file per client holds its facts and the shape of its entry;
//! [`CLIENTS`] lists them. The rest is what they share:
//!
//! - `table`: the type of those facts
//! - `delivery`: how a client gets the key, and why one cannot
//! - `entry`: what goes in
//! - `snippet`: what comes out, for a person
//! - `written`: what comes out, for the client's own file
//! - `note`: what a person must know or do, as codes
//! - `quote`: shells
//! - `layout`: configurations for people to read
//! - `edit`: our entry in files that are there, everything else left as it is
//! - `locate`: where a client's file lies on this computer
//! - `recognise`: which entries are ours, and how they get their key
//! - `difference`, `mask`: an edit as a person looks at it, without secrets
//! - `view`: the facts as IPC and `--json` send them

mod claude_code;
mod claude_desktop;
mod codex;
mod cursor;
mod delivery;
mod difference;
pub mod edit;
mod entry;
mod gemini;
mod layout;
mod locate;
mod mask;
mod note;
mod quote;
mod recognise;
mod snippet;
mod table;
mod view;
mod vscode;
mod written;

pub use delivery::{CannotTake, Delivery, Scope, SnippetForm, UnknownWord};
pub use difference::{DiffKind, DiffLine, difference, lines_between, mask_text};
pub use entry::{Credential, Entry, ProgramCall, VARIABLE};
pub use locate::Located;
pub use note::SnippetNote;
pub use recognise::{OurCall, Recognised};
pub use snippet::{Language, Snippet, fits_in_a_header};
pub use table::{
    Check, ClientKind, ConfigFile, Evidence, Knowledge, Location, McpClient, OwnCommand, Platform,
};
pub use view::{ClientView, DeliveryView};
pub use written::WrittenEntry;

use crate::error::{Error, Result};

/// Every client we know, in the order a list shows them.
pub const CLIENTS: &[&McpClient] = &[
    &claude_code::CLIENT,
    &claude_desktop::CLIENT,
    &cursor::CLIENT,
    &vscode::CLIENT,
    &codex::CLIENT,
    &gemini::CLIENT,
];

/// The client a person calls `id`, as in `superset-keys snippet cursor …`.
pub fn find(id: &str) -> Result<&'static McpClient> {
    CLIENTS
        .iter()
        .copied()
        .find(|client| client.id == id)
        .ok_or_else(|| Error::NoSuchClient { name: id.to_owned() })
}
