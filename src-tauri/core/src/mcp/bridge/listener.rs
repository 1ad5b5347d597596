//! The stream on which a server with sessions speaks unasked: notifications, and requests of its own.

use super::events::{self, Cursor, Events};
use super::message::Answer;
use super::shared::Shared;
use super::target::Source;
use crate::error::Result;
use crate::http::{Media, Streamed};
use reqwest::StatusCode;
use std::sync::Arc;

impl<S: Source> Shared<S> {
    /// Starts to listen, instead of whoever listened before.
    pub(super) fn listen(self: &Arc<Self>) {
        let listening = tokio::spawn(Arc::clone(self).keep_listening());
        self.session.listens(listening.abort_handle());
    }

    /// Until the server says that it has no such stream, or no longer, or that the key is none. A broken one
    /// is taken up after its last event; whatever else is in the way may pass.
    async fn keep_listening(self: Arc<Self>) {
        let mut cursor = Cursor::default();
        let mut in_a_row = 0;
        let mut was_open = false;
        loop {
            match self.get_anew(cursor.last_id.as_deref()).await {
                Ok(answer) if answer.status.is_success() && answer.media == Media::EventStream => {
                    // A stream that stays silent is fine; what lets go of it is the connection's keep-alive.
                    was_open = true;
                    let mut events = Events::of(answer, None, &self.intake);
                    while let Ok(Some(event)) = events.next(&mut cursor).await {
                        in_a_row = 0;
                        if let Some(read) = events::message(event).and_then(Answer::read) {
                            self.forward(read, None).await;
                        }
                    }
                }
                Ok(answer) if may_pass(answer.status, was_open) => {}
                Ok(_) => return,
                Err(_) => {}
            }
            tokio::time::sleep(cursor.pause(in_a_row)).await;
            in_a_row += 1;
        }
    }

    async fn get_anew(&self, after: Option<&str>) -> Result<Streamed> {
        let target = self.targets.current().await?;
        self.get(&target, after).await
    }
}

/// Whether a refusal says nothing about later. Once such a stream was open, a server may believe for a while that it
/// still is (409, or 400 in some), whatever it says.
fn may_pass(status: StatusCode, was_open: bool) -> bool {
    match status.as_u16() {
        401 | 404 | 405 | 410 | 501 => false,
        408 | 409 | 425 | 429 | 500.. => true,
        400.. => was_open,
        _ => false,
    }
}
