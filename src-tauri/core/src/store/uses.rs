//! Uses of keys that nothing on this computer explains, as they were seen: `uses.json` in the state folder.

use super::Store;
use crate::clock::WallTime;
use crate::error::Result;
use crate::ids::{ApiKeyId, InstanceId};
use crate::places::{create_private_folder, write_private_file};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// As many as anybody will look at.
const KEPT: usize = 500;

/// One use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenUse {
    pub instance: InstanceId,
    pub key: ApiKeyId,
    /// As the server's clock has it.
    pub at: WallTime,
    pub seen: Timestamp,
    /// When a person said that it was theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mine: Option<Timestamp>,
}

impl SeenUse {
    #[must_use]
    pub fn is(&self, instance: &InstanceId, key: &ApiKeyId, at: WallTime) -> bool {
        self.instance == *instance && self.key == *key && self.at.to_wire() == at.to_wire()
    }

    /// By which a person names it.
    #[must_use]
    pub fn id(&self) -> String {
        use_id(&self.instance, &self.key, self.at)
    }
}

/// See [`SeenUse::id`]. In whole seconds, as which a time may come back to us.
#[must_use]
pub fn use_id(instance: &InstanceId, key: &ApiKeyId, at: WallTime) -> String {
    format!("{}/{}/{}", instance.as_str(), key.as_str(), at.to_wire())
}

impl Store {
    /// The newest last.
    #[must_use]
    pub fn seen_uses(&self) -> Vec<SeenUse> {
        let content = std::fs::read(self.uses_path()).ok();
        content.and_then(|content| serde_json::from_slice(&content).ok()).unwrap_or_default()
    }

    /// Notes those that are new, and what `change` does to all of them.
    pub fn change_uses(&self, new: Vec<SeenUse>, change: impl FnOnce(&mut Vec<SeenUse>)) -> Result<()> {
        let _lock = self.lock_named("uses.lock")?;
        let before = self.seen_uses();
        let mut all = before.clone();
        for one in new {
            if !all.iter().any(|known| known.is(&one.instance, &one.key, one.at)) {
                all.push(one);
            }
        }
        change(&mut all);
        all.drain(..all.len().saturating_sub(KEPT));
        if all == before {
            return Ok(());
        }
        let written = serde_json::to_vec(&all).map_err(std::io::Error::from).and_then(|content| {
            create_private_folder(&self.places.state)?;
            write_private_file(&self.uses_path(), &content)
        });
        written.map_err(|error| self.unusable(error))
    }

    fn uses_path(&self) -> PathBuf {
        self.places.state.join("uses.json")
    }
}
