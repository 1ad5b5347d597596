//! A text being edited, and which part of it.

use std::ops::Range;

/// An edited file. What lies before and after the changed span is what it was.
#[derive(Clone, PartialEq, Eq)]
pub struct Edited {
    pub bytes: Vec<u8>,
    /// The changed span in the file as it was; empty where something was only added.
    pub before: Range<usize>,
    /// The changed span in [`Edited::bytes`].
    pub after: Range<usize>,
}

impl Edited {
    /// Whether the file was already as it should be.
    #[must_use]
    pub fn is_unchanged(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }
}

/// A client's file may hold keys, so its text stays out of logs.
impl std::fmt::Debug for Edited {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Edited")
            .field("bytes", &self.bytes.len())
            .field("before", &self.before)
            .field("after", &self.after)
            .finish()
    }
}

/// A text, and how much of its beginning and end was never touched.
pub(super) struct Draft {
    text: String,
    original: usize,
    head: usize,
    tail: usize,
}

impl Draft {
    pub fn of(text: &str) -> Self {
        Self { text: text.to_owned(), original: text.len(), head: text.len(), tail: text.len() }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// How much of the beginning is as it was.
    pub fn untouched(&self) -> usize {
        self.head
    }

    pub fn is_changed(&self) -> bool {
        self.head < self.original || self.text.len() != self.original
    }

    /// Writes `new` in place of `range`, a range of the text as it is now.
    pub fn splice(&mut self, range: Range<usize>, new: &str) {
        if self.text[range.clone()] == *new {
            return;
        }
        self.head = self.head.min(range.start);
        self.tail = self.tail.min(self.text.len() - range.end);
        self.text.replace_range(range, new);
    }

    /// The edited file. `original` starts with `skipped` bytes that the draft does not hold.
    pub fn finish(self, original: &[u8], skipped: usize) -> Edited {
        let bytes = [&original[..skipped], self.text.as_bytes()].concat();
        if !self.is_changed() {
            let end = bytes.len();
            return Edited { bytes, before: end..end, after: end..end };
        }
        let start = skipped + self.head;
        let before = start..original.len() - self.tail;
        let after = start..bytes.len() - self.tail;
        Edited { bytes, before, after }
    }
}
