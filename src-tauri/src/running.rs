//! What runs for longer than a person may want to wait.

use crate::ipc::{CheckupProgress, RevokesProgress, SecretsMoving, SignInPrompt};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use superset_keys_core::actions::MoveProgress;
use superset_keys_core::ids::InstanceId;
use superset_keys_core::scan::Scan;
use tauri::Url;
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

    pub fn stop_all(&self) {
        for (_, stop) in self.stops().drain() {
            stop.notify_one();
        }
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

/// Sign-ins for AI clients under way: each tells the window what its person is to do, and is stopped by its instance.
pub struct RunningSignIns {
    under_way: Mutex<HashMap<InstanceId, Arc<UnderWay>>>,
    tell: Box<dyn Fn(SignInPrompt) + Send + Sync>,
}

#[derive(Default)]
pub struct UnderWay {
    stop: Notify,
    /// Where its person signs in.
    address: Mutex<Option<Url>>,
}

impl UnderWay {
    pub async fn stopped(&self) {
        self.stop.notified().await;
    }

    pub fn is_at(&self, url: &Url) {
        *self.address.lock().unwrap_or_else(PoisonError::into_inner) = Some(url.clone());
    }
}

impl RunningSignIns {
    pub fn new(tell: impl Fn(SignInPrompt) + Send + Sync + 'static) -> Self {
        Self { under_way: Mutex::default(), tell: Box::new(tell) }
    }

    pub fn tell(&self, prompt: SignInPrompt) {
        (self.tell)(prompt);
    }

    /// Begins one; one of the same instance that is under way is stopped.
    pub fn begin(&self, id: &InstanceId) -> Arc<UnderWay> {
        self.stop(id);
        let begun = Arc::<UnderWay>::default();
        self.under_way().insert(id.clone(), Arc::clone(&begun));
        begun
    }

    pub fn address(&self, id: &InstanceId) -> Option<Url> {
        let under_way = self.under_way().get(id).cloned()?;
        let address = under_way.address.lock().unwrap_or_else(PoisonError::into_inner);
        address.clone()
    }

    pub fn stop_all(&self) {
        for (_, under_way) in self.under_way().drain() {
            under_way.stop.notify_one();
        }
    }

    pub fn stop(&self, id: &InstanceId) {
        if let Some(under_way) = self.under_way().remove(id) {
            under_way.stop.notify_one();
        }
    }

    fn under_way(&self) -> MutexGuard<'_, HashMap<InstanceId, Arc<UnderWay>>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Secrets that are moved: the window is told how far it is, and may stop it.
pub struct RunningMove {
    go_on: Arc<AtomicBool>,
    tell: Arc<dyn Fn(SecretsMoving) + Send + Sync>,
}

impl RunningMove {
    pub fn new(tell: impl Fn(SecretsMoving) + Send + Sync + 'static) -> Self {
        Self { go_on: Arc::default(), tell: Arc::new(tell) }
    }

    /// What core reports to; it answers whether to go on.
    pub fn begin(&self) -> impl Fn(MoveProgress) -> bool + Send + use<> {
        self.go_on.store(true, Ordering::Release);
        let (go_on, tell) = (Arc::clone(&self.go_on), Arc::clone(&self.tell));
        move |progress| {
            tell(SecretsMoving { progress });
            go_on.load(Ordering::Acquire)
        }
    }

    pub fn stop(&self) {
        self.go_on.store(false, Ordering::Release);
    }
}

/// How the window hears of keys that are revoked together.
pub struct TellRevokes(Box<dyn Fn(RevokesProgress) + Send + Sync>);

impl TellRevokes {
    pub fn new(tell: impl Fn(RevokesProgress) + Send + Sync + 'static) -> Self {
        Self(Box::new(tell))
    }

    pub fn tell(&self, progress: RevokesProgress) {
        (self.0)(progress);
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
