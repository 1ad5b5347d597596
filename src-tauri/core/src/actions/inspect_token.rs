//! What does a token say, who signed it, and what will the server make of it? The token is sent to nobody.

use super::signing_config::config_for;
use crate::Core;
use crate::error::Result;
use crate::ids::InstanceId;
use crate::mcp::Examiner;
use crate::secret::Secret;
use crate::signing::config::ConfigFor;
use crate::signing::{Beside, InspectedToken, inspect, inspect_beside};
use jiff::SignedDuration;
use serde::Deserialize;
use std::time::Duration;

/// Somebody waits for an answer that does not need it.
const PATIENCE: Duration = Duration::from_secs(5);

/// A token that a person pasted; none where they mean the one that is held already.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PastedToken {
    #[cfg_attr(feature = "specta", specta(type = Option<String>))]
    pub token: Option<Secret>,
}

impl Core {
    /// Reads a token. With an instance it is compared with what is kept for that, and the server is asked for the time,
    /// without the token; one that does not answer is left out.
    ///
    /// # Errors
    /// [`crate::Error::NotAToken`], [`crate::Error::AppLocked`]
    pub async fn inspect_token(&self, id: Option<&InstanceId>, token: &Secret) -> Result<InspectedToken> {
        // It is held for as long as somebody looks at it.
        self.lock.check()?;
        let now = self.now.now();
        let read = inspect(token, now)?;
        let Some(id) = id else { return Ok(read) };
        let instance = self.instance(id)?;
        let kept = match &instance.signing {
            Some(_) => Some(self.signing_secret(id).await?),
            None => None,
        };
        let beside = Beside {
            secret: kept.as_ref().map(|(_, secret)| secret),
            signing: kept.as_ref().map(|(record, _)| &record.signing),
            names_users: config_for(instance.version.as_deref()) == ConfigFor::Later,
            ahead: self.clock_ahead(id).await,
        };
        inspect_beside(token, beside, now)
    }

    /// How far the clock of the MCP server is ahead of this computer's, to a second.
    async fn clock_ahead(&self, id: &InstanceId) -> Option<SignedDuration> {
        let site = self.mcp_site(id).ok()?;
        let examiner = Examiner::new(self.streams(), self.timeouts().call.min(PATIENCE));
        let told = examiner.time(&site).await?;
        Some(told.duration_since(self.now.now()))
    }
}
