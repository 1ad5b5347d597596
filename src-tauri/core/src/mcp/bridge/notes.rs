//! Lines for people. They go to a log that nobody may empty, and no message waits for that.

use super::lines::LAST_WORDS;
use super::voice::Voice;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// What is told while the log takes nothing. The rest is lost: each request was told its reason anyway.
const UNTOLD: usize = 16;

pub(super) struct Notes {
    lines: mpsc::Sender<String>,
    /// What was last said, so that a server that is down is not told of with each request.
    said: Mutex<Option<String>>,
}

pub(super) struct Teller(JoinHandle<()>);

impl Notes {
    pub(super) fn to(voice: Arc<dyn Voice>) -> (Self, Teller) {
        let (lines, mut told) = mpsc::channel::<String>(UNTOLD);
        let telling = tokio::spawn(async move {
            while let Some(words) = told.recv().await {
                let voice = Arc::clone(&voice);
                let _ = tokio::task::spawn_blocking(move || voice.note(&words)).await;
            }
        });
        (Self { lines, said: Mutex::default() }, Teller(telling))
    }

    /// One line for people, unless it is what was said last.
    pub(super) fn say(&self, words: &str) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.as_deref() != Some(words) && self.lines.try_send(words.to_owned()).is_ok() {
            *said = Some(words.to_owned());
        }
    }

    /// The server speaks: the next trouble is news.
    pub(super) fn heard_again(&self) {
        *self.said.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Teller {
    /// Once the [`Notes`] are gone: until all is told, within reason.
    pub(super) async fn finish(mut self) {
        if tokio::time::timeout(LAST_WORDS, &mut self.0).await.is_err() {
            self.0.abort();
        }
    }
}
