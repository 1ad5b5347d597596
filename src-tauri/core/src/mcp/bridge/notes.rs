//! Lines for people.

use super::Voice;
use std::sync::{Arc, Mutex, PoisonError};

pub(super) struct Notes {
    voice: Arc<dyn Voice>,
    /// What was last said, so that a server that is down is not told of with each request.
    said: Mutex<Option<String>>,
}

impl Notes {
    pub(super) fn to(voice: Arc<dyn Voice>) -> Self {
        Self { voice, said: Mutex::default() }
    }

    /// One line for people, unless it is what was said last.
    pub(super) fn say(&self, words: &str) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.as_deref() != Some(words) {
            self.voice.note(words);
            *said = Some(words.to_owned());
        }
    }

    /// The server speaks: the next trouble is news.
    pub(super) fn heard_again(&self) {
        *self.said.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
