//! The code around an embedded dashboard, as text: the page that shows it (`@superset-ui/embedded-sdk` 0.4.0), and the
//! backend that mints tokens for it. Each is tried as it is on Superset 6.1.0 (`tests/embedding`).
//!
//! - `html`, `react`: the page
//! - `python`, `node`, `curl`, `rust`: the backend
//! - `quote`: values as a language writes them
//! - `fill`: values into a text

mod curl;
pub(super) mod fill;
mod html;
mod node;
mod python;
pub(super) mod quote;
mod react;
mod rust;

pub use curl::curl;
pub use html::html;
pub use node::node;
pub use python::python;
pub use react::react;
pub use rust::rust;

/// The variable that a backend reads the minter's key from.
pub const KEY_VARIABLE: &str = "SUPERSET_MINTER_KEY";
/// What installs the SDK that the pages stand on.
pub const SDK: &str = "npm install @superset-ui/embedded-sdk@0.4.0";
/// What the backend in Rust stands on.
pub const CRATES: &str = "cargo add base64 serde_json && cargo add reqwest@0.13 --no-default-features --features rustls,json \\\n  \
     && cargo add tokio --features macros,rt-multi-thread";

/// Which dashboard of which server.
#[derive(Debug, Clone, Copy)]
pub struct Embedded<'a> {
    /// The address that people use, without a slash at its end.
    pub superset: &'a str,
    /// The uuid of its embedding.
    pub dashboard: &'a str,
}

/// How a page shows it.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// What screen readers call the frame.
    pub title: &'a str,
    pub hide_title: bool,
    pub filters_open: bool,
}

#[cfg(test)]
mod tests;
