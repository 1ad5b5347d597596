//! Why a file is left alone.

use serde::Serialize;

/// Where in a file, and why, an edit was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[error("line {line}, column {column}: {kind:?}")]
pub struct EditProblem {
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
    pub kind: EditProblemKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum EditProblemKind {
    /// Some other encoding, or no text at all.
    NotUtf8,
    /// The client itself could not read it.
    Syntax,
    /// A name stands twice where it decides which entry is ours.
    DuplicateKey,
    /// Something else stands where the entries, or our entry, belong.
    WrongType,
    /// Right, but written in a way that cannot be edited in place.
    Unsupported,
    /// This dialect cannot express the entry.
    EntryUnwritable,
    /// The edited file would not have been the old one with our entry changed.
    Unproven,
}

impl EditProblem {
    /// At a byte of a text.
    pub(super) fn at(text: &str, offset: usize, kind: EditProblemKind) -> Self {
        let before = &text.as_bytes()[..offset.min(text.len())];
        let mut lines = before.split(|&byte| byte == b'\n');
        let last = lines.next_back().unwrap_or_default();
        let begins_letter = |byte: &&u8| **byte & 0xC0 != 0x80;
        Self { line: count(lines.count()), column: count(last.iter().filter(begins_letter).count()), kind }
    }
}

/// As people count.
fn count(from_zero: usize) -> u32 {
    u32::try_from(from_zero).unwrap_or(u32::MAX).saturating_add(1)
}
