//! Choose what an instance's AI clients are let in with. No client's file changes.

use super::mcp_access::PassFor;
use super::prove_mcp_access::{McpProofView, Received, refusal};
use crate::Core;
use crate::credential::McpAccess;
use crate::deed::{Deed, DeedKind};
use crate::error::Result;
use crate::ids::InstanceId;
use crate::names::{self, USER_NAME_LIMIT};

impl Core {
    /// Sets it after the server was seen to take it for the person that is meant; `unproven` sets it without asking. Keys
    /// are not tried: a check-up does that.
    ///
    /// # Errors
    /// Nothing is changed by [`crate::Error::TokenNotTaken`], [`crate::Error::TokenNamesNobody`],
    /// [`crate::Error::TokenOfAnother`], [`crate::Error::NoSigningSecret`], or a server that cannot be asked.
    pub async fn set_mcp_access(
        &self,
        id: &InstanceId,
        access: McpAccess,
        unproven: bool,
    ) -> Result<Option<McpProofView>> {
        let mut proof = None;
        let access = match access {
            McpAccess::ApiKey => McpAccess::ApiKey,
            McpAccess::OAuth => {
                let pass = self.pass_by_oauth(id, None).await?;
                if !unproven {
                    let site = self.mcp_site(id)?;
                    let seen = self.prove(&site, &pass, None).await?;
                    // Whom it is for only the authorization server knows, and the MCP server tells.
                    let user = match &seen.ours {
                        Received::LetIn { user } => user.clone(),
                        _ => self.oauth_subject(id)?,
                    };
                    if let Some(error) = refusal(&seen, &site.host(), &user) {
                        return Err(error);
                    }
                    proof = Some(seen);
                }
                McpAccess::OAuth
            }
            McpAccess::Signed { subject, scope } => {
                let subject = names::display_name(&subject, USER_NAME_LIMIT)?;
                let pass = self.pass_by_signed(id, &subject, scope.as_deref(), PassFor::Bridge).await?;
                if !unproven {
                    let site = self.mcp_site(id)?;
                    let seen = self.prove(&site, &pass, Some(subject.clone())).await?;
                    if let Some(error) = refusal(&seen, &site.host(), &subject) {
                        return Err(error);
                    }
                    proof = Some(seen);
                }
                McpAccess::Signed { subject, scope }
            }
        };
        let changed = id.clone();
        let deed = Deed::new(DeedKind::AccessChanged).how(match &access {
            McpAccess::ApiKey => "api_key",
            McpAccess::Signed { .. } => "signed",
            McpAccess::OAuth => "oauth",
        });
        let deed = match &access {
            McpAccess::Signed { subject, .. } => deed.who(Some(subject)),
            McpAccess::ApiKey | McpAccess::OAuth => deed,
        };
        self.change(move |state| {
            let instance = state.instance_mut(&changed)?;
            if access == McpAccess::ApiKey {
                // Entries that name a key present it again.
                instance.mcp_move = None;
            }
            instance.mcp_access = access;
            Ok(())
        })
        .await?;
        self.note(id, deed).await;
        Ok(proof)
    }
}
