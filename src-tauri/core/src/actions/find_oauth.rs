//! How an instance's AI clients could get tokens, before anything is set.

use super::mcp_access::Getting;
use crate::Core;
use crate::credential::OAuthGrant;
use crate::error::{Error, Result};
use crate::ids::InstanceId;
use crate::oauth::{Announced, AuthorizationServer, Issuer, announced};
use crate::transport::Site;
use serde::Serialize;

/// An authorization server, by its own word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct OAuthFoundView {
    pub issuer: String,
    /// Whom tokens are for, as the MCP server calls itself; its address where it says nothing.
    pub resource: String,
    /// Those that the MCP server announces.
    pub scopes: Vec<String>,
    /// What it gives tokens for.
    pub grants: Vec<OAuthGrant>,
    /// It makes a client where it is asked to.
    pub registers: bool,
}

impl Core {
    /// Asks the MCP server whose tokens it takes, unless `issuer` says so, and that one what it is. Nothing is set.
    ///
    /// # Errors
    /// [`Error::IssuerNotAnnounced`], [`Error::IssuerUnusable`], an address that cannot be, or a server that cannot be asked.
    pub async fn find_oauth(&self, id: &InstanceId, issuer: Option<&str>) -> Result<OAuthFoundView> {
        let mcp = self.mcp_site(id)?;
        let getting = self.getting_tokens(id);
        let (issuer, told) = getting.issuer(&mcp, issuer).await?;
        let (http, transport) = (getting.http.clone(), getting.transport.clone());
        let server = AuthorizationServer::find(http, transport, issuer.clone()).await?;
        let all = [OAuthGrant::Code, OAuthGrant::Device, OAuthGrant::ClientCredentials];
        let (resource, scopes) = told.map(|told| (told.resource, told.scopes)).unzip();
        Ok(OAuthFoundView {
            issuer: issuer.text().to_owned(),
            resource: resource.unwrap_or_else(|| mcp.url.to_string()),
            scopes: scopes.unwrap_or_default(),
            grants: all.into_iter().filter(|grant| server.can(*grant).is_ok()).collect(),
            registers: server.registers(),
        })
    }
}

impl Getting {
    /// The one that a person named, or else the MCP server, with what it says of itself.
    pub(super) async fn issuer(
        &self,
        mcp: &Site,
        named: Option<&str>,
    ) -> Result<(Issuer, Option<Announced>)> {
        if let Some(named) = named {
            return Ok((Issuer::parse(named)?, None));
        }
        let told = announced(&self.http, mcp).await?;
        let told = told.ok_or_else(|| Error::IssuerNotAnnounced { host: mcp.host() })?;
        Ok((told.issuer.clone(), Some(told)))
    }
}
