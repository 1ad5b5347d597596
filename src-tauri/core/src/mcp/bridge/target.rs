//! Where messages go, and with which key.

use crate::error::Result;
use crate::secret::Secret;
use std::future::Future;
use std::sync::Arc;
use tokio::sync::Mutex;
use url::Url;

/// An endpoint and the key it takes.
pub struct Target {
    pub url: Url,
    pub key: Secret,
}

/// Finds the target: at the first message, again for each message while it cannot be found, and once more
/// when the server does not take the key.
pub trait Source: Send + Sync + 'static {
    fn read(&self) -> impl Future<Output = Result<Target>> + Send;
}

/// The target as last read.
pub(super) struct Targets<S> {
    source: S,
    last: Mutex<Option<Arc<Target>>>,
}

impl<S: Source> Targets<S> {
    pub(super) fn new(source: S) -> Self {
        Self { source, last: Mutex::new(None) }
    }

    pub(super) async fn current(&self) -> Result<Arc<Target>> {
        let mut last = self.last.lock().await;
        if let Some(known) = &*last {
            return Ok(Arc::clone(known));
        }
        self.read(&mut last).await
    }

    /// Another one than `stale`. Of many calls whose key was refused one reads the source, and the rest
    /// take what it found.
    pub(super) async fn newer_than(&self, stale: &Arc<Target>) -> Result<Arc<Target>> {
        let mut last = self.last.lock().await;
        if let Some(known) = &*last
            && !Arc::ptr_eq(known, stale)
        {
            return Ok(Arc::clone(known));
        }
        *last = None;
        self.read(&mut last).await
    }

    /// What was read, without waiting for whoever reads.
    pub(super) fn known(&self) -> Option<Arc<Target>> {
        self.last.try_lock().ok()?.clone()
    }

    async fn read(&self, last: &mut Option<Arc<Target>>) -> Result<Arc<Target>> {
        let read = Arc::new(self.source.read().await?);
        *last = Some(Arc::clone(&read));
        Ok(read)
    }
}
