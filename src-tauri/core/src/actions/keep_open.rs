//! What would be lost if this program ended now.

use crate::Core;
use crate::ids::{ApiKeyId, InstanceId};
use serde::{Deserialize, Serialize};

/// Why a window stays open when it is first asked to close.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum KeptOpen {
    /// A key is being created: its plaintext comes once, to this process. `turn` tells one create from the next.
    Creating { turn: u32 },
    /// A key is nowhere but in this process's memory.
    Unsaved { instance: InstanceId, key: ApiKeyId },
}

impl Core {
    /// What speaks against ending this program now.
    #[must_use]
    pub fn kept_open_by(&self) -> Option<KeptOpen> {
        if let Some(turn) = self.creating.turn() {
            return Some(KeptOpen::Creating { turn });
        }
        self.safe.unsaved_key().map(|(instance, key)| KeptOpen::Unsaved { instance, key })
    }

    /// Waits until no key is being created.
    pub async fn creates_ended(&self) {
        self.creating.ended().await;
    }
}
