//! When a person goes away, as their system tells: the computer goes to sleep, or its screen is locked.
//!
//! Linux tells over D-Bus: logind of sleep, and of the session's lock; the desktop's screen saver of the screen. Windows and
//! macOS tell programs that listen in ways of their own, which no crate that we stand on offers.

use crate::lock::LockReason;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

#[cfg(target_os = "linux")]
mod linux;

/// What the system has been found to tell.
#[derive(Debug, Clone, Default)]
pub struct Away {
    suspend: Arc<AtomicBool>,
    screen: Arc<AtomicBool>,
}

impl Away {
    /// Watches for as long as the program runs. `gone` is called on a thread that may wait: the system holds its sleep back
    /// meanwhile, for as long as it grants programs (logind: five seconds).
    #[cfg_attr(not(target_os = "linux"), allow(unused_variables, reason = "nothing is told there"))]
    pub fn watch(gone: impl Fn(LockReason) + Send + Sync + 'static) -> Self {
        let away = Self::default();
        #[cfg(target_os = "linux")]
        linux::watch(&away.suspend, &away.screen, Arc::new(gone));
        away
    }

    #[must_use]
    pub fn sees_suspend(&self) -> bool {
        self.suspend.load(Ordering::Relaxed)
    }

    #[must_use]
    pub fn sees_screen(&self) -> bool {
        self.screen.load(Ordering::Relaxed)
    }
}
