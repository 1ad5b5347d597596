use crate::browser::{self, BrowserEnd, BrowserRequest};
use crate::ipc::IpcResult;
use crate::{AppCore, AppSignIn};
use superset_keys_core::actions::{Credentials, InstanceView, SignedOutView};
use superset_keys_core::ids::InstanceId;
use tauri::State;

#[tauri::command]
#[specta::specta]
pub async fn sign_in(
    core: State<'_, AppCore>,
    id: InstanceId,
    credentials: Credentials,
) -> IpcResult<InstanceView> {
    Ok(core.sign_in(&id, credentials).await?)
}

/// Opens the private window and waits for its end. Nothing of it is kept.
#[tauri::command]
#[specta::specta]
pub async fn sign_in_in_browser(
    core: State<'_, AppCore>,
    window: State<'_, AppSignIn>,
    id: InstanceId,
    request: BrowserRequest,
) -> IpcResult<BrowserEnd> {
    browser::sign_in(&core, &window, &id, request).await
}

#[tauri::command]
#[specta::specta]
pub async fn show_browser(window: State<'_, AppSignIn>) -> IpcResult<()> {
    window.show();
    Ok(())
}

/// Closes the private window, and what waits for it ends.
#[tauri::command]
#[specta::specta]
pub async fn stop_browser(window: State<'_, AppSignIn>) -> IpcResult<()> {
    window.close();
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub async fn sign_out(core: State<'_, AppCore>, id: InstanceId) -> IpcResult<SignedOutView> {
    Ok(core.sign_out(&id).await?)
}
