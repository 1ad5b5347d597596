//! Where a key was found. Its text is not kept: whoever needs it reads it again.

use super::access::{Access, access};
use super::beside::addresses;
use super::kind::FileKind;
use super::read::{Buffer, Named, NotRead};
use super::search::KeySearch;
use super::text::Encoding;
use crate::secret::{KeyHint, Secret};
use std::ops::Range;
use std::path::{Path, PathBuf};
use url::Url;

/// More keys than this in one file are a list of keys; the first ones say so.
const MOST_IN_A_FILE: usize = 1000;

/// One place where a key's text lies.
#[derive(Clone)]
pub struct KeySpot {
    pub path: PathBuf,
    pub kind: FileKind,
    /// Both from 1; the column in letters.
    pub line: u32,
    pub column: u32,
    pub access: Access,
    /// Bytes of the file.
    pub range: Range<u64>,
    hint: KeyHint,
    named: Named,
}

/// A key as it was caught: where, what it is, and what stands beside it. Its text lives as long as this.
pub struct Caught {
    pub spot: KeySpot,
    pub hint: KeyHint,
    pub secret: Secret,
    pub beside: Vec<Url>,
}

/// A path can hold a key in its name, so nothing is shown of it.
impl std::fmt::Debug for KeySpot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("KeySpot");
        shown.field("line", &self.line).field("column", &self.column).field("hint", &self.hint);
        shown.finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Caught {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Caught").field(&self.spot).finish()
    }
}

impl KeySpot {
    #[must_use]
    pub fn hint(&self) -> &KeyHint {
        &self.hint
    }

    /// The key's text, read anew; `None` if another text stands there now.
    #[must_use]
    pub fn read(&self, search: &KeySearch) -> Option<Secret> {
        let mut buffer = Buffer::default();
        let (bytes, encoding, _) = buffer.read(&self.path, self.named).ok()?;
        let text = encoding.read(bytes);
        let hits = search.hits(text.as_bytes(), usize::MAX / 1024);
        let hit = hits.iter().find(|hit| encoding.in_file(&hit.range) == self.range)?;
        search.take(text.as_bytes(), hit).filter(|(hint, _)| *hint == self.hint).map(|(_, secret)| secret)
    }
}

/// The keys in one file, how many bytes it has, and whether there are more than are told.
pub fn search_file(
    path: &Path,
    kind: impl FnOnce() -> FileKind,
    named: Named,
    search: &KeySearch,
    buffer: &mut Buffer,
) -> Result<(Vec<Caught>, u64, bool), NotRead> {
    let (bytes, encoding, metadata) = buffer.read(path, named)?;
    let size = bytes.len() as u64;
    let text = encoding.read(bytes);
    let hits = search.hits(text.as_bytes(), MOST_IN_A_FILE + 1);
    let Some(_) = hits.first() else { return Ok((Vec::new(), size, false)) };
    let (kind, access) = (kind(), access(path, &metadata));
    let mut position = text.position();
    let caught = hits.iter().take(MOST_IN_A_FILE).filter_map(|hit| {
        let (hint, secret) = search.take(text.as_bytes(), hit)?;
        let (line, column) = position.of(hit.range.start);
        let spot = KeySpot {
            path: path.to_owned(),
            kind: kind.clone(),
            line,
            column,
            access: access.clone(),
            range: Encoding::in_file(encoding, &hit.range),
            hint: hint.clone(),
            named,
        };
        Some(Caught { spot, hint, secret, beside: addresses(text.as_bytes(), &hit.range) })
    });
    Ok((caught.collect(), size, hits.len() > MOST_IN_A_FILE))
}
