//! The backend in Node.js, of what it brings.

use super::fill::fill;
use super::{Embedded, quote};

#[must_use]
pub fn node(of: Embedded<'_>) -> String {
    fill(
        include_str!("text/guest-token.mjs"),
        &[("superset", quote::javascript(of.superset)), ("dashboard", quote::javascript(of.dashboard))],
    )
}
