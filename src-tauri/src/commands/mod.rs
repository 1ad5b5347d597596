//! What the window can ask for. Each command unwraps its arguments, calls one action and maps the error.

pub mod api_keys;
pub mod checkup;
pub mod clients;
pub mod desktop;
pub mod instances;
pub mod mcp;
pub mod scan;
pub mod secrets;
pub mod session;

use crate::ipc::IpcResult;
use superset_keys_core::Error;

/// Files, the clipboard and other people's programs take their time: what asks them must not hold up the window.
async fn off_the_workers<T: Send + 'static>(
    work: impl FnOnce() -> superset_keys_core::Result<T> + Send + 'static,
) -> IpcResult<T> {
    let done = tauri::async_runtime::spawn_blocking(work).await;
    Ok(done.unwrap_or(Err(Error::Internal { what: "a worker" }))?)
}
