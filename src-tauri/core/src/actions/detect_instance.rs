//! What is at an address? Asked without credentials.

use crate::error::ClientCertificateProblem;
use crate::ids::InstanceId;
use crate::instance::InstanceUrl;
use crate::superset::{ApiKeysSupport, SignInWays};
use crate::transport::Transport;
use crate::{Core, Error, Result};
use serde::{Deserialize, Serialize};
use url::Url;

/// What is at an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DetectionView {
    /// The address as it will be kept.
    pub url: String,
    pub host: String,
    /// Plain http to another computer: keys would travel in the open.
    pub unencrypted: bool,
    pub version: Option<String>,
    pub api_keys: ApiKeysSupport,
    pub sign_in: SignInWays,
    /// Its Public role has permissions: keys and sessions may count for nothing there.
    pub public_role: bool,
    pub mcp_url: Option<String>,
    /// A name to suggest.
    pub suggested_name: String,
    /// Those on the list already that are at this address.
    pub listed: Vec<ListedHere>,
    /// It lets nobody ask who shows it no certificate, and none is set: what is there is not known.
    #[serde(default)]
    pub wants_certificate: bool,
}

/// An instance that is on the list already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ListedHere {
    pub id: InstanceId,
    pub name: String,
    /// Who is, or was last, signed in to it.
    pub username: Option<String>,
}

impl ListedHere {
    /// Whether adding the address for this person adds what is there. Of an unknown one that has to be assumed.
    #[must_use]
    pub fn is_of(&self, username: Option<&str>) -> bool {
        username.is_none() || self.username.is_none() || self.username.as_deref() == username
    }
}

impl Core {
    /// Looks at what a person typed: reachable, Superset, which version, keys on, how people sign in, and
    /// where its MCP endpoint is. Nothing is kept.
    pub async fn detect_instance(&self, address: &str, allow_http: bool) -> Result<DetectionView> {
        self.detect_by(&InstanceUrl::parse(address, allow_http)?, &self.transport_by(None)).await
    }

    pub(super) async fn detect_by(&self, url: &InstanceUrl, transport: &Transport) -> Result<DetectionView> {
        let probe = self.mcp_probe();
        let (detection, mcp_url) =
            tokio::join!(self.superset.detect(url, transport), probe.find_endpoint(url, transport));
        let detection = match detection {
            Err(Error::ClientCertificateRefused { problem: ClientCertificateProblem::Missing, .. }) => {
                return self.not_let_in(url);
            }
            detection => detection?,
        };
        let mcp_url = match mcp_url {
            // It was a page's address.
            None if detection.url != *url => probe.find_endpoint(&detection.url, transport).await,
            found => found,
        };
        let url = detection.url;
        Ok(DetectionView {
            url: url.to_string(),
            host: url.host_and_path(),
            unencrypted: !url.is_https() && !crate::instance::is_loopback(url.url()),
            version: detection.version,
            api_keys: detection.api_keys,
            sign_in: detection.sign_in,
            public_role: detection.public_role,
            mcp_url: mcp_url.map(|url| url.to_string()),
            suggested_name: suggested_name(&url),
            listed: self.listed_at(&url)?,
            wants_certificate: false,
        })
    }

    /// Whoever shows no certificate learns nothing of what is there.
    fn not_let_in(&self, url: &InstanceUrl) -> Result<DetectionView> {
        Ok(DetectionView {
            url: url.to_string(),
            host: url.host_and_path(),
            unencrypted: false,
            version: None,
            api_keys: ApiKeysSupport::Unknown,
            sign_in: SignInWays::unknown(),
            public_role: false,
            mcp_url: None,
            suggested_name: suggested_name(url),
            listed: self.listed_at(url)?,
            wants_certificate: true,
        })
    }

    fn listed_at(&self, url: &InstanceUrl) -> Result<Vec<ListedHere>> {
        let state = self.store.read()?;
        let here = state.instances.into_iter().filter(|instance| instance.url == *url);
        Ok(here.map(|it| ListedHere { id: it.id, name: it.name, username: it.last_username }).collect())
    }
}

/// `superset.staging.example.com` suggests "Staging"; loopback "Local".
fn suggested_name(url: &InstanceUrl) -> String {
    if crate::instance::is_loopback(url.url()) {
        return "Local".into();
    }
    let lower = url.host_and_path().to_lowercase();
    let says =
        |words: &[&str]| lower.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| words.contains(&part));
    if says(&["staging", "stage", "stg", "test", "uat", "qa"]) {
        "Staging".into()
    } else if says(&["dev", "develop", "development", "sandbox"]) {
        "Development".into()
    } else {
        "Production".into()
    }
}

/// A URL for the MCP endpoint as a person typed it, under the same rules as the instance's own.
pub(super) fn mcp_url(typed: &str, allow_http: bool) -> Result<Url> {
    let url = InstanceUrl::parse(typed, allow_http)?;
    Url::parse(&url.to_string())
        .map_err(|_| Error::InvalidAddress(crate::error::AddressProblem::NotAnAddress))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_suggested_from_hosts() {
        for (url, name) in [
            ("superset.example.com", "Production"),
            ("superset.staging.example.com", "Staging"),
            ("bi-dev.example.com", "Development"),
            ("devices.example.com", "Production"),
            ("localhost:8088", "Local"),
        ] {
            assert_eq!(suggested_name(&InstanceUrl::parse(url, false).unwrap()), name, "{url}");
        }
    }
}
