//! The stream on which a server with sessions speaks unasked: notifications, and requests of its own.

use super::Shared;
use super::events::{self, Cursor, Events};
use super::message::Answer;
use super::target::Source;
use crate::http::Media;
use std::sync::Arc;
use std::time::Duration;

const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

impl<S: Source> Shared<S> {
    /// Starts to listen, instead of whoever listened before.
    pub(super) fn listen(self: &Arc<Self>) {
        let listening = tokio::spawn(Arc::clone(self).keep_listening());
        self.session.listens(listening.abort_handle());
    }

    /// Until the server says that it has no such stream, or no longer. A broken one is taken up after its
    /// last event.
    async fn keep_listening(self: Arc<Self>) {
        let mut cursor = Cursor::default();
        let mut wait = FIRST_WAIT;
        let mut refused = false;
        loop {
            let Ok(target) = self.targets.current().await else { return };
            match self.get(&target, cursor.last_id.as_deref()).await {
                Ok(answer) if answer.status.is_success() && answer.media == Media::EventStream => {
                    refused = false;
                    // A stream that stays silent is fine; what lets go of it is the connection's keep-alive.
                    let mut events = Events::of(answer, None);
                    while let Ok(Some(event)) = events.next(&mut cursor).await {
                        wait = FIRST_WAIT;
                        if let Some(read) = events::message(event).and_then(Answer::read) {
                            self.forward(read, None).await;
                        }
                    }
                }
                Ok(answer) if answer.status.as_u16() == 401 && !refused => {
                    refused = true;
                    if self.targets.newer_than(&target).await.is_err() {
                        return;
                    }
                    continue;
                }
                Ok(answer) if answer.status.is_server_error() || answer.status.as_u16() == 429 => {}
                Ok(_) => return,
                Err(_) => {}
            }
            tokio::time::sleep(cursor.retry.unwrap_or(wait).min(LONGEST_WAIT)).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }
}
