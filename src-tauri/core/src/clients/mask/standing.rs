//! Values that are told by where they stand: in a map of variables or headers, or behind a telling name.

use std::ops::Range;

/// A value that may be a secret, without its quotes. It may be several lines long.
pub(super) struct Standing {
    pub at: Range<usize>,
    /// In a map whose every value may be one: what only looks like the name of a variable is none then.
    pub in_map: bool,
}
