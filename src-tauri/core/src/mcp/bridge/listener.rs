//! The stream on which a server with sessions speaks unasked: notifications, and requests of its own.

use super::Shared;
use super::events::{self, Cursor, Events};
use super::message::Answer;
use super::target::Source;
use crate::error::Result;
use crate::http::{Media, Streamed};
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
        loop {
            match self.get_anew(cursor.last_id.as_deref()).await {
                Ok(answer) if answer.status.is_success() && answer.media == Media::EventStream => {
                    // A stream that stays silent is fine; what lets go of it is the connection's keep-alive.
                    let mut events = Events::of(answer, None);
                    while let Ok(Some(event)) = events.next(&mut cursor).await {
                        in_a_row = 0;
                        if let Some(read) = events::message(event).and_then(Answer::read) {
                            self.forward(read, None).await;
                        }
                    }
                }
                Ok(answer) if answer.status.is_server_error() || answer.status.as_u16() == 429 => {}
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
