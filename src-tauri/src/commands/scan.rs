//! Keys that lie in this computer's files.

use super::mcp::cli_path;
use super::off_the_workers;
use crate::ipc::IpcResult;
use crate::{AppCore, AppScan};
use superset_keys_core::actions::MovedKeyView;
use superset_keys_core::scan::ScanView;
use tauri::State;

/// Looks through the files in which keys usually end up, or through a whole folder. None is answered if it was stopped.
#[tauri::command]
#[specta::specta]
pub async fn scan_keys(
    core: State<'_, AppCore>,
    kept: State<'_, AppScan>,
    folder: Option<String>,
) -> IpcResult<Option<ScanView>> {
    let here = AppCore::clone(&core);
    let request = off_the_workers(move || here.scan_request(folder.as_deref())).await?;
    let stopped = kept.begin();
    let scan = tokio::select! {
        () = stopped.notified() => return Ok(None),
        scan = core.scan(request) => scan?,
    };
    let view = core.show_scan(&scan)?;
    *kept.scan().await = Some(scan);
    Ok(Some(view))
}

/// Also an asking of servers that is under way.
#[tauri::command]
#[specta::specta]
pub async fn stop_scan(kept: State<'_, AppScan>) -> IpcResult<()> {
    kept.stop();
    Ok(())
}

/// Asks servers whether the keys of the last scan work. None is answered if it was stopped.
#[tauri::command]
#[specta::specta]
pub async fn check_scanned_keys(
    core: State<'_, AppCore>,
    kept: State<'_, AppScan>,
) -> IpcResult<Option<ScanView>> {
    let stopped = kept.begin();
    let mut scan = kept.scan().await;
    let Some(scan) = scan.as_mut() else { return Ok(None) };
    tokio::select! {
        () = stopped.notified() => Ok(None),
        asked = core.check_alive(scan) => {
            asked?;
            Ok(Some(core.show_scan(scan)?))
        }
    }
}

/// Moves the key at one place of the last scan into the keychain. None is answered where there is no such place.
#[tauri::command]
#[specta::specta]
pub async fn move_scanned_key(
    core: State<'_, AppCore>,
    kept: State<'_, AppScan>,
    key: u32,
    spot: u32,
) -> IpcResult<Option<MovedKeyView>> {
    let scan = kept.scan().await;
    let Some(scan) = scan.as_ref() else { return Ok(None) };
    Ok(core.move_found_key(scan, (key, spot), &cli_path(&core)?).await?)
}
