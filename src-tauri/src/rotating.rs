//! While the app is open, keys that are being replaced are gone on with, and those that are to be replaced in time begun.

use crate::AppCore;
use std::time::{Duration, Instant};
use tauri::{AppHandle, Manager, Runtime};

/// For what another program begins meanwhile.
const LOOK_AGAIN: Duration = Duration::from_secs(10);
const AT_LEAST: Duration = Duration::from_secs(1);
/// What is to be replaced in time has two weeks.
const ALL: Duration = Duration::from_secs(600);

/// Stays for as long as the app does. What came of it is in the state file, which the window follows.
pub fn go_on<R: Runtime>(app: &AppHandle<R>) {
    let core = AppCore::clone(&app.state::<AppCore>());
    tauri::async_runtime::spawn(async move {
        let mut last: Option<Instant> = None;
        loop {
            let due = || core.rotations_are_due().ok().flatten().and_then(|due| Duration::try_from(due).ok());
            tokio::time::sleep(due().unwrap_or(LOOK_AGAIN).clamp(AT_LEAST, LOOK_AGAIN)).await;
            if due() != Some(Duration::ZERO) && last.is_some_and(|last| last.elapsed() < ALL) {
                continue;
            }
            // They wait for whoever unlocks.
            if core.is_locked() {
                continue;
            }
            last = Some(Instant::now());
            if let Err(error) = core.continue_rotations().await {
                tracing::warn!(%error, "keys that are being replaced could not be gone on with");
            }
        }
    });
}
