//! The permanent names of instances, people, keys and secrets. Imports nothing of ours, so that everything can know
//! them.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The random, permanent name of an instance. Secret-store entries are named by it, so renaming is free.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(transparent)]
pub struct InstanceId(String);

impl InstanceId {
    #[must_use]
    pub fn from_random(random: u128) -> Self {
        Self(uuid::Uuid::from_u128(random).simple().to_string())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for InstanceId {
    fn from(text: String) -> Self {
        Self(text)
    }
}

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

impl fmt::Display for ApiKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A person's number on one Superset; none where that Superset does not tell who somebody is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserId(pub Option<i32>);

/// The name of one secret: by random instance id and key uuid, never by what people call them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct SecretId {
    /// None for what belongs to the whole installation.
    pub of: Option<InstanceId>,
    pub kind: SecretKind,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SecretKind {
    ApiKey(ApiKeyId),
    RefreshToken,
    /// What tokens for an instance's MCP server are signed with; see `signing`.
    SigningSecret,
    /// What an authorization server gives new tokens for; see `oauth`.
    OAuthRefresh,
    OAuthClientSecret,
    /// The access token that all programs here share, and its end.
    OAuthAccess,
    /// The key of a client certificate, by the certificate's own random name; see `transport`.
    ClientKey(String),
    /// What a proxy is told, by the proxy's own random name.
    ProxyPassword(String),
    /// What fingerprints of keys are made with; see `fingerprint.rs`.
    FingerprintKey,
    /// What reports are signed with; see `report.rs`.
    ReportKey,
    /// What lines of the record are chained with, and which is the last; see `chain.rs`.
    RecordChain,
    /// A key cut out of one backup, of which there is no record.
    OfBackup(String),
}

/// No instance is called that.
const OF_BACKUP: &str = "backup/";
const CLIENT_KEY: &str = "client-key/";
const PROXY_PASSWORD: &str = "proxy-password/";

fn simple(random: u128) -> String {
    uuid::Uuid::from_u128(random).simple().to_string()
}

impl SecretId {
    #[must_use]
    pub fn api_key(of: &InstanceId, key: &ApiKeyId) -> Self {
        Self { of: Some(of.clone()), kind: SecretKind::ApiKey(key.clone()) }
    }

    #[must_use]
    pub fn refresh_token(of: &InstanceId) -> Self {
        Self { of: Some(of.clone()), kind: SecretKind::RefreshToken }
    }

    #[must_use]
    pub fn signing_secret(of: &InstanceId) -> Self {
        Self { of: Some(of.clone()), kind: SecretKind::SigningSecret }
    }

    #[must_use]
    pub fn oauth_refresh(of: &InstanceId) -> Self {
        Self { of: Some(of.clone()), kind: SecretKind::OAuthRefresh }
    }

    #[must_use]
    pub fn oauth_client_secret(of: &InstanceId) -> Self {
        Self { of: Some(of.clone()), kind: SecretKind::OAuthClientSecret }
    }

    #[must_use]
    pub fn oauth_access(of: &InstanceId) -> Self {
        Self { of: Some(of.clone()), kind: SecretKind::OAuthAccess }
    }

    /// Each certificate's key has a name of its own, so that a new one takes no other's place before its time.
    #[must_use]
    pub fn client_key(of: &InstanceId, random: u128) -> Self {
        Self { of: Some(of.clone()), kind: SecretKind::ClientKey(simple(random)) }
    }

    /// As [`Self::client_key`].
    #[must_use]
    pub fn proxy_password(of: &InstanceId, random: u128) -> Self {
        Self { of: Some(of.clone()), kind: SecretKind::ProxyPassword(simple(random)) }
    }

    #[must_use]
    pub fn fingerprint_key() -> Self {
        Self { of: None, kind: SecretKind::FingerprintKey }
    }

    #[must_use]
    pub fn report_key() -> Self {
        Self { of: None, kind: SecretKind::ReportKey }
    }

    #[must_use]
    pub fn record_chain() -> Self {
        Self { of: None, kind: SecretKind::RecordChain }
    }

    /// Those that belong to no instance, and of which there is one.
    #[must_use]
    pub fn of_the_installation() -> [Self; 3] {
        [Self::fingerprint_key(), Self::report_key(), Self::record_chain()]
    }

    /// For one backup.
    #[must_use]
    pub fn of_backup(random: u128) -> Self {
        Self { of: None, kind: SecretKind::OfBackup(uuid::Uuid::from_u128(random).simple().to_string()) }
    }

    /// The account name it bears in a store.
    #[must_use]
    pub fn account(&self) -> String {
        let kind = match &self.kind {
            SecretKind::ApiKey(key) => format!("key/{key}"),
            SecretKind::RefreshToken => "refresh-token".to_owned(),
            SecretKind::SigningSecret => "signing-secret".to_owned(),
            SecretKind::OAuthRefresh => "oauth-refresh".to_owned(),
            SecretKind::OAuthClientSecret => "oauth-client-secret".to_owned(),
            SecretKind::OAuthAccess => "oauth-access".to_owned(),
            SecretKind::ClientKey(random) => format!("{CLIENT_KEY}{random}"),
            SecretKind::ProxyPassword(random) => format!("{PROXY_PASSWORD}{random}"),
            SecretKind::FingerprintKey => "fingerprint-key".to_owned(),
            SecretKind::ReportKey => "report-key".to_owned(),
            SecretKind::RecordChain => "record-chain".to_owned(),
            SecretKind::OfBackup(random) => format!("{OF_BACKUP}{random}"),
        };
        self.of.as_ref().map_or_else(|| kind.clone(), |of| format!("{}/{kind}", of.as_str()))
    }
}

impl From<SecretId> for String {
    fn from(id: SecretId) -> Self {
        id.account()
    }
}

/// No secret of ours is called that.
#[derive(Debug, thiserror::Error)]
#[error("no secret is called that")]
pub struct UnknownSecret;

impl TryFrom<String> for SecretId {
    type Error = UnknownSecret;

    fn try_from(account: String) -> Result<Self, UnknownSecret> {
        if account == Self::fingerprint_key().account() {
            return Ok(Self::fingerprint_key());
        }
        if account == Self::report_key().account() {
            return Ok(Self::report_key());
        }
        if account == Self::record_chain().account() {
            return Ok(Self::record_chain());
        }
        if let Some(random) = account.strip_prefix(OF_BACKUP) {
            return Ok(Self { of: None, kind: SecretKind::OfBackup(random.to_owned()) });
        }
        let (of, kind) = account.split_once('/').ok_or(UnknownSecret)?;
        let of = InstanceId(of.to_owned());
        let named = |kind| Ok(Self { of: Some(of.clone()), kind });
        if let Some(random) = kind.strip_prefix(CLIENT_KEY) {
            return named(SecretKind::ClientKey(random.to_owned()));
        }
        if let Some(random) = kind.strip_prefix(PROXY_PASSWORD) {
            return named(SecretKind::ProxyPassword(random.to_owned()));
        }
        match kind.strip_prefix("key/") {
            Some(key) => Ok(Self::api_key(&of, &ApiKeyId::new(key))),
            None if kind == "refresh-token" => Ok(Self::refresh_token(&of)),
            None if kind == "signing-secret" => Ok(Self::signing_secret(&of)),
            None if kind == "oauth-refresh" => Ok(Self::oauth_refresh(&of)),
            None if kind == "oauth-client-secret" => Ok(Self::oauth_client_secret(&of)),
            None if kind == "oauth-access" => Ok(Self::oauth_access(&of)),
            None => Err(UnknownSecret),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Entries in people's keychains bear these names: another spelling would find none of them.
    #[test]
    fn a_secret_is_called_as_it_always_was_and_read_back() {
        let instance = InstanceId::from("7".to_owned());
        for (id, account) in [
            (SecretId::api_key(&instance, &ApiKeyId::new("f472-a/b")), "7/key/f472-a/b"),
            (SecretId::refresh_token(&instance), "7/refresh-token"),
            (SecretId::signing_secret(&instance), "7/signing-secret"),
            (SecretId::oauth_refresh(&instance), "7/oauth-refresh"),
            (SecretId::oauth_client_secret(&instance), "7/oauth-client-secret"),
            (SecretId::oauth_access(&instance), "7/oauth-access"),
            (SecretId::client_key(&instance, 7), "7/client-key/00000000000000000000000000000007"),
            (SecretId::proxy_password(&instance, 7), "7/proxy-password/00000000000000000000000000000007"),
            (SecretId::fingerprint_key(), "fingerprint-key"),
            (SecretId::report_key(), "report-key"),
            (SecretId::record_chain(), "record-chain"),
            (SecretId::of_backup(7), "backup/00000000000000000000000000000007"),
        ] {
            assert_eq!(id.account(), account);
            assert_eq!(SecretId::try_from(account.to_owned()).unwrap(), id);
        }
        assert!(SecretId::try_from("7/other".to_owned()).is_err());
        assert!(SecretId::try_from(String::new()).is_err());
    }
}
