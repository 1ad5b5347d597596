//! Set how an instance's AI clients get tokens. Whoever was signed in before is signed out.

use super::oauth_view::OAuthView;
use crate::Core;
use crate::credential::OAuthGrant;
use crate::deed::{Deed, DeedKind};
use crate::error::{AddressProblem, Error, Result};
use crate::ids::{InstanceId, SecretId};
use crate::names;
use crate::oauth::{Announced, AuthorizationServer};
use crate::secret::Secret;
use crate::secrets::Keep;
use crate::store::{OAuthRecord, Rest};
use serde::Deserialize;
use url::Url;

/// Of an id, a scope or an audience.
const LIMIT: usize = 512;

/// An OAuth client that is wanted.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct NewOAuth {
    /// Asked of the MCP server where left out.
    #[serde(default)]
    pub issuer: Option<String>,
    /// Made by the authorization server where left out, if it does that.
    #[serde(default)]
    pub client_id: Option<String>,
    #[serde(default)]
    #[cfg_attr(feature = "specta", specta(type = Option<String>))]
    pub client_secret: Option<Secret>,
    /// Those that the MCP server announces where left out.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The MCP server's address where left out.
    #[serde(default)]
    pub resource: Option<String>,
    #[serde(default)]
    pub audience: Option<String>,
    #[serde(default)]
    pub grant: OAuthGrant,
}

impl Core {
    /// Finds the authorization server, and sets what is asked of it. `client_name` is what it shows of us where it makes
    /// the client.
    ///
    /// # Errors
    /// Nothing is changed by [`Error::IssuerNotAnnounced`], [`Error::IssuerUnusable`], [`Error::ClientIdNeeded`],
    /// [`Error::AuthorizationRefused`], an address that cannot be, a keychain that takes nothing, or a server that cannot
    /// be asked.
    pub async fn set_oauth(&self, id: &InstanceId, new: NewOAuth, client_name: &str) -> Result<OAuthView> {
        let mcp = self.mcp_site(id)?;
        let getting = self.getting_tokens(id);
        let short = |text: String| names::display_name(&text, LIMIT);
        let scopes = new.scopes.into_iter().map(short).collect::<Result<Vec<_>>>()?;
        let audience = new.audience.map(short).transpose()?;
        let client_id = new.client_id.map(short).transpose()?;
        let resource = new.resource.map(|text| resource(&text)).transpose()?;
        let (issuer, told) = getting.issuer(&mcp, new.issuer.as_deref()).await?;
        let told = |of: fn(Announced) -> Vec<String>| told.clone().map(of).unwrap_or_default();
        let scopes = if scopes.is_empty() { told(|told| told.scopes) } else { scopes };
        let resource = resource.or_else(|| told(|told| vec![told.resource]).pop());
        let resource = resource.unwrap_or_else(|| mcp.url.to_string());
        let server =
            AuthorizationServer::find(getting.http.clone(), getting.transport.clone(), issuer.clone())
                .await?;
        server.can(new.grant)?;
        self.safe(|safe| safe.place(Keep::Keychain)).await?;
        let registered = client_id.is_none();
        let (client_id, secret) = if let Some(client_id) = client_id {
            (client_id, new.client_secret)
        } else {
            let made = server.register(client_name, new.grant, &scopes).await?;
            (made.client_id, made.secret)
        };
        let record = OAuthRecord {
            id: format!("{:032x}", self.random.next()),
            issuer: issuer.text().to_owned(),
            client_id,
            has_secret: secret.is_some(),
            registered,
            grant: new.grant,
            scopes,
            resource,
            audience,
            since: self.now.now(),
            signed_in: None,
            rest: Rest::new(),
        };
        if self.instance(id)?.oauth.is_some() {
            self.sign_out_oauth(id).await?;
        }
        let _lock = getting.lock().await?;
        let view = OAuthView::of(&record);
        let (changed, has_secret) = (id.clone(), secret.is_some());
        // Before the record that speaks of it: one without its secret would be of no use.
        if let Some(secret) = secret {
            self.put_secret(&SecretId::oauth_client_secret(id), &secret).await?;
        }
        self.change(move |state| {
            let instance = state.instance_mut(&changed)?;
            let mut old = instance.oauth_tokens();
            if !has_secret {
                old.push(SecretId::oauth_client_secret(&changed));
            }
            instance.oauth = Some(Box::new(record));
            state.leave_behind(old);
            Ok(())
        })
        .await?;
        self.delete_left_behind().await;
        self.note(id, Deed::new(DeedKind::OauthSet).how(&view.issuer)).await;
        Ok(view)
    }
}

/// RFC 8707: an absolute address without a fragment. It is sent as it was typed, since servers compare it letter by letter.
fn resource(text: &str) -> Result<String> {
    let text = text.trim();
    match Url::parse(text) {
        Ok(url) if url.fragment().is_none() => Ok(text.to_owned()),
        _ => Err(Error::InvalidAddress(AddressProblem::NotAnAddress)),
    }
}
