//! Ctrl-C, or whatever else ends a program politely.

use crate::failure::{Failure, Outcome};
use superset_keys_core::ErrorCode;

/// Listens from the moment it is made.
#[cfg(unix)]
pub struct Stops([tokio::signal::unix::Signal; 3]);

#[cfg(unix)]
impl Stops {
    /// Listens from now on.
    pub fn listen() -> Outcome<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let listen =
            |kind| signal(kind).map_err(|_| Failure::core(ErrorCode::Internal).with("what", "signals"));
        Ok(Self([
            listen(SignalKind::interrupt())?,
            listen(SignalKind::terminate())?,
            listen(SignalKind::hangup())?,
        ]))
    }

    pub async fn told(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}

#[cfg(windows)]
pub struct Stops(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Stops {
    pub fn listen() -> Outcome<Self> {
        let listened = tokio::signal::windows::ctrl_c();
        listened.map(Self).map_err(|_| Failure::core(ErrorCode::Internal).with("what", "signals"))
    }

    pub async fn told(&mut self) {
        let _ = self.0.recv().await;
    }
}
