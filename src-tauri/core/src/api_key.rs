//! API keys: what Superset lists, and what a person asks for.

use crate::clock::WallTime;
use crate::expiry::Expiry;
use crate::ids::ApiKeyId;
use crate::secret::Secret;
use serde::{Deserialize, Serialize};

/// Derived, never read from the wire's `active`, which stays true for revoked and expired keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum KeyStatus {
    Active,
    Expired,
    Revoked,
}

impl KeyStatus {
    /// Revoked, then expired, then active; `server_now` is the server's wall time.
    #[must_use]
    pub fn of(revoked_on: Option<WallTime>, expires_on: Option<WallTime>, server_now: WallTime) -> Self {
        if revoked_on.is_some() {
            Self::Revoked
        } else if expires_on.is_some_and(|at| at < server_now) {
            Self::Expired
        } else {
            Self::Active
        }
    }
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
        KeyStatus::of(self.revoked_on, self.expires_on, server_now)
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
