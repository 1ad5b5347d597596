//! Room for what servers say, so that all of them together cannot fill the memory.

use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What one answer may take: far above any message seen.
pub(super) const ANSWER_LIMIT: usize = 64 * 1024 * 1024;
/// What all of them may take together. When it is used up, one of them may still grow to its limit, and then the
/// next: whoever has that place waits for nobody.
const TOGETHER: usize = 64 * 1024 * 1024;
/// What even the shortest answer costs.
const GRAIN: usize = 16 * 1024;

pub(super) struct Intake {
    shared: Arc<Semaphore>,
    place: Arc<Semaphore>,
}

/// What one answer has of the room, until it is dropped.
pub(super) struct Held {
    intake: Arc<Intake>,
    grains: Option<OwnedSemaphorePermit>,
    place: Option<OwnedSemaphorePermit>,
}

/// Others were using the room for too long.
#[derive(Debug)]
pub(super) struct NoRoom;

impl Default for Intake {
    fn default() -> Self {
        Self { shared: Arc::new(Semaphore::new(TOGETHER / GRAIN)), place: Arc::new(Semaphore::new(1)) }
    }
}

impl Held {
    pub(super) fn none(intake: &Arc<Intake>) -> Self {
        Self { intake: Arc::clone(intake), grains: None, place: None }
    }

    /// Room for so many bytes in all. It is waited for no longer than `patience`, and the server with it.
    pub(super) async fn grow(&mut self, bytes: usize, patience: Option<Duration>) -> Result<(), NoRoom> {
        let held = self.grains.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let missing = (bytes / GRAIN + 1).saturating_sub(held);
        if missing == 0 || self.place.is_some() {
            return Ok(());
        }
        let missing = u32::try_from(missing).map_err(|_| NoRoom)?;
        if let Ok(more) = Arc::clone(&self.intake.shared).try_acquire_many_owned(missing) {
            match &mut self.grains {
                Some(grains) => grains.merge(more),
                none => *none = Some(more),
            }
            return Ok(());
        }
        let place = Arc::clone(&self.intake.place).acquire_owned();
        let place = match patience {
            Some(patience) => tokio::time::timeout(patience, place).await.map_err(|_| NoRoom)?,
            None => place.await,
        };
        self.place = Some(place.map_err(|_| NoRoom)?);
        Ok(())
    }

    /// What was read is passed on.
    pub(super) fn let_go(&mut self) {
        self.grains = None;
        self.place = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: usize = 1024 * 1024;
    const MOMENT: Option<Duration> = Some(Duration::from_millis(20));

    #[tokio::test]
    async fn all_together_have_an_end_and_one_can_always_go_on() {
        let intake = Arc::new(Intake::default());
        let mut held: Vec<Held> = (0..8).map(|_| Held::none(&intake)).collect();
        for one in &mut held {
            one.grow(7 * MIB, MOMENT).await.unwrap();
        }
        held[0].grow(60 * MIB, MOMENT).await.unwrap();
        held[0].grow(63 * MIB, MOMENT).await.unwrap();
        assert!(held[1].grow(60 * MIB, MOMENT).await.is_err(), "it would be more than both");
        held[1].grow(7 * MIB, MOMENT).await.unwrap();
        held[0].let_go();
        held[1].grow(60 * MIB, MOMENT).await.unwrap();
        held.truncate(1);
        held[0].grow(50 * MIB, MOMENT).await.unwrap();
    }
}
