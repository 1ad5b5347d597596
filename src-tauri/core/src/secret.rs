//! Text that must not be seen: API keys, passwords, tokens.

use serde::{Deserialize, Deserializer};
use std::fmt;
use zeroize::Zeroizing;

/// A plaintext secret, wiped from memory when dropped.
///
/// It can be read in (`Deserialize`) but not written out: no `Serialize`, no `Display`, no `Clone`, and
/// `Debug` says only that it is there. The one way to the text is [`Secret::expose`]; each call carries an
/// `// EXPOSE:` reason.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes ownership of `text`.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The plaintext. Say why at the call: `// EXPOSE: …`.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// A second copy, for the rare place that must hand one on and keep one.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(Zeroizing::new(self.0.as_str().to_owned()))
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// What may be shown of a key: its prefix and last four letters, `sst_…9fQ2`.
///
/// Only keys whose plaintext this computer has held have one: Superset stores neither letter.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(transparent)]
pub struct KeyHint(String);

impl KeyHint {
    /// Keys shorter than this show no ending: four letters would be too much of them.
    const MIN_LENGTH_FOR_ENDING: usize = 24;

    /// The hint of `key`, whose server-side prefix is `prefix` (`sst_` unless configured otherwise).
    #[must_use]
    pub fn of(key: &Secret, prefix: &str) -> Self {
        // EXPOSE: the last four letters are what people recognise a key by.
        let text = key.expose();
        let prefix = if text.starts_with(prefix) { prefix } else { "" };
        let letters = text.chars().count();
        if letters < Self::MIN_LENGTH_FOR_ENDING {
            return Self(format!("{prefix}…"));
        }
        let ending: String = text.chars().skip(letters - 4).collect();
        Self(format!("{prefix}…{ending}"))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the key's own letters; empty for a pasted key of a prefix that was not known then.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.0.split_once('…').map_or("", |(prefix, _)| prefix)
    }

    /// The last four letters, where the hint shows them.
    #[must_use]
    pub fn ending(&self) -> Option<&str> {
        self.0.rsplit_once('…').map(|(_, ending)| ending).filter(|ending| !ending.is_empty())
    }
}

impl fmt::Display for KeyHint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which store keeps a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum StoreKind {
    /// The OS keychain.
    Keychain,
    /// Our encrypted file.
    Vault,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Secret::new("sst_canary")), "Secret(…)");
    }

    #[test]
    fn hint_shows_prefix_and_last_four() {
        let key = Secret::new("sst_PNHkqdrcN3FhhTsEjG0RASQIS_JFXo8EvdZoFtKDlPI");
        let hint = KeyHint::of(&key, "sst_");
        assert_eq!(hint.as_str(), "sst_…DlPI");
        assert_eq!(hint.ending(), Some("DlPI"));
    }

    proptest! {
        #[test]
        fn hint_never_holds_more_than_four_letters_of_the_key(body in "[A-Za-z0-9_-]{0,80}") {
            let text = format!("sst_{body}");
            let hint = KeyHint::of(&Secret::new(text.clone()), "sst_");
            let shown = hint.as_str().trim_start_matches("sst_").trim_start_matches('…');
            prop_assert!(shown.chars().count() <= 4);
            prop_assert!(text.ends_with(shown));
        }

        #[test]
        fn any_unicode_is_taken_without_panic(text in "\\PC{0,60}", prefix in "\\PC{0,5}") {
            let _ = KeyHint::of(&Secret::new(text), &prefix);
        }
    }
}
