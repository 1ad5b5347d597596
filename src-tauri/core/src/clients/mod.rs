//! AI clients: what each one reads, and our entry written the way it reads it.
//!
//! Pure but for `locate`, which looks whether files are there and what profiles are called: no network, no keychain, nothing read or written. One file per client holds its facts
//! and the shape of its entry: `apps` are programs that people use, `code` is for programs that people write; [`CLIENTS`]
//! lists them. The rest is what they share:
//!
//! - `table`: the type of those facts
//! - `delivery`: how a client gets the key, and why one cannot
//! - `entry`: what goes in; `program_call`: our own program in it; `placeholder`: what stands where the key goes
//! - `snippet`: what comes out, for a person
//! - `written`: what comes out, for the client's own file
//! - `shapes`: what many entries have in common
//! - `note`: what a person must know or do, as codes
//! - `quote`: shells; `language`, `platform`: what text is written in, and for
//! - `layout`: configurations for people to read
//! - `edit`: our entry in files that are there, everything else left as it is
//! - `location`: where a client reads its configuration, as facts
//! - `locate`: where on this computer that is, and which of it is read
//! - `recognise`: which entries are ours, and how they get their key; `our_call`, `shell_line`: what they start
//! - `key_shape`: keys in an entry; `cleaning`: what stays of one that is there when ours takes its place
//! - `difference`, `mask`: an edit as a person looks at it, without secrets
//! - `view`: the facts as IPC and `--json` send them

mod apps;
mod cleaning;
mod code;
mod delivery;
mod difference;
pub mod edit;
mod entry;
mod key_shape;
mod language;
mod layout;
mod locate;
mod location;
mod mask;
mod note;
mod our_call;
mod placeholder;
mod platform;
mod program_call;
mod quote;
mod recognise;
mod shapes;
mod shell_line;
mod snippet;
mod table;
mod view;
mod written;

pub use delivery::{CannotTake, Delivery, NotWritten, Scope, SnippetForm, UnknownWord};
pub use difference::{DiffKind, DiffLine, difference, lines_between};
pub use entry::{Credential, Entry};
pub use key_shape::{KeyShape, OnlyBearers};
pub use language::Language;
pub use locate::Located;
pub use location::{Installation, Location, Written};
pub use note::SnippetNote;
pub use our_call::OurCall;
pub use placeholder::VARIABLE;
pub use platform::Platform;
pub use program_call::ProgramCall;
pub use recognise::Recognised;
pub use snippet::{Snippet, fits_in_a_header};
pub use table::{Check, ClientKind, ConfigFile, Evidence, Knowledge, McpClient, OwnCommand};
pub use view::{ClientView, DeliveryView};
pub use written::WrittenEntry;

use crate::error::{Error, Result};

/// Every client we know, in the order a list shows them.
pub const CLIENTS: &[&McpClient] = &[
    &apps::claude_code::CLIENT,
    &apps::claude_desktop::CLIENT,
    &apps::cursor::CLIENT,
    &apps::vscode::CLIENT,
    &apps::codex::CLIENT,
    &apps::gemini::CLIENT,
    &apps::vscode_insiders::CLIENT,
    &apps::copilot::CLIENT,
    &apps::opencode::CLIENT,
    &apps::antigravity::CLIENT,
    &apps::qwen::CLIENT,
    &apps::goose::CLIENT,
    &apps::droid::CLIENT,
    &apps::amp::CLIENT,
    &apps::crush::CLIENT,
    &apps::warp::CLIENT,
    &apps::mcporter::CLIENT,
    &apps::inspector::CLIENT,
    &apps::zed::CLIENT,
    &apps::cline::CLIENT,
    &apps::kilo::CLIENT,
    &apps::continue_dev::CLIENT,
    &apps::kiro::CLIENT,
    &apps::devin::CLIENT,
    &apps::windsurf::CLIENT,
    &apps::visual_studio::CLIENT,
    &apps::jetbrains::CLIENT,
    &apps::junie::CLIENT,
    &apps::lm_studio::CLIENT,
    &apps::raycast::CLIENT,
    &apps::cherry_studio::CLIENT,
    &apps::postman::CLIENT,
    &apps::librechat::CLIENT,
    &apps::open_webui::CLIENT,
    &apps::n8n::CLIENT,
    &apps::chatgpt::CLIENT,
    &code::python::CLIENT,
    &code::python_1::CLIENT,
    &code::fastmcp::CLIENT,
    &code::typescript::CLIENT,
    &code::openai_agents::CLIENT,
    &code::langchain::CLIENT,
    &code::curl::CLIENT,
    &code::openai::CLIENT,
    &code::anthropic::CLIENT,
];

/// The client a person calls `id`, as in `superset-keys snippet cursor …`.
pub fn find(id: &str) -> Result<&'static McpClient> {
    CLIENTS
        .iter()
        .copied()
        .find(|client| client.id == id)
        .ok_or_else(|| Error::NoSuchClient { name: id.to_owned() })
}

/// The environment variables that say where clients' files are.
pub fn variables() -> impl Iterator<Item = &'static str> {
    CLIENTS.iter().flat_map(|client| client.locations).flat_map(Location::variables)
}
