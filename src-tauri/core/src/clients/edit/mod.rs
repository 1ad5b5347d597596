//! Our one entry in another program's configuration file: read, written, removed.
//!
//! Bytes in, bytes out: no disk, no network. The file keeps its dialect, and every byte outside our entry:
//! comments, order, indentation, line endings, byte order mark, final newline. What a person added inside our
//! entry stays too. A file that its client could not read is never edited.
//!
//! Kept libraries find the place; the bytes are spliced here, because no library's own output gives back all
//! the bytes it was given. Then a second, independent reader must find the old document with exactly our entry
//! changed, or there is no edit.
//!
//! - `place`: where an entry stands, and a document's values with and without it
//! - `wanted`: what is to be written there
//! - `draft`: a text being edited, and which part of it
//! - `dialect`, `json`, `toml`, `yaml`: what files are written in
//! - `lines`, `braces`: what they share
//! - `quoted`: strings in double quotes
//! - `problem`: why a file is left alone

mod braces;
mod dialect;
mod draft;
mod json;
mod lines;
mod place;
mod problem;
mod quoted;
mod toml;
mod wanted;
mod yaml;

pub use dialect::Dialect;
pub use draft::Edited;
pub use place::{Kept, Place};

use draft::Draft;
use place::NAME;
use problem::{EditProblem, EditProblemKind, Result};
use serde_json::{Map, Value};
use wanted::Wanted;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Our entry as it stands in the file, with whatever a person added to it. In a list, its name is left out.
///
/// # Errors
/// What would also keep [`put`] from editing this file.
pub fn read(bytes: &[u8], dialect: Dialect, place: &Place<'_>) -> Result<Option<Value>> {
    let file = File::of(bytes)?;
    let tree = dialect.read(file.text)?;
    dialect.look_at(file.text, place)?;
    Ok(place.entry_in(&tree))
}

/// All entries there, each with its name; in a list, those that have one.
///
/// # Errors
/// Where the client itself could not read the file.
pub fn entries(bytes: &[u8], dialect: Dialect, path: &[&str], kept: Kept) -> Result<Vec<(String, Value)>> {
    Ok(entries_of(&document(bytes, dialect)?, path, kept))
}

/// The document's values, for looking at several places of it.
///
/// # Errors
/// Where the client itself could not read the file.
pub fn document(bytes: &[u8], dialect: Dialect) -> Result<Value> {
    dialect.read(File::of(bytes)?.text)
}

/// See [`entries`].
#[must_use]
pub fn entries_of(document: &Value, path: &[&str], kept: Kept) -> Vec<(String, Value)> {
    let parent = path.iter().try_fold(document, |tree, key| tree.get(key));
    match (parent, kept) {
        (Some(Value::Object(entries)), Kept::ByName) => {
            entries.iter().map(|(name, entry)| (name.clone(), entry.clone())).collect()
        }
        (Some(Value::Array(items)), Kept::InList) => {
            let named = items.iter().filter_map(|item| Some((item.get(NAME)?.as_str()?, item)));
            named.map(|(name, item)| (name.to_owned(), item.clone())).collect()
        }
        _ => Vec::new(),
    }
}

/// The file with our entry as `entry` says: added if it is not there, and so are the keys on the way to it.
///
/// In an entry that is there, keys of `entry` get its values, keys in `obsolete` go unless `entry` has them, and
/// all others stay. A value that is right already keeps its form.
pub fn put(
    bytes: &[u8],
    dialect: Dialect,
    place: &Place<'_>,
    entry: &Map<String, Value>,
    obsolete: &[&str],
) -> Result<Edited> {
    edit(bytes, dialect, place, |draft, tree| {
        let wanted = Wanted { place, entry, obsolete };
        match dialect {
            Dialect::Json | Dialect::Jsonc => json::put(draft, dialect, &wanted),
            Dialect::Toml => toml::put(draft, &wanted),
            Dialect::Yaml => yaml::put(draft, &wanted),
        }?;
        place.put_in(tree, entry, obsolete);
        Ok(())
    })
}

/// The file without our entry. What held it stays, also when nothing else is left in there.
pub fn remove(bytes: &[u8], dialect: Dialect, place: &Place<'_>) -> Result<Edited> {
    edit(bytes, dialect, place, |draft, tree| {
        match dialect {
            Dialect::Json | Dialect::Jsonc => json::remove(draft, dialect, place),
            Dialect::Toml => toml::remove(draft, place),
            Dialect::Yaml => yaml::remove(draft, place),
        }?;
        place.remove_from(tree);
        Ok(())
    })
}

/// A file's text, without its byte order mark.
struct File<'a> {
    text: &'a str,
    mark: usize,
}

impl<'a> File<'a> {
    fn of(bytes: &'a [u8]) -> Result<Self> {
        let text = std::str::from_utf8(bytes).map_err(|problem| {
            let readable = std::str::from_utf8(&bytes[..problem.valid_up_to()]).unwrap_or_default();
            EditProblem::at(readable, readable.len(), EditProblemKind::NotUtf8)
        })?;
        let without = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
        Ok(Self { text: without, mark: text.len() - without.len() })
    }
}

/// Lets `change` edit the text, and the document's values to what they must then be, and proves that they are.
fn edit(
    bytes: &[u8],
    dialect: Dialect,
    place: &Place<'_>,
    change: impl FnOnce(&mut Draft, &mut Value) -> Result<()>,
) -> Result<Edited> {
    let file = File::of(bytes)?;
    let mut expected = dialect.read(file.text)?;
    let mut draft = Draft::of(file.text);
    let unproven = |draft: &Draft| EditProblem::at(file.text, draft.untouched(), EditProblemKind::Unproven);
    change(&mut draft, &mut expected).map_err(|problem| match problem.kind {
        // The file itself could be read, so it is our own text that cannot.
        EditProblemKind::Syntax | EditProblemKind::DuplicateKey if draft.is_changed() => unproven(&draft),
        _ => problem,
    })?;
    let problem = unproven(&draft);
    let mut found = dialect.read(draft.text());
    if place.kept == Kept::InList {
        // Below a text that ends with the file nothing can be added, so there ours comes first.
        place.set_last(&mut expected);
        if let Ok(found) = &mut found {
            place.set_last(found);
        }
    }
    if dialect == Dialect::Toml {
        // Where only our table's header named it, the table around it is gone with ours.
        place.drop_empty(&mut expected);
        if let Ok(found) = &mut found {
            place.drop_empty(found);
        }
    }
    let edited = draft.finish(bytes, file.mark);
    let head = bytes[..edited.before.start] == edited.bytes[..edited.after.start];
    let tail = bytes[edited.before.end..] == edited.bytes[edited.after.end..];
    if head && tail && found.is_ok_and(|found| found == expected) { Ok(edited) } else { Err(problem) }
}

impl Dialect {
    /// The document's values, read independently of what finds the place.
    fn read(self, text: &str) -> Result<Value> {
        match self {
            Self::Json | Self::Jsonc => json::values(text, self),
            Self::Toml => toml::values(text),
            Self::Yaml => yaml::values(text),
        }
    }

    /// Whether an entry can stand at this place of the file.
    fn look_at(self, text: &str, place: &Place<'_>) -> Result<()> {
        match self {
            Self::Json | Self::Jsonc => json::look_at(text, self, place),
            Self::Toml => toml::look_at(text, place),
            Self::Yaml => yaml::look_at(text, place),
        }
    }
}
