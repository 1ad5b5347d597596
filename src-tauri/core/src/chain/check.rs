//! What can be proven of a record, and where it breaks.

use super::{Chain, Sealed};
use crate::deed::Line;
use serde::{Deserialize, Serialize};

/// As many breaks as a person can look through. All are counted.
const SHOWN: usize = 100;

/// What is wrong at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum BreakKind {
    /// The line is not as it was written, or was written by who does not have the key.
    Altered,
    /// Lines are not there any more.
    Missing,
    /// The lines at the end are not there any more.
    CutOff,
    /// A line stands where it was not written: a second time, or in another order.
    OutOfPlace,
    /// Something that is no line of a record.
    NotALine,
}

/// Where it breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Break {
    pub kind: BreakKind,
    pub file: String,
    /// In that file, from 1. For what is missing, the line behind the gap; none at the end.
    pub line: Option<u32>,
    /// Of the chain: the line's own number, or the first one that is missing.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub number: Option<u64>,
    /// The last one that is missing.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub to: Option<u64>,
}

/// What came of looking at every line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// The first of them.
    pub breaks: Vec<Break>,
    /// How many there are.
    pub broken: u32,
    /// Lines that are proven to be as they were written.
    pub proven: u32,
    /// Lines written while there was no store to chain them with.
    pub unchained: u32,
    /// Lines whose key is not here any more.
    pub of_another_key: u32,
    /// Lines that a program or a computer died over.
    pub torn: u32,
    /// The secret store told how many lines there were.
    pub has_head: bool,
    /// Lines at the end that the secret store had not been told of.
    pub past_head: u32,
}

impl Checked {
    fn breaks(&mut self, found: Break) {
        self.broken += 1;
        if self.breaks.len() < SHOWN {
            self.breaks.push(found);
        }
    }
}

/// How far the chain was followed.
struct Followed<'a> {
    checked: Checked,
    chain: Option<&'a Chain>,
    /// Number and code of the line that was followed last.
    before: Option<(u64, String)>,
    /// A line of this very key was seen.
    has_own: bool,
    /// Lines since then that prove nothing: each may stand where one was.
    doubtful: u64,
}

/// Looks at files of a record, the oldest first, each by its name. Without a chain nothing is proven.
#[must_use]
pub fn check<'a>(files: impl Iterator<Item = (&'a str, &'a [u8])>, chain: Option<&Chain>) -> Checked {
    let has_head = chain.is_some_and(|chain| chain.head.is_some());
    let checked = Checked { has_head, ..Checked::default() };
    let mut followed = Followed { checked, chain, before: None, has_own: false, doubtful: 0 };
    let mut last_file = "";
    for (file, content) in files {
        last_file = file;
        for (at, line) in content.split(|byte| *byte == b'\n').enumerate() {
            if !line.is_empty() {
                followed.follow(file, u32::try_from(at + 1).ok(), line);
            }
        }
    }
    followed.judge_end(last_file);
    followed.checked
}

impl Followed<'_> {
    fn follow(&mut self, file: &str, at: Option<u32>, line: &[u8]) {
        let found = |kind, number, to| Break { kind, file: file.to_owned(), line: at, number, to };
        let Some(read) = Line::read(line) else {
            if is_torn(line) {
                self.checked.torn += 1;
            } else {
                self.checked.breaks(found(BreakKind::NotALine, None, None));
            }
            return;
        };
        let Some((sealed, number)) = Sealed::read(line).zip(read.number) else {
            // Who takes off a code leaves a number.
            if read.number.is_some() || read.after.is_some() {
                self.checked.breaks(found(BreakKind::Altered, read.number, None));
                self.doubtful += 1;
            } else {
                self.checked.unchained += 1;
            }
            return;
        };
        let Some(chain) = self.chain.filter(|chain| chain.is_named(sealed)) else {
            if self.has_own {
                // A new key comes when the old one is gone, and then nothing of the old one's comes any more.
                self.checked.breaks(found(BreakKind::Altered, Some(number), None));
                self.doubtful += 1;
            } else {
                self.checked.of_another_key += 1;
                self.before = Some((number, sealed.code.to_owned()));
            }
            return;
        };
        if !chain.made(sealed) {
            self.checked.breaks(found(BreakKind::Altered, Some(number), None));
            self.doubtful += 1;
            return;
        }
        self.checked.proven += 1;
        let next = match (&self.before, &chain.head) {
            // From there on all are of this key. Older ones that are there still take nothing away.
            (_, Some(head)) if !self.has_own => head.first.min(number),
            (Some((before, _)), _) => before.saturating_add(1),
            (None, _) => number,
        };
        self.has_own = true;
        if number > next.saturating_add(self.doubtful) {
            self.checked.breaks(found(BreakKind::Missing, Some(next), Some(number - 1)));
        } else if number < next {
            // It was written once, and says nothing of where the chain goes on.
            self.checked.breaks(found(BreakKind::OutOfPlace, Some(number), None));
            return;
        } else if let Some((before, code)) = &self.before
            && before.saturating_add(1) == number
            && read.after.as_ref() != Some(code)
        {
            self.checked.breaks(found(BreakKind::OutOfPlace, Some(number), None));
        }
        self.before = Some((number, sealed.code.to_owned()));
        self.doubtful = 0;
    }

    fn judge_end(&mut self, file: &str) {
        let Some(head) = self.chain.and_then(|chain| chain.head.as_ref()) else { return };
        let found = |kind, number, to| Break { kind, file: file.to_owned(), line: None, number, to };
        let end = self.before.as_ref().map_or(head.first.saturating_sub(1), |(number, _)| *number);
        if end < head.number {
            self.checked.breaks(found(BreakKind::CutOff, Some(end + 1), Some(head.number)));
        } else if let Some((_, code)) = &self.before
            && end == head.number
            && *code != head.code
        {
            // Of two records that went different ways, this is not the one that was kept here.
            self.checked.breaks(found(BreakKind::OutOfPlace, Some(end), None));
        }
        self.checked.past_head = u32::try_from(end.saturating_sub(head.number)).unwrap_or(u32::MAX);
    }
}

/// The beginning of a line, without its end.
fn is_torn(line: &[u8]) -> bool {
    let begins = [&b"{\"number\":"[..], b"{\"at\":"];
    let begins = begins.iter().any(|begin| line.starts_with(begin) || begin.starts_with(line));
    begins && serde_json::from_slice::<serde::de::IgnoredAny>(line).is_err_and(|error| error.is_eof())
}
