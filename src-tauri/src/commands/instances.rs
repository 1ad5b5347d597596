use crate::AppCore;
use crate::ipc::IpcResult;
use superset_keys_core::actions::{DetectionView, NewInstance, RemovedView};
use superset_keys_core::instance::{InstanceId, InstanceView};
use tauri::State;

#[tauri::command]
#[specta::specta]
pub async fn list_instances(core: State<'_, AppCore>) -> IpcResult<Vec<InstanceView>> {
    Ok(core.list_instances()?)
}

#[tauri::command]
#[specta::specta]
pub async fn detect_instance(
    core: State<'_, AppCore>,
    address: String,
    allow_http: bool,
) -> IpcResult<DetectionView> {
    Ok(core.detect_instance(&address, allow_http).await?)
}

#[tauri::command]
#[specta::specta]
pub async fn add_instance(core: State<'_, AppCore>, instance: NewInstance) -> IpcResult<InstanceView> {
    // What was seen there, the window has shown already.
    Ok(core.add_instance(instance).await?.instance)
}

#[tauri::command]
#[specta::specta]
pub async fn rename_instance(
    core: State<'_, AppCore>,
    id: InstanceId,
    name: String,
) -> IpcResult<InstanceView> {
    Ok(core.rename_instance(&id, &name).await?)
}

#[tauri::command]
#[specta::specta]
pub async fn remove_instance(
    core: State<'_, AppCore>,
    id: InstanceId,
    forget_keys: bool,
) -> IpcResult<RemovedView> {
    Ok(core.remove_instance(&id, forget_keys).await?)
}

/// The MCP endpoint, which Superset cannot be asked for: typed by the person, or looked for again.
#[tauri::command]
#[specta::specta]
pub async fn set_mcp_url(
    core: State<'_, AppCore>,
    id: InstanceId,
    typed: Option<String>,
) -> IpcResult<InstanceView> {
    Ok(core.set_mcp_url(&id, typed.as_deref()).await?)
}
