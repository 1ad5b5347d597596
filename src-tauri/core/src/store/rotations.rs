//! What is kept of the replacing of a key, written before each step, so that any process can go on with it.

use crate::expiry::Expiry;
use crate::ids::{ApiKeyId, UserId};
use crate::rotation::{BlindSpot, RevokeWhen, RotationEnd, Watch, until_next_look};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// As many as anybody will look back at.
pub(super) const MOST_ENDED: usize = 20;
const AFTER_A_PROBLEM: SignedDuration = SignedDuration::from_secs(60);
/// Only a person can end it then.
const UNTIL_A_WORD: SignedDuration = SignedDuration::from_mins(5);

/// A key that is being replaced, or was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rotation {
    pub id: String,
    pub owner: UserId,
    pub old: ApiKeyId,
    /// Known as soon as it has a record.
    #[serde(default)]
    pub new: Option<ApiKeyId>,
    /// What both are called on the server.
    pub name: String,
    #[serde(default)]
    pub scopes: Option<String>,
    pub expiry: Expiry,
    pub revoke: RevokeWhen,
    /// In seconds.
    pub quiet_for: u32,
    pub started_at: Timestamp,
    #[serde(default)]
    pub created_at: Option<Timestamp>,
    /// The server took the new key, which got the old one's place in the same write.
    #[serde(default)]
    pub moved_at: Option<Timestamp>,
    /// A person wants the old key back in its place: from then on the new one is the one to go.
    #[serde(default)]
    pub back_at: Option<Timestamp>,
    /// Whether the MCP server notes uses; none while nobody could tell.
    #[serde(default)]
    pub mcp_notes_uses: Option<bool>,
    #[serde(default)]
    pub blind_spots: Vec<BlindSpot>,
    /// A person said that what can be seen is enough.
    #[serde(default)]
    pub accepts_blind_spots: bool,
    #[serde(default)]
    pub watch: Option<Watch>,
    /// It is to be revoked, for good.
    #[serde(default)]
    pub decided_at: Option<Timestamp>,
    /// When it was gone on with last.
    #[serde(default)]
    pub tried_at: Option<Timestamp>,
    /// The code of what stood in the way last, if something did.
    #[serde(default)]
    pub problem: Option<String>,
    /// What a sentence about that needs.
    #[serde(default)]
    pub problem_params: BTreeMap<String, String>,
    #[serde(default)]
    pub ended_at: Option<Timestamp>,
    #[serde(default)]
    pub end: Option<RotationEnd>,
    /// It was used once more between the last look and its end.
    #[serde(default)]
    pub late_use: bool,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// Where a rotation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum RotationStep {
    Creating,
    /// The new key is stored. It gets the old one's place when the server was seen to take it.
    Proving,
    Watching,
    Revoking,
    Ended,
}

impl Rotation {
    #[must_use]
    pub fn step(&self) -> RotationStep {
        if self.end.is_some() {
            RotationStep::Ended
        } else if self.decided_at.is_some() {
            RotationStep::Revoking
        } else if self.moved_at.is_some() {
            RotationStep::Watching
        } else if self.new.is_some() {
            RotationStep::Proving
        } else {
            RotationStep::Creating
        }
    }

    #[must_use]
    pub fn is_under_way(&self) -> bool {
        self.end.is_none()
    }

    #[must_use]
    pub fn concerns(&self, key: &ApiKeyId) -> bool {
        self.old == *key || self.new.as_ref() == Some(key)
    }

    /// The key that is to go.
    #[must_use]
    pub fn leaving(&self) -> Option<&ApiKeyId> {
        if self.back_at.is_some() { self.new.as_ref() } else { Some(&self.old) }
    }

    /// The key that is to be left.
    #[must_use]
    pub fn staying(&self) -> Option<&ApiKeyId> {
        if self.back_at.is_some() { Some(&self.old) } else { self.new.as_ref() }
    }

    /// The key that has the old alias, so that it is the one to use.
    #[must_use]
    pub fn in_place(&self) -> &ApiKeyId {
        let moved = self.new.as_ref().filter(|_| self.moved_at.is_some() && self.back_at.is_none());
        moved.unwrap_or(&self.old)
    }

    /// How long to wait before it is worth while to go on with it.
    #[must_use]
    pub fn due_in(&self, now: Timestamp) -> SignedDuration {
        let pause = if self.problem.is_some() {
            AFTER_A_PROBLEM
        } else if self.is_blind() {
            UNTIL_A_WORD
        } else {
            until_next_look(self.watch.as_ref(), self.quiet_for)
        };
        let since = self.tried_at.map_or(pause, |tried| now.duration_since(tried));
        // A clock that was set back is not waited for.
        (pause - since).clamp(SignedDuration::ZERO, pause)
    }

    /// Nothing may be called quiet by itself.
    #[must_use]
    pub fn is_blind(&self) -> bool {
        !self.blind_spots.is_empty() && !self.accepts_blind_spots
    }
}
