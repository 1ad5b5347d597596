//! What is at an address? Asked without credentials.

use crate::instance::InstanceUrl;
use crate::superset::{ApiKeysSupport, SignInWays};
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
    pub mcp_url: Option<String>,
    /// A name to suggest.
    pub suggested_name: String,
}

impl Core {
    /// Looks at what a person typed: reachable, Superset, which version, keys on, how people sign in, and
    /// where its MCP endpoint is. Nothing is kept.
    pub async fn detect_instance(&self, address: &str, allow_http: bool) -> Result<DetectionView> {
        let url = InstanceUrl::parse(address, allow_http)?;
        let (detection, mcp_url) =
            tokio::join!(self.superset()?.detect(&url), self.mcp_probe()?.find_endpoint(&url));
        let detection = detection?;
        Ok(DetectionView {
            url: url.to_string(),
            host: url.host_and_path(),
            unencrypted: !url.is_https() && !crate::instance::is_loopback(url.url()),
            version: detection.version,
            api_keys: detection.api_keys,
            sign_in: detection.sign_in,
            mcp_url: mcp_url.map(|url| url.to_string()),
            suggested_name: suggested_name(&url),
        })
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
        .map_err(|_| Error::InvalidAddress(crate::instance::AddressProblem::NotAnAddress))
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
