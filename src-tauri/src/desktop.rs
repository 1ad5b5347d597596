//! What a person's desktop does for us: ask for a folder, open a file.

use std::path::PathBuf;
use superset_keys_core::Error;
use tauri::{AppHandle, Manager, Runtime};
use tokio::sync::oneshot::{Sender, channel};

type Answer = Sender<Option<PathBuf>>;

/// The system's dialogs.
pub struct Dialogs {
    ask: Box<dyn Fn(String, Answer) + Send + Sync>,
}

impl Dialogs {
    pub fn new<R: Runtime>(app: AppHandle<R>) -> Self {
        let ask = move |title: String, answer: Answer| {
            let window = app.get_webview_window("main");
            // Dialogs are drawn where windows are. If that is gone, the answer goes with it.
            let _ = app.run_on_main_thread(move || {
                let dialog = rfd::AsyncFileDialog::new().set_title(title);
                let dialog = match &window {
                    Some(window) => dialog.set_parent(window),
                    None => dialog,
                };
                let chosen = dialog.pick_folder();
                tauri::async_runtime::spawn(async move {
                    let _ = answer.send(chosen.await.map(|folder| folder.path().to_owned()));
                });
            });
        };
        Self { ask: Box::new(ask) }
    }

    /// The folder a person picks in the system's own dialog; none if they do not.
    pub async fn choose_folder(&self, title: String) -> Option<PathBuf> {
        let (answer, chosen) = channel();
        (self.ask)(title, answer);
        chosen.await.ok().flatten()
    }
}

/// Opens a file in the person's program for it, and does not wait for that to end.
pub fn open(path: PathBuf) -> Result<(), Error> {
    open::that_detached(&path).map_err(|source| Error::NotOpened { path, source })
}
