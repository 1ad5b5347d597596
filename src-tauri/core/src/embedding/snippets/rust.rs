//! The backend in Rust, with reqwest.

use super::fill::fill;
use super::{Embedded, quote};

#[must_use]
pub fn rust(of: Embedded<'_>) -> String {
    fill(
        include_str!("text/guest_token.rs.txt"),
        &[("superset", quote::rust(of.superset)), ("dashboard", quote::rust(of.dashboard))],
    )
}
