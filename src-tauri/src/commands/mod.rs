//! What the window can ask for. Each command unwraps its arguments, calls one action and maps the error.

pub mod access;
pub mod activity;
pub mod api_keys;
pub mod audit;
pub mod audit_set_up;
pub mod checkup;
pub mod clients;
pub mod desktop;
pub mod embedding;
pub mod guest_tokens;
pub mod instances;
pub mod lock;
pub mod mcp;
pub mod moving;
pub mod network;
pub mod oauth;
pub mod preview;
pub mod record;
pub mod rotations;
pub mod scan;
pub mod secrets;
pub mod session;
pub mod settings;
pub mod vault;

use crate::ipc::IpcResult;
use superset_keys_core::Error;

/// Files, the clipboard and other people's programs take their time: what asks them must not hold up the window.
async fn off_the_workers<T: Send + 'static>(
    work: impl FnOnce() -> superset_keys_core::Result<T> + Send + 'static,
) -> IpcResult<T> {
    let done = tauri::async_runtime::spawn_blocking(work).await;
    Ok(done.unwrap_or(Err(Error::Internal { what: "a worker" }))?)
}
