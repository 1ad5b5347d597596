//! Requests that wait for their answer. Each gets one: the server's, or ours.

use super::message::Id;
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::task::AbortHandle;

/// As many answers that come after ours are told apart from others.
const REMEMBERED: usize = 256;

#[derive(Default)]
pub(super) struct Pending(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    waiting: HashMap<String, Waiting>,
    /// Answered by us; the server's own would be a second answer.
    given_up: VecDeque<String>,
}

struct Waiting {
    id: Id,
    stateless: bool,
    /// It may stay open for ever, as `subscriptions/listen` does.
    lasting: bool,
    cancelled: bool,
    task: Option<AbortHandle>,
}

/// What to do with a client's wish to cancel.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cancel {
    /// The server wants to hear of it.
    Tell,
    /// The end of the call was the message.
    Done,
}

impl Pending {
    pub(super) fn begin<'a>(&self, ids: impl Iterator<Item = &'a Id>, stateless: bool, lasting: bool) {
        let mut inner = self.inner();
        for id in ids {
            inner.given_up.retain(|key| *key != id.key);
            let waiting = Waiting { id: id.clone(), stateless, lasting, cancelled: false, task: None };
            inner.waiting.insert(id.key.clone(), waiting);
        }
    }

    pub(super) fn has_task(&self, id: &Id, task: AbortHandle) {
        if let Some(waiting) = self.inner().waiting.get_mut(&id.key) {
            waiting.task = Some(task);
        }
    }

    pub(super) fn waits_for(&self, id: &Id) -> bool {
        self.inner().waiting.get(&id.key).is_some_and(|waiting| !waiting.cancelled)
    }

    /// An answer of the server came in. False if it comes too late to be passed on.
    pub(super) fn answered(&self, id: &Id) -> bool {
        let mut inner = self.inner();
        if inner.waiting.remove(&id.key).is_some() {
            return true;
        }
        let late = inner.given_up.iter().position(|key| *key == id.key);
        late.and_then(|at| inner.given_up.remove(at)).is_none()
    }

    /// Those of `ids` that nobody answered: from now on we did. Cancelled ones want no answer.
    pub(super) fn give_up<'a>(&self, ids: impl Iterator<Item = &'a Id>) -> Vec<Id> {
        let mut inner = self.inner();
        let mut unanswered = Vec::new();
        for id in ids {
            let Some(waiting) = inner.waiting.remove(&id.key) else { continue };
            inner.given_up.push_back(id.key.clone());
            if !waiting.cancelled {
                unanswered.push(waiting.id);
            }
        }
        let surplus = inner.given_up.len().saturating_sub(REMEMBERED);
        inner.given_up.drain(..surplus);
        unanswered
    }

    pub(super) fn all(&self) -> Vec<Id> {
        self.inner().waiting.values().map(|waiting| waiting.id.clone()).collect()
    }

    /// How many are left whose answer nobody waits for.
    pub(super) fn not_waited_for(&self) -> usize {
        self.inner().waiting.values().filter(|waiting| waiting.lasting || waiting.cancelled).count()
    }

    /// In the protocols with sessions a server is told, and may answer all the same. In the one without, the
    /// end of its HTTP call is what tells it (MCP 2026-07-28, "Cancellation").
    pub(super) fn cancel(&self, id: &Id) -> Cancel {
        let mut inner = self.inner();
        let Some(waiting) = inner.waiting.get_mut(&id.key) else { return Cancel::Tell };
        waiting.cancelled = true;
        if !waiting.stateless {
            return Cancel::Tell;
        }
        if let Some(task) = inner.waiting.remove(&id.key).and_then(|waiting| waiting.task) {
            task.abort();
        }
        Cancel::Done
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(raw: &str) -> Id {
        Id { raw: raw.into(), key: raw.into() }
    }

    #[test]
    fn one_answer_each() {
        let pending = Pending::default();
        let (one, two) = (id("1"), id("2"));
        pending.begin([&one, &two].into_iter(), false, false);
        assert!(pending.answered(&one));
        assert_eq!(pending.give_up([&one, &two].into_iter()), [two.clone()]);
        assert!(!pending.answered(&two), "a second answer");
        pending.begin([&two].into_iter(), false, false);
        assert!(pending.answered(&two), "a new request of the same id");
    }

    #[test]
    fn the_cancelled_want_no_answer() {
        let pending = Pending::default();
        pending.begin([&id("1")].into_iter(), false, false);
        assert_eq!(pending.cancel(&id("1")), Cancel::Tell);
        assert_eq!(pending.not_waited_for(), 1);
        assert!(pending.give_up([&id("1")].into_iter()).is_empty());
        pending.begin([&id("2")].into_iter(), true, false);
        assert_eq!(pending.cancel(&id("2")), Cancel::Done);
        assert_eq!(pending.cancel(&id("3")), Cancel::Tell, "unknown ids are the server's business");
    }
}
