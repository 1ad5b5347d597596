use crate::AppCore;
use crate::ipc::IpcResult;
use superset_keys_core::actions::SettingView;
use superset_keys_core::settings::Setting;
use tauri::State;

#[tauri::command]
#[specta::specta]
pub async fn show_settings(core: State<'_, AppCore>) -> IpcResult<Vec<SettingView>> {
    Ok(core.settings()?)
}

/// Sets one, or with none lets its default hold again.
#[tauri::command]
#[specta::specta]
pub async fn set_setting(
    core: State<'_, AppCore>,
    name: Setting,
    value: Option<u32>,
) -> IpcResult<SettingView> {
    Ok(core.set_setting(name, value).await?)
}
