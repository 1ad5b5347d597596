use crate::ipc::{CheckupProgress, IpcResult};
use crate::{AppCheckups, AppCore};
use superset_keys_core::actions::CheckupWith;
use superset_keys_core::checkup::{CheckupItemView, CheckupView, PastCheckup};
use superset_keys_core::ids::{ApiKeyId, InstanceId};
use tauri::State;

/// Examines an instance with a key, the default one if none is named. Each item is told as it is found; none is
/// answered if it was stopped.
#[tauri::command]
#[specta::specta]
pub async fn checkup(
    core: State<'_, AppCore>,
    running: State<'_, AppCheckups>,
    id: InstanceId,
    key: Option<ApiKeyId>,
) -> IpcResult<Option<CheckupView>> {
    let told = |item: &CheckupItemView| {
        running.tell(CheckupProgress { instance: id.clone(), item: item.clone() });
    };
    let with = key.as_ref().map_or(CheckupWith::DefaultKey, CheckupWith::Key);
    let stopped = running.begin(&id);
    tokio::select! {
        () = stopped.notified() => Ok(None),
        done = core.checkup(&id, with, &told) => Ok(Some(done?)),
    }
}

#[tauri::command]
#[specta::specta]
pub async fn stop_checkup(running: State<'_, AppCheckups>, id: InstanceId) -> IpcResult<()> {
    running.stop(&id);
    Ok(())
}

/// How the last ones ended, the newest first.
#[tauri::command]
#[specta::specta]
pub async fn past_checkups(core: State<'_, AppCore>, id: InstanceId) -> IpcResult<Vec<PastCheckup>> {
    Ok(core.past_checkups(&id))
}
