//! What all messages under way share.

use super::calls::Calls;
use super::derived::ToolHeaders;
use super::intake::Intake;
use super::lines::Output;
use super::notes::Notes;
use super::pending::Pending;
use super::session::Session;
use super::target::Targets;
use super::voice::Voice;
use crate::http::Streams;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, Semaphore};

pub(super) const INITIALIZED: &str = "notifications/initialized";

pub(super) struct Shared<S> {
    pub targets: Targets<S>,
    pub voice: Arc<dyn Voice>,
    pub notes: Notes,
    pub silence: Duration,
    pub streams: Streams,
    pub session: Session,
    pub reopening: Mutex<()>,
    pub tools: ToolHeaders,
    pub listing: Mutex<()>,
    pub intake: Arc<Intake>,
    pub pending: Pending,
    pub calls: Calls,
    pub requests: Semaphore,
    pub others: Semaphore,
    pub lasting: Semaphore,
    pub output: Output,
}
