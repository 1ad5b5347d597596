//! Keys that are being replaced, and those that end soon.

use super::mcp::cli_path;
use super::off_the_workers;
use crate::AppCore;
use crate::ipc::IpcResult;
use superset_keys_core::actions::{
    ClientUse, ReminderView, RewrittenView, RotateRequest, RotatedView, RotationChange, RotationView,
};
use superset_keys_core::ids::{ApiKeyId, InstanceId};
use superset_keys_core::reminders::Reminder;
use tauri::State;

/// Begins, or goes on with what began before.
#[tauri::command]
#[specta::specta]
pub async fn rotate_key(
    core: State<'_, AppCore>,
    id: InstanceId,
    key: ApiKeyId,
    request: RotateRequest,
) -> IpcResult<RotatedView> {
    Ok(core.rotate_key(&id, &key, &request, &cli_path(&core)?).await?)
}

/// Of one instance or of all, the newest first; asks no server.
#[tauri::command]
#[specta::specta]
pub async fn list_rotations(
    core: State<'_, AppCore>,
    id: Option<InstanceId>,
) -> IpcResult<Vec<RotationView>> {
    let core = AppCore::clone(&core);
    off_the_workers(move || core.rotations(id.as_ref())).await
}

/// Goes on and looks once more, or changes what is to come first.
#[tauri::command]
#[specta::specta]
pub async fn change_rotation(
    core: State<'_, AppCore>,
    id: InstanceId,
    rotation: String,
    change: RotationChange,
) -> IpcResult<RotationView> {
    Ok(core.change_rotation(&id, &rotation, change).await?)
}

/// The clients whose files still hold the key that is to go.
#[tauri::command]
#[specta::specta]
pub async fn clients_of_rotation(
    core: State<'_, AppCore>,
    id: InstanceId,
    rotation: String,
) -> IpcResult<Vec<ClientUse>> {
    let core = AppCore::clone(&core);
    off_the_workers(move || core.clients_of_rotation(&id, &rotation)).await
}

#[tauri::command]
#[specta::specta]
pub async fn rewrite_clients(
    core: State<'_, AppCore>,
    id: InstanceId,
    rotation: String,
) -> IpcResult<Vec<RewrittenView>> {
    Ok(core.rewrite_clients(&id, &rotation, &cli_path(&core)?).await?)
}

#[tauri::command]
#[specta::specta]
pub async fn set_replace_in_time(
    core: State<'_, AppCore>,
    id: InstanceId,
    key: ApiKeyId,
    on: bool,
) -> IpcResult<()> {
    Ok(core.set_replace_in_time(&id, &key, on).await?)
}

/// The desktop has told of a key's end.
#[tauri::command]
#[specta::specta]
pub async fn note_notified(
    core: State<'_, AppCore>,
    id: InstanceId,
    key: ApiKeyId,
    reminder: Reminder,
) -> IpcResult<()> {
    Ok(core.note_notified(&id, &key, reminder).await?)
}

/// Keys that end within two weeks, the soonest first.
#[tauri::command]
#[specta::specta]
pub async fn reminders(core: State<'_, AppCore>) -> IpcResult<Vec<ReminderView>> {
    let core = AppCore::clone(&core);
    off_the_workers(move || core.reminders()).await
}
