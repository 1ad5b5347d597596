//! Let AI clients in with something else than their keys, also those whose entries name one. No client's file changes,
//! and the keys go on working: who still uses one is seen before it is revoked.

use super::rotate_key::fits;
use super::show_mcp_move::McpMoveView;
use crate::credential::McpAccess;
use crate::ids::{ApiKeyId, InstanceId};
use crate::rotation::QUIET_FOR;
use crate::store::{Instance, McpMove, MovedKey};
use crate::{Core, Result};
use serde::{Deserialize, Serialize};

/// How the clients of an instance's keys are to move.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MoveRequest {
    /// The keys whose clients move; all that clients on this computer use where there is none.
    #[serde(default)]
    pub keys: Vec<ApiKeyId>,
    /// For how many seconds a key must not have been used to be called quiet; a day, or what was said before.
    #[serde(default)]
    pub quiet_for: Option<u32>,
    /// Without asking the MCP server whether it takes what they present then.
    #[serde(default)]
    pub unproven: bool,
}

impl Core {
    /// Begins, or goes on: keys that were found since are moved too, and each one is looked at. With
    /// [`McpAccess::ApiKey`] all go back to their keys.
    ///
    /// # Errors
    /// Nothing is changed by those of [`Core::set_mcp_access`], and by [`crate::Error::SettingOutOfBounds`]. That the keys
    /// cannot be looked at is none: it stands in the answer.
    pub async fn move_mcp_access(
        &self,
        id: &InstanceId,
        access: McpAccess,
        request: &MoveRequest,
    ) -> Result<Option<McpMoveView>> {
        request.quiet_for.map_or(Ok(()), fits)?;
        let instance = self.instance(id)?;
        let goes_back = access == McpAccess::ApiKey;
        let is_new = instance.mcp_access != access;
        let moved =
            if request.keys.is_empty() { self.keys_of_clients(&instance)? } else { request.keys.clone() };
        if is_new {
            self.set_mcp_access(id, access, request.unproven).await?;
        }
        if goes_back {
            return Ok(None);
        }
        let (changed, now, quiet_for) = (id.clone(), self.now.now(), request.quiet_for);
        self.change(move |state| {
            let instance = state.instance_mut(&changed)?;
            let named = |key: &ApiKeyId| {
                let record = instance.record(key);
                record.map(|record| (record.alias.clone(), record.name.clone())).unwrap_or_default()
            };
            let mut keys: Vec<_> = moved
                .into_iter()
                .map(|key| (named(&key), key))
                .map(|((alias, name), key)| MovedKey::new(key, alias, name))
                .collect();
            let moving = instance
                .mcp_move
                .get_or_insert_with(|| Box::new(McpMove::new(now, quiet_for.unwrap_or(QUIET_FOR))));
            if is_new {
                // A call before this one proves nothing.
                moving.since = now;
            }
            moving.quiet_for = quiet_for.unwrap_or(moving.quiet_for);
            keys.retain(|key| !moving.has(&key.id));
            moving.keys.append(&mut keys);
            Ok(())
        })
        .await?;
        self.look_at_moved_keys(id).await
    }

    /// The keys that entries on this computer go by: the default key where one is there, and those they name.
    fn keys_of_clients(&self, instance: &Instance) -> Result<Vec<ApiKeyId>> {
        let mut keys: Vec<ApiKeyId> = instance.default_key.iter().cloned().collect();
        for used in self.entries_of(&instance.id)? {
            let starts_ours = used.entry.delivery.is_some_and(crate::clients::Delivery::starts_ours);
            let both = used.entry.key.into_iter().filter(|_| starts_ours).chain(used.entry.held);
            for key in both {
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
        Ok(keys)
    }
}
