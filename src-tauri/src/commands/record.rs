//! What was done here.

use super::off_the_workers;
use crate::ipc::IpcResult;
use crate::{AppCore, AppDialogs};
use superset_keys_core::actions::{RecordCheckView, RecordRequest, RecordView};
use tauri::State;

#[tauri::command]
#[specta::specta]
pub async fn show_record(core: State<'_, AppCore>, request: RecordRequest) -> IpcResult<RecordView> {
    let core = AppCore::clone(&core);
    off_the_workers(move || core.show_record(&request)).await
}

/// Looks at every line, and tells where one was changed or taken away.
#[tauri::command]
#[specta::specta]
pub async fn verify_record(core: State<'_, AppCore>) -> IpcResult<RecordCheckView> {
    Ok(core.verify_record().await?)
}

/// Writes all lines into a file of the folder that the person picks; none is answered if they pick none.
#[tauri::command]
#[specta::specta]
pub async fn export_record(
    core: State<'_, AppCore>,
    dialogs: State<'_, AppDialogs>,
    title: String,
) -> IpcResult<Option<String>> {
    let Some(folder) = dialogs.choose_folder(title).await else { return Ok(None) };
    let core = AppCore::clone(&core);
    let written = off_the_workers(move || core.export_record(&folder)).await?;
    Ok(Some(written.display().to_string()))
}
