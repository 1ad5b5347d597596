use crate::AppCore;
use crate::ipc::IpcResult;
use superset_keys_core::actions::{ActivityRequest, ActivityView, GuardView};
use superset_keys_core::guard::Guard;
use tauri::State;

/// What AI clients did through this computer, and uses of keys that nothing here explains.
#[tauri::command]
#[specta::specta]
pub async fn show_activity(core: State<'_, AppCore>, request: ActivityRequest) -> IpcResult<ActivityView> {
    let core = AppCore::clone(&core);
    super::off_the_workers(move || core.activity(&request)).await
}

/// "It was me", of one use that nothing here explains.
#[tauri::command]
#[specta::specta]
pub async fn acknowledge_use(core: State<'_, AppCore>, id: String) -> IpcResult<()> {
    Ok(core.acknowledge_use(&id).await?)
}

/// Deletes the record of what went through. A new one begins.
#[tauri::command]
#[specta::specta]
pub async fn forget_activity(core: State<'_, AppCore>) -> IpcResult<()> {
    Ok(core.forget_activity().await?)
}

/// Superset's tools by group, and which of them a guard lets through.
#[tauri::command]
#[specta::specta]
pub async fn show_guard(core: State<'_, AppCore>, guard: Guard) -> IpcResult<GuardView> {
    Ok(core.show_guard(&guard))
}
