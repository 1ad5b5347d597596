//! The backend in Python, of its standard library.

use super::fill::fill;
use super::{Embedded, quote};

#[must_use]
pub fn python(of: Embedded<'_>) -> String {
    fill(
        include_str!("text/guest_token.py"),
        &[("superset", quote::python(of.superset)), ("dashboard", quote::python(of.dashboard))],
    )
}
