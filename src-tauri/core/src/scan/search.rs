//! Key-shaped text in bytes: a known prefix, then the 43 letters of 32 random bytes, and nothing of the kind on
//! either side.

use crate::secret::{KeyHint, Secret};
use memchr::memmem::Finder;
use std::ops::Range;

/// What Flask-AppBuilder puts behind the prefix: `secrets.token_urlsafe(32)`.
const BODY: usize = 43;
/// Random letters show about 32 different ones. Fewer than this is a placeholder, such as `sst_xxxx…`.
const FEWEST_DIFFERENT: usize = 10;
/// A prefix this short would be found everywhere.
const SHORTEST_PREFIX: usize = 2;
const USUAL_PREFIX: &str = "sst_";

/// Looks for keys with any of some prefixes. Making one costs more than using it once.
pub struct KeySearch {
    prefixes: Vec<(String, Finder<'static>)>,
}

/// Where a key is in the bytes that were searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub range: Range<usize>,
    prefix: usize,
}

impl KeySearch {
    /// For the usual prefix and those that instances have of their own.
    #[must_use]
    pub fn new(of_instances: impl IntoIterator<Item = String>) -> Self {
        let mut prefixes = vec![USUAL_PREFIX.to_owned()];
        for prefix in of_instances {
            let fits = prefix.len() >= SHORTEST_PREFIX && prefix.bytes().all(|byte| byte.is_ascii_graphic());
            if fits && !prefixes.contains(&prefix) {
                prefixes.push(prefix);
            }
        }
        let finder = |prefix: String| {
            let finder = Finder::new(prefix.as_bytes()).into_owned();
            (prefix, finder)
        };
        Self { prefixes: prefixes.into_iter().map(finder).collect() }
    }

    /// All keys in `bytes`, in their order. At most `most`.
    #[must_use]
    pub fn hits(&self, bytes: &[u8], most: usize) -> Vec<Hit> {
        let mut hits = Vec::new();
        for (index, (prefix, finder)) in self.prefixes.iter().enumerate() {
            for start in finder.find_iter(bytes) {
                let range = start..start + prefix.len() + BODY;
                if is_key(bytes, &range, prefix) {
                    hits.push(Hit { range, prefix: index });
                    if hits.len() >= most * (index + 1) {
                        break;
                    }
                }
            }
        }
        if self.prefixes.len() > 1 {
            hits.sort_by_key(|hit| hit.range.start);
        }
        hits.truncate(most);
        hits
    }

    /// What may be shown of a hit, and its text.
    #[must_use]
    pub fn take(&self, bytes: &[u8], hit: &Hit) -> Option<(KeyHint, Secret)> {
        let (prefix, _) = self.prefixes.get(hit.prefix)?;
        let secret = Secret::new(std::str::from_utf8(bytes.get(hit.range.clone())?).ok()?);
        Some((KeyHint::of(&secret, prefix), secret))
    }

    /// `text` with each key in it replaced by its hint: a file's name can hold one.
    #[must_use]
    pub fn masked(&self, text: &str) -> String {
        let mut masked = String::new();
        let mut end = 0;
        for hit in self.hits(text.as_bytes(), usize::MAX / 1024) {
            // Two prefixes can find overlapping keys.
            if hit.range.start < end {
                continue;
            }
            masked.push_str(&text[end..hit.range.start]);
            if let Some((hint, _)) = self.take(text.as_bytes(), &hit) {
                masked.push_str(hint.as_str());
            }
            end = hit.range.end;
        }
        masked.push_str(&text[end..]);
        masked
    }
}

fn is_key(bytes: &[u8], range: &Range<usize>, prefix: &str) -> bool {
    let Some(body) = bytes.get(range.start + prefix.len()..range.end) else { return false };
    body.iter().copied().all(is_letter)
        && !bytes.get(range.end).copied().is_some_and(is_letter)
        && begins_a_word(&bytes[..range.start], prefix)
        && has_variety(body)
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

/// Nothing before it that could be part of it. `\n`, `\u0022` and `%20` end in a letter and are none: JSON, logs
/// and addresses write what stands before a key like that.
fn begins_a_word(before: &[u8], prefix: &str) -> bool {
    if !prefix.bytes().next().is_some_and(is_letter) {
        return true;
    }
    match before {
        [] | [.., b'\\', b'n' | b'r' | b't' | b'b' | b'f'] => true,
        [.., b'\\', b'u', a, b, c, d] if [a, b, c, d].iter().all(|byte| byte.is_ascii_hexdigit()) => true,
        [.., b'\\', b'x', a, b] | [.., b'%', a, b] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => true,
        // A terminal's colour.
        [.., b'0'..=b'9' | b'[', b'm'] => ends_in_colour(before),
        [.., last] => !is_letter(*last),
    }
}

fn ends_in_colour(before: &[u8]) -> bool {
    let codes = before.len()
        - 1
        - before[..before.len() - 1]
            .iter()
            .rev()
            .take(16)
            .take_while(|byte| byte.is_ascii_digit() || **byte == b';')
            .count();
    before[..codes].ends_with(b"\x1b[")
}

fn has_variety(body: &[u8]) -> bool {
    let mut seen = 0_u128;
    for byte in body {
        seen |= 1 << (byte & 0x7f);
    }
    seen.count_ones() as usize >= FEWEST_DIFFERENT
}

/// Counts lines and columns forwards from hit to hit, so that a file is counted through once.
pub struct Position<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u32,
    column: u32,
}

impl<'a> Position<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        let at = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        Self { bytes, at, line: 1, column: 1 }
    }

    /// Of units, the first of which is a byte order mark.
    pub fn after_mark(bytes: &'a [u8]) -> Self {
        Self { bytes, at: bytes.len().min(1), line: 1, column: 1 }
    }

    /// Line and column of `offset`, both from 1, the column in letters. Offsets must not go back.
    pub fn of(&mut self, offset: usize) -> (u32, u32) {
        let passed = &self.bytes[self.at.min(offset)..offset];
        let lines = memchr::memchr_iter(b'\n', passed).count();
        let rest = match memchr::memrchr(b'\n', passed) {
            Some(end) => {
                self.column = 1;
                &passed[end + 1..]
            }
            None => passed,
        };
        // Bytes that carry on a letter of UTF-8 are no letters of their own.
        let letters = rest.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.column = self.column.saturating_add(u32::try_from(letters).unwrap_or(u32::MAX));
        self.at = offset;
        (self.line, self.column)
    }
}
