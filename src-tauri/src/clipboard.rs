//! What this app has on the clipboard: one secret at most.

use crate::ipc::ClipboardEnded;
use std::sync::{Arc, Mutex, PoisonError};
use superset_keys_core::Result;
use superset_keys_core::api_key::ApiKeyId;
use superset_keys_core::clients::Snippet;
use superset_keys_core::clipboard::{CLEAR_AFTER, CopiedSecret, CopiedText, CopyEnd};
use superset_keys_core::instance::InstanceId;
use superset_keys_core::secret::Secret;

type Tell = Arc<dyn Fn(ClipboardEnded) + Send + Sync>;

/// Holds the latest copy; a new one ends the one before, and quitting clears. Its calls wait for the
/// clipboard: not for async workers.
pub struct CopiedKey {
    current: Mutex<Option<CopiedSecret>>,
    text: Mutex<Option<CopiedText>>,
    tell: Tell,
}

impl CopiedKey {
    /// `tell` hears when a copy has left the clipboard.
    pub fn new(tell: impl Fn(ClipboardEnded) + Send + Sync + 'static) -> Self {
        Self { current: Mutex::default(), text: Mutex::default(), tell: Arc::new(tell) }
    }

    /// Copies a secret; answers how many seconds it stays.
    pub fn copy(&self, instance: InstanceId, key: Option<ApiKeyId>, secret: Secret) -> Result<u32> {
        // Two guards would fight over one clipboard.
        self.clear();
        let tell = Arc::clone(&self.tell);
        let copied = CopiedSecret::copy(secret, CLEAR_AFTER, move |end| {
            tell(ClipboardEnded { instance, key, cleared: end == CopyEnd::Cleared });
        })?;
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Some(copied);
        Ok(u32::try_from(CLEAR_AFTER.as_secs()).unwrap_or(u32::MAX))
    }

    /// Copies a snippet; answers how many seconds it stays, 0 for as long as it likes where it holds no secret.
    pub fn copy_snippet(&self, instance: InstanceId, key: Option<ApiKeyId>, snippet: Snippet) -> Result<u32> {
        if snippet.holds_secret {
            return self.copy(instance, key, snippet.text);
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

    /// Takes our copy off the clipboard, if it is still there.
    pub fn clear(&self) {
        let before = self.current.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(before);
    }
}
