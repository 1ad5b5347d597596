//! Who a person is, and what AI clients are let in with: two things, both kept without a secret.

use crate::ids::ApiKeyId;
use serde::{Deserialize, Serialize};

/// Where a server looks a password up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    #[default]
    Db,
    Ldap,
}

/// How a person is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "way", rename_all = "snake_case")]
pub enum SignIn {
    Password {
        provider: Provider,
        /// A refresh token lies in the secret store.
        stays: bool,
    },
    /// In a browser's window, by whatever the server signs people in with; for as long as this process lives.
    Browser {
        /// As the server names it.
        provider: Option<String>,
    },
    /// With a pasted API key, which stands in for a session: each call moves that key's own last-used time.
    ApiKey { key: ApiKeyId },
}

impl SignIn {
    /// As the app and `--json` show it.
    #[must_use]
    pub fn way(&self) -> SignInWay {
        match self {
            Self::Password { provider: Provider::Db, .. } => SignInWay::Password,
            Self::Password { provider: Provider::Ldap, .. } => SignInWay::Ldap,
            Self::Browser { .. } => SignInWay::Browser,
            Self::ApiKey { .. } => SignInWay::ApiKey,
        }
    }

    /// The key that stands in for a session.
    #[must_use]
    pub fn key(&self) -> Option<&ApiKeyId> {
        match self {
            Self::ApiKey { key } => Some(key),
            Self::Password { .. } | Self::Browser { .. } => None,
        }
    }

    /// It outlives this process.
    #[must_use]
    pub fn stays(&self) -> bool {
        match self {
            Self::Password { stays, .. } => *stays,
            Self::Browser { .. } => false,
            Self::ApiKey { .. } => true,
        }
    }
}

/// How the signed-in person got in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum SignInWay {
    Password,
    Ldap,
    Browser,
    ApiKey,
}

/// What AI clients present to an instance's MCP server, unless an entry says otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum McpAccess {
    /// The instance's default key, or the one an entry names.
    #[default]
    ApiKey,
    /// Tokens of minutes that this computer signs, for one Superset user. An entry that names a key keeps to it.
    Signed {
        /// The user's name, letter for letter.
        subject: String,
        /// Only where the server demands scopes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        scope: Option<String>,
    },
    /// Tokens that an authorization server gives for the instance's OAuth client. An entry that names a key keeps to it.
    #[serde(rename = "oauth")]
    OAuth,
}

impl McpAccess {
    #[must_use]
    pub fn kind(&self) -> AccessKind {
        match self {
            Self::ApiKey => AccessKind::ApiKey,
            Self::Signed { .. } => AccessKind::Signed,
            Self::OAuth => AccessKind::OAuth,
        }
    }
}

/// Which of the kinds of [`McpAccess`] it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum AccessKind {
    ApiKey,
    Signed,
    #[serde(rename = "oauth")]
    OAuth,
}

/// How tokens are had from an authorization server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum OAuthGrant {
    /// A person signs in with a browser on this computer.
    #[default]
    Code,
    /// As the client itself: no person.
    ClientCredentials,
    /// A person signs in with a browser anywhere.
    Device,
}
