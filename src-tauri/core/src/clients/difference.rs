//! What an edit changes, line by line, for a person to look at before it happens.

use super::edit::{Dialect, Edited};
use super::mask::mask_lines;
use serde::Serialize;
use similar::algorithms::{Compact, DiffHook, Replace, myers};
use std::borrow::Cow;
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

/// What an edit makes of `before`. All of our edit lies in one span, so there is one stretch of lines. The values in `ours`
/// are shown although others are not that stand where they do.
#[must_use]
pub fn difference(before: &[u8], edited: &Edited, dialect: Dialect, ours: &[String]) -> Vec<DiffLine> {
    if edited.is_unchanged() {
        return Vec::new();
    }
    lines_between(before, &edited.bytes, dialect, ours)
}

/// What became of a file between two moments. A line of which only a secret changed is shown as changed.
#[must_use]
pub fn lines_between(before: &[u8], after: &[u8], dialect: Dialect, ours: &[String]) -> Vec<DiffLine> {
    let (before, after) = (text(before), text(after));
    let [old, new] = [&before, &after].map(|text| text.split_inclusive('\n').collect::<Vec<_>>());
    let mut lines = Compact::new(Replace::new(Lines::default()), &old[..], &new[..]);
    // As similar's own `TextDiff` does it, without its other algorithms, which are 0.1 MB of program.
    let Ok(()) = myers::diff(&mut lines, &old[..], 0..old.len(), &new[..], 0..new.len());
    let all = lines.into_inner().into_inner().0;
    let changed: Vec<_> = (0..all.len()).filter(|&at| all[at].0 != DiffKind::Kept).collect();
    let near = |at: usize| -> Range<usize> { at.saturating_sub(AROUND)..at + AROUND + 1 };
    let is_shown = |at: usize| {
        let after = changed.partition_point(|&change| change < at);
        let neighbours = [after.checked_sub(1), Some(after)].into_iter().flatten();
        neighbours.filter_map(|index| changed.get(index)).any(|&change| near(change).contains(&at))
    };
    let shown = all.into_iter().enumerate().filter(|(at, _)| is_shown(*at)).map(|(_, line)| line);
    let shown: Vec<_> = shown.collect();
    // A file may be tens of megabytes, and what is shown of it some lines.
    let masked = |text: &str, is_of: fn(DiffKind) -> bool| {
        let lines = shown.iter().filter(|(kind, _)| is_of(*kind)).map(|(_, line)| *line).collect();
        mask_lines(text, dialect, ours, &lines)
    };
    let mut removed = masked(&before, |kind| kind == DiffKind::Removed);
    let mut others = masked(&after, |kind| kind != DiffKind::Removed);
    let line = |(kind, line): (DiffKind, usize)| DiffLine {
        kind,
        number: u32::try_from(line + 1).unwrap_or(u32::MAX),
        text: if kind == DiffKind::Removed { removed.remove(&line) } else { others.remove(&line) }
            .unwrap_or_default()
            .trim_end_matches(['\r', '\n', '\u{feff}'])
            .to_owned(),
    };
    shown.iter().copied().map(line).collect()
}

/// Both texts put together line by line, each by its number from 0.
#[derive(Default)]
struct Lines(Vec<(DiffKind, usize)>);

impl Lines {
    fn add(&mut self, kind: DiffKind, from: usize, len: usize) {
        self.0.extend((from..from + len).map(|line| (kind, line)));
    }
}

impl DiffHook for Lines {
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

/// A file as text. What is no UTF-8 is never edited, so this loses nothing.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    match String::from_utf8_lossy(bytes) {
        Cow::Borrowed(text) => Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Cow::Owned(text) => Cow::Owned(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::edit::{self, Kept, Place};
    use serde_json::json;

    #[test]
    fn a_preview_shows_our_lines_and_three_around_with_secrets_masked() {
        let before = "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3,\n  \"mcpServers\": {\n    \"other\": {\n      \"url\": \"https://x\",\n      \"token\": \"hunter2\"\n    }\n  },\n  \"z\": 0\n}\n";
        let place = Place { path: &["mcpServers"], name: "superset", kept: Kept::ByName };
        let entry = json!({ "command": "/usr/bin/superset-keys", "args": ["bridge", "prod"] });
        let edited =
            edit::put(before.as_bytes(), Dialect::Json, &place, entry.as_object().unwrap(), &[]).unwrap();
        let shown: Vec<_> = difference(before.as_bytes(), &edited, Dialect::Json, &[])
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
        assert_eq!(lines_between(b"a\nb\n", b"a\nb\n", Dialect::Json, &[]), []);
    }

    #[test]
    fn a_line_of_which_only_the_secret_changed_is_shown_as_changed() {
        let [before, after] = ["hunter2", "hunter3"].map(|it| format!("{{\n  \"token\": \"{it}\"\n}}\n"));
        let lines = lines_between(before.as_bytes(), after.as_bytes(), Dialect::Json, &[]);
        let changed: Vec<_> = lines.iter().filter(|line| line.kind != DiffKind::Kept).collect();
        assert_eq!(changed.len(), 2);
        assert!(changed.iter().all(|line| line.text == "  \"token\": \"…\""), "{changed:?}");
    }
}
