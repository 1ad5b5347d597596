//! The one token that a person made or pasted, for as long as they look at it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use superset_keys_core::secret::Secret;

#[derive(Default)]
pub struct HeldToken(Mutex<Held>);

#[derive(Default)]
struct Held {
    token: Option<Secret>,
    /// How often somebody turned to another one, or away.
    turns: u64,
}

/// What comes of it is held if nobody turned away meanwhile.
#[derive(Clone, Copy)]
pub struct Turn(u64);

impl HeldToken {
    /// Lets go of what is held, for what comes.
    pub fn turn(&self) -> Turn {
        let mut held = self.held();
        held.token = None;
        held.turns += 1;
        Turn(held.turns)
    }

    pub fn hold(&self, turn: Turn, token: Secret) {
        let mut held = self.held();
        if held.turns == turn.0 {
            held.token = Some(token);
        }
    }

    pub fn token(&self) -> Option<Secret> {
        self.held().token.as_ref().map(Secret::duplicate)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_after_somebody_turned_away_is_not_held() {
        let held = HeldToken::default();
        let turn = held.turn();
        held.hold(turn, Secret::new("first"));
        assert!(held.token().is_some());
        let late = held.turn();
        assert!(held.token().is_none(), "the first one is let go of");
        held.turn();
        held.hold(late, Secret::new("late"));
        assert!(held.token().is_none());
    }
}
