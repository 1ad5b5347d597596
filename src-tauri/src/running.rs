//! What runs for longer than a person may want to wait.

use crate::ipc::CheckupProgress;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use superset_keys_core::instance::InstanceId;
use superset_keys_core::scan::Scan;
use tokio::sync::Notify;

/// Check-ups under way: each tells the window what it finds, and is stopped by its instance.
pub struct RunningCheckups {
    stops: Mutex<HashMap<InstanceId, Arc<Notify>>>,
    tell: Box<dyn Fn(CheckupProgress) + Send + Sync>,
}

impl RunningCheckups {
    pub fn new(tell: impl Fn(CheckupProgress) + Send + Sync + 'static) -> Self {
        Self { stops: Mutex::default(), tell: Box::new(tell) }
    }

    pub fn tell(&self, found: CheckupProgress) {
        (self.tell)(found);
    }

    /// Begins one; one of the same instance that is under way is stopped.
    pub fn begin(&self, id: &InstanceId) -> Arc<Notify> {
        self.stop(id);
        let stop = Arc::new(Notify::new());
        self.stops().insert(id.clone(), Arc::clone(&stop));
        stop
    }

    pub fn stop(&self, id: &InstanceId) {
        if let Some(stop) = self.stops().remove(id) {
            stop.notify_one();
        }
    }

    fn stops(&self) -> MutexGuard<'_, HashMap<InstanceId, Arc<Notify>>> {
        self.stops.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The last scan, which stays on this side, and how to stop what is being done for one.
#[derive(Default)]
pub struct KeptScan {
    scan: tokio::sync::Mutex<Option<Scan>>,
    stop: Mutex<Option<Arc<Notify>>>,
}

impl KeptScan {
    /// Waits for whoever works with it.
    pub async fn scan(&self) -> tokio::sync::MutexGuard<'_, Option<Scan>> {
        self.scan.lock().await
    }

    /// Begins something; what is under way is stopped.
    pub fn begin(&self) -> Arc<Notify> {
        let stop = Arc::new(Notify::new());
        self.put(Some(Arc::clone(&stop)));
        stop
    }

    pub fn stop(&self) {
        self.put(None);
    }

    fn put(&self, next: Option<Arc<Notify>>) {
        let before = std::mem::replace(&mut *self.stop.lock().unwrap_or_else(PoisonError::into_inner), next);
        if let Some(stop) = before {
            stop.notify_one();
        }
    }
}
