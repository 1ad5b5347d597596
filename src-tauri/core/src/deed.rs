//! What was done here with keys, sign-ins and AI clients: one line of the record each, and never a secret.

use crate::ids::{ApiKeyId, InstanceId};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use strum::{EnumIter, EnumString, IntoStaticStr};

/// What others named is cut here, so that a line stays one write.
const LIMIT: usize = 256;

/// One line for each kind: whatever comes later is one more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, EnumIter, EnumString, IntoStaticStr)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DeedKind {
    InstanceAdded,
    InstanceRemoved,
    SignedIn,
    SignedOut,
    KeyCreated,
    /// One that exists already was stored here.
    KeyKept,
    /// Another key has its place now.
    KeyReplaced,
    KeyCopied,
    /// Shown in the window.
    KeyRevealed,
    /// Printed by the command line.
    KeyPrinted,
    /// Handed to a command, in its environment.
    KeyGiven,
    /// It stands in a text for an AI client that was asked for.
    KeyInSnippet,
    KeyForgotten,
    KeyRevoked,
    ClientConnected,
    ClientDisconnected,
    ClientUndone,
    AccessChanged,
    SigningSecretKept,
    SigningSecretCopied,
    /// It stands in lines for a server that were asked for.
    SigningSecretShown,
    SigningSecretForgotten,
    TokenMinted,
    /// For a guest of an embedded dashboard.
    GuestTokenMinted,
    OauthSet,
    OauthSignedIn,
    OauthSignedOut,
    ReportSigned,
    PersonActivated,
    PersonDeactivated,
    /// Which sites may show a dashboard.
    EmbeddingChanged,
    EmbeddingEnded,
    GuestRoleMade,
    /// A key that mints guest tokens, its role and its account.
    MinterMade,
    /// How an instance is reached.
    NetworkChanged,
    AppLocked,
    AppUnlocked,
    VaultCreated,
    VaultUnlocked,
    VaultLocked,
    VaultPassphraseChanged,
    /// The copy of it took its place.
    VaultRestored,
    /// From the keychain to the vault, or back.
    SecretsMoved,
    SecretsExported,
    SecretsImported,
    /// Of a version that is newer than this one.
    Unknown,
}

impl<'de> Deserialize<'de> for DeedKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // By hand: to serde's "other" the window's types answer with any text, and then no compiler asks for words.
        Ok(String::deserialize(deserializer)?.parse().unwrap_or(Self::Unknown))
    }
}

/// What was done, and to what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    #[serde(rename = "deed")]
    pub kind: DeedKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<ApiKeyId>,
    /// What the key is called: its alias here, or its name on the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The AI client, by its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The client's file, as a person would write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Whose it is, or who it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// In which way: of a sign-in, a delivery, an access, a program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<String>,
}

impl Deed {
    #[must_use]
    pub fn new(kind: DeedKind) -> Self {
        Self { kind, key: None, name: None, client: None, path: None, who: None, how: None }
    }

    #[must_use]
    pub fn of_key(kind: DeedKind, key: &ApiKeyId) -> Self {
        Self { key: Some(ApiKeyId::new(cut(key.as_str()))), ..Self::new(kind) }
    }

    #[must_use]
    pub fn named(self, name: &str) -> Self {
        Self { name: Some(cut(name)).filter(|name| !name.is_empty()), ..self }
    }

    #[must_use]
    pub fn of_client(kind: DeedKind, client: &str, path: &str) -> Self {
        Self { client: Some(cut(client)), path: Some(cut(path)), ..Self::new(kind) }
    }

    #[must_use]
    pub fn at(self, path: &str) -> Self {
        Self { path: Some(cut(path)), ..self }
    }

    #[must_use]
    pub fn who(self, who: Option<&str>) -> Self {
        Self { who: who.map(cut).filter(|who| !who.is_empty()), ..self }
    }

    #[must_use]
    pub fn how(self, how: &str) -> Self {
        Self { how: Some(cut(how)).filter(|how| !how.is_empty()), ..self }
    }
}

/// A line of the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its place in the chain, from 1; none where there was no store to chain it with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    pub at: Timestamp,
    /// Our program that did it.
    #[serde(default)]
    pub by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<InstanceId>,
    /// What the instance was called then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub called: Option<String>,
    #[serde(flatten)]
    pub deed: Deed,
    /// The code of the line before it; none where it is the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl Line {
    /// None for what is no line of the record.
    #[must_use]
    pub fn read(text: &[u8]) -> Option<Self> {
        serde_json::from_slice(text).ok()
    }
}

/// Without what steers a terminal or a line: the text is others'.
fn cut(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(LIMIT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    #[test]
    fn a_kind_of_tomorrow_is_still_a_line() {
        let line = Line::read(br#"{"at":"2026-11-30T10:00:00Z","deed":"vault_melted","heat":7}"#).unwrap();
        assert_eq!(line.deed.kind, DeedKind::Unknown);
        assert_eq!(Line::read(b"{}"), None);
    }

    #[test]
    fn every_kind_is_written_as_it_is_called() {
        for kind in DeedKind::iter().filter(|kind| *kind != DeedKind::Unknown) {
            let name: &str = kind.into();
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{name}\""));
        }
    }

    #[test]
    fn what_others_named_is_cut_and_breaks_no_line() {
        let deed = Deed::of_key(DeedKind::KeyRevoked, &ApiKeyId::new("k")).named(&"ä\n".repeat(5000));
        assert_eq!(deed.name.as_deref(), Some("ä".repeat(LIMIT).as_str()));
        assert_eq!(Deed::new(DeedKind::SignedIn).who(Some("")).who, None);
    }
}
