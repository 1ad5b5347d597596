//! The page, plain.

use super::fill::fill;
use super::{Embedded, Shown, quote};

#[must_use]
pub fn html(of: Embedded<'_>, shown: Shown<'_>) -> String {
    fill(
        include_str!("text/embedded.html"),
        &[
            ("superset", quote::javascript(of.superset)),
            ("dashboard", quote::javascript(of.dashboard)),
            ("title", quote::javascript(shown.title)),
            ("heading", quote::html(shown.title)),
            ("hide_title", shown.hide_title.to_string()),
            ("filters_open", shown.filters_open.to_string()),
        ],
    )
}
