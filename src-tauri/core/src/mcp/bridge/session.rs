//! What the protocols with `initialize` agree on once and mean ever after. 2026-07-28 has none of it.

use super::derived::PROTOCOL_VERSION;
use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::task::AbortHandle;

pub(super) const SESSION_ID: HeaderName = HeaderName::from_static("mcp-session-id");

/// The session of this bridge, if the server keeps one.
#[derive(Default)]
pub(super) struct Session(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    id: Option<HeaderValue>,
    protocol: Option<HeaderValue>,
    /// The client's own `initialize`, to begin anew with when the server has forgotten the session.
    hello: Option<Bytes>,
    listener: Option<AbortHandle>,
}

impl Session {
    pub(super) fn id(&self) -> Option<HeaderValue> {
        self.inner().id.clone()
    }

    pub(super) fn hello(&self) -> Option<Bytes> {
        self.inner().hello.clone()
    }

    /// The client begins: whatever was before is over.
    pub(super) fn begin(&self, hello: Bytes) {
        self.end_listener();
        *self.inner() = Inner { hello: Some(hello), ..Inner::default() };
    }

    /// The server has answered `initialize`.
    pub(super) fn agreed(&self, id: Option<HeaderValue>, protocol: Option<&str>) {
        let mut inner = self.inner();
        inner.id = id;
        inner.protocol = protocol.and_then(|protocol| HeaderValue::from_str(protocol).ok());
    }

    /// A server names another session while it answers a call of `before`. What comes late, of a session that is
    /// over, is not listened to.
    pub(super) fn moves(&self, before: Option<&HeaderValue>, to: &HeaderValue) {
        let mut inner = self.inner();
        if inner.id.as_ref() == before {
            inner.id = Some(to.clone());
        }
    }

    /// The server does not want the protocol to be named in headers. Whether it was.
    pub(super) fn name_no_protocol(&self, named: &HeaderMap) -> bool {
        self.inner().protocol = None;
        named.contains_key(PROTOCOL_VERSION)
    }

    /// The headers that name it.
    pub(super) fn headers(&self) -> HeaderMap {
        let inner = self.inner();
        let mut headers = HeaderMap::new();
        if let Some(id) = &inner.id {
            headers.insert(SESSION_ID, id.clone());
        }
        if let Some(protocol) = &inner.protocol {
            headers.insert(PROTOCOL_VERSION, protocol.clone());
        }
        headers
    }

    /// The listener of this session. The one before ends.
    pub(super) fn listens(&self, task: AbortHandle) {
        if let Some(before) = self.inner().listener.replace(task) {
            before.abort();
        }
    }

    /// Whether somebody listens to what the server says beside the calls.
    pub(super) fn is_listening(&self) -> bool {
        self.inner().listener.as_ref().is_some_and(|task| !task.is_finished())
    }

    pub(super) fn end_listener(&self) {
        if let Some(task) = self.inner().listener.take() {
            task.abort();
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
