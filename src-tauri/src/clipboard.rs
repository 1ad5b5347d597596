//! What this app has on the clipboard: one secret at most.

use crate::ipc::ClipboardEnded;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use superset_keys_core::clients::Snippet;
use superset_keys_core::clipboard::{CopiedSecret, CopiedText, CopyEnd};
use superset_keys_core::ids::{ApiKeyId, InstanceId};
use superset_keys_core::secret::Secret;
use superset_keys_core::{Error, Result};

type Tell = Arc<dyn Fn(ClipboardEnded) + Send + Sync>;

/// Holds the latest copy; a new one ends the one before, and quitting clears. Its calls wait for the
/// clipboard: not for async workers.
pub struct CopiedKey {
    current: Mutex<Option<CopiedSecret>>,
    text: Mutex<Option<CopiedText>>,
    tell: Tell,
    /// The app is locked.
    closed: AtomicBool,
}

impl CopiedKey {
    /// `tell` hears when a copy has left the clipboard.
    pub fn new(tell: impl Fn(ClipboardEnded) + Send + Sync + 'static) -> Self {
        Self {
            current: Mutex::default(),
            text: Mutex::default(),
            tell: Arc::new(tell),
            closed: AtomicBool::new(false),
        }
    }

    /// Copies a secret for so many seconds.
    pub fn copy(
        &self,
        instance: InstanceId,
        key: Option<ApiKeyId>,
        secret: Secret,
        seconds: u32,
    ) -> Result<u32> {
        // Two guards would fight over one clipboard.
        self.clear();
        let tell = Arc::clone(&self.tell);
        let copied = CopiedSecret::copy(secret, Duration::from_secs(seconds.into()), move |end| {
            tell(ClipboardEnded { instance, key, cleared: end == CopyEnd::Cleared });
        })?;
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Some(copied);
        // It was read before a lock that has come meanwhile.
        if self.closed.load(Ordering::SeqCst) {
            self.clear();
            return Err(Error::AppLocked);
        }
        Ok(seconds)
    }

    /// Copies a snippet; answers how many seconds it stays, 0 for as long as it likes where it holds no secret.
    pub fn copy_snippet(
        &self,
        instance: InstanceId,
        key: Option<ApiKeyId>,
        snippet: Snippet,
        seconds: u32,
    ) -> Result<u32> {
        if snippet.holds_secret {
            return self.copy(instance, key, snippet.text, seconds);
        }
        self.copy_text(snippet.masked().to_owned())?;
        Ok(0)
    }

    /// Copies text that is no secret; it stays.
    pub fn copy_text(&self, text: String) -> Result<()> {
        self.clear();
        let copied = CopiedText::copy(text)?;
        *self.text.lock().unwrap_or_else(PoisonError::into_inner) = Some(copied);
        Ok(())
    }

    /// Takes our copy off, and takes none until it is opened. None where there was none.
    pub fn close(&self) -> Option<CopyEnd> {
        self.closed.store(true, Ordering::SeqCst);
        self.clear()
    }

    pub fn open(&self) {
        self.closed.store(false, Ordering::SeqCst);
    }

    /// Takes our copy off the clipboard, if it is still there. None where there was none.
    pub fn clear(&self) -> Option<CopyEnd> {
        let before = self.current.lock().unwrap_or_else(PoisonError::into_inner).take();
        before.filter(|copied| !copied.is_over()).map(CopiedSecret::end)
    }
}
