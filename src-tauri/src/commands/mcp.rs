use super::off_the_workers;
use crate::ipc::IpcResult;
use crate::{AppClipboard, AppCore};
use superset_keys_core::actions::{SnippetRequest, SnippetView};
use superset_keys_core::clients::{CLIENTS, ClientView};
use superset_keys_core::ids::InstanceId;
use superset_keys_core::settings::Setting;
use superset_keys_core::{Core, Error};
use tauri::State;

#[tauri::command]
#[specta::specta]
pub async fn list_clients() -> IpcResult<Vec<ClientView>> {
    Ok(CLIENTS.iter().map(|client| ClientView::from(*client)).collect())
}

/// A snippet to look at; the key in it is masked.
#[tauri::command]
#[specta::specta]
pub async fn render_snippet(
    core: State<'_, AppCore>,
    id: InstanceId,
    request: SnippetRequest,
) -> IpcResult<SnippetView> {
    Ok(SnippetView::of(&core.render_snippet(&id, &request, &cli_path(&core)?).await?))
}

/// Copies a snippet as it is to be pasted; answers how many seconds it stays on the clipboard, 0 for as long as it
/// likes because it holds no secret.
#[tauri::command]
#[specta::specta]
pub async fn copy_snippet(
    core: State<'_, AppCore>,
    clipboard: State<'_, AppClipboard>,
    id: InstanceId,
    request: SnippetRequest,
) -> IpcResult<u32> {
    let snippet = core.render_snippet(&id, &request, &cli_path(&core)?).await?;
    let clipboard = AppClipboard::clone(&clipboard);
    let seconds = core.setting(Setting::ClipboardSeconds);
    off_the_workers(move || clipboard.copy_snippet(id, request.key, snippet, seconds)).await
}

/// The command line travels beside the app.
pub fn cli_path(core: &Core) -> Result<String, Error> {
    let app = std::env::current_exe().map_err(|_| Error::Internal { what: "the app's own path" })?;
    let name = if cfg!(windows) { "superset-keys.exe" } else { "superset-keys" };
    core.find_program(&app.with_file_name(name), None)
}
