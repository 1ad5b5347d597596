//! Where messages go, and with which key.

use crate::error::{Error, Result};
use crate::mcp::pass::Pass;
use crate::transport::Site;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Mutex;

/// An endpoint and what lets us in there.
pub struct Target {
    pub site: Site,
    pub pass: Pass,
}

/// Finds the target: at the first message, again after each message that got no answer or when another one is known of,
/// and once more when the server does not take the key.
pub trait Source: Send + Sync + 'static {
    /// `refused` is what the server has not taken just now: the same again is of no use.
    fn read(&self, refused: Option<&Pass>) -> impl Future<Output = Result<Target>> + Send;

    /// What was read last is another one by now. Asked before each message, so it costs next to nothing.
    fn is_outdated(&self) -> bool {
        false
    }

    /// The server refused what is new, and may take it in a while.
    fn may_settle(&self, _pass: &Pass) -> bool {
        false
    }
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
        let Some(known) = &*last else { return self.read(&mut last, None).await };
        let known = Arc::clone(known);
        if !self.doubted.load(Ordering::Relaxed) && !self.source.is_outdated() {
            return Ok(known);
        }
        match self.read(&mut last, None).await {
            Err(error) if is_taken_away(&error) => {
                *last = None;
                Err(error)
            }
            // A keychain that is locked by now takes nothing away.
            read => Ok(read.unwrap_or(known)),
        }
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
        self.read(&mut last, Some(&stale.pass)).await
    }

    /// A message got no answer there. What was wrong may have been mended since it was read.
    pub(super) fn doubt(&self) {
        self.doubted.store(true, Ordering::Relaxed);
    }

    /// What was read, without waiting for whoever reads.
    pub(super) fn known(&self) -> Option<Arc<Target>> {
        self.last.try_lock().ok()?.clone()
    }

    pub(super) fn may_settle(&self, target: &Target) -> bool {
        self.source.may_settle(&target.pass)
    }

    async fn read(&self, last: &mut Option<Arc<Target>>, refused: Option<&Pass>) -> Result<Arc<Target>> {
        let read = Arc::new(self.source.read(refused).await?);
        self.doubted.store(false, Ordering::Relaxed);
        *last = Some(Arc::clone(&read));
        Ok(read)
    }
}

/// A person took away what was there, and nothing is in its place.
fn is_taken_away(error: &Error) -> bool {
    matches!(
        error,
        Error::NoOauthSignIn { .. }
            | Error::NoOauthClient { .. }
            | Error::NoSigningSecret { .. }
            | Error::NoSuchInstance { .. }
    )
}
