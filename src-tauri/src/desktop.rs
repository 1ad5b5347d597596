//! What a person's desktop does for us: ask for a folder, open a file, tell something.

use notify_rust::{Notification, NotificationResponse};
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use superset_keys_core::Error;
use tauri::{AppHandle, Manager, Runtime, Url};
use tokio::sync::oneshot::{Sender, channel};

type Answer = Sender<Option<PathBuf>>;

/// The one window, as the system shows it.
pub struct OwnWindow {
    name: Box<dyn Fn(&str) + Send + Sync>,
    close: Box<dyn Fn() + Send + Sync>,
    show: Show,
    protect: Box<dyn Fn(bool) + Send + Sync>,
}

/// Brings the window before others.
pub type Show = Arc<dyn Fn() + Send + Sync>;

impl OwnWindow {
    pub fn new<R: Runtime>(app: AppHandle<R>) -> Self {
        let named = app.clone();
        // Where the window is gone, nobody looks at its title.
        let name = move |title: &str| {
            let _ = named.get_webview_window("main").map(|window| window.set_title(title));
        };
        let closed = app.clone();
        let close = move || {
            let _ = closed.get_webview_window("main").map(|window| window.close());
        };
        let protected = app.clone();
        let protect = move |on| {
            let _ = protected.get_webview_window("main").map(|window| window.set_content_protected(on));
        };
        let show = move || {
            let _ = app.get_webview_window("main").map(|window| window.unminimize().and(window.set_focus()));
        };
        Self {
            name: Box::new(name),
            close: Box::new(close),
            show: Arc::new(show),
            protect: Box::new(protect),
        }
    }

    pub fn name(&self, title: &str) {
        (self.name)(title);
    }

    /// As the person's own button for it does: what keeps the window open then keeps it open now.
    pub fn close(&self) {
        (self.close)();
    }

    /// Keeps it out of pictures of the screen, where the system can: Linux cannot.
    pub fn protect(&self, on: bool) {
        (self.protect)(on);
    }

    pub fn shower(&self) -> Show {
        Arc::clone(&self.show)
    }
}

/// The system's dialogs.
pub struct Dialogs {
    ask: Box<dyn Fn(Wanted, String, Answer) + Send + Sync>,
}

/// What a person is asked to pick.
#[derive(Clone, Copy)]
enum Wanted {
    Folder,
    File,
    /// That is to be written, and what it could be called.
    NewFile(&'static str),
}

impl Dialogs {
    pub fn new<R: Runtime>(app: AppHandle<R>) -> Self {
        let ask = move |wanted: Wanted, title: String, answer: Answer| {
            let window = app.get_webview_window("main");
            let home = app.path().home_dir();
            // Dialogs are drawn where windows are. If that is gone, the answer goes with it.
            let _ = app.run_on_main_thread(move || {
                let mut dialog = rfd::AsyncFileDialog::new().set_title(title);
                // Else GTK begins at what was used lately, which may be nothing.
                if let Ok(home) = home {
                    dialog = dialog.set_directory(home);
                }
                let dialog = match &window {
                    Some(window) => dialog.set_parent(window),
                    None => dialog,
                };
                // The dialog is drawn by the call itself, which must be here.
                let chosen: Pin<Box<dyn Future<Output = _> + Send>> = match wanted {
                    Wanted::Folder => Box::pin(dialog.pick_folder()),
                    Wanted::File => Box::pin(dialog.pick_file()),
                    Wanted::NewFile(name) => Box::pin(dialog.set_file_name(name).save_file()),
                };
                tauri::async_runtime::spawn(async move {
                    let _ = answer.send(chosen.await.map(|chosen| chosen.path().to_owned()));
                });
            });
        };
        Self { ask: Box::new(ask) }
    }

    /// The folder a person picks in the system's own dialog; none if they do not.
    pub async fn choose_folder(&self, title: String) -> Option<PathBuf> {
        self.choose(Wanted::Folder, title).await
    }

    /// A file, likewise.
    pub async fn choose_file(&self, title: String) -> Option<PathBuf> {
        self.choose(Wanted::File, title).await
    }

    /// A place for a file that is to be written; the dialog asks before one that is there is replaced.
    pub async fn choose_new_file(&self, title: String, name: &'static str) -> Option<PathBuf> {
        self.choose(Wanted::NewFile(name), title).await
    }

    async fn choose(&self, wanted: Wanted, title: String) -> Option<PathBuf> {
        let (answer, chosen) = channel();
        (self.ask)(wanted, title, answer);
        chosen.await.ok().flatten()
    }
}

/// Opens a file in the person's program for it, and does not wait for that to end.
pub fn open(path: PathBuf) -> Result<(), Error> {
    open::that_detached(&path).map_err(|source| Error::NotOpened { path, source })
}

/// Opens an address in the person's browser. Answers whether one took it.
pub fn open_address(url: &Url) -> bool {
    let opened = open::that_detached(url.as_str());
    if let Err(error) = &opened {
        tracing::info!(%error, "no browser was opened");
    }
    opened.is_ok()
}

/// Lets the desktop tell something. `text` may be read as markup there, `title` is not.
///
/// # Errors
/// [`Error::NoNotifications`] where no program takes it.
pub async fn notify(title: &str, text: &str, show: Show) -> Result<(), Error> {
    let mut notification = Notification::new();
    notification.appname("Superset Keys").summary(title).body(text).icon("superset-keys");
    tell(notification, show).await.map_err(|error| Error::NoNotifications(error.into()))
}

#[cfg(target_os = "linux")]
async fn tell(mut notification: Notification, show: Show) -> notify_rust::error::Result<()> {
    let told = notification.action("default", "Open").show_async().await?;
    // Until the desktop closes it: its own rules say when.
    tauri::async_runtime::spawn(async move {
        told.wait_for_action_async(|action| {
            if matches!(action, NotificationResponse::Default) {
                show();
            }
        })
        .await;
    });
    Ok(())
}

/// Other systems bring the app back by themselves.
#[cfg(not(target_os = "linux"))]
async fn tell(notification: Notification, _show: Show) -> notify_rust::error::Result<()> {
    tauri::async_runtime::spawn_blocking(move || notification.show().map(drop))
        .await
        .expect("it does not panic")
}
