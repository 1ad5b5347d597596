//! What is at an address for an MCP server? Asked without credentials, before it is kept.

use super::detect_instance::mcp_url;
use crate::ids::InstanceId;
use crate::instance::is_loopback;
use crate::mcp::Examiner;
use crate::{Core, Result};
use serde::Serialize;
use std::time::Duration;

/// Somebody is typing.
const PATIENCE: Duration = Duration::from_secs(8);

/// What is at an address that a person typed for an MCP server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct McpDetectionView {
    /// The address as it would be kept.
    pub url: String,
    /// Plain http to another computer: keys would travel in the open.
    pub unencrypted: bool,
    pub found: AtMcpAddress,
    /// Where a redirect from there ends.
    pub redirected_to: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum AtMcpAddress {
    /// An MCP server.
    Server,
    /// Somebody who says no to strangers, behind whom one may be.
    Closed,
    /// Something else answers.
    SomethingElse,
}

impl Core {
    /// Looks at what a person typed for an instance's MCP endpoint. An address where nothing answers is an error.
    pub async fn look_at_mcp(&self, id: &InstanceId, typed: &str) -> Result<McpDetectionView> {
        let instance = self.instance(id)?;
        let url = mcp_url(typed, instance.allow_http)?;
        let site = self.site(&instance).at(url.clone());
        let patience = site.transport.timeouts.call.min(PATIENCE);
        let (is_closed, to) = Examiner::new(self.streams(), patience).knock(&site).await?;
        let at = to.clone().map_or_else(|| site.clone(), |to| site.at(to));
        let found = if self.mcp_probe().is_endpoint(&at).await {
            AtMcpAddress::Server
        } else if is_closed {
            AtMcpAddress::Closed
        } else {
            AtMcpAddress::SomethingElse
        };
        Ok(McpDetectionView {
            unencrypted: url.scheme() == "http" && !is_loopback(&url),
            url: url.into(),
            found,
            redirected_to: to.map(String::from),
        })
    }
}
