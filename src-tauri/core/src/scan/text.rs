//! A file's bytes as the search sees them.

use super::search::Position;
use std::ops::Range;
use zeroize::Zeroizing;

/// Where a file of text shows its nature; after this much without a NUL it is one.
pub const PROBE: usize = 8192;

/// How a file's letters lie in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// ASCII or anything that contains it: UTF-8, Latin-1, what is broken of either.
    Bytes,
    /// With a byte order mark, as Windows PowerShell writes what is sent to a file.
    Utf16 { big_endian: bool },
}

impl Encoding {
    pub fn of(start: &[u8]) -> Self {
        match start {
            [0xff, 0xfe, ..] => Self::Utf16 { big_endian: false },
            [0xfe, 0xff, ..] => Self::Utf16 { big_endian: true },
            _ => Self::Bytes,
        }
    }

    /// Whether a file that begins so is no text.
    pub fn is_binary(self, start: &[u8]) -> bool {
        self == Self::Bytes && memchr::memchr(0, &start[..start.len().min(PROBE)]).is_some()
    }

    /// The bytes with one byte a letter where the search needs it.
    pub fn read(self, bytes: &[u8]) -> Text<'_> {
        match self {
            Self::Bytes => Text::Bytes(bytes),
            Self::Utf16 { big_endian } => {
                let unit = |pair: &[u8]| match (pair, big_endian) {
                    ([low, 0], false) | ([0, low], true) if low.is_ascii() => *low,
                    // Any letter that no key has.
                    _ => 0xff,
                };
                Text::Units(Zeroizing::new(bytes.chunks_exact(2).map(unit).collect()))
            }
        }
    }

    /// A range of [`Text::as_bytes`] in the file.
    pub fn in_file(self, range: &Range<usize>) -> Range<u64> {
        let each = if self == Self::Bytes { 1 } else { 2 };
        (range.start * each) as u64..(range.end * each) as u64
    }
}

pub enum Text<'a> {
    Bytes(&'a [u8]),
    /// One byte for each unit of UTF-16, the byte order mark included.
    Units(Zeroizing<Vec<u8>>),
}

impl Text<'_> {
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Units(units) => units,
        }
    }

    pub fn position(&self) -> Position<'_> {
        match self {
            Self::Bytes(bytes) => Position::new(bytes),
            Self::Units(units) => Position::after_mark(units),
        }
    }
}
