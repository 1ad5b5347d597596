//! What an edit changes, line by line, for a person to look at before it happens.

use super::edit::Edited;
use super::mask::mask_secrets;
use serde::Serialize;
use similar::algorithms::{Compact, DiffHook, Replace, myers};
use std::convert::Infallible;
use std::ops::Range;

/// Lines shown around what changes.
const AROUND: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum DiffKind {
    Kept,
    Added,
    Removed,
}

/// One line. Secrets in it are masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DiffLine {
    pub kind: DiffKind,
    /// Its number in the file, from 1: for a removed line as the file is, else as it will be.
    pub number: u32,
    pub text: String,
}

/// What an edit makes of `before`. All of our edit lies in one span, so there is one stretch of lines.
#[must_use]
pub fn difference(before: &[u8], edited: &Edited) -> Vec<DiffLine> {
    if edited.is_unchanged() {
        return Vec::new();
    }
    lines_between(&mask_text(before), &mask_text(&edited.bytes))
}

/// What became of a file between two moments.
#[must_use]
pub fn lines_between(before: &str, after: &str) -> Vec<DiffLine> {
    let [old, new] = [before, after].map(|text| text.split_inclusive('\n').collect::<Vec<_>>());
    let lines = Lines { old: &old, new: &new, all: Vec::new() };
    // As similar's own `TextDiff` does it, without its other algorithms, which are 0.1 MB of program.
    let mut lines = Compact::new(Replace::new(lines), &old[..], &new[..]);
    let Ok(()) = myers::diff(&mut lines, &old[..], 0..old.len(), &new[..], 0..new.len());
    let all = lines.into_inner().into_inner().all;
    let changed: Vec<_> = (0..all.len()).filter(|&at| all[at].kind != DiffKind::Kept).collect();
    let near = |at: usize| -> Range<usize> { at.saturating_sub(AROUND)..at + AROUND + 1 };
    let shown = |at: usize| {
        let after = changed.partition_point(|&change| change < at);
        let neighbours = [after.checked_sub(1), Some(after)].into_iter().flatten();
        neighbours.filter_map(|index| changed.get(index)).any(|&change| near(change).contains(&at))
    };
    all.into_iter().enumerate().filter(|(at, _)| shown(*at)).map(|(_, line)| line).collect()
}

/// Both texts, put together line by line.
struct Lines<'a> {
    old: &'a [&'a str],
    new: &'a [&'a str],
    all: Vec<DiffLine>,
}

impl Lines<'_> {
    fn add(&mut self, kind: DiffKind, from: usize, len: usize) {
        let text = if kind == DiffKind::Removed { self.old } else { self.new };
        self.all.extend(text.iter().enumerate().skip(from).take(len).map(|(index, line)| DiffLine {
            kind,
            number: u32::try_from(index + 1).unwrap_or(u32::MAX),
            text: line.trim_end_matches(['\r', '\n', '\u{feff}']).to_owned(),
        }));
    }
}

impl DiffHook for Lines<'_> {
    type Error = Infallible;

    fn equal(&mut self, _: usize, new: usize, len: usize) -> Result<(), Infallible> {
        self.add(DiffKind::Kept, new, len);
        Ok(())
    }

    fn delete(&mut self, old: usize, len: usize, _: usize) -> Result<(), Infallible> {
        self.add(DiffKind::Removed, old, len);
        Ok(())
    }

    fn insert(&mut self, _: usize, new: usize, len: usize) -> Result<(), Infallible> {
        self.add(DiffKind::Added, new, len);
        Ok(())
    }
}

/// A file as text that may be shown. What is no UTF-8 is never edited, so this loses nothing.
#[must_use]
pub fn mask_text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    mask_secrets(text.strip_prefix('\u{feff}').unwrap_or(&text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::edit::{self, Dialect, Kept, Place};
    use serde_json::json;

    #[test]
    fn a_preview_shows_our_lines_and_three_around_with_secrets_masked() {
        let before = "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3,\n  \"mcpServers\": {\n    \"other\": {\n      \"url\": \"https://x\",\n      \"token\": \"hunter2\"\n    }\n  },\n  \"z\": 0\n}\n";
        let place = Place { path: &["mcpServers"], name: "superset", kept: Kept::ByName };
        let entry = json!({ "command": "/usr/bin/superset-keys", "args": ["bridge", "prod"] });
        let edited =
            edit::put(before.as_bytes(), Dialect::Json, &place, entry.as_object().unwrap(), &[]).unwrap();
        let shown: Vec<_> = difference(before.as_bytes(), &edited)
            .into_iter()
            .map(|line| {
                let sign = match line.kind {
                    DiffKind::Kept => ' ',
                    DiffKind::Added => '+',
                    DiffKind::Removed => '-',
                };
                format!("{:>2}{sign}{}", line.number, line.text)
            })
            .collect();
        assert_eq!(
            shown,
            [
                " 6     \"other\": {",
                " 7       \"url\": \"https://x\",",
                " 8       \"token\": \"…\"",
                " 9+    },",
                "10+    \"superset\": {",
                "11+      \"command\": \"/usr/bin/superset-keys\",",
                "12+      \"args\": [\"bridge\", \"prod\"]",
                "13     }",
                "14   },",
                "15   \"z\": 0",
            ]
        );
    }

    #[test]
    fn nothing_changed_is_nothing_shown() {
        assert_eq!(lines_between("a\nb\n", "a\nb\n"), []);
    }
}
