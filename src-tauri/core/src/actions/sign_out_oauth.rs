//! End what an instance's AI clients get tokens from, here and at the authorization server.

use super::mcp_access::client;
use crate::Core;
use crate::deed::{Deed, DeedKind};
use crate::error::Result;
use crate::ids::InstanceId;
use crate::store::OAuthRecord;
use serde::{Deserialize, Serialize};

/// What became of the grant at the authorization server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Revoked {
    Done,
    /// There was nothing to end.
    Nothing,
    /// The server has no way to do that.
    NotOffered,
    /// It could not be asked, or did not do it.
    Failed,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct OAuthSignedOutView {
    pub revoked: Revoked,
    /// Secrets that lie in a store which is locked or away; they are deleted when it is back.
    pub left_behind: u32,
}

impl Core {
    /// Drops the tokens, and revokes the refresh token. Whatever the server says, nothing is left here. An access token that
    /// was handed out works to its end.
    ///
    /// # Errors
    /// [`crate::Error::NoOauthClient`]
    pub async fn sign_out_oauth(&self, id: &InstanceId) -> Result<OAuthSignedOutView> {
        let getting = self.getting_tokens(id);
        let _lock = getting.lock().await?;
        let record = getting.record()?;
        let revoked = self.revoke_grant(id, &record).await;
        let (changed, secrets) = (id.clone(), self.instance(id)?.oauth_tokens());
        let noted = secrets.clone();
        self.change(move |state| {
            if let Some(record) = &mut state.instance_mut(&changed)?.oauth {
                record.signed_in = None;
            }
            state.leave_behind(noted);
            Ok(())
        })
        .await?;
        for secret in &secrets {
            self.safe.release(secret);
        }
        if record.signed_in.is_some() {
            self.note(id, Deed::new(DeedKind::OauthSignedOut).how(&record.issuer)).await;
        }
        let left = self.delete_left_behind().await;
        let left = secrets.iter().filter(|id| left.contains(id)).count();
        Ok(OAuthSignedOutView { revoked, left_behind: u32::try_from(left).unwrap_or(u32::MAX) })
    }

    async fn revoke_grant(&self, id: &InstanceId, record: &OAuthRecord) -> Revoked {
        let getting = self.getting_tokens(id);
        let refresh = match getting.refresh_token().await {
            Ok(Some(refresh)) => refresh,
            Ok(None) => return Revoked::Nothing,
            Err(_) => return Revoked::Failed,
        };
        let asked = async {
            let (server, secret) = (getting.server(record).await?, getting.client_secret(record).await?);
            server.revoke(&client(record, secret.as_ref()), &refresh).await
        };
        match asked.await {
            Ok(true) => Revoked::Done,
            Ok(false) => Revoked::NotOffered,
            Err(error) => {
                tracing::info!(%error, "a grant was not revoked");
                Revoked::Failed
            }
        }
    }
}
