//! What an instance's AI clients are let in with, one file for each kind. The bridge and the header helper ask here each
//! time, so changing it edits no client.

mod api_key;
mod oauth;
mod signed;

pub(super) use oauth::{Getting, client};

use super::find_key::access_of;
use crate::credential::McpAccess;
use crate::ids::InstanceId;
use crate::mcp::Pass;
use crate::{Core, Result};

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassFor {
    /// It asks again before the end of what it got.
    Bridge,
    /// A client that asks when it connects, and then no more.
    Helper,
}

impl Core {
    /// What an AI client presents now. `key` is the one its entry names, by alias, uuid or name: such an entry keeps to
    /// it, whatever the others present, unless that key's clients have moved.
    pub async fn mcp_pass(&self, id: &InstanceId, key: Option<&str>, asks: PassFor) -> Result<Pass> {
        self.mcp_pass_after(id, key, asks, None).await
    }

    /// The same for whom the server did not let in with `refused`.
    pub(super) async fn mcp_pass_after(
        &self,
        id: &InstanceId,
        key: Option<&str>,
        asks: PassFor,
        refused: Option<&Pass>,
    ) -> Result<Pass> {
        let access = access_of(&self.instance(id)?, key, self.now.now());
        self.mcp_pass_by(id, &access, key, asks, refused).await
    }

    /// What an AI client would present by `access`; a key's name counts only where a key is presented.
    pub(super) async fn mcp_pass_by(
        &self,
        id: &InstanceId,
        access: &McpAccess,
        key: Option<&str>,
        asks: PassFor,
        refused: Option<&Pass>,
    ) -> Result<Pass> {
        match access {
            McpAccess::Signed { subject, scope } => {
                self.pass_by_signed(id, subject, scope.as_deref(), asks).await
            }
            McpAccess::OAuth => self.pass_by_oauth(id, refused).await,
            McpAccess::ApiKey => self.pass_by_api_key(id, key).await,
        }
    }
}
