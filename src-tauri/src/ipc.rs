//! The error and event types that cross to the window.

use serde::{Deserialize, Serialize};
use superset_keys_core::actions::{KeptOpen, MoveProgress, OAuthPrompt, RevokeProgress};
use superset_keys_core::checkup::CheckupItemView;
use superset_keys_core::embedding::FrameSaid;
use superset_keys_core::error::{Error, ErrorCode, ErrorParams};
use superset_keys_core::ids::{ApiKeyId, InstanceId};

/// Why a command did not do what was asked: a code the window has words for, and their values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct IpcError {
    pub code: ErrorCode,
    pub params: ErrorParams,
}

impl From<Error> for IpcError {
    fn from(error: Error) -> Self {
        // The causes stay on this side.
        let causes: Vec<String> =
            std::iter::successors(std::error::Error::source(&error), |cause| cause.source())
                .map(ToString::to_string)
                .collect();
        tracing::info!(code = ?error.code(), %error, ?causes, "a command ended without doing what was asked");
        Self { code: error.code(), params: error.params() }
    }
}

pub type IpcResult<T> = Result<T, IpcError>;

/// The state file changed: by this app, the command line, or another window.
#[derive(Debug, Clone, Serialize, Deserialize, specta::Type, tauri_specta::Event)]
pub struct StateChanged;

/// The window was not closed, once, because a new key would be lost.
#[derive(Debug, Clone, Serialize, Deserialize, specta::Type, tauri_specta::Event)]
pub struct CloseRefused {
    pub because: KeptOpen,
}

/// The app was locked, or unlocked.
#[derive(Debug, Clone, Serialize, Deserialize, specta::Type, tauri_specta::Event)]
pub struct LockChanged;

/// The app was to be locked by itself, and was not: this key is nowhere but in its memory.
#[derive(Debug, Clone, Serialize, Deserialize, specta::Type, tauri_specta::Event)]
pub struct LockRefused {
    pub instance: InstanceId,
    pub key: ApiKeyId,
}

/// A copied key has left the clipboard.
#[derive(Debug, Clone, Serialize, Deserialize, specta::Type, tauri_specta::Event)]
pub struct ClipboardEnded {
    pub instance: InstanceId,
    pub key: Option<ApiKeyId>,
    /// False when something else had been copied meanwhile.
    pub cleared: bool,
}

/// A check-up has found something out.
#[derive(Debug, Clone, Serialize, Deserialize, specta::Type, tauri_specta::Event)]
pub struct CheckupProgress {
    pub instance: InstanceId,
    pub item: CheckupItemView,
}

/// The private window in which somebody signs in shows a page of this host.
#[derive(Debug, Clone, Serialize, Deserialize, specta::Type, tauri_specta::Event)]
pub struct BrowserAt {
    pub instance: InstanceId,
    pub host: String,
}

/// A sign-in for AI clients waits for its person to do this.
#[derive(Debug, Clone, Serialize, Deserialize, specta::Type, tauri_specta::Event)]
pub struct SignInPrompt {
    pub instance: InstanceId,
    pub prompt: OAuthPrompt,
    /// A browser took it.
    pub opened: bool,
}

/// Keys that are revoked together: how far it is.
#[derive(Debug, Clone, Serialize, Deserialize, specta::Type, tauri_specta::Event)]
pub struct RevokesProgress {
    pub instance: InstanceId,
    pub progress: RevokeProgress,
}

/// Secrets that move between keychain and vault: how far it is.
#[derive(Debug, Clone, Serialize, Deserialize, specta::Type, tauri_specta::Event)]
pub struct SecretsMoving {
    pub progress: MoveProgress,
}

/// What became of the frame of a preview.
#[derive(Debug, Clone, Serialize, Deserialize, specta::Type, tauri_specta::Event)]
pub struct PreviewSaid {
    /// Whose: an earlier one's may come late.
    pub address: String,
    pub said: FrameSaid,
}
