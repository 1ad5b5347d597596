//! An embedded dashboard on a page of this computer. Its token goes to that page, and not to the window.

use crate::ipc::IpcResult;
use crate::{AppCore, AppPreview, desktop};
use superset_keys_core::actions::{GuestTokenRequest, PreviewView};
use superset_keys_core::embedding::PreviewWords;
use superset_keys_core::ids::InstanceId;
use tauri::{State, Url};

/// Serves the page until it is closed, in the place of the one before, and opens the person's browser there.
#[tauri::command]
#[specta::specta]
pub async fn open_preview(
    core: State<'_, AppCore>,
    open: State<'_, AppPreview>,
    id: InstanceId,
    wanted: GuestTokenRequest,
    words: PreviewWords,
) -> IpcResult<PreviewView> {
    let preview = core.preview_embedding(&id, wanted, None).await?;
    let view = preview.view.clone();
    open.serve(AppCore::clone(&core), preview, words);
    if let Ok(address) = Url::parse(&view.address) {
        desktop::open_address(&address);
    }
    Ok(view)
}

/// Nobody listens there any more.
#[tauri::command]
#[specta::specta]
pub async fn close_preview(open: State<'_, AppPreview>) -> IpcResult<()> {
    open.close();
    Ok(())
}
