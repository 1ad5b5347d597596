//! What a person's desktop does for us.

use super::off_the_workers;
use crate::ipc::IpcResult;
use crate::{AppCore, AppDialogs, desktop};
use superset_keys_core::actions::ConnectRequest;
use tauri::State;

/// Asks for a folder in the system's own dialog. None is answered if the person picks none.
#[tauri::command]
#[specta::specta]
pub async fn choose_folder(dialogs: State<'_, AppDialogs>, title: String) -> IpcResult<Option<String>> {
    Ok(dialogs.choose_folder(title).await.map(|folder| folder.display().to_string()))
}

/// Opens the client's file that a request is about. Core finds it: a path of the window's choosing is never opened.
#[tauri::command]
#[specta::specta]
pub async fn open_client_file(core: State<'_, AppCore>, request: ConnectRequest) -> IpcResult<()> {
    let core = AppCore::clone(&core);
    off_the_workers(move || desktop::open(core.find_client_file(&request)?)).await
}
