//! The one page of this computer that shows an embedded dashboard, for as long as it is open.

use crate::AppCore;
use crate::ipc::PreviewSaid;
use std::sync::{Arc, Mutex, PoisonError};
use superset_keys_core::actions::Preview;
use superset_keys_core::embedding::{FrameSaid, PreviewWords};
use tauri::async_runtime::JoinHandle;

/// A preview is served by a task of its own; the window is told what its frame said.
pub struct OpenPreview {
    served: Mutex<Option<JoinHandle<()>>>,
    tell: Arc<dyn Fn(PreviewSaid) + Send + Sync>,
}

impl OpenPreview {
    pub fn new(tell: impl Fn(PreviewSaid) + Send + Sync + 'static) -> Self {
        Self { served: Mutex::default(), tell: Arc::new(tell) }
    }

    /// In the place of the one before.
    pub fn serve(&self, core: AppCore, preview: Preview, words: PreviewWords) {
        let tell = Arc::clone(&self.tell);
        let address = preview.view.address.clone();
        let told = move |said: FrameSaid| tell(PreviewSaid { address: address.clone(), said });
        let task = tauri::async_runtime::spawn(async move {
            core.serve_preview(&preview, words, told).await;
        });
        if let Some(before) = self.put(Some(task)) {
            before.abort();
        }
    }

    /// Nobody listens there any more.
    pub fn close(&self) {
        if let Some(open) = self.put(None) {
            open.abort();
        }
    }

    fn put(&self, next: Option<JoinHandle<()>>) -> Option<JoinHandle<()>> {
        std::mem::replace(&mut *self.served.lock().unwrap_or_else(PoisonError::into_inner), next)
    }
}
