//! Embedded dashboards and their guests, as far as it takes no call: what a site is, what a row rule may say, what a guest's
//! token tells, what is wrong with a server's switches, and the code that host pages and backends need.
//!
//! - `site`: an address whose pages may show a dashboard
//! - `switches`: the switches of embedding, and what can be found of each
//! - `seen`, `judge`, `framing`: the answers that were got, what they mean, and who may frame a page
//! - `config`: lines for a server's configuration
//! - `dialect`, `tokens`: how a database reads quotes, and a rule in pieces
//! - `clause`: what a row rule may say, and what widens it
//! - `value`: values in a row rule
//! - `guest_token`: what a guest's token says
//! - `secret_state`: what signs a server's guest tokens
//! - `snippets`: code for host pages and backends
//! - `preview`: a host page on this computer

mod clause;
mod config;
mod dialect;
mod framing;
mod guest_token;
mod judge;
mod preview;
mod secret_state;
mod seen;
mod site;
pub mod snippets;
mod switches;
mod tokens;
mod value;

pub use clause::{CLAUSE_LIMIT, RuleWarning, lint, lint_for_any, warnings};
pub use config::guest_role_line;
pub use dialect::Dialect;
pub use framing::{Framing, framing};
pub use guest_token::GuestClaims;
pub use judge::{judge, verdict};
pub use preview::{FrameRefusal, FrameSaid, PreviewWords, RefusalWords};
pub use secret_state::{GuestSecretState, known_secret};
pub use seen::{Cors, Frame, Guest, GuestCalls, HostPage, Listed, Reached, Seen};
pub use site::HostSite;
pub use switches::{EmbeddingFinding, EmbeddingSwitch, SwitchFix, SwitchState, SwitchView};
pub use value::{RuleValue, fill};

pub(crate) use preview::{Asked, Door, Given, PreviewPage, preview_page};
pub(crate) use value::has_place;
