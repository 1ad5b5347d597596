//! How lines of a record hold together: each bears its number, the code of the line before it, and a code of its own,
//! an HMAC-SHA256 of the whole line, under a key that lies in the secret store.
//!
//! Who does not have the key can take lines away, change them or put them elsewhere, and each of that is seen. Who has
//! it can write anything. That the end was cut off is seen by the head, which lies beside the key.

mod check;

pub use check::{Break, BreakKind, Checked, check};

use crate::error::{Error, Result};
use crate::random::Random;
use crate::secret::Secret;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

const KEY_BYTES: usize = 32;
/// No record comes to so many lines; who claims it would leave no number for the next.
const MOST: u64 = 1 << 48;
/// Enough to tell one key from another.
const NAMED_BY: usize = 4;
/// What stands between a line and its code. Inside a text JSON writes a quote with a stroke before it, so the last one
/// of these is the one that was put there.
const MARK: &str = ",\"chain\":\"";

/// The newest line, as the secret store knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub number: u64,
    /// Its code.
    pub code: String,
    /// The oldest line that was not let go for its age.
    pub first: u64,
}

/// What lies in the secret store: the key, and the head once there is a line.
pub struct Chain {
    key: Zeroizing<Vec<u8>>,
    pub head: Option<Head>,
}

/// A line that bears a code.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sealed<'a> {
    /// What the code is of.
    body: &'a [u8],
    /// Of the key.
    name: &'a str,
    pub code: &'a str,
}

impl Chain {
    /// Lines up to this one are let go for their age.
    pub fn let_go(&mut self, last: u64) {
        if let Some(head) = &mut self.head {
            head.first = head.first.max(last.saturating_add(1));
        }
    }

    #[must_use]
    pub fn random(random: &dyn Random) -> Self {
        let mut key = Zeroizing::new(vec![0_u8; KEY_BYTES]);
        key[..16].copy_from_slice(&random.next().to_le_bytes());
        key[16..].copy_from_slice(&random.next().to_le_bytes());
        Self { key, head: None }
    }

    /// As the secret store keeps it. `None` for what no program of ours wrote.
    #[must_use]
    pub fn read(kept: &Secret) -> Option<Self> {
        // EXPOSE: to make codes with it.
        let mut parts = kept.expose().split(' ');
        let key = Zeroizing::new(URL_SAFE_NO_PAD.decode(parts.next()?).ok()?);
        if key.len() != KEY_BYTES {
            return None;
        }
        let head = match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (None, ..) => None,
            (Some(number), Some(code), Some(first), None) => {
                Some(Head { number: number.parse().ok()?, code: code.to_owned(), first: first.parse().ok()? })
            }
            _ => return None,
        };
        Some(Self { key, head })
    }

    /// For the secret store.
    #[must_use]
    pub fn text(&self) -> Secret {
        let key = Zeroizing::new(URL_SAFE_NO_PAD.encode(&*self.key));
        Secret::new(match &self.head {
            None => key.as_str().to_owned(),
            Some(Head { number, code, first }) => format!("{} {number} {code} {first}", *key),
        })
    }

    /// The line, a JSON object, with its code; and the code.
    pub fn seal(&self, body: &str) -> Result<(String, String)> {
        let code = self.code(body.as_bytes())?;
        let open = body.strip_suffix('}').ok_or(Error::Internal { what: "a line of the record" })?;
        Ok((format!("{open}{MARK}{}.{code}\"}}", self.name()?), code))
    }

    /// Whether the line was written with this key, as it is.
    pub(super) fn made(&self, line: Sealed<'_>) -> bool {
        let Ok(code) = URL_SAFE_NO_PAD.decode(line.code) else { return false };
        // Its end was taken off for the code.
        self.mac(&[line.body, b"}"]).is_ok_and(|mac| mac.verify_slice(&code).is_ok())
    }

    pub(super) fn is_named(&self, line: Sealed<'_>) -> bool {
        self.name().is_ok_and(|name| name == line.name)
    }

    fn name(&self) -> Result<String> {
        let name = self.mac(&[b"name"])?.finalize().into_bytes();
        Ok(URL_SAFE_NO_PAD.encode(&name[..NAMED_BY]))
    }

    fn code(&self, body: &[u8]) -> Result<String> {
        Ok(URL_SAFE_NO_PAD.encode(self.mac(&[body])?.finalize().into_bytes()))
    }

    fn mac(&self, parts: &[&[u8]]) -> Result<Hmac<Sha256>> {
        let wrong = |_| Error::Internal { what: "record key" };
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).map_err(wrong)?;
        for part in parts {
            mac.update(part);
        }
        Ok(mac)
    }
}

impl std::fmt::Debug for Chain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Chain({:?})", self.head)
    }
}

impl<'a> Sealed<'a> {
    /// None for a line without a code.
    pub(super) fn read(line: &'a [u8]) -> Option<Self> {
        let at = memchr::memmem::rfind(line, MARK.as_bytes())?;
        let end = std::str::from_utf8(&line[at + MARK.len()..]).ok()?;
        let (name, code) = end.strip_suffix("\"}")?.split_once('.')?;
        Some(Self { body: &line[..at], name, code })
    }
}

/// The number and the code of a line that was written with this key, as it is.
#[must_use]
pub fn place(line: &[u8], chain: &Chain) -> Option<(u64, String)> {
    let sealed = Sealed::read(line).filter(|sealed| chain.made(*sealed))?;
    Some((crate::deed::Line::read(line)?.number?, sealed.code.to_owned()))
}

/// The same of a line whoever wrote it, for a record whose key is gone.
#[must_use]
pub fn claimed_place(line: &[u8]) -> Option<(u64, String)> {
    let sealed = Sealed::read(line)?;
    let number = crate::deed::Line::read(line)?.number.filter(|number| *number < MOST)?;
    Some((number, sealed.code.to_owned()))
}
