//! What is kept of AI clients that change from keys to another kind of access.

use crate::ids::ApiKeyId;
use crate::rotation::{BlindSpot, Watch};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// AI clients that present something else than the keys they had. It stays when it is over: their entries still name
/// those keys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct McpMove {
    pub since: Timestamp,
    pub keys: Vec<MovedKey>,
    /// For how many seconds a key must not have been used to be called quiet.
    pub quiet_for: u32,
    /// Whether the MCP server notes uses of keys; none while nobody could tell.
    #[serde(default)]
    pub mcp_notes_uses: Option<bool>,
    #[serde(default)]
    pub blind_spots: Vec<BlindSpot>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// A key whose clients present something else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MovedKey {
    pub id: ApiKeyId,
    /// As entries name it, also when its record is gone.
    pub alias: String,
    /// What the server calls it.
    pub name: String,
    #[serde(default)]
    pub watch: Option<Watch>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl MovedKey {
    #[must_use]
    pub fn new(id: ApiKeyId, alias: String, name: String) -> Self {
        Self { id, alias, name, watch: None, rest: Map::new() }
    }
}

impl McpMove {
    #[must_use]
    pub fn new(since: Timestamp, quiet_for: u32) -> Self {
        Self {
            since,
            keys: Vec::new(),
            quiet_for,
            mcp_notes_uses: None,
            blind_spots: Vec::new(),
            rest: Map::new(),
        }
    }

    #[must_use]
    pub fn has(&self, key: &ApiKeyId) -> bool {
        self.keys.iter().any(|moved| moved.id == *key)
    }

    #[must_use]
    pub fn key(&self, key: &ApiKeyId) -> Option<&MovedKey> {
        self.keys.iter().find(|moved| moved.id == *key)
    }
}
