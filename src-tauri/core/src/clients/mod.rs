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
//! - `shapes`: what many entries have in common
//! - `note`: what a person must know or do, as codes
//! - `quote`: shells
//! - `layout`: configurations for people to read
//! - `edit`: our entry in files that are there, everything else left as it is
//! - `locate`: where a client's file lies on this computer
//! - `recognise`: which entries are ours, and how they get their key
//! - `difference`, `mask`: an edit as a person looks at it, without secrets
//! - `view`: the facts as IPC and `--json` send them

mod amp;
mod anthropic;
mod antigravity;
mod chatgpt;
mod cherry_studio;
mod claude_code;
mod claude_desktop;
mod cline;
mod codex;
mod continue_dev;
mod copilot;
mod crush;
mod curl;
mod cursor;
mod delivery;
mod devin;
mod difference;
mod droid;
pub mod edit;
mod entry;
mod fastmcp;
mod gemini;
mod goose;
mod inspector;
mod jetbrains;
mod junie;
mod kilo;
mod kiro;
mod langchain;
mod layout;
mod librechat;
mod lm_studio;
mod locate;
mod mask;
mod mcporter;
mod n8n;
mod note;
mod open_webui;
mod openai;
mod openai_agents;
mod opencode;
mod postman;
mod python;
mod python_1;
mod quote;
mod qwen;
mod raycast;
mod recognise;
mod shapes;
mod snippet;
mod table;
mod typescript;
mod view;
mod visual_studio;
mod vscode;
mod vscode_insiders;
mod warp;
mod windsurf;
mod written;
mod zed;

pub use delivery::{CannotTake, Delivery, NotWritten, Scope, SnippetForm, UnknownWord};
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
    &vscode_insiders::CLIENT,
    &copilot::CLIENT,
    &opencode::CLIENT,
    &antigravity::CLIENT,
    &qwen::CLIENT,
    &goose::CLIENT,
    &droid::CLIENT,
    &amp::CLIENT,
    &crush::CLIENT,
    &warp::CLIENT,
    &mcporter::CLIENT,
    &inspector::CLIENT,
    &zed::CLIENT,
    &cline::CLIENT,
    &kilo::CLIENT,
    &continue_dev::CLIENT,
    &kiro::CLIENT,
    &devin::CLIENT,
    &windsurf::CLIENT,
    &visual_studio::CLIENT,
    &jetbrains::CLIENT,
    &junie::CLIENT,
    &lm_studio::CLIENT,
    &raycast::CLIENT,
    &cherry_studio::CLIENT,
    &postman::CLIENT,
    &librechat::CLIENT,
    &open_webui::CLIENT,
    &n8n::CLIENT,
    &chatgpt::CLIENT,
    &python::CLIENT,
    &python_1::CLIENT,
    &fastmcp::CLIENT,
    &typescript::CLIENT,
    &openai_agents::CLIENT,
    &langchain::CLIENT,
    &curl::CLIENT,
    &openai::CLIENT,
    &anthropic::CLIENT,
];

/// The client a person calls `id`, as in `superset-keys snippet cursor …`.
pub fn find(id: &str) -> Result<&'static McpClient> {
    CLIENTS
        .iter()
        .copied()
        .find(|client| client.id == id)
        .ok_or_else(|| Error::NoSuchClient { name: id.to_owned() })
}
