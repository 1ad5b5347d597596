use crate::ipc::IpcResult;
use crate::locking::{AppLock, LockState};
use crate::{AppClipboard, AppCore, AppVault, AppWindow};
use superset_keys_core::LockReason;
use superset_keys_core::actions::LockOutcome;
use tauri::State;

#[tauri::command]
#[specta::specta]
pub async fn lock_state(core: State<'_, AppCore>, lock: State<'_, AppLock>) -> IpcResult<LockState> {
    Ok(lock.state(&core))
}

/// Locks, unless a key would be lost by it. With `discard` it may be.
#[tauri::command]
#[specta::specta]
pub async fn lock_app(lock: State<'_, AppLock>, discard: bool) -> IpcResult<LockOutcome> {
    Ok(lock.lock(LockReason::ByHand, discard).await?)
}

#[tauri::command]
#[specta::specta]
pub async fn unlock_app(
    core: State<'_, AppCore>,
    clipboard: State<'_, AppClipboard>,
    lock: State<'_, AppLock>,
    vault: State<'_, AppVault>,
) -> IpcResult<LockState> {
    core.unlock().await?;
    vault.answer_others();
    clipboard.open();
    lock.tell();
    Ok(lock.state(&core))
}

/// Somebody uses the window.
#[tauri::command]
#[specta::specta]
pub async fn note_presence(core: State<'_, AppCore>) -> IpcResult<()> {
    core.note_presence();
    Ok(())
}

/// No key is shown any more.
#[tauri::command]
#[specta::specta]
pub async fn secret_hidden(window: State<'_, AppWindow>) -> IpcResult<()> {
    window.protect(false);
    Ok(())
}
