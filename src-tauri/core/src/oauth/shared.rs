//! The access token that all programs here share, as the secret store keeps it. Pure.

use super::life::Life;
use crate::secret::Secret;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// A token, how long it lives, and for which client's record it was got.
pub(crate) struct Shared {
    pub(crate) of: String,
    pub(crate) token: Secret,
    pub(crate) life: Life,
}

#[derive(Serialize)]
struct Written<'a> {
    of: &'a str,
    token: &'a str,
    got: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Read {
    of: String,
    token: Secret,
    got: Timestamp,
    #[serde(default)]
    end: Option<Timestamp>,
}

impl Shared {
    pub(crate) fn write(&self) -> Secret {
        let Life { got, end } = self.life;
        // EXPOSE: into the secret store.
        let written = Written { of: &self.of, token: self.token.expose(), got, end };
        let mut text = Zeroizing::new(String::with_capacity(written.token.len() + 256));
        text.push_str(&Zeroizing::new(serde_json::to_string(&written).unwrap_or_default()));
        Secret::new(std::mem::take(&mut *text))
    }

    /// None where it is not one of ours.
    pub(crate) fn read(text: &Secret) -> Option<Self> {
        // EXPOSE: out of the secret store.
        let Read { of, token, got, end } = serde_json::from_str(text.expose()).ok()?;
        Some(Self { of, token, life: Life { got, end } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_read_back(token in "\\PC{0,80}", of in "[a-f0-9]{0,32}", end in proptest::option::of(0_i64..4_000_000_000)) {
            let life = Life { got: Timestamp::UNIX_EPOCH, end: end.map(|end| Timestamp::from_second(end).unwrap()) };
            let shared = Shared { of, token: Secret::new(token), life };
            let read = Shared::read(&shared.write()).unwrap();
            prop_assert_eq!(read.of, shared.of);
            prop_assert_eq!(read.token.expose(), shared.token.expose());
            prop_assert_eq!(read.life, shared.life);
        }

        #[test]
        fn what_is_not_ours_is_none(text in "\\PC{0,80}") {
            prop_assert!(Shared::read(&Secret::new(text)).is_none());
        }
    }
}
