use super::off_the_workers;
use crate::ipc::IpcResult;
use crate::{AppClipboard, AppCore, AppWindow};
use superset_keys_core::actions::{HandedTo, KeychainView};
use superset_keys_core::ids::{ApiKeyId, InstanceId};
use superset_keys_core::settings::Setting;
use tauri::State;

#[tauri::command]
#[specta::specta]
pub async fn keychain_state(core: State<'_, AppCore>) -> IpcResult<KeychainView> {
    Ok(core.keychain_view().await?)
}

#[tauri::command]
#[specta::specta]
pub async fn unlock_keychain(core: State<'_, AppCore>) -> IpcResult<KeychainView> {
    Ok(core.unlock_keychain().await?)
}

/// The one command that hands a plaintext to the window.
#[tauri::command]
#[specta::specta]
pub async fn reveal_secret(
    core: State<'_, AppCore>,
    window: State<'_, AppWindow>,
    id: InstanceId,
    key: ApiKeyId,
) -> IpcResult<String> {
    let secret = core.read_secret(&id, &key, HandedTo::Window).await?;
    window.protect(true);
    // EXPOSE: the person holds "show".
    Ok(secret.expose().to_owned())
}

/// Copies a key; answers how many seconds it stays on the clipboard.
#[tauri::command]
#[specta::specta]
pub async fn copy_secret(
    core: State<'_, AppCore>,
    clipboard: State<'_, AppClipboard>,
    id: InstanceId,
    key: ApiKeyId,
) -> IpcResult<u32> {
    let secret = core.read_secret(&id, &key, HandedTo::Clipboard).await?;
    let clipboard = AppClipboard::clone(&clipboard);
    let seconds = core.setting(Setting::ClipboardSeconds);
    off_the_workers(move || clipboard.copy(id, Some(key), secret, seconds)).await
}

/// Copies words that are no secret, such as a message for an admin.
#[tauri::command]
#[specta::specta]
pub async fn copy_text(clipboard: State<'_, AppClipboard>, text: String) -> IpcResult<()> {
    let clipboard = AppClipboard::clone(&clipboard);
    off_the_workers(move || clipboard.copy_text(text)).await
}

#[tauri::command]
#[specta::specta]
pub async fn clear_clipboard(clipboard: State<'_, AppClipboard>) -> IpcResult<()> {
    let clipboard = AppClipboard::clone(&clipboard);
    off_the_workers(move || {
        clipboard.clear();
        Ok(())
    })
    .await
}

#[tauri::command]
#[specta::specta]
pub async fn forget_secret(core: State<'_, AppCore>, id: InstanceId, key: ApiKeyId) -> IpcResult<()> {
    Ok(core.forget_secret(&id, &key).await?)
}

#[tauri::command]
#[specta::specta]
pub async fn set_default_key(core: State<'_, AppCore>, id: InstanceId, key: ApiKeyId) -> IpcResult<()> {
    Ok(core.set_default_key(&id, &key).await?)
}
