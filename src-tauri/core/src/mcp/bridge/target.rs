//! Where messages go, and with which key.

use crate::error::Result;
use crate::secret::Secret;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Mutex;
use url::Url;

/// An endpoint and the key it takes.
pub struct Target {
    pub url: Url,
    pub key: Secret,
}

/// Finds the target: at the first message, again after each message that got no answer, and once more when
/// the server does not take the key.
pub trait Source: Send + Sync + 'static {
    fn read(&self) -> impl Future<Output = Result<Target>> + Send;
}

/// The target as last read.
pub(super) struct Targets<S> {
    source: S,
    last: Mutex<Option<Arc<Target>>>,
    doubted: AtomicBool,
}

impl<S: Source> Targets<S> {
    pub(super) fn new(source: S) -> Self {
        Self { source, last: Mutex::new(None), doubted: AtomicBool::new(false) }
    }

    pub(super) async fn current(&self) -> Result<Arc<Target>> {
        let mut last = self.last.lock().await;
        let Some(known) = &*last else { return self.read(&mut last).await };
        let known = Arc::clone(known);
        if !self.doubted.load(Ordering::Relaxed) {
            return Ok(known);
        }
        // A keychain that is locked by now takes nothing away.
        Ok(self.read(&mut last).await.unwrap_or(known))
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

    /// A message got no answer there. What was wrong may have been mended since it was read.
    pub(super) fn doubt(&self) {
        self.doubted.store(true, Ordering::Relaxed);
    }

    /// What was read, without waiting for whoever reads.
    pub(super) fn known(&self) -> Option<Arc<Target>> {
        self.last.try_lock().ok()?.clone()
    }

    async fn read(&self, last: &mut Option<Arc<Target>>) -> Result<Arc<Target>> {
        let read = Arc::new(self.source.read().await?);
        self.doubted.store(false, Ordering::Relaxed);
        *last = Some(Arc::clone(&read));
        Ok(read)
    }
}
