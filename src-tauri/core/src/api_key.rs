//! API keys: what Superset lists, what this computer keeps of them, and what a person asks for.

use crate::clock::{ClockView, TimeView, WallTime};
use crate::error::ErrorCode;
use crate::fingerprint::Fingerprint;
use crate::key_use::BeforeOwnUse;
use crate::secret::{KeyHint, Secret};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The uuid Superset gave a key, spelled as Superset spells it (it is case-sensitive there).
///
/// A pasted key that could not be matched has none; its record is named `pasted-<random>`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(transparent)]
pub struct ApiKeyId(String);

impl ApiKeyId {
    const PASTED: &'static str = "pasted-";

    #[must_use]
    pub fn new(uuid: impl Into<String>) -> Self {
        Self(uuid.into())
    }

    #[must_use]
    pub fn pasted(random: u128) -> Self {
        Self(format!("{}{}", Self::PASTED, uuid::Uuid::from_u128(random).simple()))
    }

    /// Superset does not list it: it can be copied and used, not revoked.
    #[must_use]
    pub fn is_pasted(&self) -> bool {
        self.0.starts_with(Self::PASTED)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for ApiKeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Derived, never read from the wire's `active`, which stays true for revoked and expired keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum KeyStatus {
    Active,
    Expired,
    Revoked,
}

/// One key as Superset lists it. Times are the server's wall times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    pub id: ApiKeyId,
    pub name: String,
    pub prefix: String,
    pub scopes: Option<String>,
    pub created_on: Option<WallTime>,
    pub expires_on: Option<WallTime>,
    pub last_used_on: Option<WallTime>,
    pub revoked_on: Option<WallTime>,
}

impl ApiKey {
    /// Revoked, then expired, then active; `server_now` is the server's wall time.
    #[must_use]
    pub fn status(&self, server_now: WallTime) -> KeyStatus {
        if self.revoked_on.is_some() {
            KeyStatus::Revoked
        } else if self.expires_on.is_some_and(|at| at < server_now) {
            KeyStatus::Expired
        } else {
            KeyStatus::Active
        }
    }
}

/// The answer to a create: the key, its plaintext once, and the server's own now for learning its clock.
#[derive(Debug)]
pub struct CreatedApiKey {
    pub key: ApiKey,
    pub secret: Secret,
}

/// Whose key a record is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyOwner {
    pub id: i32,
    pub username: String,
}

/// What this computer keeps of a key whose plaintext it holds or held. No secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRecord {
    pub id: ApiKeyId,
    /// Unique within the instance; a slot that a rotation moves to the new key.
    pub alias: String,
    pub name: String,
    pub hint: KeyHint,
    #[serde(default)]
    pub owner: Option<KeyOwner>,
    pub stored_at: Timestamp,
    /// False once a person forgot it, it was revoked, or the secret store was seen not to hold it.
    #[serde(default = "yes")]
    pub stored: bool,
    /// As last seen on the server, so that a client asking for a header hears of an ended key without a call.
    #[serde(default)]
    pub expires: Option<Timestamp>,
    #[serde(default)]
    pub revoked: bool,
    /// By which its text is known again where it turns up. None for keys stored by an older version, or without
    /// a keychain, until a scan makes up for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<Fingerprint>,
}

impl KeyRecord {
    /// Whether its plaintext can be handed out and should still work, as far as this computer knows.
    #[must_use]
    pub fn is_usable(&self, now: Timestamp) -> bool {
        self.stored && !self.revoked && self.expires.is_none_or(|at| at > now)
    }
}

fn yes() -> bool {
    true
}

/// Written before a create is sent and cleared when everything it led to is accounted for. A crash in
/// between leaves it behind, and the next start can name what was lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateIntent {
    pub id: String,
    pub name: String,
    pub owner: KeyOwner,
    pub started_at: Timestamp,
    /// The uuids that were there before. A key that is not among them was made by this create.
    pub seen: Vec<ApiKeyId>,
    /// Known as soon as the answer arrived.
    #[serde(default)]
    pub created: Option<ApiKeyId>,
}

/// When a new key should end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Expiry {
    InDays {
        days: u32,
    },
    /// The end of that day where the person is: `2027-01-31`.
    EndOf {
        #[cfg_attr(feature = "specta", specta(type = String))]
        date: jiff::civil::Date,
    },
    Never,
}

impl Default for Expiry {
    fn default() -> Self {
        Self::InDays { days: 90 }
    }
}

