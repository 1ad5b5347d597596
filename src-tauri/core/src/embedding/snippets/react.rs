//! The page, as a component of React.

use super::fill::fill;
use super::{Embedded, Shown, quote};

#[must_use]
pub fn react(of: Embedded<'_>, shown: Shown<'_>) -> String {
    fill(
        include_str!("text/Dashboard.jsx"),
        &[
            ("superset", quote::javascript(of.superset)),
            ("dashboard", quote::javascript(of.dashboard)),
            ("title", quote::javascript(shown.title)),
            ("hide_title", shown.hide_title.to_string()),
            ("filters_open", shown.filters_open.to_string()),
        ],
    )
}
