//! What can be wrong with somebody's key.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// What is wrong with a key that could still be used, the gravest first. A revoked key has none, and one that ended
/// has no other than that it was not revoked.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AuditFinding {
    /// It is refused as long as its owner is inactive, and works again when they are not (6.1.0).
    OwnerInactive,
    /// A key may do what its owner may (6.1.0): scopes are not enforced.
    OwnerAdmin,
    /// How old it is by now, its creation tells.
    NeverUsed,
    /// Not used for so many days as are set.
    Quiet,
    /// Past its end: refused, and listed as if it were of use.
    EndedNotRevoked,
    /// Made more than a year ago.
    OverAYear,
    NoEnd,
    /// Within so many days as are set: what uses it stops then.
    EndsSoon,
    /// Its owner has so many that work as are set.
    ManyKeys,
    /// Its owner has another that works under the same name.
    SameName,
}

impl AuditFinding {
    pub const ALL: &'static [Self] = Self::VARIANTS;

    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