/// What a person asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct NewApiKey {
    pub name: String,
    #[serde(default)]
    pub expiry: Expiry,
    /// Stored by Superset 6.1 and not enforced there.
    #[serde(default)]
    pub scopes: Option<String>,
    /// Made from the name when absent.
    #[serde(default)]
    pub alias: Option<String>,
}

/// Where the plaintext of a new key goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// Into the keychain, or nothing is created.
    Keychain,
    /// Into the keychain; without one, into memory until the person has saved it.
    KeychainOrMemory,
    /// Only into memory, until the person has saved it.
    Memory,
}

/// Whether this computer can hand out a key's plaintext.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// In the OS keychain.
    Keychain,
    /// In the app's memory until it quits, because there is no keychain.
    Memory,
    NotHere,
}

/// One row of the key list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ApiKeyView {
    pub id: ApiKeyId,
    pub name: String,
    pub alias: Option<String>,
    pub hint: Option<KeyHint>,
    /// None where the server does not tell: a pasted key it does not list, or another person's key.
    pub status: Option<KeyStatus>,
    pub scopes: Option<String>,
    pub created: Option<TimeView>,
    /// As the server shows it, by whomever.
    pub last_used: Option<TimeView>,
    /// Set where that was this app's own check: the last use before it.
    pub before_own_use: Option<BeforeOwnUse>,
    pub expires: Option<TimeView>,
    pub revoked: Option<TimeView>,
    pub presence: Presence,
    pub is_default: bool,
    /// Pasted and not found in the list: it can be copied and used, not revoked.
    pub pasted: bool,
    /// Somebody else's key that lies on this computer: their user name.
    pub belongs_to: Option<String>,
}

/// What `list_keys` answers: the server's list, joined with what this computer keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct KeyListView {
    pub keys: Vec<ApiKeyView>,
    /// When the server said so, RFC 3339 in UTC.
    pub fetched: String,
    /// False for the list kept from an earlier answer.
    pub live: bool,
    pub clock: ClockView,
    /// Creates that ended without a known end; to be revoked or dismissed.
    pub unaccounted: Vec<UnaccountedView>,
    /// Listing was done with an API key, which moved that key's own last-used time.
    pub listed_with_key: bool,
}

/// What `create_key` answers. No plaintext.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct CreatedKeyView {
    pub key: ApiKeyView,
    /// Another active key bears the same name, which is allowed.
    pub same_name: bool,
    /// Why the plaintext is only in memory although the keychain seemed ready to take it.
    pub store_problem: Option<ErrorCode>,
    /// The key ends at another time than was asked for; a replacement can be made.
    pub expiry_off: Option<ExpiryOffView>,
    /// Why the key that this one replaces could not be revoked.
    pub replaced_still_active: Option<ErrorCode>,
}

/// What was asked for and what the server will really do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ExpiryOffView {
    pub asked: String,
    pub really: Option<TimeView>,
}

/// What `revoke_key` answers: the key as the server shows it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RevokedKeyView {
    pub key: ApiKeyView,
    /// It was revoked before; nothing was sent.
    pub already: bool,
}

/// A create that a crash or a dropped connection left without a known end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct UnaccountedView {
    pub intent: String,
    pub name: String,
    /// RFC 3339 in UTC.
    pub started: String,
    /// The key on the server whose plaintext is lost; none when nothing was created.
    pub key: Option<ApiKeyId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(revoked: Option<&str>, expires: Option<&str>) -> ApiKey {
        ApiKey {
            id: ApiKeyId::new("f472cb64-3719-4598-83a5-d56378a54f1f"),
            name: "test".into(),
            prefix: "sst_".into(),
            scopes: None,
            created_on: None,
            expires_on: expires.and_then(WallTime::parse),
            last_used_on: None,
            revoked_on: revoked.and_then(WallTime::parse),
        }
    }

    #[test]
    fn status_is_revoked_then_expired_then_active() {
        let now = WallTime::parse("2026-11-20T12:00:00").unwrap();
        let past = Some("2026-11-19T12:00:00");
        let future = Some("2026-11-21T12:00:00");
        assert_eq!(key(past, past).status(now), KeyStatus::Revoked);
        assert_eq!(key(past, future).status(now), KeyStatus::Revoked);
        assert_eq!(key(None, past).status(now), KeyStatus::Expired);
        assert_eq!(key(None, future).status(now), KeyStatus::Active);
        assert_eq!(key(None, None).status(now), KeyStatus::Active);
    }
}
