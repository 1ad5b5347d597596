//! What a client may do, and how a call ended.

use superset_keys_core::activity::Outcome;
use superset_keys_core::guard::{Guard, GuardChoice, Rule};

/// What an entry lets its client do.
pub fn may(guard: Option<&Guard>, is_broken: bool) -> String {
    let list = |rules: &[Rule]| rules.iter().map(Rule::as_str).collect::<Vec<_>>().join(" ");
    let Some(guard) = guard else {
        return if is_broken { "nothing: its rules are none" } else { "" }.to_owned();
    };
    match guard.choice() {
        GuardChoice::Everything => "everything".to_owned(),
        GuardChoice::Reading => "read".to_owned(),
        GuardChoice::Chosen => {
            let (allow, deny) = (list(&guard.allow), list(&guard.deny));
            match (allow.is_empty(), deny.is_empty()) {
                (_, true) => allow,
                (true, _) => format!("everything but {deny}"),
                _ => format!("{allow}, but {deny}"),
            }
        }
    }
}

pub fn call_outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "done",
        Outcome::Failed => "did not work",
        Outcome::Refused => "stopped by the guard",
        Outcome::NotAllowed => "not allowed by the server",
        Outcome::NoAnswer => "no answer",
        Outcome::Cancelled => "cancelled",
        Outcome::UnderWay => "not over",
    }
}
