//! Activity: what went through bridges and header helpers on this computer. Who, which tool, when, how it ended; never
//! arguments or results.

mod explain;
mod summary;

pub use explain::{Explained, Recorded, Unexplained};
pub use summary::{Counts, Summary};

use crate::credential::AccessKind;
use crate::ids::{ApiKeyId, InstanceId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, VariantArray};

/// Names that others chose are cut here.
const NAME_LIMIT: usize = 64;
const TOOL_LIMIT: usize = 128;

/// The method that is noted where a key was handed to a client, which then calls the server by itself.
pub const HEADERS: &str = "headers";
/// The same for `exec`.
pub const EXEC: &str = "exec";
pub const TOOLS_CALL: &str = "tools/call";

/// How a call ended, as far as the bridge saw.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    VariantArray,
)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Outcome {
    Done,
    /// The tool or the server said that it did not work.
    Failed,
    /// The guard on this computer did not let it through; no server heard of it.
    Refused,
    /// The server said that this key or person may not.
    NotAllowed,
    /// None came.
    NoAnswer,
    /// The client did not want it any more.
    Cancelled,
    /// It was not over when this was noted; of a bridge that died, all that is known.
    UnderWay,
}

/// Who asked, as it calls itself, and as the system calls the program that started us.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Caller {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<String>,
}

impl Caller {
    /// Without what is not for showing.
    #[must_use]
    pub fn named(name: &str, version: Option<&str>) -> Self {
        Self {
            name: shown(name, NAME_LIMIT),
            version: version.and_then(|text| shown(text, NAME_LIMIT)),
            program: None,
        }
    }

    #[must_use]
    pub fn started_by(program: &str) -> Self {
        Self { program: shown(program, NAME_LIMIT), ..Self::default() }
    }

    /// What a person knows it by.
    #[must_use]
    pub fn shown(&self) -> Option<&str> {
        self.name.as_deref().or(self.program.as_deref())
    }
}

/// One call: a line of the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// When it came in.
    pub at: Timestamp,
    pub instance: InstanceId,
    /// None where none could be had, and where a token was presented.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<ApiKeyId>,
    /// Another one that it may have used: a key that was replaced while the call was under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub also: Option<ApiKeyId>,
    /// What it was sent with, where that was no key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<AccessKind>,
    #[serde(default)]
    pub caller: Caller,
    /// MCP's method, or [`HEADERS`] or [`EXEC`].
    pub method: String,
    /// The tool that all comes down to, for `tools/call`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    pub outcome: Outcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ms: Option<u64>,
    /// The answer's length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
}

impl Call {
    /// Whether it may have used this key.
    #[must_use]
    pub fn is_with(&self, key: &ApiKeyId) -> bool {
        self.key.as_ref() == Some(key) || self.also.as_ref() == Some(key)
    }

    /// Whether a tool was called, as opposed to what clients ask by themselves.
    #[must_use]
    pub fn is_of_a_tool(&self) -> bool {
        self.method == TOOLS_CALL
    }

    /// Whether a key was handed out, to be used out of our sight.
    #[must_use]
    pub fn hands_out(&self) -> bool {
        self.method == HEADERS || self.method == EXEC
    }

    /// Whether a server may have heard of it.
    #[must_use]
    pub fn went_out(&self) -> bool {
        self.outcome != Outcome::Refused && !self.hands_out()
    }
}

/// Since when there is a record, and where it was off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub at: Timestamp,
    pub recording: bool,
}

/// One line of the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[allow(clippy::large_enum_variant, reason = "nearly all of them are calls")]
pub enum Line {
    Call(Call),
    Mark(Mark),
}

impl Line {
    /// None for what is no line of ours. One that was cut off by a full disk may stand before one that is whole.
    #[must_use]
    pub fn read(text: &[u8]) -> Option<Self> {
        let whole = |text: &[u8]| {
            let call = serde_json::from_slice(text).map(Self::Call);
            call.or_else(|_| serde_json::from_slice(text).map(Self::Mark)).ok()
        };
        whole(text).or_else(|| {
            let begins = memchr::memmem::rfind(text, BEGINNING.as_bytes()).filter(|at| *at > 0)?;
            whole(&text[begins..])
        })
    }

    /// From when on it was surely there: a call is noted when it is over.
    #[must_use]
    pub fn noted_at(&self) -> Timestamp {
        match self {
            Self::Mark(mark) => mark.at,
            Self::Call(call) => {
                let took = SignedDuration::from_millis(
                    call.ms.and_then(|ms| i64::try_from(ms).ok()).unwrap_or_default(),
                );
                call.at.checked_add(took).unwrap_or(call.at)
            }
        }
    }
}

const BEGINNING: &str = r#"{"at":""#;

/// Letters and digits and what stands between them in names. Others' words end up in terminals.
#[must_use]
pub fn shown(text: &str, limit: usize) -> Option<String> {
    let fits = |letter: char| letter.is_alphanumeric() || " -_./:()+@".contains(letter);
    let kept: String = text.chars().filter(|letter| fits(*letter)).take(limit).collect();
    let kept = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    (!kept.is_empty()).then_some(kept)
}

/// A tool's name for the record.
#[must_use]
pub fn shown_tool(name: &str) -> Option<String> {
    shown(name, TOOL_LIMIT)
}
