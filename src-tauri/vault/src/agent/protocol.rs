//! Questions and answers: one line of JSON each.

use crate::derive::{Cost, KEY_BYTES, SALT_BYTES};
use crate::file::Opener;
use crate::head::Head;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use serde::{Deserialize, Serialize, Serializer};
use std::io::{self, BufRead, BufReader, Read, Write};
use superset_keys_core::Error;
use superset_keys_core::secret::Secret;
use zeroize::Zeroizing;

/// The longest secret (a certificate's key, say) and more.
const MOST_BYTES: u64 = 256 * 1024;

/// What is asked.
#[derive(Debug, Serialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub(crate) enum Ask<'a> {
    /// Whether it is open.
    State,
    Get {
        id: &'a str,
    },
    Held {
        ids: &'a [String],
    },
    Set {
        id: &'a str,
        #[serde(serialize_with = "exposed")]
        secret: &'a Secret,
    },
    Delete {
        id: &'a str,
    },
    Lock,
    Open {
        #[serde(serialize_with = "exposed_owned")]
        opener: Secret,
    },
}

/// The same at the other end.
#[derive(Debug, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub(super) enum Asked {
    State,
    Get { id: String },
    Held { ids: Vec<String> },
    Set { id: String, secret: Secret },
    Delete { id: String },
    Lock,
    Open { opener: Secret },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub(crate) enum Answer {
    Done,
    Secret {
        #[serde(serialize_with = "exposed_maybe")]
        secret: Option<Secret>,
    },
    Held {
        held: Vec<bool>,
    },
    Locked,
    /// Too many questions; the same one may be asked again soon.
    Busy,
    Failed {
        why: Failure,
    },
}

/// Why it was not done.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Failure {
    Damaged,
    Newer,
    Unusable,
    WrongKey,
    Other,
}

impl Answer {
    /// One that does not fit its question.
    pub(crate) fn unexpected(self) -> Error {
        match self {
            Self::Locked => Error::VaultLocked,
            _ => Error::Internal { what: "the vault's agent" },
        }
    }
}

impl Ask<'_> {
    pub(crate) fn open(opener: &Opener) -> Self {
        Self::Open { opener: written(opener) }
    }
}

/// What opens a vault, as text.
pub(super) fn written(opener: &Opener) -> Secret {
    let Cost { memory_kib, passes, lanes } = opener.head.cost;
    let key = Zeroizing::new(BASE64.encode(*opener.key));
    let salt = BASE64.encode(opener.head.salt);
    Secret::new(format!("{memory_kib} {passes} {lanes} {salt} {}", *key))
}

pub(super) fn read_opener(text: &Secret) -> Option<Opener> {
    // EXPOSE: the key in it opens the vault of this process.
    let mut words = text.expose().split(' ');
    let mut word = || words.next();
    let cost = Cost {
        memory_kib: word()?.parse().ok()?,
        passes: word()?.parse().ok()?,
        lanes: word()?.parse().ok()?,
    };
    let salt: [u8; SALT_BYTES] = BASE64.decode(word()?).ok()?.try_into().ok()?;
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    let decoded = Zeroizing::new(BASE64.decode(word()?).ok()?);
    (decoded.len() == KEY_BYTES).then(|| key.copy_from_slice(&decoded))?;
    Some(Opener { head: Head { cost, salt }, key })
}

/// One line, wiped when it is gone.
pub(super) fn line(what: &impl Serialize) -> io::Result<Zeroizing<Vec<u8>>> {
    // Room for all of it: what grows leaves copies behind.
    let mut line = Zeroizing::new(Vec::with_capacity(16 * 1024));
    serde_json::to_writer(&mut *line, what)?;
    line.push(b'\n');
    Ok(line)
}

/// Writes one.
pub(super) fn say(to: &mut impl Write, line: &[u8]) -> io::Result<()> {
    to.write_all(line)?;
    to.flush()
}

/// Reads one.
pub(super) fn hear<T: for<'a> Deserialize<'a>>(from: &mut impl Read) -> io::Result<T> {
    let mut line = Zeroizing::new(String::with_capacity(16 * 1024));
    BufReader::new(from.take(MOST_BYTES)).read_line(&mut line)?;
    serde_json::from_str(&line).map_err(|_| io::ErrorKind::InvalidData.into())
}

fn exposed<S: Serializer>(secret: &Secret, to: S) -> Result<S::Ok, S::Error> {
    // EXPOSE: to a program of the same person on this computer, which was asked to keep it or asked for it.
    to.serialize_str(secret.expose())
}

#[allow(clippy::ptr_arg, clippy::trivially_copy_pass_by_ref, reason = "serde's shape")]
fn exposed_owned<S: Serializer>(secret: &Secret, to: S) -> Result<S::Ok, S::Error> {
    exposed(secret, to)
}

#[allow(clippy::ref_option, reason = "serde's shape")]
fn exposed_maybe<S: Serializer>(secret: &Option<Secret>, to: S) -> Result<S::Ok, S::Error> {
    match secret {
        Some(secret) => exposed(secret, to),
        None => to.serialize_none(),
    }
}

impl From<&Error> for Answer {
    fn from(error: &Error) -> Self {
        let why = match error {
            Error::VaultLocked | Error::NoVault => return Self::Locked,
            Error::VaultDamaged { .. } | Error::NotAVault { .. } => Failure::Damaged,
            Error::VaultNewer { .. } => Failure::Newer,
            Error::VaultUnusable { .. } | Error::VaultBusy { .. } => Failure::Unusable,
            Error::WrongPassphrase { .. } => Failure::WrongKey,
            _ => Failure::Other,
        };
        Self::Failed { why }
    }
}

/// The same as an error, of the file at `path`.
pub(super) fn failed(why: Failure, path: &std::path::Path) -> Error {
    let path = path.to_owned();
    match why {
        Failure::Damaged => Error::VaultDamaged { path },
        Failure::Newer => Error::VaultNewer { path },
        Failure::Unusable => Error::VaultUnusable { path, source: io::Error::other("as its agent says") },
        Failure::WrongKey => Error::VaultLocked,
        Failure::Other => Error::Internal { what: "the vault's agent" },
    }
}
