//! What stands in an entry where the key goes.

/// The environment variable that holds the bare key for [`Delivery::Variable`].
pub const VARIABLE: &str = "SUPERSET_API_KEY";

/// The id under which a client keeps what it asked for.
pub(super) const INPUT_ID: &str = "superset-token";

/// Stands where the key goes until the very end, so that no half-built document ever holds the key.
/// A private-use letter: neither an address nor a short name can hold it.
pub(super) const KEY_MARK: &str = "\u{E000}";
