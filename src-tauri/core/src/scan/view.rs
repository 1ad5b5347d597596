//! What a scan found, and how IPC and `--json` send it. Nobody's text is in any of it.

use super::access::Readers;
use super::kind::FileKind;
use super::searched::Tally;
use super::spot::KeySpot;
use crate::error::ErrorCode;
use crate::git::GitState;
use crate::ids::{ApiKeyId, InstanceId};
use crate::secret::KeyHint;
use serde::{Deserialize, Serialize};

/// How sure it is which key this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum KeyMatch {
    /// The same text as that key's.
    Known,
    /// The same prefix and last four letters; the keychain could not be asked for more.
    LooksLike,
    /// No key of this computer.
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum LifeState {
    Active,
    Expired,
    Revoked,
    /// The server does not take it: revoked, expired, its owner's account closed, or of another server.
    Rejected,
    Unknown,
}

impl LifeState {
    /// Nobody can do anything with it any more. A rejected one may work elsewhere.
    #[must_use]
    pub fn is_dead(self) -> bool {
        matches!(self, Self::Expired | Self::Revoked)
    }
}

/// Who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ToldBy {
    /// What this computer remembers of the last list. It may be old.
    Memory,
    /// The server's list, asked with the person's session now.
    List,
    /// The key itself, used once now.
    Key,
}

/// Whether a key still works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct KeyLife {
    pub state: LifeState,
    pub told_by: Option<ToldBy>,
    /// When, RFC 3339 in UTC.
    pub at: Option<String>,
    /// Why it could not be told although it was asked.
    pub problem: Option<ErrorCode>,
}

impl KeyLife {
    pub const UNKNOWN: Self = Self { state: LifeState::Unknown, told_by: None, at: None, problem: None };
}

/// One key, wherever it lies.
#[derive(Debug)]
pub struct ScannedKey {
    pub hint: KeyHint,
    pub matched: KeyMatch,
    /// Whose key it is, or in an unknown one's case, whose address stands beside it.
    pub instance: Option<InstanceId>,
    pub record: Option<ApiKeyId>,
    pub life: KeyLife,
    /// Never empty. `Core::read_spot` reads the key from any of them.
    pub spots: Vec<KeySpot>,
    /// As many as there are spots.
    pub git: Vec<GitState>,
}

/// What a scan found. Kept by whoever asked for it; a face shows it as a [`ScanView`].
#[derive(Debug)]
pub struct Scan {
    pub keys: Vec<ScannedKey>,
    pub tally: Tally,
    /// False where the keychain could not be asked, so that keys were compared by what may be shown of them.
    pub by_fingerprint: bool,
    /// Whether servers were asked.
    pub asked: bool,
    pub took: std::time::Duration,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ScanView {
    pub keys: Vec<ScannedKeyView>,
    /// How many files were searched.
    pub files: u32,
    pub skipped: SkippedView,
    /// Files and folders that could not be looked into; the first of them are named.
    pub unreadable: u32,
    pub unread: Vec<UnreadableView>,
    /// There are more keys than were told.
    pub more: bool,
    pub by_fingerprint: bool,
    pub asked: bool,
    /// In milliseconds.
    pub took: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SkippedView {
    pub binary: u32,
    pub too_large: u32,
    /// The first of them.
    pub large: Vec<String>,
    /// Links, pipes, devices.
    pub not_files: u32,
    pub folders: u32,
    pub older: OlderView,
}

/// What AI clients wrote by themselves before that of it which was searched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct OlderView {
    pub files: u32,
    pub megabytes: u32,
    /// As a person would write them.
    pub folders: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct UnreadableView {
    pub path: String,
    /// `permission_denied`, `not_found` or `other`.
    pub why: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ScannedKeyView {
    pub hint: KeyHint,
    #[serde(rename = "match")]
    pub matched: KeyMatch,
    pub instance: Option<ScannedInstanceView>,
    pub key: Option<ScannedRecordView>,
    pub life: KeyLife,
    pub spots: Vec<KeySpotView>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ScannedInstanceView {
    pub id: InstanceId,
    pub short_name: String,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ScannedRecordView {
    pub id: ApiKeyId,
    pub alias: String,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct KeySpotView {
    /// A key in a file's name is replaced by its hint.
    pub path: String,
    /// As a person would write it, below the home folder.
    pub shown: String,
    pub line: u32,
    pub column: u32,
    #[serde(flatten)]
    pub kind: FileKind,
    pub readers: Readers,
    /// `0600`; none on Windows.
    pub mode: Option<String>,
    pub git: GitState,
    /// Others than the file's owner can use the key: everyone here can read it, or gets it with the repository, and
    /// it is not known to have ended.
    pub exposed: bool,
    /// A key known for sure, in an AI client's file: it can be tried to move it into the keychain.
    pub movable: bool,
}
