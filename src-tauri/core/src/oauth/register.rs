//! A client of our own, made by the authorization server (RFC 7591).

use super::callback::REDIRECT;
use super::server::AuthorizationServer;
use crate::credential::OAuthGrant;
use crate::error::{Error, Result};
use crate::http::Call;
use crate::secret::Secret;
use serde::Deserialize;
use serde_json::json;

/// Longer ones are nobody's names.
const LONGEST_ID: usize = 512;

/// A client that was made. What would change it later on is not kept.
pub(crate) struct Registered {
    pub(crate) client_id: String,
    pub(crate) secret: Option<Secret>,
}

#[derive(Deserialize)]
struct Wire {
    client_id: String,
    #[serde(default)]
    client_secret: Option<Secret>,
}

impl AuthorizationServer {
    /// # Errors
    /// [`Error::ClientIdNeeded`] where it makes none, or not for this grant.
    pub(crate) async fn register(
        &self,
        name: &str,
        grant: OAuthGrant,
        scopes: &[String],
    ) -> Result<Registered> {
        let needed = || Error::ClientIdNeeded { host: self.host() };
        let url = self.metadata.registration.clone().ok_or_else(needed)?;
        let grants = match grant {
            OAuthGrant::Code => ["authorization_code", "refresh_token"],
            OAuthGrant::Device => ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
            // Whoever may act without a person is named by one.
            OAuthGrant::ClientCredentials => return Err(needed()),
        };
        let by_code = grant == OAuthGrant::Code;
        let mut wanted = json!({
            "client_name": name,
            "application_type": "native",
            "token_endpoint_auth_method": "none",
            "grant_types": grants,
            "response_types": if by_code { vec!["code"] } else { vec![] },
            "redirect_uris": if by_code { vec![REDIRECT] } else { vec![] },
        });
        if !scopes.is_empty() {
            let offline = self.metadata.offline.then(|| "offline_access".to_owned());
            wanted["scope"] = scopes.iter().cloned().chain(offline).collect::<Vec<_>>().join(" ").into();
        }
        let answer = self.send(Call::post(self.site(url), &wanted)?).await?;
        if !matches!(answer.status, 200 | 201) {
            return Err(self.refusal(&answer, "OAuth registration"));
        }
        let odd = || Error::UnexpectedAnswer { what: "OAuth registration", status: answer.status };
        let Wire { client_id, client_secret } = serde_json::from_slice(&answer.body).map_err(|_| odd())?;
        if client_id.is_empty() || client_id.len() > LONGEST_ID || client_id.chars().any(char::is_control) {
            return Err(odd());
        }
        Ok(Registered { client_id, secret: client_secret })
    }
}
