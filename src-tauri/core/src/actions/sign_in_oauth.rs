//! Have somebody sign in at an authorization server, for an instance's AI clients.

use super::mcp_access::client;
use super::oauth_pages::OAuthPages;
use super::oauth_view::OAuthView;
use crate::Core;
use crate::credential::OAuthGrant;
use crate::deed::{Deed, DeedKind};
use crate::error::{Error, Result};
use crate::ids::{InstanceId, SecretId};
use crate::oauth::{Callback, Pages};
use crate::secrets::Keep;
use crate::store::{OAuthSignIn, Rest};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use url::Url;

/// What a person is to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OAuthPrompt {
    /// Open this on this computer.
    Browser {
        #[cfg_attr(feature = "specta", specta(type = String))]
        url: Url,
    },
    /// Open this anywhere, and enter the code.
    Device {
        url: String,
        /// With the code in it, where the server has such a thing.
        complete: Option<String>,
        code: String,
    },
}

impl Core {
    /// Shows what a person is to do, and waits for it; as the client itself, nobody does anything.
    ///
    /// # Errors
    /// [`Error::NoOauthClient`], [`Error::AuthorizationRefused`], [`Error::AnswerOfAnother`], [`Error::SignInTooLate`], and
    /// those of [`Core::set_oauth`].
    pub async fn sign_in_oauth(
        &self,
        id: &InstanceId,
        patience: Duration,
        pages: &OAuthPages,
        show: impl FnOnce(OAuthPrompt),
    ) -> Result<OAuthView> {
        let getting = self.getting_tokens(id);
        let record = getting.record()?;
        self.safe(|safe| safe.place(Keep::Keychain)).await?;
        let (server, secret) = (getting.server(&record).await?, getting.client_secret(&record).await?);
        let asking = client(&record, secret.as_ref());
        let tokens = match record.grant {
            OAuthGrant::Code => {
                let OAuthPages { done, refused, unknown } = pages;
                let pages = Pages { done, refused, unknown };
                let callback = Callback::listen(server.host(), patience, pages).await?;
                let show = |url: &Url| show(OAuthPrompt::Browser { url: url.clone() });
                server.by_code(&asking, callback, &*self.random, &*self.now, show).await?
            }
            OAuthGrant::Device => {
                let show = |prompt: crate::oauth::DevicePrompt| {
                    let crate::oauth::DevicePrompt { url, complete, code } = prompt;
                    show(OAuthPrompt::Device { url, complete, code });
                };
                server.by_device(&asking, patience, &*self.now, show).await?
            }
            OAuthGrant::ClientCredentials => server.by_client_credentials(&asking, &*self.now).await?,
        };
        let _lock = getting.lock().await?;
        if getting.record()?.id != record.id {
            // Set anew meanwhile: what was given is another client's.
            return Err(Error::StateBusy);
        }
        let renews = tokens.refresh.is_some() || record.grant == OAuthGrant::ClientCredentials;
        let signed_in =
            OAuthSignIn { subject: tokens.subject(), at: self.now.now(), renews, rest: Rest::new() };
        // What was left to be deleted bears the names that are used again now.
        let (changed, names) = (id.clone(), self.instance(id)?.oauth_tokens());
        let has_refresh = tokens.refresh.is_some();
        self.change(move |state| {
            state.left_behind.retain(|left| !names.contains(left));
            if !has_refresh {
                state.leave_behind(vec![SecretId::oauth_refresh(&changed)]);
            }
            Ok(())
        })
        .await?;
        self.delete_left_behind().await;
        // Whoever was signed in before is so no more, also if the rest fails: nobody acts as somebody else than is shown.
        getting.let_go().await?;
        getting.keep_sign_in(&record, &tokens).await?;
        let changed = id.clone();
        let record = self
            .change(move |state| {
                let record = state.instance_mut(&changed)?.oauth.as_mut();
                let record = record.ok_or(Error::StateBusy)?;
                record.signed_in = Some(signed_in);
                Ok(record.as_ref().clone())
            })
            .await?;
        let who = record.signed_in.as_ref().and_then(|signed_in| signed_in.subject.as_deref());
        self.note(id, Deed::new(DeedKind::OauthSignedIn).who(who).how(&record.issuer)).await;
        Ok(OAuthView::of(&record))
    }
}
