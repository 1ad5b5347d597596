//! Who keeps what went through.

use crate::activity::{Caller, Outcome};
use crate::credential::AccessKind;
use crate::ids::ApiKeyId;
use jiff::Timestamp;
use std::time::Duration;

/// Keeps what went through a bridge. Nothing that is said or answered: names and numbers.
pub trait Record: Send + Sync + 'static {
    /// Now, and the key that is presented at the moment.
    fn begin(&self) -> Began;

    /// A message is over, or has been under way for a while. Called with the answer already on its way to the client.
    fn note(&self, passed: &Passed<'_>);
}

/// When a message came in.
#[derive(Debug, Clone)]
pub struct Began {
    pub at: Timestamp,
    pub key: Option<ApiKeyId>,
}

/// One message that is over.
#[derive(Debug)]
pub struct Passed<'a> {
    pub began: &'a Began,
    pub caller: Option<&'a Caller>,
    pub method: &'a str,
    /// What it was sent with last; none where it was not sent.
    pub access: Option<AccessKind>,
    /// The innermost tool, as the client wrote it.
    pub tool: Option<&'a str>,
    pub outcome: Outcome,
    pub took: Duration,
    /// The answer's length.
    pub bytes: Option<usize>,
}
