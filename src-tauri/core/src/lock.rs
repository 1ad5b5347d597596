//! Whether this program is locked, what holds that up, and when a person has been away for long enough.

use crate::error::{Error, Result};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicI64, Ordering};
use strum::IntoStaticStr;
use tokio::sync::watch;

/// What locked it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum LockReason {
    ByHand,
    /// Nobody used it for as long as was set.
    Idle,
    /// The computer goes to sleep.
    Suspend,
    /// The screen, or the whole session, was locked.
    Screen,
}

/// Since when, and what went with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Locked {
    pub(crate) since: Timestamp,
    pub(crate) reason: LockReason,
    /// Instances whose sign-in was in memory alone, by name.
    pub(crate) signed_out: Vec<String>,
}

/// The lock of one program. What must not end half-way is under way for as long as its guard lives; there is no moment
/// in which both are so.
pub(crate) struct Lock {
    stage: watch::Sender<Stage>,
    /// When somebody was last here, in seconds: a whole minute is the least that can be waited for.
    here: AtomicI64,
}

#[derive(Debug, Clone, Default)]
struct Stage {
    locked: Option<Locked>,
    under_way: usize,
}

impl Lock {
    pub(crate) fn new(now: Timestamp) -> Self {
        Self { stage: watch::Sender::default(), here: AtomicI64::new(now.as_second()) }
    }

    /// What is begun is waited for by whoever locks.
    ///
    /// # Errors
    /// [`Error::AppLocked`]
    pub(crate) fn begin(&self) -> Result<impl Drop + Send + use<>> {
        let began = self.stage.send_if_modified(|stage| {
            let open = stage.locked.is_none();
            stage.under_way += usize::from(open);
            open
        });
        if began { Ok(UnderWay(self.stage.clone())) } else { Err(Error::AppLocked) }
    }

    /// Waits until nothing is under way.
    pub(crate) async fn quiet(&self) {
        // Fails only without a sender, and that is ours.
        let _ = self.stage.subscribe().wait_for(|stage| stage.under_way == 0).await;
    }

    /// Locks, unless something has begun meanwhile or it is locked. Answers whether it did.
    pub(crate) fn close(&self, locked: Locked) -> bool {
        self.stage.send_if_modified(|stage| {
            let free = stage.under_way == 0 && stage.locked.is_none();
            if free {
                stage.locked = Some(locked);
            }
            free
        })
    }

    pub(crate) fn open(&self) {
        self.stage.send_modify(|stage| stage.locked = None);
    }

    pub(crate) fn locked(&self) -> Option<Locked> {
        self.stage.borrow().locked.clone()
    }

    /// # Errors
    /// [`Error::AppLocked`]
    pub(crate) fn check(&self) -> Result<()> {
        if self.stage.borrow().locked.is_some() { Err(Error::AppLocked) } else { Ok(()) }
    }

    /// Somebody is here.
    pub(crate) fn note_presence(&self, now: Timestamp) {
        self.here.store(now.as_second(), Ordering::Relaxed);
    }

    /// How long until nobody has been here for so many minutes: zero where it is time. With 0 minutes never.
    pub(crate) fn idle_in(&self, minutes: u32, now: Timestamp) -> Option<SignedDuration> {
        let all = i64::from(minutes) * 60;
        let away = now.as_second() - self.here.load(Ordering::Relaxed);
        if away < 0 {
            // The clock was set back, and says nothing of how long that was.
            self.note_presence(now);
        }
        (minutes > 0).then(|| SignedDuration::from_secs((all - away.max(0)).max(0)))
    }
}

struct UnderWay(watch::Sender<Stage>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.send_modify(|stage| stage.under_way -= 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn locked() -> Locked {
        Locked { since: at(0), reason: LockReason::ByHand, signed_out: Vec::new() }
    }

    #[test]
    fn what_is_under_way_is_not_locked_over_and_nothing_begins_behind_a_lock() {
        let lock = Lock::new(at(0));
        let under_way = lock.begin().unwrap();
        assert!(!lock.close(locked()));
        lock.check().unwrap();
        drop(under_way);
        assert!(lock.close(locked()));
        assert!(matches!(lock.begin().map(drop), Err(Error::AppLocked)));
        assert!(!lock.close(locked()), "it is locked once");
        lock.open();
        drop(lock.begin().unwrap());
    }

    #[test]
    fn away_is_counted_from_the_last_time_somebody_was_here() {
        let lock = Lock::new(at(0));
        let left = |minutes, second| lock.idle_in(minutes, at(second)).map(|left| left.as_secs());
        assert_eq!(left(0, 1_000_000), None);
        assert_eq!(left(10, 60), Some(540));
        assert_eq!(left(10, 600), Some(0));
        assert_eq!(left(10, 1_000_000), Some(0), "a sleep counts, however long it was");
        lock.note_presence(at(1_000_000));
        assert_eq!(left(10, 1_000_060), Some(540));
        assert_eq!(left(10, 500), Some(600), "a clock that was set back does not keep it open for years");
        assert_eq!(left(10, 1_100), Some(0));
    }
}
