//! The window is asked to close.

use crate::AppCore;
use crate::ipc::CloseRefused;
use std::sync::{Mutex, PoisonError};
use superset_keys_core::actions::KeptOpen;
use tauri::{Manager, Runtime, Window, WindowEvent};
use tauri_specta::Event;

/// Keeps it open once for each thing that would be lost. Asked again, the person means it.
pub fn keep_open<R: Runtime>() -> impl Fn(&Window<R>, &WindowEvent) + Send + Sync + 'static {
    let refused = Mutex::new(None::<KeptOpen>);
    move |window, event| {
        let WindowEvent::CloseRequested { api, .. } = event else { return };
        let Some(because) = window.state::<AppCore>().kept_open_by() else { return };
        let before = refused.lock().unwrap_or_else(PoisonError::into_inner).replace(because.clone());
        if before.as_ref() == Some(&because) {
            return;
        }
        api.prevent_close();
        if matches!(because, KeptOpen::Creating { .. }) {
            close_when_created(window.clone());
        }
        let _ = CloseRefused { because }.emit(window);
    }
}

fn close_when_created<R: Runtime>(window: Window<R>) {
    let core = AppCore::clone(&window.state::<AppCore>());
    tauri::async_runtime::spawn(async move {
        core.creates_ended().await;
        // Asks again: the new key may be nowhere but in memory.
        if let Err(error) = window.close() {
            tracing::warn!(%error, "the window stays open");
        }
    });
}
