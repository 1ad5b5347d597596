//! How an instance is reached.

use crate::ipc::IpcResult;
use crate::{AppCore, AppDialogs};
use superset_keys_core::actions::{NetworkChange, NetworkView, WayView};
use superset_keys_core::ids::InstanceId;
use tauri::State;

/// What is set of the way to an instance.
#[tauri::command]
#[specta::specta]
pub async fn show_network(core: State<'_, AppCore>, id: InstanceId) -> IpcResult<NetworkView> {
    Ok(core.show_network(&id).await?)
}

/// Changes what is named, and nothing else.
#[tauri::command]
#[specta::specta]
pub async fn set_network(
    core: State<'_, AppCore>,
    id: InstanceId,
    change: NetworkChange,
) -> IpcResult<NetworkView> {
    Ok(core.set_network(&id, change).await?)
}

/// Goes there, as nobody, and tells what stands on the way; or why it is closed.
#[tauri::command]
#[specta::specta]
pub async fn look_at_network(core: State<'_, AppCore>, id: InstanceId) -> IpcResult<WayView> {
    Ok(core.look_at_network(&id).await?)
}

/// Asks for a file in the system's own dialog. None is answered if the person picks none.
#[tauri::command]
#[specta::specta]
pub async fn choose_file(dialogs: State<'_, AppDialogs>, title: String) -> IpcResult<Option<String>> {
    Ok(dialogs.choose_file(title).await.map(|file| file.display().to_string()))
}
