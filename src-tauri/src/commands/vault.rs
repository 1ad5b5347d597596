use crate::AppCore;
use crate::ipc::IpcResult;
use crate::{AppDialogs, AppMoves, AppVault};
use std::path::PathBuf;
use superset_keys_core::actions::{ExportedView, ImportedView, SecretsMovedView, VaultView};
use superset_keys_core::secret::{Secret, StoreKind};
use tauri::State;

/// One that was typed.
#[derive(Debug, serde::Deserialize, specta::Type)]
pub struct Passphrase {
    #[specta(type = String)]
    text: Secret,
}

#[tauri::command]
#[specta::specta]
pub async fn vault_state(core: State<'_, AppCore>) -> IpcResult<VaultView> {
    Ok(core.vault_view().await?)
}

/// Makes it and leaves it open.
#[tauri::command]
#[specta::specta]
pub async fn create_vault(
    core: State<'_, AppCore>,
    vault: State<'_, AppVault>,
    passphrase: Passphrase,
) -> IpcResult<VaultView> {
    let view = core.create_vault(passphrase.text).await?;
    vault.answer_others();
    Ok(view)
}

#[tauri::command]
#[specta::specta]
pub async fn unlock_vault(
    core: State<'_, AppCore>,
    vault: State<'_, AppVault>,
    passphrase: Passphrase,
) -> IpcResult<VaultView> {
    let view = core.unlock_vault(passphrase.text).await?;
    vault.answer_others();
    Ok(view)
}

#[tauri::command]
#[specta::specta]
pub async fn lock_vault(core: State<'_, AppCore>, vault: State<'_, AppVault>) -> IpcResult<VaultView> {
    let view = core.lock_vault().await?;
    vault.stop_answering();
    Ok(view)
}

#[tauri::command]
#[specta::specta]
pub async fn change_vault_passphrase(
    core: State<'_, AppCore>,
    old: Passphrase,
    next: Passphrase,
) -> IpcResult<VaultView> {
    Ok(core.change_vault_passphrase(old.text, next.text).await?)
}

/// Puts the copy from before the last change in the place of a file that is damaged.
#[tauri::command]
#[specta::specta]
pub async fn restore_vault(core: State<'_, AppCore>) -> IpcResult<VaultView> {
    Ok(core.restore_vault().await?)
}

/// Moves all secrets; `secrets-moving` tells how far it is.
#[tauri::command]
#[specta::specta]
pub async fn move_secrets(
    core: State<'_, AppCore>,
    moves: State<'_, AppMoves>,
    to: StoreKind,
) -> IpcResult<SecretsMovedView> {
    Ok(core.move_secrets(to, moves.begin()).await?)
}

/// After the one that is being moved.
#[tauri::command]
#[specta::specta]
pub async fn stop_moving(moves: State<'_, AppMoves>) -> IpcResult<()> {
    moves.stop();
    Ok(())
}

/// Something made up goes in, is read back, and is deleted.
#[tauri::command]
#[specta::specta]
pub async fn try_store(core: State<'_, AppCore>, store: StoreKind) -> IpcResult<()> {
    Ok(core.try_store(store).await?)
}

/// The file that an export goes into, as the person picks it; none if they do not.
#[tauri::command]
#[specta::specta]
pub async fn choose_export(dialogs: State<'_, AppDialogs>, title: String) -> IpcResult<Option<PathBuf>> {
    Ok(dialogs.choose_new_file(title, "superset-keys.vault").await)
}

#[tauri::command]
#[specta::specta]
pub async fn export_vault(
    core: State<'_, AppCore>,
    path: PathBuf,
    passphrase: Passphrase,
) -> IpcResult<ExportedView> {
    Ok(core.export_secrets(path, passphrase.text).await?)
}

#[tauri::command]
#[specta::specta]
pub async fn import_vault(
    core: State<'_, AppCore>,
    vault: State<'_, AppVault>,
    path: PathBuf,
    passphrase: Passphrase,
) -> IpcResult<ImportedView> {
    let view = core.import_secrets(path, passphrase.text).await?;
    if view.vault_made {
        vault.answer_others();
    }
    Ok(view)
}
