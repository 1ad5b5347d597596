//! Work that waits, off the async workers.

use crate::error::{Error, Result};
use std::any::Any;

pub(crate) async fn blocking<T: Send + 'static>(
    what: &'static str,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    // Of one type for all, or there would be a runtime's task in the program for each.
    let work: Box<dyn FnOnce() -> Box<dyn Any + Send> + Send> = Box::new(move || Box::new(work()));
    let done = tokio::task::spawn_blocking(work).await.ok();
    done.and_then(|done| done.downcast().ok()).map_or(Err(Error::Internal { what }), |done| *done)
}
