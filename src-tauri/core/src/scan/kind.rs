//! What a file is for.

use serde::{Deserialize, Serialize};

/// What a file is for, which decides what is to be done about a key in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FileKind {
    /// The configuration of an AI client, by its id.
    AiClient {
        client: String,
    },
    /// Read by a shell or a session when it starts.
    ShellStartup,
    ShellHistory,
    EnvFile,
    /// Read by a program that makes requests: `.netrc`, `.curlrc`.
    RequestSettings,
    /// What an AI client, by its id, wrote by itself: conversations, logs, copies of files.
    ClientData {
        client: String,
    },
    Other,
}
