//! Requests that wait for their answer. Each gets one: the server's, or ours.

use super::id::Id;
use super::message::Message;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, oneshot};

/// A server that was told of a cancellation may still say something; it is listened to for so long.
const AFTER_CANCEL: Duration = Duration::from_secs(5);

#[derive(Default)]
pub(super) struct Pending {
    inner: Mutex<Inner>,
    /// Rings with each answer.
    bell: Notify,
}

#[derive(Default)]
struct Inner {
    last: u64,
    calls: HashMap<Number, Call>,
}

/// Tells calls apart, also those of clients that use an id twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Number(u64);

/// A message with requests in it, and what of it has no answer yet.
struct Call {
    unanswered: Vec<Id>,
    /// Of those, what nobody wants to have answered any more.
    cancelled: Vec<Id>,
    stateless: bool,
    /// It may stay open for ever, as `subscriptions/listen` does.
    lasting: bool,
    hang_up: Option<oneshot::Sender<Duration>>,
}

/// A message's place among those under way.
pub(super) struct Ticket {
    pub(super) number: Number,
    hang_up: oneshot::Receiver<Duration>,
}

/// What to do with a client's wish to cancel.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cancel {
    /// The server wants to hear of it.
    Tell,
    /// The end of the call was the message.
    Done,
}

impl Ticket {
    /// Ready when all requests of the message are cancelled and nothing is to be heard of them any more.
    pub(super) async fn hung_up(&mut self) {
        match (&mut self.hang_up).await {
            Ok(after) => tokio::time::sleep(after).await,
            Err(_) => std::future::pending().await,
        }
    }
}

impl Pending {
    pub(super) fn begin(&self, message: &Message) -> Ticket {
        let mut inner = self.inner();
        inner.last += 1;
        let number = Number(inner.last);
        let (sender, hang_up) = oneshot::channel();
        let call = Call {
            unanswered: message.ids().cloned().collect(),
            cancelled: Vec::new(),
            stateless: message.is_stateless(),
            lasting: message.is_lasting(),
            hang_up: Some(sender),
        };
        if !call.unanswered.is_empty() {
            inner.calls.insert(number, call);
        }
        Ticket { number, hang_up }
    }

    /// Whether anybody waits for an answer to this call.
    pub(super) fn waits(&self, number: Number) -> bool {
        self.inner().calls.get(&number).is_some_and(Call::waits)
    }

    /// Until nobody waits for an answer to this call, because one came on another's stream.
    pub(super) async fn settled(&self, number: Number) {
        loop {
            let rung = self.bell.notified();
            if !self.waits(number) {
                return;
            }
            rung.await;
        }
    }

    /// An answer came in, on the stream of the call of this number if it came on one: the id that was asked, and by
    /// which call. None if nobody asked for it, or no longer. What stands there as it was asked goes before what looks like it.
    pub(super) fn answered(&self, on: Option<Number>, id: &Id) -> Option<(Number, Id)> {
        let asked = self.inner().answered(on, id);
        self.bell.notify_waiters();
        asked
    }

    /// The call is over. What of it nobody answered; the cancelled want no answer.
    pub(super) fn end(&self, number: Number) -> Vec<Id> {
        self.inner().calls.remove(&number).map(Call::wanted).unwrap_or_default()
    }

    /// All calls are over, as [`Self::end`] has it.
    pub(super) fn end_all(&self) -> Vec<Id> {
        self.inner().calls.drain().flat_map(|(_, call)| call.wanted()).collect()
    }

    /// How many calls nobody waits for. One that has its answer is not among them: the answer may still be
    /// on its way out.
    pub(super) fn not_waited_for(&self) -> usize {
        let nobody_waits = |call: &&Call| call.lasting || (!call.unanswered.is_empty() && !call.waits());
        self.inner().calls.values().filter(nobody_waits).count()
    }

