//! The backend in a shell and curl.

use super::fill::fill;
use super::{Embedded, quote};

#[must_use]
pub fn curl(of: Embedded<'_>) -> String {
    fill(
        include_str!("text/guest-token.sh"),
        &[("superset", quote::shell(of.superset)), ("dashboard", quote::shell(of.dashboard))],
    )
}
