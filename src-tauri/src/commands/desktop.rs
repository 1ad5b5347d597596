//! What a person's desktop does for us.

use super::off_the_workers;
use crate::ipc::IpcResult;
use crate::{AppCore, AppDialogs, AppWindow, desktop};
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

/// Opens the folder in which a damaged list of instances was kept.
#[tauri::command]
#[specta::specta]
pub async fn open_list_folder(core: State<'_, AppCore>) -> IpcResult<()> {
    let core = AppCore::clone(&core);
    off_the_workers(move || core.damaged_list_folder()?.map_or(Ok(()), desktop::open)).await
}

/// Lets the desktop tell something; a click on it brings the window back.
#[tauri::command]
#[specta::specta]
pub async fn notify(window: State<'_, AppWindow>, title: String, text: String) -> IpcResult<()> {
    let show = window.shower();
    Ok(desktop::notify(&title, &text, show).await?)
}

/// What the system's own list of windows calls this one.
#[tauri::command]
#[specta::specta]
pub async fn name_window(window: State<'_, AppWindow>, title: String) -> IpcResult<()> {
    window.name(&title);
    Ok(())
}

/// By the keyboard.
#[tauri::command]
#[specta::specta]
pub async fn close_window(window: State<'_, AppWindow>) -> IpcResult<()> {
    window.close();
    Ok(())
}