    /// In the protocols with sessions a server is told, and may answer all the same. In the one without, the
    /// end of its HTTP call is what tells it (MCP 2026-07-28, "Cancellation").
    pub(super) fn cancel(&self, id: &Id) -> Cancel {
        let mut inner = self.inner();
        let Some(call) = inner.calls.values_mut().find(|call| call.has(id, Id::is) && !call.is_cancelled(id))
        else {
            return Cancel::Tell;
        };
        call.cancelled.push(id.clone());
        if !call.waits()
            && let Some(hang_up) = call.hang_up.take()
        {
            let _ = hang_up.send(if call.stateless { Duration::ZERO } else { AFTER_CANCEL });
        }
        if call.stateless { Cancel::Done } else { Cancel::Tell }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn answered(&mut self, on: Option<Number>, id: &Id) -> Option<(Number, Id)> {
        for same in SAME {
            if let Some(on) = on
                && let Some(call) = self.calls.get_mut(&on)
                && call.has(id, same)
            {
                return call.answered(id, same).map(|id| (on, id));
            }
        }
        for same in SAME {
            // Those of an id are answered in their order.
            let with_it = self.calls.iter().filter(|(_, call)| call.has(id, same));
            if let Some(first) = with_it.map(|(number, _)| *number).min() {
                return self.calls.get_mut(&first)?.answered(id, same).map(|id| (first, id));
            }
        }
        None
    }
}

/// When two ids are the same, the stricter first.
const SAME: [Same; 2] = [Id::is, Id::resembles];
type Same = fn(&Id, &Id) -> bool;

impl Call {
    fn has(&self, id: &Id, same: Same) -> bool {
        self.unanswered.iter().any(|one| same(one, id))
    }

    fn is_cancelled(&self, id: &Id) -> bool {
        self.cancelled.iter().any(|one| one.is(id))
    }

    fn waits(&self) -> bool {
        self.unanswered.iter().any(|id| !self.is_cancelled(id))
    }

    fn answered(&mut self, id: &Id, same: Same) -> Option<Id> {
        let at = self.unanswered.iter().position(|one| same(one, id))?;
        let asked = self.unanswered.remove(at);
        // Without sessions, whoever cancels has hung up.
        let late = self.stateless && self.is_cancelled(&asked);
        (!late).then_some(asked)
    }

    fn wanted(self) -> Vec<Id> {
        let Self { unanswered, cancelled, .. } = self;
        unanswered.into_iter().filter(|id| !cancelled.iter().any(|one| one.is(id))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn id(raw: &str) -> Id {
        Id { raw: raw.into(), key: raw.into() }
    }

    fn begin(pending: &Pending, text: &'static str) -> Number {
        pending.begin(&Message::read(Bytes::from_static(text.as_bytes())).unwrap()).number
    }

    const ONE: &str = r#"{"id":1,"method":"a"}"#;
    const BOTH: &str = r#"[{"id":1,"method":"a"},{"id":2,"method":"a"}]"#;

    #[test]
    fn one_answer_each() {
        let pending = Pending::default();
        let both = begin(&pending, BOTH);
        assert_eq!(pending.answered(None, &id("1")), Some((both, id("1"))));
        assert_eq!(pending.answered(Some(both), &id("1")), None, "a second answer");
        assert_eq!(pending.end(both), [id("2")]);
        assert_eq!(pending.answered(None, &id("2")), None, "after ours");
        begin(&pending, ONE);
        assert!(pending.answered(None, &id("1")).is_some(), "a new request of the same id");
    }

    #[test]
    fn calls_of_one_id_are_apart() {
        let pending = Pending::default();
        let (first, second) = (begin(&pending, ONE), begin(&pending, ONE));
        assert_eq!(pending.end(second), [id("1")]);
        assert!(pending.waits(first));
        assert!(pending.answered(Some(first), &id("1")).is_some());
        assert!(pending.answered(Some(first), &id("1")).is_none());
    }

    #[test]
    fn an_answer_goes_to_its_own_call_first_then_to_whoever_asked_so() {
        let text = |raw: &str| Id { raw: format!("\"{raw}\""), key: format!("\"{raw}") };
        let pending = Pending::default();
        let number = begin(&pending, ONE);
        let spelled = begin(&pending, r#"{"id":"1","method":"a"}"#);
        assert_eq!(pending.answered(None, &text("1")), Some((spelled, text("1"))));
        assert_eq!(pending.answered(Some(number), &text("1")), Some((number, id("1"))));
        assert!(!pending.waits(number) && !pending.waits(spelled));
    }

    #[test]
    fn the_cancelled_want_no_answer() {
        let pending = Pending::default();
        let both = begin(&pending, BOTH);
        assert_eq!(pending.cancel(&id("1")), Cancel::Tell);
        assert!(pending.waits(both), "the other one");
        assert_eq!(pending.not_waited_for(), 0);
        assert_eq!(pending.cancel(&id("2")), Cancel::Tell);
        assert_eq!(pending.not_waited_for(), 1, "one call");
        assert!(pending.end(both).is_empty());
        assert_eq!(pending.not_waited_for(), 0);
        assert_eq!(pending.cancel(&id("3")), Cancel::Tell, "unknown ids are the server's business");
    }
}
