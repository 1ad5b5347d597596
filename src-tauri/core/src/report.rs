//! A person's own list of keys, without secrets, signed with a key of their own: for an admin whom nobody lets read
//! everybody's. Pure.
//!
//! A signature says that the list is as its maker's computer made it, and that it is the same maker as last time; who
//! that is must be told by other means, by the fingerprint. Ed25519 (RFC 8032) over the report written anew without
//! spaces, so that a file that was only laid out otherwise is the same report.

mod signing;

pub use signing::{Fingerprint, SigningKey};

use crate::api_key::KeyStatus;
use crate::clock::{ClockView, TimeView};
use crate::ids::ApiKeyId;
use jiff::Timestamp;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use signing::Signature;

/// The form that this program writes.
pub const VERSION: u32 = 1;
/// No report is larger: ten thousand keys take a quarter of this.
pub const LIMIT: u64 = 16 * 1024 * 1024;

/// What somebody says of their own keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// When it was signed.
    pub made: Timestamp,
    /// When the server said so.
    pub as_of: Timestamp,
    pub instance: ReportedInstance,
    pub owner: ReportedOwner,
    pub clock: ClockView,
    pub keys: Vec<ReportedKey>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportedInstance {
    pub url: String,
    /// What its maker calls it.
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportedOwner {
    pub id: Option<i32>,
    pub username: String,
    pub roles: Vec<String>,
}

/// One key. No secret, and no part of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportedKey {
    pub id: ApiKeyId,
    pub name: String,
    pub status: KeyStatus,
    pub created: Option<TimeView>,
    pub last_used: Option<TimeView>,
    pub expires: Option<TimeView>,
    pub revoked: Option<TimeView>,
}

/// A file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedReport {
    superset_keys_report: u32,
    report: Report,
    signature: Signature,
}

/// What is known of a file before it is read as what it says it is.
#[derive(Deserialize)]
struct Head {
    superset_keys_report: Option<u32>,
    report: Option<IgnoredAny>,
    signature: Option<IgnoredAny>,
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ReportProblem {
    /// It is not there, is no file, or may not be read.
    Unreadable,
    TooLarge,
    /// Something else than a report.
    NotAReport,
    /// Cut off, or changed by hand.
    Damaged,
    /// Of a later version of this program.
    Newer,
    /// Nobody signed it.
    Unsigned,
    /// What it says is not what was signed.
    Tampered,
}

impl SignedReport {
    #[must_use]
    pub fn sign(report: Report, key: &SigningKey) -> Self {
        let signature = key.sign(&signed_bytes(&report));
        Self { superset_keys_report: VERSION, report, signature }
    }

    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The file's text, laid out for reading.
    #[must_use]
    pub fn text(&self) -> String {
        let text = serde_json::to_string_pretty(self);
        text.map(|text| text + "\n").unwrap_or_default()
    }

    /// What a file says and by whom it is signed.
    pub fn verify(text: &[u8]) -> Result<(Report, Fingerprint), ReportProblem> {
        use ReportProblem as P;
        // A file that an editor of Windows saved begins with a mark.
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let head: Head = match serde_json::from_slice(text) {
            Ok(head) => head,
            Err(error) if error.is_eof() && !text.is_empty() => return Err(P::Damaged),
            Err(_) if mentions_report(text) => return Err(P::Damaged),
            Err(_) => return Err(P::NotAReport),
        };
        match head.superset_keys_report {
            None => return Err(P::NotAReport),
            Some(version) if version > VERSION => return Err(P::Newer),
            Some(_) if head.report.is_none() => return Err(P::Damaged),
            Some(_) if head.signature.is_none() => return Err(P::Unsigned),
            Some(_) => {}
        }
        let signed: Self = serde_json::from_slice(text).map_err(|_| P::Damaged)?;
        let maker = signed.signature.verify(&signed_bytes(&signed.report)).ok_or(P::Tampered)?;
        if !signed.report.has_readable_times() {
            return Err(P::Damaged);
        }
        Ok((signed.report, maker))
    }
}

impl Report {
    fn has_readable_times(&self) -> bool {
        let times =
            self.keys.iter().flat_map(|key| [&key.created, &key.last_used, &key.expires, &key.revoked]);
        times.flatten().all(|time| time.utc.parse::<Timestamp>().is_ok())
    }
}

fn mentions_report(text: &[u8]) -> bool {
    memchr::memmem::find(text, b"\"superset_keys_report\"").is_some()
}

/// With what kind of thing it is, so that a signature of anything else is none of a report.
fn signed_bytes(report: &Report) -> Vec<u8> {
    let mut bytes = b"superset-keys report 1\n".to_vec();
    // Structures of texts and numbers always can be written.
    bytes.extend(serde_json::to_vec(report).unwrap_or_default());
    bytes
}

#[cfg(test)]
mod tests;
