//! What is set of the way to one instance. No secret: the key of a certificate and the password of a proxy lie in the
//! secret store, under the names that stand here.

use crate::ids::SecretId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

/// What a person set for one instance; what is not set is as for all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkRecord {
    /// Certificates that are trusted beside this computer's own: DER in base64.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trusted: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<IdentityRecord>,
    #[serde(default, skip_serializing_if = "ProxyRecord::is_system")]
    pub proxy: ProxyRecord,
    /// In seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connect_timeout: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_timeout: Option<u32>,
    /// Secrets that are on their way into the store: a program that died in between has left them there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coming: Vec<SecretId>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// A client certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityRecord {
    /// DER in base64: its own first, then those above it.
    pub chain: Vec<String>,
    /// What its key is called in the secret store.
    pub key: SecretId,
    pub since: Timestamp,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ProxyRecord {
    /// The one that this computer uses.
    #[default]
    System,
    None,
    Given {
        /// With the name that it is told, and never with the password.
        url: Url,
        /// What its password is called in the secret store.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        password: Option<SecretId>,
    },
}

impl ProxyRecord {
    fn is_system(&self) -> bool {
        *self == Self::System
    }
}

impl NetworkRecord {
    /// Every secret that may lie in a store for it.
    #[must_use]
    pub fn secrets(&self) -> Vec<SecretId> {
        let key = self.identity.iter().map(|identity| identity.key.clone());
        let password = match &self.proxy {
            ProxyRecord::Given { password, .. } => password.clone(),
            ProxyRecord::System | ProxyRecord::None => None,
        };
        key.chain(password).chain(self.coming.iter().cloned()).collect()
    }

    /// Nothing is set, so nothing needs to be kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
