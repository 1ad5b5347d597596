//! What this computer shows to a server that asks who it is.

use rustls::SignatureScheme;
use rustls::client::ResolvesClientCert;
use rustls::sign::CertifiedKey;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A client certificate with its key, or none; and whether a server asked for one. That is what tells a handshake that
/// failed for want of it from every other one: under TLS 1.2 the alert is the same.
#[derive(Debug)]
pub(super) struct Own {
    shown: Option<Arc<CertifiedKey>>,
    asked: AtomicBool,
}

impl Own {
    pub(super) fn new(shown: Option<Arc<CertifiedKey>>) -> Self {
        Self { shown, asked: AtomicBool::new(false) }
    }

    pub(super) fn was_asked_for(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }
}

impl ResolvesClientCert for Own {
    /// Whatever authorities the server names: many name none, or not all that they take.
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.asked.store(true, Ordering::Relaxed);
        self.shown.clone()
    }

    fn has_certs(&self) -> bool {
        self.shown.is_some()
    }
}
