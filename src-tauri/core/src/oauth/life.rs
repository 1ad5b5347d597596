//! How long a token lives, and when the next one is asked for. Pure.

use crate::secret::Secret;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

/// How long before its end a token is replaced, unless half of its life is less.
const MARGIN: SignedDuration = SignedDuration::from_secs(30);
/// However short a life is: nobody is asked more often.
const LEAST: SignedDuration = SignedDuration::from_secs(1);

/// From when a token was got, to its end where that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    pub got: Timestamp,
    pub end: Option<Timestamp>,
}

/// What a token says of itself, where it can be read. Nothing is decided by whom it names.
#[derive(Debug, Default, Deserialize)]
struct Claims {
    #[serde(default)]
    exp: Option<f64>,
    #[serde(default)]
    sub: Option<String>,
}

/// More letters of a name are of no use to anybody.
const LETTERS: usize = 120;

impl Life {
    /// Its own `exp` counts, since that is what the MCP server compares. A token without one, or one that has ended
    /// before it came by the clock here, lives for as long as the answer says that it came in.
    #[must_use]
    pub fn of(token: &Secret, expires_in: Option<SignedDuration>, now: Timestamp) -> Self {
        let own = claims(token).exp.and_then(instant).filter(|end| *end > now);
        let told = expires_in.and_then(|life| now.checked_add(life).ok());
        Self { got: now, end: own.or(told) }
    }

    /// When another one is asked for: `max(30 s, 10 %)` before its end, but not before half of its life.
    #[must_use]
    pub fn renew(&self) -> Option<Timestamp> {
        let life = self.end?.duration_since(self.got);
        let early = (life - MARGIN.max(life / 10)).max(life / 2).max(LEAST);
        self.got.checked_add(early).ok()
    }

    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.renew().is_some_and(|renew| renew <= now)
    }

    #[must_use]
    pub fn has_ended(&self, now: Timestamp) -> bool {
        self.end.is_some_and(|end| end <= now)
    }
}

/// Whom a token names, as it says.
#[must_use]
pub(super) fn subject(token: &Secret) -> Option<String> {
    let letters = claims(token).sub?.chars().filter(|letter| !letter.is_control()).take(LETTERS).collect();
    Some(letters).filter(|name: &String| !name.is_empty())
}

fn claims(token: &Secret) -> Claims {
    // EXPOSE: to read when it ends and whom it names; the signature is the MCP server's to check.
    jsonwebtoken::dangerous::insecure_decode_claims(token.expose()).unwrap_or_default()
}

#[allow(clippy::cast_possible_truncation, reason = "a time beyond what is counted has no instant")]
fn instant(seconds: f64) -> Option<Timestamp> {
    if seconds.is_finite() { Timestamp::from_second(seconds as i64).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use proptest::prelude::*;

    fn now() -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap()
    }

    fn token(claims: &str) -> Secret {
        let encoded = |text: &str| URL_SAFE_NO_PAD.encode(text);
        Secret::new(format!("{}.{}.c2ln", encoded(r#"{"alg":"RS256"}"#), encoded(claims)))
    }

    /// Seconds from now on: its end, and when it is replaced.
    fn life(token: &Secret, expires_in: Option<i64>) -> (Option<i64>, Option<i64>) {
        let life = Life::of(token, expires_in.map(SignedDuration::from_secs), now());
        let from_now = |at: Timestamp| at.duration_since(now()).as_secs();
        (life.end.map(from_now), life.renew().map(from_now))
    }

    #[test]
    fn a_token_is_replaced_before_its_own_end() {
        for (seconds, renew) in [(3600, 3240), (300, 270), (60, 30), (40, 20), (8, 4), (1, 1)] {
            let token = token(&format!(r#"{{"exp":{}}}"#, 1_800_000_000 + seconds));
            assert_eq!(life(&token, Some(99_999)), (Some(seconds), Some(renew)), "{seconds}");
            assert_eq!(
                life(&Secret::new("opaque"), Some(seconds)),
                (Some(seconds), Some(renew)),
                "{seconds}"
            );
        }
        assert_eq!(life(&Secret::new("opaque"), None), (None, None));
    }

    /// By the clock here it ended before it came: one of the two clocks is wrong, and asking at once again helps nobody.
    #[test]
    fn a_token_that_came_too_late_is_not_asked_for_again_and_again() {
        let late = token(r#"{"exp":1799999000}"#);
        assert_eq!(life(&late, Some(300)), (Some(300), Some(270)));
        assert_eq!(life(&late, None), (None, None));
    }

    #[test]
    fn whom_it_names_is_cut_to_what_can_be_shown() {
        assert_eq!(subject(&token(r#"{"sub":"gam\u0007ma"}"#)).as_deref(), Some("gamma"));
        assert_eq!(subject(&token(r#"{"sub":7}"#)), None);
        assert_eq!(subject(&Secret::new("opaque")), None);
    }

    proptest! {
        #[test]
        fn never_before_half_of_its_life_and_never_after_its_end(seconds in 2_i64..100_000_000) {
            let (end, renew) = life(&Secret::new("opaque"), Some(seconds));
            let (end, renew) = (end.unwrap(), renew.unwrap());
            prop_assert!(renew >= seconds / 2 && renew < end);
        }

        #[test]
        fn any_end_is_taken(exp in any::<f64>(), expires_in in any::<i64>()) {
            let token = token(&format!(r#"{{"exp":{exp:e}}}"#));
            let _ = life(&token, Some(expires_in));
        }
    }
}
