//! The error and event types that cross to the window.

use serde::{Deserialize, Serialize};
use superset_keys_core::api_key::ApiKeyId;
use superset_keys_core::checkup::CheckupItemView;
use superset_keys_core::error::{Error, ErrorCode, ErrorParams};
use superset_keys_core::instance::InstanceId;

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

/// The window was not closed, once, because a new key is nowhere but in this app's memory.
#[derive(Debug, Clone, Serialize, Deserialize, specta::Type, tauri_specta::Event)]
pub struct CloseRefused;

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
