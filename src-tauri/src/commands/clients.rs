//! AI clients on this computer: found, connected, disconnected, put back.

use super::mcp::cli_path;
use super::off_the_workers;
use crate::AppCore;
use crate::ipc::IpcResult;
use superset_keys_core::actions::{
    BackupView, ClientUse, ConnectRequest, EntryPreview, EntryWritten, FoundClient, MendedView,
    RestorePreview,
};
use superset_keys_core::client_files::Digest;
use superset_keys_core::ids::{ApiKeyId, InstanceId};
use tauri::State;

/// Which of them are here, and what each is connected to, also in a project's folder.
#[tauri::command]
#[specta::specta]
pub async fn find_clients(core: State<'_, AppCore>, project: Option<String>) -> IpcResult<Vec<FoundClient>> {
    let core = AppCore::clone(&core);
    off_the_workers(move || core.find_clients(project.as_deref())).await
}

/// Whom revoking a key would stop.
#[tauri::command]
#[specta::specta]
pub async fn clients_that_use(
    core: State<'_, AppCore>,
    id: InstanceId,
    key: ApiKeyId,
) -> IpcResult<Vec<ClientUse>> {
    let core = AppCore::clone(&core);
    off_the_workers(move || core.clients_that_use(&id, &key)).await
}

#[tauri::command]
#[specta::specta]
pub async fn preview_connect(
    core: State<'_, AppCore>,
    id: InstanceId,
    request: ConnectRequest,
) -> IpcResult<EntryPreview> {
    let (program, core) = (cli_path(&core)?, AppCore::clone(&core));
    off_the_workers(move || core.preview_connect(&id, &request, &program)).await
}

/// Writes what the preview showed, if the file is still what it saw.
#[tauri::command]
#[specta::specta]
pub async fn connect_client(
    core: State<'_, AppCore>,
    id: InstanceId,
    request: ConnectRequest,
    seen: Digest,
) -> IpcResult<EntryWritten> {
    Ok(core.connect_client(&id, &request, &cli_path(&core)?, Some(seen)).await?)
}

#[tauri::command]
#[specta::specta]
pub async fn preview_disconnect(
    core: State<'_, AppCore>,
    id: InstanceId,
    request: ConnectRequest,
) -> IpcResult<EntryPreview> {
    let core = AppCore::clone(&core);
    off_the_workers(move || core.preview_disconnect(&id, &request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn disconnect_client(
    core: State<'_, AppCore>,
    id: InstanceId,
    request: ConnectRequest,
    seen: Digest,
) -> IpcResult<EntryWritten> {
    Ok(core.disconnect_client(&id, &request, Some(seen)).await?)
}

#[tauri::command]
#[specta::specta]
pub async fn preview_restore(core: State<'_, AppCore>, client: String) -> IpcResult<RestorePreview> {
    let core = AppCore::clone(&core);
    off_the_workers(move || core.preview_restore(&client)).await
}

#[tauri::command]
#[specta::specta]
pub async fn restore_client(core: State<'_, AppCore>, client: String) -> IpcResult<BackupView> {
    Ok(core.restore_client(&client).await?)
}

/// Entries that start a program of ours which is gone get the one that is here.
#[tauri::command]
#[specta::specta]
pub async fn mend_clients(core: State<'_, AppCore>, project: Option<String>) -> IpcResult<Vec<MendedView>> {
    Ok(core.mend_clients(&cli_path(&core)?, project.as_deref()).await?)
}
