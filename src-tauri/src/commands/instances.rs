use crate::AppCore;
use crate::ipc::IpcResult;
use superset_keys_core::actions::{
    DamagedListView, DetectionView, InstanceView, McpDetectionView, NetworkChange, NewInstance, RemovedView,
};
use superset_keys_core::ids::InstanceId;
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
    network: Option<NetworkChange>,
) -> IpcResult<DetectionView> {
    Ok(core.detect_instance_over(&address, allow_http, network.unwrap_or_default()).await?)
}

#[tauri::command]
#[specta::specta]
pub async fn add_instance(
    core: State<'_, AppCore>,
    instance: NewInstance,
    network: Option<NetworkChange>,
) -> IpcResult<InstanceView> {
    // What was seen there, the window has shown already.
    Ok(core.add_instance_over(instance, network.unwrap_or_default()).await?.instance)
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

/// The list that was damaged and set aside, until there is one in its place.
#[tauri::command]
#[specta::specta]
pub async fn damaged_list(core: State<'_, AppCore>) -> IpcResult<Option<DamagedListView>> {
    Ok(core.damaged_list()?)
}

#[tauri::command]
#[specta::specta]
pub async fn begin_anew(core: State<'_, AppCore>) -> IpcResult<()> {
    Ok(core.begin_anew().await?)
}

/// What is at an address that is about to become the MCP endpoint. Nothing is kept.
#[tauri::command]
#[specta::specta]
pub async fn look_at_mcp(
    core: State<'_, AppCore>,
    id: InstanceId,
    typed: String,
) -> IpcResult<McpDetectionView> {
    Ok(core.look_at_mcp(&id, &typed).await?)
}
