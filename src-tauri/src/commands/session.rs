use crate::AppCore;
use crate::ipc::IpcResult;
use superset_keys_core::actions::Credentials;
use superset_keys_core::instance::{InstanceId, InstanceView};
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

#[tauri::command]
#[specta::specta]
pub async fn sign_out(core: State<'_, AppCore>, id: InstanceId) -> IpcResult<InstanceView> {
    Ok(core.sign_out(&id).await?)
}
