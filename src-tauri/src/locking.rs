//! The app is locked: by hand, after a time without its person, and when the system says that they are gone.

use crate::commands::mcp::cli_path;
use crate::ipc::{LockChanged, LockRefused};
use crate::vault::leave_an_agent;
use crate::{
    AppCheckups, AppClipboard, AppCore, AppOAuth, AppPreview, AppScan, AppSignIn, AppToken, AppVault,
    AppWindow,
};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use superset_keys_core::actions::{LockOutcome, LockedView};
use superset_keys_core::away::Away;
use superset_keys_core::clipboard::CopyEnd;
use superset_keys_core::{LockReason, Result};
use tauri::{AppHandle, Manager, Runtime};
use tauri_specta::Event;

/// For what is set meanwhile, and for a sleep that nobody told of.
const LOOK_AGAIN: Duration = Duration::from_secs(10);
const AT_LEAST: Duration = Duration::from_secs(1);
/// logind lets programs hold sleep back for five seconds.
const BEFORE_SLEEP: Duration = Duration::from_secs(4);

/// Whether the app is locked, as the window shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct LockState {
    pub locked: Option<LockedView>,
    /// What became of a copied key: none where none was there.
    pub clipboard: Option<ClipboardAtLock>,
    pub system: SystemTells,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum ClipboardAtLock {
    Cleared,
    /// It could not be looked at, or not be emptied.
    StillThere,
}

/// What the system tells and does for us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct SystemTells {
    pub suspend: bool,
    pub screen: bool,
    /// A window can be kept out of pictures of the screen.
    pub hides_from_capture: bool,
}

type Wanted = (LockReason, bool);
type Locking = Box<dyn Fn(Wanted) -> tauri::async_runtime::JoinHandle<Result<LockOutcome>> + Send + Sync>;

/// The app's lock as the commands see it.
pub struct AppLock {
    lock: Locking,
    tell: Box<dyn Fn() + Send + Sync>,
    away: Away,
    clipboard: Mutex<Option<ClipboardAtLock>>,
}

impl AppLock {
    fn new<R: Runtime>(app: &AppHandle<R>) -> Self {
        let (locked, gone, told) = (app.clone(), app.clone(), app.clone());
        let lock = move |(reason, discard)| {
            let app = locked.clone();
            tauri::async_runtime::spawn(async move { lock(&app, reason, discard).await })
        };
        Self {
            lock: Box::new(lock),
            tell: Box::new(move || {
                let _ = LockChanged.emit(&told);
            }),
            away: Away::watch(move |reason| gone_away(&gone, reason)),
            clipboard: Mutex::default(),
        }
    }

    /// On a task of its own: whoever asked may not wait for it.
    pub async fn lock(&self, reason: LockReason, discard: bool) -> Result<LockOutcome> {
        let stopped = superset_keys_core::Error::Internal { what: "the lock" };
        (self.lock)((reason, discard)).await.unwrap_or(Err(stopped))
    }

    pub fn state(&self, core: &AppCore) -> LockState {
        LockState {
            locked: core.lock_view().locked,
            clipboard: *self.clipboard(),
            system: SystemTells {
                suspend: self.away.sees_suspend(),
                screen: self.away.sees_screen(),
                hides_from_capture: cfg!(any(target_os = "windows", target_os = "macos")),
            },
        }
    }

    /// The window is told that it is locked, or no longer.
    pub fn tell(&self) {
        (self.tell)();
    }

    fn clipboard(&self) -> MutexGuard<'_, Option<ClipboardAtLock>> {
        self.clipboard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Stays for as long as the app does.
pub fn watch<R: Runtime>(app: &AppHandle<R>) {
    app.manage(AppLock::new(app));
    let app = app.clone();
    let core = AppCore::clone(&app.state::<AppCore>());
    tauri::async_runtime::spawn(async move {
        loop {
            let left = || core.idle_in().and_then(|left| Duration::try_from(left).ok());
            tokio::time::sleep(left().unwrap_or(LOOK_AGAIN).clamp(AT_LEAST, LOOK_AGAIN)).await;
            if left() == Some(Duration::ZERO) {
                locked_or_told(&app, LockReason::Idle).await;
                // What stopped it is asked about once in each such time.
                core.note_presence();
            }
        }
    });
}

fn gone_away<R: Runtime>(app: &AppHandle<R>, reason: LockReason) {
    let core = app.state::<AppCore>();
    if !core.locks_on(reason) || core.is_locked() {
        return;
    }
    let app = app.clone();
    tauri::async_runtime::block_on(async move {
        let locking = tauri::async_runtime::spawn(async move { locked_or_told(&app, reason).await });
        // What is not done by then is done when the computer is awake again.
        let _ = tokio::time::timeout(BEFORE_SLEEP, locking).await;
    });
}

async fn locked_or_told<R: Runtime>(app: &AppHandle<R>, reason: LockReason) {
    match lock(app, reason, false).await {
        Ok(LockOutcome::Locked { .. }) => {}
        Ok(LockOutcome::Unsaved { instance, key }) => {
            let _ = LockRefused { instance, key }.emit(app);
        }
        Err(error) => tracing::warn!(%error, "it is not locked"),
    }
}

async fn lock<R: Runtime>(app: &AppHandle<R>, reason: LockReason, discard: bool) -> Result<LockOutcome> {
    let core = AppCore::clone(&app.state::<AppCore>());
    let was_locked = core.is_locked();
    // Before it is wiped; it is used only where the lock came about.
    let opener = app.state::<AppVault>().opener().filter(|_| core.bridges_go_on());
    let outcome = core.lock(reason, discard).await?;
    if matches!(outcome, LockOutcome::Locked { .. }) && !was_locked {
        // Theirs end with the connections; what they hold for longer ends here.
        app.state::<AppCheckups>().stop_all();
        app.state::<AppOAuth>().stop_all();
        app.state::<AppPreview>().close();
        app.state::<AppScan>().stop();
        app.state::<AppSignIn>().close();
        app.state::<AppToken>().turn();
        app.state::<AppWindow>().protect(false);
        app.state::<AppVault>().stop_answering();
        if let (Some(opener), Ok(program)) = (opener, cli_path(&core)) {
            let left =
                tauri::async_runtime::spawn_blocking(move || leave_an_agent(Path::new(&program), &opener))
                    .await;
            if !matches!(left, Ok(Ok(()))) {
                tracing::warn!(?left, "nobody answers AI clients while the app is locked");
            }
        }
        let clipboard = AppClipboard::clone(&app.state::<AppClipboard>());
        let cleared = tauri::async_runtime::spawn_blocking(move || clipboard.close()).await;
        *app.state::<AppLock>().clipboard() = match cleared.unwrap_or(Some(CopyEnd::StillThere)) {
            Some(CopyEnd::Cleared) => Some(ClipboardAtLock::Cleared),
            Some(CopyEnd::StillThere) => Some(ClipboardAtLock::StillThere),
            Some(CopyEnd::Replaced) | None => None,
        };
        app.state::<AppLock>().tell();
    }
    Ok(outcome)
}
