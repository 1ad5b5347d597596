//! The sessions of this process.

use super::Session;
use crate::ids::{InstanceId, UserId};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The sessions of this process, and one gate per instance so that a token is refreshed once, not by each
/// call that finds it stale.
#[derive(Default)]
pub(crate) struct Sessions {
    /// By person too: a refresh that was under way must not put one person's session in another's place.
    live: Mutex<HashMap<(InstanceId, UserId), Arc<Session>>>,
    gates: Mutex<HashMap<InstanceId, Arc<tokio::sync::Mutex<()>>>>,
    /// Changed while `live` is held: nothing is put behind it.
    closed: AtomicBool,
}

impl Sessions {
    pub(crate) fn get(&self, id: &InstanceId, user_id: UserId) -> Option<Arc<Session>> {
        self.live().get(&(id.clone(), user_id)).cloned()
    }

    pub(crate) fn put(&self, id: &InstanceId, user_id: UserId, session: Session) -> Arc<Session> {
        let session = Arc::new(session);
        let mut live = self.live();
        if !self.closed.load(Ordering::SeqCst) {
            live.insert((id.clone(), user_id), Arc::clone(&session));
        }
        session
    }

    pub(crate) fn drop_one(&self, id: &InstanceId, user_id: UserId) {
        self.live().remove(&(id.clone(), user_id));
    }

    /// A newer one of the same person stays.
    pub(crate) fn drop_this(&self, id: &InstanceId, session: &Arc<Session>) {
        self.live().retain(|(instance, _), live| instance != id || !Arc::ptr_eq(live, session));
    }

    pub(crate) fn end(&self, id: &InstanceId) {
        self.live().retain(|(instance, _), _| instance != id);
    }

    /// Drops all, and keeps none until they are opened.
    pub(crate) fn close(&self) {
        let mut live = self.live();
        self.closed.store(true, Ordering::SeqCst);
        live.clear();
    }

    pub(crate) fn open(&self) {
        self.closed.store(false, Ordering::SeqCst);
    }

    pub(crate) fn gate(&self, id: &InstanceId) -> Arc<tokio::sync::Mutex<()>> {
        Arc::clone(self.gates.lock().unwrap_or_else(PoisonError::into_inner).entry(id.clone()).or_default())
    }

    fn live(&self) -> MutexGuard<'_, HashMap<(InstanceId, UserId), Arc<Session>>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
