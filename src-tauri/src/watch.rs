//! Two programs, one state: when the command line changes the state file, the window follows.

use crate::AppCore;
use crate::ipc::StateChanged;
use notify::{RecursiveMode, Watcher};
use superset_keys_core::places::create_private_folder;
use tauri::{AppHandle, Manager, Runtime};
use tauri_specta::Event;

/// Watches the folder, since the file is replaced, not written to. Without a watch the app still works and
/// shows what it did itself.
pub fn state_file<R: Runtime>(app: &AppHandle<R>) {
    let path = app.state::<AppCore>().store().path();
    let Some(folder) = path.parent().map(std::path::Path::to_owned) else { return };
    let told = app.clone();
    let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let Ok(event) = event else { return };
        let concerns_it = event.paths.contains(&path);
        if concerns_it && (event.kind.is_modify() || event.kind.is_create() || event.kind.is_remove()) {
            let _ = StateChanged.emit(&told);
        }
    });
    let watching = watcher.and_then(|mut watcher| {
        let _ = create_private_folder(&folder);
        watcher.watch(&folder, RecursiveMode::NonRecursive)?;
        Ok(watcher)
    });
    match watching {
        // Kept for as long as the app lives.
        Ok(watcher) => {
            app.manage(watcher);
        }
        Err(error) => tracing::warn!(%error, "changes by other programs will not be seen"),
    }
}
